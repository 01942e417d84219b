import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  ExecutionManager,
  FunctionNotShippableError,
  JobAborted,
  PoolNotFoundError,
  PoolNotStarted,
  WorkerCrashed,
  WorkerException,
} from "../../../runtime/pools/mod.ts";
import { InvalidArgumentError } from "../../../sim/error.ts";

const projectRoot = new URL("./project", import.meta.url).pathname;
const specs = {
  main: { m: { type: "main" } },
  thread: { m: { type: "thread", num_workers: 2 } },
  multiprocess: { m: { type: "multiprocess", num_processes: 2 } },
} as const;

for (const [kind, spec] of Object.entries(specs)) {
  Deno.test(`${kind}: jobs come back with their results, times and prints`, async () => {
    await using manager = await ExecutionManager.open(spec, { projectRoot });
    await manager.sendFunctionToPool("m", "add", "./fns.ts::add");
    const at = { poolId: "m", workerId: 0 };
    const job = await manager.run({ ...at, func: "add", args: [1, 2], kwargs: { x: 3 } });
    assertEquals([job.result, job.poolId, job.workerId, job.convertedToStr], [6, "m", 0, false]);
    assert(job.timestampUtcSubmitted <= job.timestampUtcStarted);
    assert(job.timestampUtcStarted <= job.timestampUtcCompleted);
    const named = await manager.run({ ...at, func: "./fns.ts::add", args: [2, 2] });
    assertEquals(named.result, 4);
  });

  Deno.test(`${kind}: what goes wrong rejects its own job, and all else goes on`, async () => {
    await using manager = await ExecutionManager.open(spec, { projectRoot });
    const at = { poolId: "m", workerId: 0 };
    const slow = manager.run({ ...at, func: "./fns.ts::sleep", args: [100] });
    for (const func of ["./fns.ts::boom", "./fns.ts::missing", "./nowhere.ts::x", "unknown"]) {
      await assertRejects(() => manager.run({ ...at, func }), WorkerException);
    }
    assertEquals((await slow).result, 100);
    assertEquals(manager.getWorkerJobs("m", 0), []);
    await assertRejects(
      () => Promise.resolve().then(() => manager.run({ ...at, workerId: 9, func: "x" })),
      RangeError,
    );
    assertThrows(() => manager.getPool("none"), PoolNotFoundError);
  });

  Deno.test(`${kind}: a timeout or an abort gives a job up, and it leaves the lists`, async () => {
    await using manager = await ExecutionManager.open(spec, { projectRoot });
    const at = { poolId: "m", workerId: 0 };
    const late = manager.run({ ...at, func: "./fns.ts::sleep", args: [300], timeout: 0.05 });
    assertEquals(manager.getWorkerJobs("m", 0).length, 1);
    await assertRejects(() => late, JobAborted, "0.05 s");
    const abort = new AbortController();
    const aborted = manager.run({
      ...at,
      func: "./fns.ts::sleep",
      args: [10],
      signal: abort.signal,
    });
    abort.abort(new Error("enough"));
    await assertRejects(() => aborted, Error, "enough");
    assertEquals(manager.getWorkerJobs("m", 0), []);
  });
}

Deno.test("a result without a copy becomes a text, and console output its prints", async () => {
  await using manager = await ExecutionManager.open(specs.thread, { projectRoot });
  const seen: string[] = [];
  const job = await manager.run({
    poolId: "m",
    workerId: 0,
    func: "./fns.ts::speak",
    onPrint: (entries) => seen.push(...entries.map(({ text }) => text)),
  });
  assertEquals([job.convertedToStr, job.result], [true, "()=>{}"]);
  assertEquals([job.printBuffer.map(({ text }) => text), seen], [["hello\n"], ["hello\n"]]);
});

Deno.test("functions are sent as text if that is enough, to `main` as they are", async () => {
  await using manager = await ExecutionManager.open(
    { t: { type: "thread" }, m: { type: "main" } },
    { projectRoot },
  );
  const outside = 7;
  await manager.sendFunctionToPool("t", "triple", (n: number) => 3 * n);
  await manager.sendFunctionToPool("m", "outside", () => outside);
  const triple = await manager.run({ poolId: "t", workerId: 0, func: "triple", args: [2] });
  const closure = await manager.run({ poolId: "m", workerId: 0, func: "outside" });
  assertEquals([triple.result, closure.result], [6, 7]);
  const refused = [() => outside, Math.max, { method() {} }.method, triple.toString.bind(triple)];
  for (const fn of refused) {
    await assertRejects(
      () => manager.sendFunctionToPool("t", "f", fn),
      FunctionNotShippableError,
    );
  }
});

Deno.test("round-robin takes the least recently used, least-busy the one with the fewest jobs", async () => {
  await using manager = await ExecutionManager.open({
    a: { type: "thread", num_workers: 2 },
    b: { type: "thread", num_workers: 2 },
    m: { type: "main" },
  }, { projectRoot });
  const order: string[] = [];
  for (let i = 0; i < 7; i++) {
    const { poolId, workerId } = await manager.runAllocate({
      workers: ["a", "b", "m", ["a", 0]],
      func: "./fns.ts::pid",
    });
    order.push(poolId + workerId);
  }
  assertEquals(order, ["a0", "a1", "b0", "b1", "m0", "a0", "a1"]);
  const busy = await Promise.all(Array.from({ length: 6 }, async () => {
    const { poolId, workerId } = await manager.runAllocate({
      workers: ["b", "a"],
      method: "least-busy",
      func: "./fns.ts::sleep",
      args: [30],
    });
    return poolId + workerId;
  }));
  assertEquals(busy, ["b0", "b1", "a0", "a1", "b0", "b1"]);
  const none = () => manager.runAllocate({ workers: [], func: "x" });
  assertThrows(none, InvalidArgumentError, "No workers available for allocation.");
});

Deno.test("jobs that had not started move on when their process ends", async () => {
  await using manager = await ExecutionManager.open(
    { p: { type: "multiprocess", num_processes: 2, prefetch: 2 } },
    { projectRoot },
  );
  const on = (workerId: number) => ({ poolId: "p", workerId });
  const other = manager.run({ ...on(1), func: "./fns.ts::sleep", args: [50] });
  const dying = manager.run({ ...on(0), func: "./fns.ts::exit", args: [3] });
  const behind = [1, 2].map((n) => manager.run({ ...on(0), func: "./fns.ts::add", args: [n, n] }));
  const error = await assertRejects(() => dying, WorkerCrashed);
  assertEquals([error.exitCode, error.workerId], [3, 0]);
  assertEquals((await Promise.all(behind)).map(({ result }) => result), [2, 4]);
  assertEquals((await other).result, 50);
});

Deno.test("use before the start is refused, and so is a specification that is none", async () => {
  const manager = new ExecutionManager(specs.main);
  assertThrows(() => manager.getPool("m"), PoolNotStarted);
  for (const spec of [{ type: "strange" }, { type: "thread", worker_fn: "./w.ts::work" }]) {
    const wrong = new ExecutionManager({ x: spec as never });
    await assertRejects(() => wrong.start(), InvalidArgumentError, 'Pool "x" cannot be made');
    assert(!wrong.started);
  }
});
