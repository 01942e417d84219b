import { assertEquals, assertRejects } from "@std/assert";
import {
  EpochError,
  EpochNotFoundError,
  EpochTimeoutError,
  InputPortFullError,
  InvalidArgumentError,
  LazyPacketValueSpec,
  NodeHasNoFunctionError,
  NodeNotFoundError,
  PacketTypeMismatch,
} from "@netrun/netrun";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import {
  boom,
  node,
  type NodeFn,
  openNet,
  pass,
  record,
  sendAnswer,
  settle,
  sleep,
  source,
} from "./net_fixture.ts";

Deno.test("executeNode() runs one epoch of all its inputs at once, also if the node is disabled", async () => {
  await using net = await openNet([node("A", pass(), { enabled: false })]);
  net.injectData("A", "in", ["waits"]);
  const result = await net.executeNode("A", { in: [1, 2] });
  assertEquals(net.flushOutputQueue("A::out"), [1, 2]);
  assertEquals([result?.cancelled, result?.consumedPackets.length], [false, 2]);
  assertEquals(net.getPacketsAtPort("A", "in").length, 1);
});

Deno.test("executeNode() says what the function returned, printed and did", async () => {
  const fn: NodeFn = (ctx, packets) => {
    ctx.print("hello");
    ctx.log("step", { n: 1 });
    pass()(ctx, packets);
    return "result";
  };
  await using net = await openNet([node("A", fn)]);
  const result = (await net.executeNode("A", { in: [1] }))!;
  assertEquals(result.funcResult, "result");
  assertEquals(result.printBuffer.map(({ text }) => text), ["hello\n", "step | n=1\n"]);
  assertEquals(result.structuredLogBuffer.map(({ fields }) => fields), [{ n: 1 }]);
  assertEquals(result.deferredActions.map(({ type }) => type).slice(0, 2), [
    "consumePacket",
    "createPacket",
  ]);
});

Deno.test("executeNode() refuses what cannot run", async () => {
  await using net = await openNet([node("A", pass()), node("B", null)]);
  await assertRejects(() => net.executeNode("A"), InvalidArgumentError, "no packets");
  await assertRejects(() => net.executeNode("B", { in: [1] }), NodeHasNoFunctionError);
  await assertRejects(() => net.executeNode("Z"), NodeNotFoundError);
  assertEquals(net.packets.size, 0);
});

Deno.test("a failure of executeNode() is thrown, or queued and answered by null", async () => {
  const quiet = { propagate_exceptions: false };
  await using net = await openNet([node("A", boom), node("Q", boom, quiet)]);
  await assertRejects(() => net.executeNode("A", { in: [1] }), EpochError, "boom1");
  assertEquals(await net.executeNode("Q", { in: [1] }), null);
  assertEquals(net.exceptionQueue.length, 1);
});

Deno.test("outside the net a node needs no init, leaves no trace and returns what it loaded", async () => {
  const fn: NodeFn = (ctx, packets) => {
    const value = ctx.consumePacket(packets.in![0]!) as number;
    ctx.loadOutputPort("out", ctx.createPacket(value + 1));
  };
  await using net = await openNet([node("A", fn), source("S", sendAnswer)]);
  const { starts } = record(net);
  assertEquals({ ...await net.executeNode("A", { in: [1] }, { outsideNet: true }) }, { out: [2] });
  assertEquals({ ...await net.executeNode("S", {}, { outsideNet: true }) }, { out: [42] });
  assertEquals([starts, net.packets.size], [[], 0]);
});

Deno.test("executeEpoch() runs a startable epoch; unknown ones are refused", async () => {
  await using net = await openNet([node("A", pass())]);
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked({ autoStartEpochs: false });
  const [id] = net.getStartableEpochs();
  await net.executeEpoch(id!);
  assertEquals(net.flushOutputQueue("A::out"), [1]);
  await assertRejects(() => net.executeEpoch(id!), EpochNotFoundError);
  assertEquals((await net.runUntilBlocked()).madeProgress, false);
});

Deno.test("executeEpoch() answers null while the rate limit is used up", async () => {
  const clock = new VirtualClock(0);
  const settings = { rate_limit_per_second: 1 };
  await using net = await openNet([node("A", pass(), settings)], [], {}, { clock });
  assertEquals((await net.executeNode("A", { in: [1] }))?.cancelled, false);
  assertEquals(await net.executeNode("A", { in: [2] }), null);
  assertEquals(net.getStartableEpochs().length, 1);
});

Deno.test("an epoch that was executed by hand can be cancelled and times out like any other", async () => {
  const clock = new VirtualClock(0);
  const nodes = [node("A", sleep(clock, 5)), node("T", sleep(clock, 5), { timeout: 1 })];
  await using net = await openNet(nodes, [], {}, { clock });
  const run = net.executeNode("A", { in: [1] });
  await settle();
  net.cancelEpoch(net.runningEpochs[0]!.epochId);
  assertEquals((await run)?.cancelled, true);
  const timed = assertRejects(() => net.executeNode("T", { in: [1] }), EpochError);
  await clock.advance(1);
  assertEquals((await timed).cause instanceof EpochTimeoutError, true);
});

Deno.test("injecting more than a port holds leaves nothing behind", async () => {
  const port = { slots_spec: { type: "finite", capacity: 2 } };
  await using net = await openNet([node("A", pass(), {}, { in_ports: { in: port } })]);
  let error: unknown;
  try {
    net.injectData("A", "in", [1, 2, 3]);
  } catch (thrown) {
    error = thrown;
  }
  assertEquals(error instanceof InputPortFullError, true);
  assertEquals([net.packets.size, net.getPacketsAtPort("A", "in")], [0, []]);
});

Deno.test("values are checked against the types of ports, on the way in and out", async () => {
  const typed = {
    in_ports: { in: { port_type: "int" } },
    out_ports: { out: { port_type: "str" } },
  };
  await using net = await openNet([node("A", pass(), {}, typed)]);
  for (const [value, port] of [["x", "in"], [1, "out"]] as const) {
    net.injectData("A", "in", [value]);
    const error = await assertRejects(() => net.runUntilBlocked(), EpochError);
    assertEquals(error.cause instanceof PacketTypeMismatch && error.cause.portName, port);
  }
  const unchecked = { type_checking_enabled: false };
  await using loose = await openNet([node("A", pass(), unchecked, typed)]);
  loose.injectData("A", "in", ["x"]);
  await loose.runUntilBlocked();
  assertEquals(loose.flushOutputQueue("A::out"), ["x"]);
});

Deno.test("a lazy value that cannot be computed fails the epoch that takes it, before its start", async () => {
  const settings = { propagate_exceptions: false, retries: 1 };
  await using net = await openNet([node("A", pass(), settings)]);
  const { starts, ends } = record(net);
  net.injectData("A", "in", [new LazyPacketValueSpec("./no_such_module.ts::f")]);
  await net.runUntilBlocked();
  assertEquals([starts, ends.map((log) => [log.outcome, log.retryCount])], [[], [["error", 1]]]);
  assertEquals([net.deadLetterQueue.length, net.packets.size], [1, 0]);
});
