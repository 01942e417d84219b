import { assertEquals, assertInstanceOf } from "@std/assert";
import { NodeInputError } from "@netrun/netrun";
import { Net } from "@netrun/netrun";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import {
  config,
  edges,
  node,
  type NodeFn,
  type NodeInput,
  openNet,
  pass,
  record,
  settle,
  whileTimePasses,
} from "./net_fixture.ts";

/** Sends the list of all inputs. */
const list: NodeFn = (ctx, packets) => {
  const values = (packets.in ?? []).map((id) => ctx.consumePacket(id));
  ctx.loadOutputPort("out", ctx.createPacket(values));
  ctx.sendOutputSalvo("default");
};

/** A node that takes all packets at once when everything upstream is done. */
function gathering(name: string, gather: object): NodeInput {
  return node(name, list, {}, { in_ports: { in: { gather } }, in_salvo_conditions: null });
}

const done = { until: "done" };

Deno.test("a gathering node fires once with everything, after all that is upstream of it", async () => {
  const clock = new VirtualClock(0);
  const slow: NodeFn = async (ctx, packets) => {
    const value = ctx.peekPacket(packets.in![0]!) as number;
    await new Promise<void>((resolve) => clock.setTimeout(resolve, value * 1000));
    pass()(ctx, packets);
  };
  const nodes = [node("A", slow), gathering("T", done), gathering("R", done)];
  await using net = await openNet(nodes, ["A.out>T.in", "T.out>R.in"], {}, { clock });
  const { ends } = record(net);
  net.injectData("A", "in", [3, 1, 2]);
  await whileTimePasses(clock, net.runUntilBlocked());
  assertEquals(net.flushOutputQueue("R::out"), [[[1, 2, 3]]]);
  assertEquals(ends.map(({ nodeName }) => nodeName).slice(3), ["T", "R"]);
  net.injectData("A", "in", [5]);
  await whileTimePasses(clock, net.runUntilBlocked());
  assertEquals(net.flushOutputQueue("R::out"), [[[5]]]);
});

Deno.test("with `empty` a gathering node fires at the end of a run even with nothing, once", async () => {
  const empty = { until: "done", empty: true };
  const nodes = [node("A", pass()), gathering("T", empty), gathering("R", empty)];
  await using net = await openNet(nodes, ["A.out>T.in", "T.out>R.in"]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("R::out"), [[[]]]);
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("R::out"), [[[1]]]);
});

Deno.test("in the background each quiet moment is a round", async () => {
  const nodes = [node("A", pass()), gathering("T", { until: "done", empty: true })];
  await using net = await openNet(nodes, ["A.out>T.in"]);
  await net.startBackground();
  net.injectData("A", "in", [1, 2]);
  await settle();
  net.injectData("A", "in", [3]);
  await settle();
  await net.waitUntilBlocked();
  assertEquals(net.flushOutputQueue("T::out"), [[1, 2], [3]]);
});

Deno.test("a targeted run fires only what leads to its targets", async () => {
  const nodes = [gathering("T", done), gathering("R", done), gathering("side", done)];
  await using net = await openNet(nodes, ["T.out>R.in"]);
  net.injectData("T", "in", [1, 2]);
  net.injectData("side", "in", [3]);
  const salvos = await net.runToTargets("R");
  assertEquals(salvos.map(({ nodeName, packets }) => [nodeName, packets.get("in")]), [
    ["R", [[1, 2]]],
  ]);
  assertEquals(net.getPacketsAtPort("side", "in").length, 1);
});

Deno.test("on a cycle the gathering node that is declared first fires first", async () => {
  const onlyOnce: NodeFn = (ctx, packets) => {
    const values = packets.in!.map((id) => ctx.consumePacket(id)) as number[];
    const left = values.filter((value) => value > 0).map((value) => value - 1);
    for (const value of left) ctx.loadOutputPort("out", ctx.createPacket(value));
    ctx.sendOutputSalvo("default");
  };
  const looping = (name: string) =>
    node(name, onlyOnce, {}, { in_ports: { in: { gather: done } }, in_salvo_conditions: null });
  await using net = await openNet([looping("A"), looping("B")], ["A.out>B.in", "B.out>A.in"]);
  const { starts } = record(net);
  net.injectData("B", "in", [0]);
  net.injectData("A", "in", [2]);
  await net.runUntilBlocked();
  assertEquals(starts, ["A", "B", "A"]);
});

Deno.test("max_wait lets go of fewer packets than the condition waits for, after its time", async () => {
  const clock = new VirtualClock(0);
  const five = {
    max_salvos: { type: "finite", max: 1 },
    ports: { in: { type: "count", count: 5 } },
    term: { type: "port", port_name: "in", state: { type: "equals_or_greater_than", value: 5 } },
  };
  const batch = node("B", list, {}, {
    in_ports: { in: { gather: { max_wait: 1 } } },
    in_salvo_conditions: { batch: five },
  });
  await using net = await openNet([batch], [], {}, { clock });
  const { ends } = record(net);
  net.injectData("B", "in", [1, 2, 3, 4, 5, 6, 7, 8]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("B::out"), [[1, 2, 3, 4, 5], [6, 7, 8]]);
  assertEquals(ends.map(({ endedAt }) => endedAt), [0, 1000]);
});

/** A net in which packets of two ports pair by their `id`. */
function pairingNet(clock: VirtualClock): Promise<Net> {
  const branch = (name: string) =>
    node(name, async (ctx, packets) => {
      const { id } = ctx.peekPacket(packets.in![0]!) as { id: number };
      await new Promise<void>((resolve) => clock.setTimeout(resolve, (id * 7919) % 1000));
      pass()(ctx, packets);
    });
  const input = config([branch("L"), branch("R")]) as unknown as {
    graph: { nodes: object[]; edges: object[] };
  };
  input.graph.nodes.push({
    name: "J",
    factory: "netrun:join",
    factory_args: { ports: ["a", "b"], by: "id" },
  });
  input.graph.edges.push(...edges("L.out>J.a", "R.out>J.b"));
  return Net.open(input as never, { clock });
}

Deno.test("packets of two shuffled branches pair by their key; the rest leaves unmatched", async () => {
  const clock = new VirtualClock(0);
  await using net = await pairingNet(clock);
  const ids = Array.from({ length: 100 }, (_, id) => id);
  net.injectData("L", "in", ids.map((id) => ({ id, left: true })));
  net.injectData("R", "in", ids.slice(3).toReversed().map((id) => ({ id, right: true })));
  await whileTimePasses(clock, net.runUntilBlocked());
  const pairs = net.flushOutputQueue("J::out") as { a: { id: number }; b: { id: number } }[];
  assertEquals(pairs.length, 97);
  assertEquals(pairs.every(({ a, b }) => a.id === b.id), true);
  const unmatched = net.flushOutputQueue("J::unmatched") as { value: { id: number } }[];
  assertEquals(unmatched.map(({ value }) => value.id).toSorted(), [0, 1, 2]);
  assertEquals(net.packets.size, 0);
});

Deno.test("a packet without a key fails alone, and harms no other", async () => {
  const clock = new VirtualClock(0);
  await using net = await pairingNet(clock);
  net.injectData("J", "a", [{ id: 1 }, { id: {} }]);
  net.injectData("J", "b", [{ id: 1 }]);
  await net.runUntilBlocked({ onError: "continue" });
  assertEquals(net.outputCount("J::out"), 1);
  assertInstanceOf(net.exceptionQueue[0]!.cause, NodeInputError);
  assertEquals([net.exceptionQueue.length, net.packets.size], [1, 0]);
});
