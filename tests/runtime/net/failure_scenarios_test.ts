import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  CannotFinishNonEmptyEpochError,
  CommitError,
  EpochError,
  EpochTimeoutError,
  MaxEpochsExceeded,
  type Net,
  type NodeFailureContext,
  OutputPortNotFoundError,
  PacketStateError,
  SalvoConditionNotFoundError,
  UnsentOutputSalvoError,
} from "@netrun/netrun";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import {
  boom,
  eat,
  node,
  type NodeFn,
  openNet,
  pass,
  record,
  sleep,
  whileTimePasses,
} from "./net_fixture.ts";

const quiet = { propagate_exceptions: false };

Deno.test("scenario 5: an epoch is tried again until it succeeds, and each failure is told", async () => {
  const clock = new VirtualClock(0);
  const told: [number, number, number][] = [];
  const fails: NodeFn = (ctx, packets) => {
    const value = ctx.consumePacket(packets.in![0]!);
    ctx.print(`try ${ctx.retryCount}`);
    if (ctx.retryCount < 2) throw new Error("not yet");
    ctx.loadOutputPort(
      "out",
      ctx.createPacket([value, ctx.retryCount, ctx.retryExceptions.length]),
    );
    ctx.sendOutputSalvo("default");
  };
  const onFailure = (failure: NodeFailureContext) => {
    const { retryCount, retryTimestamps, retryExceptions } = failure;
    told.push([retryCount, retryTimestamps.length, retryExceptions.length]);
    failure.print("failed");
  };
  const settings = { retries: 3, retry_wait: 0.05, on_node_failure: onFailure };
  await using net = await openNet([node("A", fails, settings)], [], {}, { clock });
  const { starts, ends } = record(net);
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("A::out"), [[1, 2, 2]]);
  assertEquals(told, [[0, 1, 1], [1, 2, 2]]);
  assertEquals(starts, ["A"]);
  assertEquals(ends.map(({ outcome, retryCount }) => [outcome, retryCount]), [["success", 2]]);
  assertEquals(
    ends[0]!.logs.map(({ message }) => message),
    ["try 0\n", "failed\n", "try 1\n", "failed\n", "try 2\n"],
  );
  assertEquals(clock.now(), 100);
});

Deno.test("scenario 6: a failure is thrown with its place, and the next run goes on", async () => {
  const settings = { retries: 1, max_parallel_epochs: 1 };
  await using net = await openNet([node("A", boom, settings)]);
  const { ends } = record(net);
  net.injectData("A", "in", [1, 2]);
  await assertRejects(
    () => net.runUntilBlocked(),
    EpochError,
    "Epoch failed on node 'A' (pool='main', worker=0, retries=1): boom1",
  );
  assertEquals(
    net.deadLetterQueue.map((entry) => [entry.retryCount, entry.retryExceptions.length]),
    [
      [1, 2],
    ],
  );
  assertEquals(ends.map((log) => [log.outcome, log.destroyedPacketCount]), [["error", 1]]);
  await assertRejects(() => net.runUntilBlocked(), EpochError, "boom2");
  assertEquals(net.deadLetterQueue[1]!.values, { in: [2] });
});

Deno.test("scenario 7: failures that are not propagated are queued and thrown on demand", async () => {
  await using net = await openNet([node("A", boom)], [], quiet);
  net.injectData("A", "in", [1, 2]);
  await net.runUntilBlocked();
  assertEquals(net.exceptionQueue.length, 2);
  const error = assertThrows(() => net.propagateExceptions(), AggregateError);
  assertEquals(error.message, "Multiple epoch failures");
  assertEquals(error.errors.length, 2);
  net.propagateExceptions();
});

Deno.test("scenario 8: runStep() lets all siblings finish and throws all failures", async () => {
  await using net = await openNet([node("A", boom), node("B", boom)]);
  net.injectData("A", "in", [1]);
  net.injectData("B", "in", [2]);
  const error = await assertRejects(() => net.runStep(), AggregateError);
  assertEquals(error.errors.map(({ nodeName }) => nodeName), ["A", "B"]);
  assertEquals(net.deadLetterQueue.length, 2);
});

for (
  const [onError, outcome, outputs] of [["stop", "success", 1], ["cancel", "cancelled", 0]] as const
) {
  Deno.test(`scenario 9: with onError "${onError}" a sibling of a failed epoch ends with ${outcome}`, async () => {
    const clock = new VirtualClock(0);
    const nodes = [node("A", boom), node("C", sleep(clock, 0.3))];
    await using net = await openNet(nodes, [], {}, { clock });
    const { ends } = record(net);
    net.injectData("C", "in", [1]);
    net.injectData("A", "in", [1]);
    const run = net.runUntilBlocked({ onError });
    await assertRejects(() => whileTimePasses(clock, run), EpochError, "boom1");
    assertEquals(net.outputCount("C::out"), outputs);
    assertEquals(ends.find(({ nodeName }) => nodeName === "C")?.outcome, outcome);
  });
}

Deno.test('with onError "continue" a run goes on, and failures are queued', async () => {
  await using net = await openNet([node("A", boom), node("C", pass())]);
  net.injectData("A", "in", [1]);
  net.injectData("C", "in", [1, 2]);
  assertEquals((await net.runUntilBlocked({ onError: "continue" })).reason, "blocked");
  assertEquals([net.exceptionQueue.length, net.outputCount("C::out")], [1, 2]);
});

Deno.test("scenario 10: an attempt that takes too long fails, and its late result changes nothing", async () => {
  const clock = new VirtualClock(0);
  let errorType: string | undefined;
  const slowAtFirst: NodeFn = async (ctx, packets) => {
    if (ctx.retryCount === 0) return await sleep(clock, 0.3)(ctx, packets);
    errorType = ctx.retryExceptions[0]?.type;
    pass()(ctx, packets);
  };
  const settings = { timeout: 0.1, retries: 1 };
  await using net = await openNet([node("A", slowAtFirst, settings)], [], {}, { clock });
  net.injectData("A", "in", [7]);
  const run = net.runUntilBlocked();
  await clock.advance(0.1);
  await run;
  assertEquals([clock.now(), errorType], [100, EpochTimeoutError.name]);
  await clock.advance(1);
  assertEquals(net.flushOutputQueue("A::out"), [7]);
});

Deno.test("a synchronous function that takes too long fails when it returns", async () => {
  const clock = new VirtualClock(0);
  const slow: NodeFn = (ctx, packets) => {
    void clock.advance(0);
    clock.setTimeout(() => {}, 0);
    pass()(ctx, packets);
    Object.assign(clock, { now: () => 500 });
  };
  await using net = await openNet([node("A", slow, { timeout: 0.1 })], [], {}, { clock });
  net.injectData("A", "in", [7]);
  const error = await assertRejects(() => net.runUntilBlocked(), EpochError);
  assertInstanceOf(error.cause, EpochTimeoutError);
  assertEquals(net.outputCount("A::out"), 0);
});

for (const swallows of [false, true]) {
  Deno.test(`scenario 11: an epoch cancels itself${swallows ? ", even if the error is caught" : ""}`, async () => {
    const cancels: NodeFn = (ctx) => {
      try {
        ctx.cancelEpoch();
      } catch (error) {
        if (!swallows) throw error;
      }
    };
    await using net = await openNet([node("A", cancels, { retries: 3 })]);
    const { ends } = record(net);
    net.injectData("A", "in", [1]);
    await net.runUntilBlocked();
    assertEquals(
      ends.map((log) => [log.outcome, log.retryCount, log.destroyedPacketCount]),
      [["cancelled", 0, 1]],
    );
    assertEquals([net.deadLetterQueue, net.exceptionQueue, net.packets.size], [[], [], 0]);
  });
}

Deno.test("scenario 12: epochs above max_epochs are cancelled without having started", async () => {
  await using net = await openNet([node("A", pass(), { max_epochs: 2 })], [], quiet);
  const { starts, ends } = record(net);
  net.injectData("A", "in", [1, 2, 3, 4]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("A::out"), [1, 2]);
  assertEquals(starts.length, 2);
  assertEquals(ends.map(({ outcome }) => outcome), [
    "success",
    "success",
    "cancelled",
    "cancelled",
  ]);
  for (const error of net.exceptionQueue) {
    assertInstanceOf(error.cause, MaxEpochsExceeded);
    assertEquals(error.cause.maxEpochs, 2);
  }
  assertEquals([net.exceptionQueue.length, net.deadLetterQueue.length], [2, 0]);
});

const keeps: NodeFn = () => {};
const loadsOnly: NodeFn = (ctx, packets) => ctx.loadOutputPort("out", packets.in![0]!);
const refused: [string, NodeFn, new (...args: never[]) => Error][] = [
  ["does not consume its input", keeps, CannotFinishNonEmptyEpochError],
  ["does not send what it loaded", loadsOnly, UnsentOutputSalvoError],
];
for (const [what, fn, cause] of refused) {
  Deno.test(`scenario 13: a function that ${what} fails at its commit, which changes nothing`, async () => {
    await using net = await openNet([node("A", fn)]);
    net.injectData("A", "in", [1]);
    const error = await assertRejects(() => net.runUntilBlocked(), EpochError);
    assertInstanceOf(error.cause, CommitError);
    assertEquals(error.cause.action.type, "finishEpoch");
    assertInstanceOf(error.cause.cause, cause);
    assertNothingLeft(net, 1);
  });
}

const mistakes: [string, NodeFn, new (...args: never[]) => Error][] = [
  [
    "loads into an unknown port",
    (ctx, packets) => ctx.loadOutputPort("x", packets.in![0]!),
    OutputPortNotFoundError,
  ],
  ["sends by an unknown condition", (ctx) => ctx.sendOutputSalvo("x"), SalvoConditionNotFoundError],
  ["consumes twice", (ctx, packets) => {
    ctx.consumePacket(packets.in![0]!);
    ctx.consumePacket(packets.in![0]!);
  }, PacketStateError],
];
for (const [what, fn, cause] of mistakes) {
  Deno.test(`scenario 13: a function that ${what} fails at the call`, async () => {
    await using net = await openNet([node("A", fn)]);
    net.injectData("A", "in", [1]);
    const error = await assertRejects(() => net.runUntilBlocked(), EpochError);
    assertInstanceOf(error.cause, cause);
    assertNothingLeft(net, 1);
  });
}

function assertNothingLeft(net: Net, deadLetters: number): void {
  assertEquals(net.deadLetterQueue.length, deadLetters);
  assertEquals([net.runningEpochs, net.epochs, net.packets.size], [[], [], 0]);
}

Deno.test("a dead letter can be run again with its inputs", async () => {
  let fails = true;
  const sometimes: NodeFn = (ctx, packets) => fails ? boom(ctx, packets) : pass()(ctx, packets);
  await using net = await openNet([node("A", sometimes)], [], quiet);
  net.injectData("A", "in", ["x"]);
  await net.runUntilBlocked();
  const [entry] = net.clearDeadLetterQueue();
  fails = false;
  net.retryDeadLetter(entry!);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("A::out"), ["x"]);
  assertEquals(net.deadLetterQueue, []);
});

Deno.test("dead letters are written to a file that only the owner can read, and told to a callback", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/dead.jsonl`;
  const told: string[] = [];
  const settings = {
    ...quiet,
    dead_letter_queue: false,
    dead_letter_path: path,
    dead_letter_callback: (entry: { nodeName: string }) => void told.push(entry.nodeName),
  };
  await using net = await openNet([node("A", boom)], [], settings);
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  const line = JSON.parse(await Deno.readTextFile(path));
  assertEquals([line.node_name, line.values], ["A", { in: [1] }]);
  assertStringIncludes(line.error, "boom1");
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  assertEquals([told, net.deadLetterQueue], [["A"], []]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("values that come from the environment are not written into the file of dead letters", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/dead.jsonl`;
  Deno.env.set("NETRUN_TEST_TOKEN", "hush-hush");
  const tells: NodeFn = (ctx, packets) => {
    ctx.consumePacket(packets.in![0]!);
    throw new Error(`refused ${ctx.vars.token}`);
  };
  const settings = {
    ...quiet,
    dead_letter_path: path,
    node_vars: { token: { value: { $env: "NETRUN_TEST_TOKEN" } } },
  };
  await using net = await openNet([node("A", tells)], [], settings);
  net.injectData("A", "in", [{ authorization: "Bearer hush-hush" }]);
  await net.runUntilBlocked();
  const text = await Deno.readTextFile(path);
  assertStringIncludes(text, "refused ***");
  assertStringIncludes(text, "Bearer ***");
  assertEquals(text.includes("hush-hush"), false);
  assertStringIncludes(net.deadLetterQueue[0]!.error.message, "refused hush-hush");
  Deno.env.delete("NETRUN_TEST_TOKEN");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a throwing on_node_failure is a warning, and the epoch goes on", async () => {
  const settings = {
    retries: 1,
    on_node_failure: () => {
      throw new Error("worse");
    },
  };
  const fn: NodeFn = (ctx, packets) =>
    ctx.retryCount === 0 ? boom(ctx, packets) : pass()(ctx, packets);
  await using net = await openNet([node("A", fn, settings)]);
  const warnings: string[] = [];
  net.onEvent((event) => event.type === "warning" && warnings.push(event.code));
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("A::out"), [1]);
  assertEquals(warnings, ["failure_function_failed"]);
});

Deno.test("a failure leaves by the error port instead of being thrown", async () => {
  const nodes = [node("A", boom, { error_port: "errors", retries: 1 }), node("L", pass())];
  await using net = await openNet(nodes, ["A.errors>L.in"]);
  const { ends } = record(net);
  net.injectData("A", "in", [5]);
  await net.runUntilBlocked();
  const [packet] = net.flushOutputQueue("L::out") as Record<string, unknown>[];
  assertEquals(packet, {
    error: { type: "Error", message: "boom5" },
    inputs: { in: [5] },
    node_name: "A",
    epoch_id: ends[0]!.epochId,
    retry_count: 1,
  });
  assertEquals(ends.map(({ nodeName, outcome }) => [nodeName, outcome]), [
    ["A", "error"],
    ["L", "success"],
  ]);
  assertEquals([net.deadLetterQueue, net.exceptionQueue], [[], []]);
});

Deno.test("an epoch is cancelled from outside while it waits to be tried again", async () => {
  const clock = new VirtualClock(0);
  Object.assign(clock, { idle: () => {} });
  const settings = { retries: 1, retry_wait: 3600 };
  await using net = await openNet([node("A", boom, settings)], [], {}, { clock });
  const { ends } = record(net);
  net.injectData("A", "in", [1]);
  net.onEvent((event) => {
    if (event.type === "attemptFailed") setTimeout(() => net.cancelEpoch(event.epochId));
  });
  await net.runUntilBlocked();
  assertEquals(ends.map(({ outcome }) => outcome), ["cancelled"]);
  assert(net.isBlocked());
});

Deno.test("nothing is thrown for a node that eats its input", async () => {
  await using net = await openNet([node("A", eat)]);
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  assertNothingLeft(net, 0);
});
