import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "../../../sim/error.ts";
import {
  ExecutionManager,
  type ExecutionManagerOptions,
} from "../../../runtime/execution/execution_manager.ts";
import { ExecutionManagerProtocolKeys as KEYS } from "../../../runtime/execution/job_protocol.ts";
import type { PrintEntry } from "../../../runtime/execution/prints.ts";
import { NetStateError } from "../../../runtime/net/error.ts";
import { PoolNotStarted, WorkerException } from "../../../runtime/pools/error.ts";
import type { ListenablePool } from "../../../runtime/pools/pool.ts";
import { createAsyncChannelPair } from "../../../runtime/rpc/async_channel.ts";
import { ChannelClosed, MessageTooLarge } from "../../../runtime/rpc/error.ts";
import type { PoolSpecInput } from "../../../runtime/schema/pool.ts";

const projectRoot = new URL("./project", import.meta.url).pathname;
const specs: Record<string, PoolSpecInput> = {
  main: { type: "main" },
  thread: { type: "thread" },
  multiprocess: { type: "multiprocess" },
};
const workerSpecs = Object.entries(specs).slice(1) as [string, PoolSpecInput][];
const at = { poolId: "m", workerId: 0 };

const open = (spec: PoolSpecInput, options: ExecutionManagerOptions = {}) =>
  ExecutionManager.open({ m: spec }, { projectRoot, ...options });

/** The keys of the messages that workers of the pool are sent from now on. */
function watchPosts(pool: ListenablePool): string[] {
  const keys: string[] = [];
  const post = pool.post.bind(pool);
  pool.post = (workerId, key, ...rest) => {
    keys.push(key);
    return post(workerId, key, ...rest);
  };
  return keys;
}

const texts = (entries: readonly PrintEntry[]) => entries.map(({ text }) => text);

for (const [kind, spec] of Object.entries(specs)) {
  Deno.test(`${kind}: functions of modules are called around every job`, async () => {
    await using manager = await open(spec, {
      funcPreprocessor: "./fns.ts::doubling",
      funcDoneCallback: "./fns.ts::sayDone",
    });
    await manager.sendFunctionToPool("m", "add", "./fns.ts::add");
    for (const func of ["add", "./fns.ts::add"]) {
      const job = await manager.run({ ...at, func, args: [1, 2], kwargs: { x: 3 } });
      assertEquals(job.result, 12);
      const done = "done [ 1, 2, { x: 3 }, { result: 12 } ]\n";
      // What is written to the console of this thread is nobody's print.
      assertEquals(texts(job.printBuffer), kind === "main" ? [] : [done]);
    }
    await assertRejects(() => manager.run({ ...at, func: "./fns.ts::boom" }), WorkerException);
  });

  Deno.test(`${kind}: a hook that cannot be loaded fails every job, and nothing else`, async () => {
    await using manager = await open(spec, { funcPreprocessor: "./fns.ts::missing" });
    const run = () => manager.run({ ...at, func: "./fns.ts::pid" });
    await assertRejects(run, WorkerException, "missing");
    await assertRejects(run, WorkerException, "missing");
  });
}

Deno.test("a manager is started once, and says whether it is", async () => {
  const manager = new ExecutionManager({ m: { type: "main" } });
  assert(!manager.started);
  await manager.start();
  assert(manager.started);
  await assertRejects(() => manager.start(), NetStateError);
  await manager.close();
  assert(!manager.started);
  await manager.start();
  assertEquals([...manager.pools.keys(), ...manager.getWorkerIds("m")], ["m", "m_0"]);
  await manager.close();
  assertThrows(() => manager.getProcessIds("m"), PoolNotStarted);
});

Deno.test("a pool that cannot start takes those that have started along", async () => {
  const manager = new ExecutionManager({
    good: { type: "multiprocess" },
    bad: { type: "remote", url: null },
  }, { projectRoot });
  await assertRejects(() => manager.start(), InvalidArgumentError, '"bad"');
  assert(!manager.started);
});

Deno.test("processes are asked for by pools that have some", async () => {
  await using manager = await ExecutionManager.open({
    p: { type: "multiprocess", num_processes: 2 },
    t: { type: "thread" },
  }, { projectRoot });
  await manager.sendFunctionToPool("p", "write", (text: string) => {
    Deno.stdout.writeSync(new TextEncoder().encode(text));
    return Deno.pid;
  });
  const pids = await Promise.all([0, 1].map(async (workerId) => {
    const job = await manager.run({ poolId: "p", workerId, func: "write", args: [`w${workerId}`] });
    return job.result;
  }));
  assertEquals(manager.getProcessIds("p"), pids as number[]);
  const [zero] = await manager.flushPoolStdout("p", 0);
  assertEquals([zero!.text, zero!.isStdout], ["w0", true]);
  const all = await manager.flushAllPoolStdout("p", { timeout: 10 });
  assertEquals(Array.from(all, ([id, entries]) => [id, texts(entries)]), [[0, []], [1, ["w1"]]]);
  for (
    const ask of [
      () => manager.flushPoolStdout("t", 0),
      () => manager.flushAllPoolStdout("t"),
      // deno-lint-ignore require-await
      async () => manager.getProcessIds("t"),
    ]
  ) await assertRejects(ask, InvalidArgumentError, 'its type is "thread"');
  await assertRejects(() => manager.flushPoolStdout("p", 2), RangeError);
});

for (const [kind, spec] of workerSpecs) {
  Deno.test(`${kind}: a message above max_message_size is refused, both ways, and all goes on`, async () => {
    await using manager = await open({ ...spec, max_message_size: 100_000 } as PoolSpecInput);
    const length = async (bytes: number) => {
      const args = [new Uint8Array(bytes)];
      return (await manager.run({ ...at, func: "./fns.ts::lengthOf", args })).result;
    };
    assertEquals(await length(50_000), 50_000);
    const error = await assertRejects(() => length(100_001), MessageTooLarge, "max_message_size");
    assert(error.size > error.limit && error.limit === 100_000);
    const answer = () => manager.run({ ...at, func: "./fns.ts::bytesOf", args: [100_001] });
    await assertRejects(answer, MessageTooLarge);
    assertEquals(await length(50_000), 50_000);
  });

  Deno.test(`${kind}: 64 MiB go there and back whole`, async () => {
    await using manager = await open(spec);
    await manager.sendFunctionToPool("m", "back", (bytes: Uint8Array) => bytes);
    const bytes = new Uint8Array(64 << 20);
    for (let i = 0; i < bytes.length; i += 4093) bytes[i] = i;
    const { result } = await manager.run({ ...at, func: "back", args: [bytes] });
    assertEquals((result as Uint8Array).byteLength, bytes.byteLength);
    assert((result as Uint8Array).every((byte, i) => byte === bytes[i]));
  });

  Deno.test(`${kind}: a worker runs max_jobs_per_worker jobs at once, and no more`, async () => {
    await using manager = await open(
      { ...spec, max_jobs_per_worker: 3, prefetch: 2 } as PoolSpecInput,
    );
    const jobs = Array.from({ length: 9 }, () => {
      const [here, sendChannel] = createAsyncChannelPair();
      return { here, done: manager.run({ ...at, func: "./fns.ts::crowd", sendChannel }) };
    });
    for (const { here } of jobs.slice(0, 3)) await here.recv();
    // Each that ends makes room for one more.
    for (const [i, { here, done }] of jobs.entries()) {
      assertEquals(jobs[i + 3]?.here.tryRecv(), undefined);
      await here.send("go", null);
      await done;
      await jobs[i + 3]?.here.recv();
    }
    const most = await Promise.all(jobs.map(async ({ done }) => (await done).result as number));
    assertEquals(Math.max(...most), 3);
  });

  Deno.test(`${kind}: a worker is sent as many jobs ahead as prefetch says`, async () => {
    for (const prefetch of [0, 3]) {
      await using manager = await open({ ...spec, prefetch } as PoolSpecInput);
      const sent = watchPosts(manager.getPool("m") as ListenablePool);
      const jobs = Array.from({ length: 8 }, () => {
        const [here, sendChannel] = createAsyncChannelPair();
        return { here, done: manager.run({ ...at, func: "./fns.ts::crowd", sendChannel }) };
      });
      await jobs[0]!.here.recv();
      assertEquals(sent.filter((key) => key === KEYS.RUN).length, 1 + prefetch);
      assertEquals(manager.getWorkerJobs("m", 0).length, 8);
      for (const { here, done } of jobs) {
        await here.send("go", null);
        await done;
      }
    }
  });

  Deno.test(`${kind}: a job stays with the workers that may do it, however busy they are`, async () => {
    await using manager = await ExecutionManager.open({
      m: { ...spec, prefetch: 0, ...kind === "thread" ? { num_workers: 3 } : { num_processes: 3 } },
    } as Record<string, PoolSpecInput>, { projectRoot });
    const where = async (workers?: [string, number][]) => {
      const job = { func: "./fns.ts::sleep", args: [1] };
      return (workers
        ? await manager.runAllocate({ ...job, workers, method: "least-busy" })
        : await manager.run({ ...job, ...at })).workerId;
    };
    const pinned = await Promise.all(Array.from({ length: 30 }, () => where()));
    assertEquals(new Set(pinned), new Set([0]));
    const two = await Promise.all(Array.from({ length: 30 }, () => where([["m", 0], ["m", 2]])));
    assertEquals(new Set(two), new Set([0, 2]));
  });

  Deno.test(`${kind}: what is printed comes in batches while the job runs, and whole at its end`, async () => {
    await using manager = await open(
      { ...spec, max_jobs_per_worker: 2 } as PoolSpecInput,
      { printFlushInterval: 0.01 },
    );
    const talk = async (name: string) => {
      const [here, sendChannel] = createAsyncChannelPair();
      const batches: string[][] = [];
      const { printBuffer } = await manager.run({
        ...at,
        func: "./fns.ts::printOnDemand",
        args: [name, 5],
        sendChannel,
        onPrint(entries) {
          batches.push(texts(entries));
          // The next line is printed only when this one was delivered.
          void here.send("go on", null);
        },
      });
      return { batches, printed: texts(printBuffer) };
    };
    for (const { batches, printed } of await Promise.all([talk("a"), talk("b")])) {
      const [name] = printed[0]!.split(" ");
      assertEquals(printed, [0, 1, 2, 3, 4].map((i) => `${name} ${i}\n`));
      assertEquals(batches, printed.map((line) => [line]));
    }
  });

  Deno.test(`${kind}: what onPrint throws is thrown by the run`, async () => {
    await using manager = await open(spec);
    const [, sendChannel] = createAsyncChannelPair();
    const onPrint = () => {
      throw new RangeError("too much talk");
    };
    const run = () =>
      manager.run({
        ...at,
        func: "./fns.ts::printOnDemand",
        args: ["a", 2],
        sendChannel,
        onPrint,
      });
    await assertRejects(run, RangeError, "too much talk");
  });
}

Deno.test("memory that is transferred to a Worker is gone here", async () => {
  await using manager = await open({ type: "thread" });
  const bytes = new Uint8Array(1000);
  const job = { ...at, func: "./fns.ts::lengthOf", args: [bytes] };
  assertEquals((await manager.run(job)).result, 1000);
  assertEquals(bytes.byteLength, 1000);
  assertEquals((await manager.run({ ...job, transfer: [bytes.buffer] })).result, 1000);
  assertEquals(bytes.byteLength, 0);
});

Deno.test("the end of a manager closes the channels of its jobs", async () => {
  const manager = await open({ type: "thread", close_timeout: 0.01 });
  const [here, sendChannel] = createAsyncChannelPair();
  const job = manager.run({ ...at, func: "./fns.ts::converse", args: ["hi"], sendChannel });
  await here.recv();
  const failed = assertRejects(() => job, Error, "the pool is closed");
  await manager.close();
  await failed;
  await assertRejects(() => here.recv(), ChannelClosed);
});
