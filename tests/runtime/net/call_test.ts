import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { EpochError, Net, NetStateError, NoReplyError, OutputTimeoutError } from "@netrun/netrun";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import {
  boom,
  edges,
  node,
  type NodeFn,
  openNet,
  pass,
  settle,
  sleep,
  whileTimePasses,
} from "./net_fixture.ts";

const queue = "B::out";

Deno.test("each call gets the value that derives from it, and the queue does not", async () => {
  const clock = new VirtualClock(0);
  const slow: NodeFn = async (ctx, packets) => {
    const value = ctx.peekPacket(packets.in![0]!) as number;
    await sleep(clock, 10 - value)(ctx, packets);
  };
  const nodes = [node("A", slow), node("B", pass((value: number) => value * 10))];
  await using net = await openNet(nodes, ["A.out>B.in"], {}, { clock });
  await net.startBackground();
  net.injectData("A", "in", [9]);
  const calls = [1, 2, 3].map((value) => net.call("A", "in", value, { queue }));
  assertEquals(await whileTimePasses(clock, Promise.all(calls)), [10, 20, 30]);
  await settle();
  assertEquals(net.flushOutputQueue(queue), [90]);
});

Deno.test("a call names its queue by name or by port, and only one that exists", async () => {
  await using net = await openNet([node("B", pass())]);
  await net.startBackground();
  assertEquals(await net.call("B", "in", 1, { queue: { node: "B", port: "out" } }), 1);
  await assertRejects(() => net.call("B", "in", 1, { queue: "Z" }), Error, 'no output queue "Z"');
  assertEquals(net.packets.size, 0);
});

Deno.test("only the first value answers; what else derives from the call is dropped", async () => {
  const thrice: NodeFn = (ctx, packets) => {
    const value = ctx.consumePacket(packets.in![0]!) as number;
    for (const i of [0, 1, 2]) ctx.loadOutputPort("out", ctx.createPacket(value + i));
    ctx.sendOutputSalvo("default");
  };
  await using net = await openNet([node("A", thrice), node("B", pass())], ["A.out>B.in"]);
  await net.startBackground();
  assertEquals(await net.call("A", "in", 7, { queue }), 7);
  await settle();
  assertEquals([net.outputCount(queue), net.packets.size], [0, 0]);
});

Deno.test("a call without a run says that it needs one", async () => {
  await using net = await openNet([node("B", pass())]);
  await assertRejects(() => net.call("B", "in", 1, { queue }), NetStateError, "startBackground");
  assertEquals(net.packets.size, 0);
});

Deno.test("the failure of an epoch goes to its call alone, and the loop goes on", async () => {
  const nodes = [node("A", boom, { error_port: null }), node("B", pass())];
  await using net = await openNet(nodes, ["A.out>B.in"]);
  await net.startBackground();
  const error = await assertRejects(() => net.call("A", "in", 1, { queue }), EpochError);
  assertEquals(error.nodeName, "A");
  assertEquals([net.deadLetterQueue.length, net.exceptionQueue.length], [1, 0]);
  assertEquals(await net.call("B", "in", 2, { queue }), 2);
  assertEquals((await net.waitUntilBlocked()).reason, "blocked");
});

Deno.test("a failure that leaves by an error port can answer the call", async () => {
  const A = node("A", boom, { error_port: "errors" }, { out_ports: { out: {}, errors: {} } });
  const nodes = [A, node("B", pass(({ error }: { error: { message: string } }) => error.message))];
  await using net = await openNet(nodes, ["A.errors>B.in"]);
  await net.startBackground();
  assertEquals(await net.call("A", "in", 1, { queue }), "boom1");
});

Deno.test("an epoch that max_epochs refuses fails its call", async () => {
  await using net = await openNet([node("B", pass(), { max_epochs: 1 })]);
  await net.startBackground();
  assertEquals(await net.call("B", "in", 1, { queue }), 1);
  await assertRejects(() => net.call("B", "in", 2, { queue }), EpochError, "max_epochs");
  assertEquals(net.exceptionQueue, []);
  assertEquals((await net.waitUntilBlocked()).reason, "blocked");
});

Deno.test("a call of which nothing is left rejects, and so does one that only waits", async () => {
  const even: NodeFn = (ctx, packets) => {
    const value = ctx.consumePacket(packets.in![0]!) as number;
    if (value % 2 > 0) return;
    ctx.loadOutputPort("out", ctx.createPacket(value));
    ctx.sendOutputSalvo("default");
  };
  const both = {
    max_salvos: { type: "finite", max: 1 },
    ports: { in: { type: "all" }, never: { type: "all" } },
    term: { type: "port", port_name: "never", state: { type: "non_empty" } },
  };
  const B = node("B", pass(), {}, {
    in_ports: { in: {}, never: {} },
    in_salvo_conditions: { both },
  });
  await using net = await openNet([node("A", even), B], ["A.out>B.in"]);
  await net.startBackground();
  const gone = await assertRejects(() => net.call("A", "in", 1, { queue }), NoReplyError);
  assertEquals(gone.reason, "gone");
  const waits = await assertRejects(() => net.call("A", "in", 2, { queue }), NoReplyError);
  assertEquals([waits.reason, waits.waiting], ["waiting", ["B.in"]]);
  assertEquals(net.packets.size, 0);
});

Deno.test("a call that meets a disabled node rejects when all is still", async () => {
  await using net = await openNet([node("B", pass(), { enabled: false })]);
  await net.startBackground();
  const error = await assertRejects(() => net.call("B", "in", 1, { queue }), NoReplyError);
  assertEquals(error.waiting, ["B.in"]);
  assertEquals([net.packets.size, net.getStartableEpochs()], [0, []]);
});

Deno.test("timeout and abort cancel the epochs of the call and destroy its packets", async () => {
  const clock = new VirtualClock(0);
  const A = node("A", sleep(clock, 60), { max_parallel_epochs: 1 });
  await using net = await openNet([A, node("B", pass())], ["A.out>B.in"], {}, { clock });
  await net.startBackground();
  const abort = new AbortController();
  const [slow, late, aborted, last] = [
    net.call("A", "in", 1, { queue }),
    net.call("A", "in", 2, { queue, timeout: 5 }),
    net.call("A", "in", 3, { queue, signal: abort.signal }),
    net.call("A", "in", 4, { queue }),
  ];
  const lateOne = assertRejects(() => late!, OutputTimeoutError, "5 s");
  const abortedOne = assertRejects(() => aborted!, Error, "enough");
  await clock.advance(6);
  await lateOne;
  abort.abort(new Error("enough"));
  await abortedOne;
  assertEquals(net.packets.size, 2);
  assertEquals(await whileTimePasses(clock, Promise.all([slow, last])), [1, 4]);
  assertEquals(clock.now(), 120_000);
});

Deno.test("a running epoch is cancelled when its call has timed out", async () => {
  const clock = new VirtualClock(0);
  await using net = await openNet([node("B", sleep(clock, 60))], [], {}, { clock });
  await net.startBackground();
  const late = assertRejects(() => net.call("B", "in", 1, { queue, timeout: 5 }));
  await clock.advance(5);
  await late;
  assertEquals([net.packets.size, net.runningEpochs], [0, []]);
});

Deno.test("when the loop ends, open calls reject with its error", async () => {
  const clock = new VirtualClock(0);
  const nodes = [node("A", boom), node("B", sleep(clock, 60))];
  await using net = await openNet(nodes, [], {}, { clock, closeTimeout: 0 });
  await net.startBackground();
  const call = assertRejects(() => net.call("B", "in", 1, { queue, timeout: 999 }), NetStateError);
  await settle();
  const closing = net.close();
  await clock.advance(1);
  await closing;
  await call;
  assertEquals(net.packets.size, 0);
});

/** Two branches that meet: `by` a key, or in the order of arrival. */
function meeting(
  clock: VirtualClock,
  settings: Record<string, unknown>,
  by?: string,
): Promise<Net> {
  const branch = (name: string, factor: number) =>
    node(name, async (ctx, packets) => {
      const { id, fails, drops } = ctx.peekPacket(packets.in![0]!) as Request;
      await new Promise<void>((resolve) => clock.setTimeout(resolve, (id * factor) % 1009));
      if (fails === name) throw new Error(`no ${id}`);
      if (drops === name) ctx.consumePacket(packets.in![0]!);
      else pass()(ctx, packets);
    }, settings);
  const B = node(
    "B",
    pass(({ a, b }: { a: Request; b: Request }) => ({ id: a.id, same: a.id === b.id })),
  );
  const input = {
    print_echo_stdout: false,
    graph: {
      nodes: [
        { name: "copy", factory: "netrun:broadcast" },
        branch("L", 7919),
        branch("R", 104_729),
        { name: "J", factory: "netrun:join", factory_args: by ? { by } : {} },
        B,
      ],
      edges: edges("copy.out_0>L.in", "copy.out_1>R.in", "L.out>J.a", "R.out>J.b", "J.out>B.in"),
    },
  };
  return Net.open(input as never, { clock });
}

interface Request {
  id: number;
  fails?: string;
  drops?: string;
}

const kinds: Partial<Request>[] = [
  {},
  { fails: "L" },
  { fails: "R" },
  { drops: "L" },
  { drops: "R" },
];

for (
  const [name, settings, by] of [
    ["ordered branches", { ordered: true }, undefined],
    ["a join by key", {}, "id"],
    ["branches that overtake each other", {}, undefined],
  ] as const
) {
  Deno.test(`of many concurrent calls through ${name} none gets another's answer`, async () => {
    const clock = new VirtualClock(0);
    await using net = await meeting(clock, settings, by);
    await net.startBackground();
    const requests = Array.from({ length: 300 }, (_, id): Request => ({
      id,
      ...id % 20 === 0 ? kinds[(id / 20) % kinds.length] : {},
    }));
    const outcomes = await whileTimePasses(
      clock,
      Promise.allSettled(
        requests.map((request) =>
          net.call("copy", "in_0", request, {
            queue,
            ...request.id % 50 === 7 && { timeout: 0.001 },
          })
        ),
      ),
    );
    for (const [id, outcome] of outcomes.entries()) {
      if (outcome.status === "fulfilled") assertEquals(outcome.value, { id, same: true });
      else {
        const { reason } = outcome;
        assertEquals(
          [EpochError, NoReplyError, OutputTimeoutError].some((type) => reason instanceof type),
          true,
          `${reason}`,
        );
        if (requests[id]!.fails && by) assertInstanceOf(reason, EpochError);
      }
    }
    const answered = outcomes.filter(({ status }) => status === "fulfilled").length;
    if (by) assertEquals(answered, 300 - 6 - 6 - 6);
    assertEquals(
      answered > (settings === undefined || !("ordered" in settings) && !by ? -1 : 270),
      true,
      `${answered}`,
    );
    await settle();
    assertEquals(net.packets.size, 0);
    assertEquals(await whileTimePasses(clock, net.call("copy", "in_0", { id: 1 }, { queue })), {
      id: 1,
      same: true,
    });
  });
}

Deno.test("close({ drain }) first runs on until nothing can happen", async () => {
  const clock = new VirtualClock(0);
  for (const background of [true, false]) {
    const nodes = [node("A", pass()), node("B", pass(), { retries: 1 })];
    const net = await openNet(nodes, ["A.out>B.in"], {}, { clock });
    if (background) await net.startBackground();
    net.injectData("A", "in", [1, 2, 3]);
    await net.close({ drain: 10 });
    assertEquals(net.flushOutputQueue(queue), [1, 2, 3]);
  }
});

Deno.test("close({ drain }) waits no longer than it may, and tells what failed", async () => {
  const clock = new VirtualClock(0);
  const slow = await openNet([node("B", sleep(clock, 60))], [], {}, { clock, closeTimeout: 1 });
  slow.injectData("B", "in", [1]);
  const closing = slow.close({ drain: 5 });
  await clock.advance(7);
  await closing;
  assertEquals([clock.now(), slow.outputCount(queue), slow.initialized], [7000, 0, false]);
  const failing = await openNet([node("B", boom)]);
  failing.injectData("B", "in", [1]);
  await assertRejects(() => failing.close({ drain: 5 }), EpochError);
  assertEquals(failing.initialized, false);
});
