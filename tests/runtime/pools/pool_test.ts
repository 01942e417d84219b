import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import {
  PoolAlreadyStarted,
  PoolNotStarted,
  WorkerCrashed,
  WorkerException,
} from "../../../runtime/pools/error.ts";
import { MultiprocessPool } from "../../../runtime/pools/multiprocess_pool.ts";
import { type Pool, POOL_KEYS, type WorkerPoolTimes } from "../../../runtime/pools/pool.ts";
import { SingleWorkerPool } from "../../../runtime/pools/single_worker_pool.ts";
import { ThreadPool } from "../../../runtime/pools/thread_pool.ts";
import { ChannelClosed, RecvTimeout } from "../../../runtime/rpc/error.ts";
import { childProcesses, until } from "./_leaks.ts";
import { echo } from "./_workers.ts";

const workers = import.meta.dirname!;
const ref = (name: string) => `./_workers.ts::${name}`;

/** Every kind of pool, with so many workers. */
const kinds: Record<string, (options?: WorkerPoolTimes, fn?: string) => Pool> = {
  main: () => new SingleWorkerPool(echo),
  thread: (options, fn = ref("echo")) =>
    new ThreadPool(fn, { num_workers: 2, projectRoot: workers, ...options }),
  multiprocess: (options, fn = ref("echo")) =>
    new MultiprocessPool(fn, { num_processes: 2, projectRoot: workers, ...options }),
};

async function open(kind: string, options?: WorkerPoolTimes): Promise<Pool> {
  const pool = kinds[kind]!(options);
  await pool.start();
  return pool;
}

for (const kind of Object.keys(kinds)) {
  Deno.test(`${kind}: every worker answers under its number, to a broadcast too`, async () => {
    await using pool = await open(kind);
    const { numWorkers } = pool;
    const ids = Array.from({ length: numWorkers }, (_, i) => i);
    for (const id of ids) {
      await pool.send(id, "hello", id);
      assertEquals(await pool.recv(), { workerId: id, key: "hello", data: [id, id] });
    }
    assertEquals(pool.tryRecv(), undefined);
    await pool.broadcast("all", "x");
    const answers = await Promise.all(ids.map(() => pool.recv({ timeout: 10 })));
    assertEquals(answers.map(({ workerId }) => workerId).sort(), ids);
    for (const id of [-1, numWorkers]) {
      await assertRejects(() => pool.send(id, "x", 1), RangeError, `worker_id ${id} out of range`);
    }
    await assertRejects(() => pool.recv({ timeout: 0.01 }), RecvTimeout);
  });

  Deno.test(`${kind}: use before the start or after the close is refused; it starts again`, async () => {
    const pool = kinds[kind]!();
    await assertRejects(() => pool.send(0, "x", 1), PoolNotStarted);
    await pool.start();
    await assertRejects(() => pool.start(), PoolAlreadyStarted);
    const waiting = assertRejects(() => pool.recv(), ChannelClosed);
    await pool.close();
    await waiting;
    await pool.close();
    assert(!pool.isRunning);
    await assertRejects(() => pool.send(0, "x", 1), PoolNotStarted);
    await pool.start();
    await pool.send(0, "again", 1);
    assertEquals((await pool.recv()).data, [0, 1]);
    await pool.close();
  });

  Deno.test(`${kind}: a throw comes once, then a fresh worker takes the place`, async () => {
    await using pool = await open(kind);
    await pool.send(0, "throw", null);
    const error = await assertRejects(() => pool.recv(), WorkerException);
    assertEquals(error.message, "Worker 0 raised TypeError: boom");
    assertInstanceOf(error.original, TypeError);
    assertEquals((await pool.recv({ timeout: 10 })).key, POOL_KEYS.WORKER_RESTARTED);
    await pool.send(0, "again", 1);
    assertEquals((await pool.recv({ timeout: 10 })).data, [0, 1]);
  });

  Deno.test(`${kind}: a function that returns is a crash`, async () => {
    await using pool = await open(kind);
    await pool.send(0, "return", null);
    const error = await assertRejects(() => pool.recv(), WorkerCrashed, "its function returned");
    assertEquals(error.poolId, "pool");
  });
}

for (const kind of ["thread", "multiprocess"]) {
  for (const how of ["exit", "close", "throw later", "reject"]) {
    Deno.test(`${kind}: "${how}" is one crash, and the worker is replaced`, async () => {
      await using pool = await open(kind);
      await pool.send(1, how, 3);
      const error = await assertRejects(() => pool.recv({ timeout: 10 }), WorkerCrashed);
      assertEquals(error.workerId, 1);
      if (how === "exit") assertEquals(error.exitCode, 3);
      const restarted = await pool.recv({ timeout: 10 });
      assertEquals([restarted.workerId, restarted.key], [1, POOL_KEYS.WORKER_RESTARTED]);
      await pool.send(1, "again", 1);
      assertEquals((await pool.recv({ timeout: 10 })).data, [1, 1]);
    });
  }

  Deno.test(`${kind}: a worker that crashes again and again stays down, others go on`, async () => {
    await using pool = await open(kind, { max_restarts: 1 });
    await pool.send(0, "throw", null);
    await assertRejects(() => pool.recv({ timeout: 10 }), WorkerException);
    await pool.recv({ timeout: 10 });
    await pool.send(0, "throw", null);
    await assertRejects(() => pool.recv({ timeout: 10 }), WorkerException);
    await assertRejects(() => pool.recv({ timeout: 10 }), WorkerCrashed, "restart limit");
    await assertRejects(() => pool.send(0, "x", 1), WorkerCrashed, "restart limit");
    await pool.send(1, "x", 1);
    assertEquals((await pool.recv()).data, [1, 1]);
  });

  Deno.test(`${kind}: a worker function that is not there fails the start`, async () => {
    const pool = kinds[kind]!({}, ref("missing"));
    await assertRejects(() => pool.start(), WorkerException, "no function `missing`");
    assert(!pool.isRunning);
  });
}

Deno.test("multiprocess: workers of a process share its id, others do not", async () => {
  await using pool = await MultiprocessPool.open(ref("echo"), {
    projectRoot: workers,
    num_processes: 2,
    threads_per_process: 2,
  });
  await pool.broadcast("pid", null);
  const pids: number[] = [];
  for (let i = 0; i < 4; i++) {
    const { workerId, data } = await pool.recv({ timeout: 10 });
    pids[workerId] = data as number;
  }
  assert(pids[0] === pids[1] && pids[2] === pids[3] && pids[0] !== pids[2]);
  assertEquals(pool.processIds, [pids[0], pids[2]]);
});

Deno.test("multiprocess: what spins is ended with its process", async () => {
  await using pool = await MultiprocessPool.open(ref("echo"), { projectRoot: workers });
  const [pid] = pool.processIds;
  await pool.send(0, "spin", null);
  await pool.recv({ timeout: 10 });
  await pool.restartWorker(0, "it spins");
  assertEquals((await pool.recv({ timeout: 10 })).key, POOL_KEYS.WORKER_RESTARTED);
  await pool.send(0, "again", 1);
  assertEquals((await pool.recv({ timeout: 10 })).data, [0, 1]);
  assert(!childProcesses().includes(pid!));
});

Deno.test("multiprocess: a killed process is one crash a worker, with the signal", async () => {
  await using pool = await MultiprocessPool.open(ref("echo"), {
    projectRoot: workers,
    threads_per_process: 2,
  });
  Deno.kill(pool.processIds[0]!, "SIGKILL");
  for (const id of [0, 1]) {
    const error = await assertRejects(() => pool.recv({ timeout: 10 }), WorkerCrashed);
    assertEquals([error.workerId, error.signal, error.exitCode], [id, "SIGKILL", 137]);
  }
});

Deno.test("multiprocess: output comes back with streams and times, once", async () => {
  const batches: string[] = [];
  await using pool = await MultiprocessPool.open(ref("echo"), {
    projectRoot: workers,
    num_processes: 2,
    onOutput: (processIdx, entries) =>
      batches.push(...entries.map(({ text }) => processIdx + text)),
  });
  const from = Date.now();
  for (const id of [0, 1]) {
    await pool.send(id, "print", id);
    await pool.recv({ timeout: 10 });
  }
  const [zero, one] = await Promise.all([pool.flushStdout(0), pool.flushStdout(1)]);
  const shown = (entries: typeof zero) =>
    entries.map(({ isStdout, text }) => [isStdout, text]).sort((a, b) => a[1]! > b[1]! ? 1 : -1);
  assertEquals(shown(zero), [[false, "err 0\n"], [true, "out 0\n"], [true, "raw 0\n"]]);
  assertEquals(shown(one), [[false, "err 1\n"], [true, "out 1\n"], [true, "raw 1\n"]]);
  assert(zero.every(({ timestamp }) => timestamp >= from && timestamp <= Date.now()));
  assertEquals(await pool.flushAllStdout(), new Map([[0, []], [1, []]]));
  await assertRejects(() => pool.flushStdout(2), RangeError);
  await until(() => batches.length === 6, "batches of output");
  await pool.close();
  await assertRejects(() => pool.flushStdout(0), PoolNotStarted);
});

Deno.test("multiprocess: opening and closing leaves no process behind", async () => {
  const before = childProcesses().length;
  for (let i = 0; i < 5; i++) {
    await using _pool = await MultiprocessPool.open(ref("echo"), { projectRoot: workers });
  }
  assertEquals(childProcesses().length, before);
});

Deno.test("thread: a Worker that cannot be stopped is counted, and replaced", async () => {
  const program = `
    import { ThreadPool } from "${new URL(
    "../../../runtime/pools/thread_pool.ts",
    import.meta.url,
  )}";
    const pool = await ThreadPool.open("./_workers.ts::echo", { projectRoot: ${
    JSON.stringify(workers)
  } });
    await pool.send(0, "spin", null);
    await pool.recv();
    await pool.restartWorker(0, "it spins");
    await pool.recv();
    await pool.send(0, "again", 1);
    console.log(JSON.stringify([pool.zombies, (await pool.recv()).data]));
    await pool.close();
    Deno.exit(0);`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, program);
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  // The thread spins on until its process ends: not in this one.
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", config, file],
    stdout: "piped",
  }).output();
  await Deno.remove(file);
  assertEquals(JSON.parse(new TextDecoder().decode(stdout)), [1, [0, 1]]);
});
