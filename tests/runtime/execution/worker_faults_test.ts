import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { type EpochError, EpochTimeoutError, type Net } from "@netrun/netrun";
import { WorkerCrashed } from "../../../runtime/pools/error.ts";
import { childProcesses, memory, until } from "../pools/_leaks.ts";
import { failure, on, open, results } from "./_pool_fixture.ts";

type Told = { failures: string[] };

Deno.test("a subprocess that exhausts its memory costs the attempt, and the net goes on", async () => {
  await using net = await open("multiprocess", [on("hoardOnce", { retries: 1 }), on("double")], {
    spec: { num_processes: 2, max_heap_mb: 64 },
  });
  net.injectData("hoardOnce", "in", [1]);
  const numbers = Array.from({ length: 50 }, (_, i) => i);
  assertEquals((await results(net, "double", numbers)).length, 50);
  const [told] = net.flushOutputQueue("hoardOnce::out") as Told[];
  assertEquals(told!.failures.length, 1);
  assert(
    /^WorkerCrashed: Worker \d crashed: .*SIG(TRAP|ABRT|ILL)/.test(told!.failures[0]!),
    told!.failures[0],
  );
});

/** Kills the process that runs the node, as soon as it is known that it does. */
function killWhenItPrints(net: Net): void {
  let kills = 0;
  net.onPrint((_name, _id, entries) => {
    if (kills++ === 0) Deno.kill(Number(entries[0]!.text), "SIGKILL");
  });
}

Deno.test("a subprocess killed while every core computes costs the attempt alone", async () => {
  await using net = await open("multiprocess", [
    on("busyOnce", { retries: 1, print_flush_interval: 0 }),
    on("double"),
  ], { spec: { num_processes: 2 } });
  killWhenItPrints(net);
  net.injectData("busyOnce", "in", [1]);
  const numbers = Array.from({ length: 200 }, (_, i) => i);
  assertEquals((await results(net, "double", numbers)).length, 200);
  const [told] = net.flushOutputQueue("busyOnce::out") as Told[];
  assert(told!.failures[0]!.includes("SIGKILL"), told!.failures[0]);
});

Deno.test("a subprocess killed while it is idle is replaced, and nobody notices", async () => {
  await using net = await open("multiprocess", [on("pid")]);
  const [first] = await results(net, "pid", [1]) as number[];
  Deno.kill(first!, "SIGKILL");
  const [second, ...rest] = await results(net, "pid", [1, 2, 3]) as number[];
  assert(second !== first);
  assertEquals(rest, [second, second]);
  assertEquals(net.exceptionQueue, []);
});

Deno.test("a killed subprocess without retries is an error that tells the signal", async () => {
  await using net = await open("multiprocess", [on("busyOnce", { print_flush_interval: 0 })]);
  killWhenItPrints(net);
  const { cause } = await failure(net, "busyOnce", 1) as EpochError;
  assertInstanceOf(cause, WorkerCrashed);
  assertEquals([cause.signal, cause.exitCode, cause.poolId], ["SIGKILL", 137, "p"]);
  await net.close();
  assertEquals(childProcesses().length, 0);
});

for (const kind of ["thread", "multiprocess"]) {
  Deno.test(`${kind}: of 100 MB of prints the end is kept, and the net goes on`, async () => {
    await using net = await open(kind, [on("chatter"), on("double")]);
    const before = memory();
    assertEquals((await results(net, "chatter", ["console"])).length, 1);
    const { logs } = net.epochLogs[0]!;
    assertEquals([logs.length, logs[0]!.message], [10_001, "(90000 dropped)\n"]);
    assertEquals(logs.at(-1)!.message.length, 1000);
    assert(memory() - before < 400, `${memory() - before} MB more than before`);
    assertEquals(await results(net, "double", [1]), [2]);
  });
}

Deno.test("multiprocess: what prints for ever ends by its timeout, the end of its prints is kept", async () => {
  await using net = await open("multiprocess", [on("babble", { timeout: 0.5 })], {}, {
    cancelGrace: 0.1,
  });
  const before = memory();
  const { cause } = await failure(net, "babble", "babble") as EpochError;
  assertInstanceOf(cause, EpochTimeoutError);
  const { logs } = net.epochLogs[0]!;
  assert(logs.length > 0 && logs.length <= 10_001, `${logs.length} entries`);
  assertEquals(await results(net, "babble", [1]), [1]);
  assert(memory() - before < 400, `${memory() - before} MB more than before`);
});

Deno.test("multiprocess: of 100 MB of raw output the end is kept, and the net goes on", async () => {
  let echoed = 0;
  await using net = await open("multiprocess", [on("chatter"), on("double")], {}, {
    echo: (line) => void (echoed += line.length),
  });
  const before = memory();
  assertEquals((await results(net, "chatter", ["raw"])).length, 1);
  await until(() => echoed > 10_000_000, "the end of the output");
  assert(memory() - before < 300, `${memory() - before} MB more than before`);
  assertEquals(await results(net, "double", [1]), [2]);
});

for (const kind of ["thread", "multiprocess"]) {
  Deno.test(`${kind}: a worker that dies again and again stays down, what needs it fails, all else goes on`, async () => {
    const other = kind === "thread" ? { type: "thread" } : { type: "multiprocess" };
    await using net = await open(kind, [
      on("dieAlways", { retries: 100 }),
      on("double", { pools: ["q"] }),
    ], {
      pools: { p: { spec: { type: kind, max_restarts: 3 } }, q: { spec: other } },
      propagate_exceptions: false,
    });
    net.injectData("dieAlways", "in", [1]);
    assertEquals((await results(net, "double", [1, 2, 3])).length, 3);
    const [error] = net.exceptionQueue;
    assertInstanceOf(error!.cause, WorkerCrashed);
    assertEquals(error!.cause.reason, "restart limit");
    assertEquals(net.deadLetterQueue.length, 1);
  });
}

Deno.test("with capture_prints off, what jobs write to the console is output of the pool", async () => {
  const lines: string[] = [];
  const net = await open("multiprocess", [on("chat")], { pool: { capture_prints: false } }, {
    echo: (line) => void lines.push(line),
  });
  await results(net, "chat", ["a"]);
  await net.close();
  assertEquals(net.epochLogs[0]!.logs, []);
  assertEquals(lines.join("\n").split("\n"), ["a 0", "a 1", "a 2"]);
});

Deno.test("env lists the variables that subprocesses get; null hands on what they may read", async () => {
  Deno.env.set("NETRUN_TEST_ONE", "1");
  Deno.env.set("NETRUN_TEST_TWO", "2");
  try {
    const seen = async (spec: Record<string, unknown>) => {
      await using net = await open("multiprocess", [on("environment")], { spec });
      const [values] = await results(net, "environment", [["NETRUN_TEST_ONE", "NETRUN_TEST_TWO"]]);
      return values;
    };
    assertEquals(await seen({}), ["1", "2"]);
    assertEquals(await seen({ env: ["NETRUN_TEST_TWO"] }), [null, "2"]);
    assertEquals(await seen({ permissions: { env: ["NETRUN_TEST_ONE"] } }), ["1", "NotCapable"]);
    assertEquals(await seen({ permissions: { env: true }, env: [] }), [null, null]);
  } finally {
    Deno.env.delete("NETRUN_TEST_ONE");
    Deno.env.delete("NETRUN_TEST_TWO");
  }
});

Deno.test("a denial tells which entry of the pool's permissions would grant it", async () => {
  const file = await Deno.makeTempFile();
  await using net = await open("multiprocess", [on("readFile")], {
    spec: { permissions: { read: ["./data"] } },
  });
  const { cause } = await failure(net, "readFile", file) as { cause: Error };
  assertInstanceOf(cause, Deno.errors.NotCapable);
  const entry = `permissions: { read: ["./data", "${file}"] }`;
  assert(cause.message.includes(entry), cause.message);
  assert(net.epochLogs[0]!.error!.includes(entry));
  await Deno.remove(file);
});
