import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  EpochError,
  IterationLimitError,
  Net,
  NetStateError,
  NodeNotFoundError,
  SalvoConditionNotFoundError,
  SyncUnsupportedError,
} from "@netrun/netrun";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import {
  boom,
  config,
  eat,
  node,
  openNet,
  pass,
  record,
  sendAnswer,
  settle,
  sleep,
  source,
  whileTimePasses,
} from "./net_fixture.ts";

Deno.test("scenario 21: a targeted run feeds its target and leaves the rest to a later run", async () => {
  const nodes = ["D", "A", "B", "C"].map((name) => node(name, pass()));
  await using net = await openNet(nodes, ["D.out>A.in", "A.out>B.in", "B.out>C.in"]);
  const { starts } = record(net);
  net.injectData("D", "in", [1]);
  const salvos = await net.runToTargets("B");
  assertEquals(starts, ["D", "A"]);
  assertEquals(
    salvos.map(({ nodeName, salvoCondition, packets }) => [nodeName, salvoCondition, packets]),
    [["B", "one", new Map([["in", [1]]])]],
  );
  assertEquals(net.getStartableEpochs(), [salvos[0]!.epochId]);
  await net.runUntilBlocked();
  assertEquals(starts, ["D", "A", "B", "C"]);
});

Deno.test("scenario 21: epochs of different length upstream give each its salvo, once", async () => {
  const clock = new VirtualClock(0);
  let seconds = 0.3;
  const A = node("A", (ctx, packets) => sleep(clock, seconds -= 0.1)(ctx, packets));
  await using net = await openNet([A, node("B", pass())], ["A.out>B.in"], {}, { clock });
  net.injectData("A", "in", [1, 2, 3]);
  const salvos = await whileTimePasses(clock, net.runToTargets(["B"]));
  assertEquals(salvos.map(({ packets }) => packets.get("in")), [[3], [2], [1]]);
  assertEquals((await net.runToTargets([["B", "one"]])).length, 3);
});

Deno.test("scenario 21: a target on a cycle gets one salvo; an unknown one is an error", async () => {
  const nodes = ["A", "B", "C"].map((name) => node(name, pass()));
  await using net = await openNet(nodes, ["A.out>B.in", "B.out>C.in", "C.out>A.in"]);
  net.injectData("A", "in", [1]);
  assertEquals((await net.runToTargets("C")).length, 1);
  await assertRejects(() => net.runToTargets("Z"), NodeNotFoundError);
  await assertRejects(() => net.runToTargets([["A", "two"]]), SalvoConditionNotFoundError);
});

Deno.test("a targeted run that takes too many rounds ends with what it has", async () => {
  const nodes = [node("A", pass()), node("B", pass()), node("T", pass())];
  const net = await openNet(nodes, ["A.out>B.in", "B.out>A.in"], {});
  await using _ = net;
  net.injectData("A", "in", [1]);
  net.injectData("T", "in", [2]);
  const error = await assertRejects(
    () => net.runToTargets([["A", "one"], "T"], { maxIterations: 0 }),
    IterationLimitError,
  );
  assertEquals([error.maxIterations, net.runningEpochs], [0, []]);
});

Deno.test("scenario 22: run_on_init nodes run once at init, and their output waits for the run", async () => {
  const nodes = [source("S", sendAnswer, { run_on_init: true }), node("T", pass())];
  await using net = await Net.create(config(nodes, ["S.out>T.in"]));
  const { starts } = record(net);
  await net.init();
  assertEquals(starts, ["S"]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("T::out"), [42]);
});

Deno.test("scenario 22: without runInitNodes they run when a target needs them, once", async () => {
  const nodes = [source("S", sendAnswer, { run_on_init: true }), node("T", pass())];
  await using net = await Net.create(config(nodes, ["S.out>T.in"]), { runInitNodes: false });
  const { starts } = record(net);
  assertEquals((await net.runToTargets("T")).length, 1);
  assertEquals((await net.runToTargets("T")).length, 1);
  assertEquals(starts, ["S"]);
});

Deno.test("scenario 23: a failing init closes what was initialized, and the net can be used again", async () => {
  const calls: string[] = [];
  let fails = true;
  const withFunctions = (name: string) =>
    node(name, pass(), {
      init_node_func: () => {
        calls.push(`init ${name}`);
        if (fails && name === "B") throw new Error("no");
      },
      close_node_func: () => void calls.push(`close ${name}`),
    });
  await using net = await Net.create(config(["A", "B", "C"].map(withFunctions)));
  await assertRejects(() => net.init(), Error, "no");
  assertEquals(calls, ["init A", "init B", "close A"]);
  assertEquals(net.initialized, false);
  fails = false;
  await net.init();
  assert(net.initialized);
});

Deno.test("scenario 23: a deferred init runs once, also for epochs that start together", async () => {
  const clock = new VirtualClock(0);
  let inits = 0;
  const init = () => {
    inits++;
    return new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
  };
  const settings = { defer_init: true, init_node_func: init };
  await using net = await openNet([node("A", pass(), settings)], [], {}, { clock });
  assertEquals([inits, net.nodeState("A").initialized], [0, false]);
  net.injectData("A", "in", [1, 2, 3]);
  await whileTimePasses(clock, net.runUntilBlocked());
  assertEquals([inits, net.outputCount("A::out")], [1, 3]);
});

Deno.test("an epoch that waits for a deferred init can be cancelled; the init goes on for others", async () => {
  const clock = new VirtualClock(0);
  let inits = 0;
  const init = () => {
    inits++;
    return new Promise<void>((resolve) => clock.setTimeout(resolve, 100));
  };
  const settings = { defer_init: true, init_node_func: init };
  await using net = await openNet([node("A", pass(), settings)], [], {}, { clock });
  const { starts, ends } = record(net);
  net.injectData("A", "in", [1, 2]);
  const run = net.runUntilBlocked();
  await settle();
  net.cancelEpoch(net.runningEpochs[0]!.epochId);
  await clock.advance(1);
  await run;
  assertEquals(ends.map(({ outcome }) => outcome), ["cancelled", "success"]);
  assertEquals([starts.length, inits, net.nodeState("A").epochCount], [1, 1, 2]);
});

Deno.test("scenario 23: nodes are closed in reverse order, and everything is closed if one fails", async () => {
  const closed: string[] = [];
  const withClose = (name: string) =>
    node(name, pass(), {
      close_node_func: () => {
        closed.push(name);
        if (name !== "B") throw new Error(name);
      },
    });
  const net = await openNet(["C", "A", "B"].map(withClose));
  await assertRejects(() => net.close(), AggregateError);
  assertEquals(closed, ["B", "A", "C"]);
  await net.close();
});

Deno.test("scenario 24: the background loop takes up what comes in while something runs", async () => {
  const clock = new VirtualClock(0);
  const nodes = [node("A", sleep(clock, 0.6)), node("B", eat)];
  await using net = await openNet(nodes, [], {}, { clock });
  const { ends } = record(net);
  await net.startBackground();
  net.injectData("A", "in", [1]);
  await clock.advance(0.1);
  net.injectData("B", "in", [1]);
  await clock.advance(0.1);
  assertEquals(ends.map((log) => [log.nodeName, log.endedAt]), [["B", 100]]);
  net.pause();
  net.injectData("B", "in", [2]);
  await clock.advance(0.1);
  assertEquals(ends.length, 1);
  net.resume();
  await clock.advance(0.1);
  assertEquals(ends.length, 2);
  const waiting = net.waitUntilBlocked();
  await clock.advance(1);
  assertEquals((await waiting).reason, "blocked");
  assertEquals(net.outputCount("A::out"), 1);
});

Deno.test("scenario 24: a failure ends the background loop and rejects the next wait", async () => {
  await using net = await openNet([node("A", boom)]);
  await net.startBackground();
  net.injectData("A", "in", [1]);
  await settle();
  await assertRejects(() => net.waitUntilBlocked(), EpochError, "boom1");
  await net.startBackground();
  assertEquals((await net.waitUntilBlocked()).reason, "blocked");
});

Deno.test("the background loop tells when it is blocked, paused and running again", async () => {
  await using net = await openNet([node("A", eat)]);
  const phases: string[] = [];
  net.onEvent((event) => event.type === "state" && phases.push(event.phase));
  await net.startBackground();
  net.injectData("A", "in", [1]);
  await settle();
  net.pause();
  await settle();
  net.resume();
  net.injectData("A", "in", [2]);
  await settle();
  await net.waitUntilBlocked();
  assertEquals(phases, [
    "running",
    "blocked",
    "running",
    "blocked",
    "paused",
    "running",
    "blocked",
  ]);
});

Deno.test("close() ends the background loop, and gives epochs in flight their time", async () => {
  const clock = new VirtualClock(0);
  const nodes = [node("A", sleep(clock, 5)), node("B", sleep(clock, 50))];
  const net = await openNet(nodes, [], {}, { clock, closeTimeout: 10 });
  const { ends } = record(net);
  await net.startBackground();
  net.injectData("A", "in", [1]);
  net.injectData("B", "in", [1]);
  await settle();
  const stopped = net.waitUntilStopped();
  const closed = net.close();
  await clock.advance(20);
  await closed;
  assertEquals((await stopped).reason, "stopped");
  assertEquals(ends.map((log) => [log.nodeName, log.outcome]), [
    ["A", "success"],
    ["B", "cancelled"],
  ]);
});

Deno.test("calls that do not fit the net's state are refused", async () => {
  await using net = await Net.create(config([node("A", pass())]));
  await assertRejects(() => net.runUntilBlocked(), NetStateError, "init()");
  await assertRejects(() => net.executeNode("A", { in: [1] }), NetStateError);
  await net.init();
  await assertRejects(() => net.init(), NetStateError, "already");
  await net.startBackground();
  await assertRejects(() => net.runUntilBlocked(), NetStateError, "running already");
  await assertRejects(() => net.startBackground(), NetStateError);
  await net.close();
  await assertRejects(() => net.runStep(), NetStateError);
  await assertRejects(
    () => net.waitUntilStopped().then(() => net.waitUntilStopped()),
    NetStateError,
  );
});

Deno.test("a closed net keeps what is in it and can be initialized again", async () => {
  const net = await openNet([node("A", pass())]);
  net.injectData("A", "in", [1]);
  await net.close();
  net.injectData("A", "in", [2]);
  await net.init();
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("A::out"), [1, 2]);
  await net.close();
});

Deno.test("a net of synchronous functions runs without a promise", async () => {
  const created = await Net.create(config([node("A", pass()), node("B", pass())], ["A.out>B.in"]));
  using net = created;
  net.initSync();
  net.injectData("A", "in", [1, 2]);
  assertEquals(net.runUntilBlockedSync().madeProgress, true);
  assertEquals(net.flushOutputQueue("B::out"), [1, 2]);
});

Deno.test("what has to be waited for is refused by the synchronous calls", async () => {
  const clock = new VirtualClock(0);
  using net = await Net.create(config([node("A", sleep(clock, 1))]));
  net.initSync();
  net.injectData("A", "in", [1]);
  assertThrows(() => net.runUntilBlockedSync(), SyncUnsupportedError, `Node "A"`);
  assertEquals([net.runningEpochs, net.deadLetterQueue.length], [[], 1]);
  using limited = await Net.create(config([node("A", pass(), { timeout: 1 })]));
  assertThrows(() => limited.initSync(), SyncUnsupportedError, "timeout");
});
