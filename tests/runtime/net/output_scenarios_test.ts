import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import {
  CommitError,
  EpochError,
  OutputQueueNotFoundError,
  OutputTimeoutError,
} from "@netrun/netrun";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import { node, type NodeFn, openNet, pass, record } from "./net_fixture.ts";

const unlimited = {
  s: {
    max_salvos: { type: "infinite" },
    ports: { out: { type: "all" } },
    term: { type: "true" },
  },
};

Deno.test("scenario 14: an epoch sends several salvos into its queue, in order", async () => {
  const three: NodeFn = (ctx, packets) => {
    ctx.consumePacket(packets.in![0]!);
    for (const i of [0, 1, 2]) {
      ctx.loadOutputPort("out", ctx.createPacket(i));
      ctx.sendOutputSalvo("s");
    }
  };
  await using net = await openNet([node("A", three, {}, { out_salvo_conditions: unlimited })]);
  const { ends } = record(net);
  net.injectData("A", "in", ["go"]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("A::out"), [0, 1, 2]);
  assertEquals(ends.map((log) => [log.outSalvoCount, log.orphanedPacketCount]), [[3, 3]]);
});

Deno.test("scenario 15: several ports share a queue, whose items say where they come from", async () => {
  const net = await openNet([node("A", pass()), node("B", pass())], [], {
    output_queues: { r: { ports: [["A", "out"], ["B", "out"]] } },
  });
  await using _ = net;
  net.injectData("A", "in", [1, 2]);
  net.injectData("B", "in", [3, 4]);
  await net.runUntilBlocked();
  const items = net.flushOutputQueue("r", { includeMetadata: true });
  const from = (name: string) =>
    items.filter(({ fromNode }) => fromNode === name).map(({ value }) => value);
  assertEquals([from("A"), from("B")], [[1, 2], [3, 4]]);
});

Deno.test("scenario 15: a packet that leaves by a port without edge and queue is dropped", async () => {
  await using net = await openNet([node("A", pass())], [], { output_queues: {} });
  const { ends } = record(net);
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  assertEquals(ends.map((log) => [log.outcome, log.orphanedPacketCount]), [["success", 1]]);
  assertEquals([net.listOutputQueues(), net.packets.size], [[], 0]);
});

Deno.test("scenario 15: with error_on_undeclared_output that fails the attempt", async () => {
  const settings = { output_queues: {}, error_on_undeclared_output: true };
  await using net = await openNet([node("A", pass())], [], settings);
  net.injectData("A", "in", [1]);
  const error = await assertRejects(() => net.runUntilBlocked(), EpochError, `node "A"`);
  assertInstanceOf(error.cause, CommitError);
  assertInstanceOf(error.cause.cause, OutputQueueNotFoundError);
  assertEquals([net.deadLetterQueue.length, net.packets.size], [1, 0]);
});

Deno.test("an input that is passed on keeps its id and leaves its value in the queue", async () => {
  const forward: NodeFn = (ctx, packets) => {
    ctx.loadOutputPort("out", packets.in![0]!);
    ctx.sendOutputSalvo("default");
  };
  await using net = await openNet([node("A", forward), node("B", forward)], ["A.out>B.in"]);
  const [id] = net.injectData("A", "in", ["v"]);
  await net.runUntilBlocked();
  const [item] = net.flushOutputQueue("B::out", { includeMetadata: true });
  assertEquals([item!.packetId, item!.value, net.packets.size], [id, "v", 0]);
});

Deno.test("getOutput() waits for the next packet, in the order of asking, or until its timeout", async () => {
  const clock = new VirtualClock(0);
  await using net = await openNet([node("A", pass())], [], {}, { clock });
  const first = net.getOutput("A::out");
  const second = net.getOutput({ node: "A", port: "out" });
  const never = assertRejects(() => net.getOutput("A::out", { timeout: 1 }), OutputTimeoutError);
  net.injectData("A", "in", [1, 2]);
  await net.runUntilBlocked();
  assertEquals([await first, await second], [1, 2]);
  await clock.advance(1);
  await never;
});

Deno.test("an output queue can be iterated until the net is closed", async () => {
  const net = await openNet([node("A", pass())]);
  net.injectData("A", "in", [1, 2, 3]);
  await net.runUntilBlocked();
  const seen: unknown[] = [];
  for await (const value of net.outputs("A::out")) {
    seen.push(value);
    if (seen.length === 3) await net.close();
  }
  assertEquals(seen, [1, 2, 3]);
});

Deno.test("a queue that is emptied by an event callback loses nothing", async () => {
  await using net = await openNet([node("A", pass())]);
  const seen: unknown[] = [];
  net.onEvent((event) => {
    if (event.type === "queued") seen.push(...net.flushOutputQueue(event.queueName));
  });
  net.injectData("A", "in", [1, 2, 3]);
  await net.runUntilBlocked();
  assertEquals(seen, [1, 2, 3]);
});
