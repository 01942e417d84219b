import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { ControlError, type Net, NodeNotFoundError, type SignalValue } from "@netrun/netrun";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import {
  eat,
  node,
  type NodeFn,
  one,
  openNet,
  pass,
  record,
  sendAnswer,
  settle,
  sleep,
  source,
} from "./net_fixture.ts";

const signals = [
  "node_initialized",
  "epoch_started",
  "epoch_finished",
  "epoch_failed",
  "epoch_cancelled",
  "node_closed",
];

/** A net in which node L tells which signals of node A have come. */
async function openWatched(fn: NodeFn, x: Record<string, unknown> = {}): Promise<Net> {
  const collect: NodeFn = (ctx, packets) => {
    for (const ids of Object.values(packets)) {
      for (const id of ids) ctx.loadOutputPort("out", ctx.createPacket(ctx.consumePacket(id)));
    }
    ctx.sendOutputSalvo("default");
  };
  const watcher = node("L", collect, {}, {
    in_ports: Object.fromEntries(signals.map((type) => [type, {}])),
    in_salvo_conditions: Object.fromEntries(signals.map((type) => [type, one(type)])),
  });
  return await openNet(
    [node("A", fn, { signals, ...x }), watcher],
    signals.map((type) => `A.__signal_${type}__>L.${type}`),
    { propagate_exceptions: false },
  );
}

function signalsOf(net: Net): [string, string | undefined][] {
  return (net.flushOutputQueue("L::out") as SignalValue[])
    .map(({ signal, error }) => [signal, error] as [string, string | undefined])
    .toSorted((a, b) => signals.indexOf(a[0]) - signals.indexOf(b[0]));
}

const cases: [string, NodeFn, Record<string, unknown>, [string, string?][]][] = [
  ["succeeds", pass(), {}, [["node_initialized"], ["epoch_started"], ["epoch_finished"]]],
  [
    "fails",
    () => {
      throw new Error("bad");
    },
    {},
    [["node_initialized"], ["epoch_started"], ["epoch_failed", "bad"]],
  ],
  [
    "cancels itself",
    (ctx) => ctx.cancelEpoch(),
    {},
    [["node_initialized"], ["epoch_started"], ["epoch_cancelled"]],
  ],
  ["is over its limit", pass(), { max_epochs: 0 }, [["node_initialized"], ["epoch_cancelled"]]],
];
for (const [what, fn, settings, expected] of cases) {
  Deno.test(`scenario 16: the signals of an epoch that ${what} reach another node`, async () => {
    await using net = await openWatched(fn, settings);
    net.injectData("A", "in", [1]);
    await net.runUntilBlocked();
    assertEquals(signalsOf(net), expected.map(([signal, error]) => [signal, error]));
    assertEquals(net.epochs, []);
  });
}

Deno.test("signals that nobody wants leave no trace; those in a queue do", async () => {
  const settings = {
    output_queues: { ends: { ports: [["A", "__signal_epoch_finished__"]] } },
  };
  await using net = await openNet([node("A", eat, { signals })], [], settings);
  const { ends } = record(net);
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  const values = net.flushOutputQueue("ends") as SignalValue[];
  assertEquals(values.map(({ signal, nodeName }) => [signal, nodeName]), [["epoch_finished", "A"]]);
  assertEquals(ends.map((log) => [log.outSalvoCount, log.orphanedPacketCount]), [[0, 0]]);
  assertEquals(net.packets.size, 0);
});

Deno.test("scenario 17: a disabled node forms epochs and runs them once it is enabled", async () => {
  const settings = { enabled: false, controls: ["enable", "disable"] };
  await using net = await openNet([node("A", eat, settings, { out_ports: {} })]);
  const { ends } = record(net);
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  assertEquals([ends.length, net.isBlocked(), net.getStartableEpochs().length], [0, true, 1]);
  net.sendControl("A", "enable");
  await net.runUntilBlocked();
  assertEquals(ends.length, 1);
  net.injectData("A", "in", [2]);
  net.sendControl("A", "disable");
  await net.runUntilBlocked();
  assertEquals([ends.length, net.isNodeEnabled("A")], [1, false]);
});

Deno.test("scenario 18: start_epoch starts a node without inputs, once for two commands", async () => {
  const settings = { controls: ["start_epoch"] };
  await using net = await openNet([source("S", sendAnswer, settings)]);
  net.sendControl("S", "start_epoch");
  net.sendControl("S", "start_epoch");
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("S::out"), [42]);
});

Deno.test("scenario 18: start_epoch on a node that lacks its inputs fails", async () => {
  const settings = { controls: ["start_epoch"], propagate_exceptions: false };
  await using net = await openNet([node("A", pass(), settings)]);
  net.sendControl("A", "start_epoch");
  await net.runUntilBlocked();
  assertInstanceOf(net.exceptionQueue[0]!.cause, ControlError);
  assertEquals([net.deadLetterQueue, net.packets.size], [[], 0]);
});

Deno.test("scenario 19: cancel_all_epochs ends the running epoch of its node at once", async () => {
  const clock = new VirtualClock(0);
  const settings = { controls: ["cancel_all_epochs"], signals: ["epoch_cancelled"] };
  await using net = await openNet([node("A", sleep(clock, 5), settings)], [], {}, { clock });
  const { ends } = record(net);
  await net.startBackground();
  net.injectData("A", "in", [1]);
  await clock.advance(0.1);
  net.sendControl("A", "cancel_all_epochs");
  await settle();
  assertEquals(ends.map(({ outcome, durationMs }) => [outcome, durationMs]), [["cancelled", 100]]);
  await net.waitUntilBlocked();
  await clock.advance(10);
  assertEquals([net.outputCount("A::out"), net.packets.size], [0, 0]);
});

Deno.test("cancel_epoch cancels the epoch of that id", async () => {
  const clock = new VirtualClock(0);
  const settings = { controls: ["cancel_epoch"] };
  await using net = await openNet([node("A", sleep(clock, 5), settings)], [], {}, { clock });
  const { ends } = record(net);
  const run = net.runUntilBlocked();
  net.injectData("A", "in", [1, 2]);
  const again = run.then(() => net.runUntilBlocked());
  await settle();
  const [first] = net.runningEpochs;
  net.sendControl("A", "cancel_epoch", first!.epochId);
  await settle();
  assertEquals(ends.map(({ epochId }) => epochId), [first!.epochId]);
  await clock.advance(5);
  await again;
  assertEquals(ends.map(({ outcome }) => outcome), ["cancelled", "success"]);
});

Deno.test("scenario 20: sendControl() refuses what the node cannot obey", async () => {
  const settings = { controls: ["enable", "set_epoch_count", "cancel_epoch"] };
  await using net = await openNet([node("A", pass(), settings)]);
  const bad: [string, string, unknown?][] = [
    ["A", "explode"],
    ["A", "disable"],
    ["Z", "enable"],
    ["A", "enable", 1],
    ["A", "set_epoch_count"],
    ["A", "set_epoch_count", "x"],
    ["A", "set_epoch_count", true],
    ["A", "cancel_epoch", 7],
  ];
  for (const [name, type, value] of bad) {
    assertThrows(() => net.sendControl(name, type, value), InvalidArgumentError, `"${type}"`);
  }
  assertEquals(net.getPacketsAtAllPorts("A").get("__control_enable__"), []);
});

Deno.test("scenario 20: cancel_epoch of an unknown epoch fails in the run; counts are set in order", async () => {
  const settings = { controls: ["set_epoch_count", "reset_epoch_count", "cancel_epoch"] };
  const net = await openNet([node("A", pass(), settings)], [], { propagate_exceptions: false });
  await using _ = net;
  net.sendControl("A", "cancel_epoch", "nope");
  await net.runUntilBlocked();
  assertInstanceOf(net.exceptionQueue[0]!.cause, ControlError);
  net.sendControl("A", "set_epoch_count", 5);
  net.sendControl("A", "set_epoch_count", 7);
  await net.runUntilBlocked();
  assertEquals(net.nodeState("A").epochCount, 7);
  net.sendControl("A", "reset_epoch_count");
  await net.runUntilBlocked();
  assertEquals(net.nodeState("A").epochCount, 0);
});

Deno.test("close_node and init_node run the node's functions, and an epoch initializes it again", async () => {
  const calls: string[] = [];
  const settings = {
    controls: ["close_node", "init_node"],
    init_node_func: async () => void calls.push(await Promise.resolve("init")),
    close_node_func: () => void calls.push("close"),
  };
  await using net = await openNet([node("A", pass(), settings)]);
  net.sendControl("A", "close_node");
  await net.runUntilBlocked();
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  assertEquals(calls, ["init", "close", "init"]);
  assertThrows(() => net.enableNode("Z"), NodeNotFoundError);
});
