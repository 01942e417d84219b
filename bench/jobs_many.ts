/**
 * `deno task bench:jobs POOL [JOBS]`: jobs as large as those of nodes through two workers, without a
 * net around them, as one JSON line.
 *
 * @module
 */
import { ExecutionManager } from "@netrun/netrun/pools";
import { ulidSource } from "@netrun/netrun/sim";

const [pool = "thread", count = "20000"] = Deno.args;
const jobs = Number(count);

const specs = {
  thread: { type: "thread", num_workers: 2 },
  process: { type: "multiprocess", num_processes: 2, threads_per_process: 1 },
} as const;
const spec = Object.hasOwn(specs, pool) ? specs[pool as keyof typeof specs] : undefined;
if (!spec || !(jobs > 0)) {
  console.error("usage: bench:jobs thread|process [JOBS]");
  Deno.exit(2);
}

const newId = ulidSource();
await using manager = await ExecutionManager.open(
  { p: spec },
  { projectRoot: import.meta.dirname! },
);
await manager.sendFunctionToPool("p", "node", "./job_functions.ts::addOne");

import process from "node:process";
const cold = await run();
const R = 10; const rs: number[] = []; const c0 = process.cpuUsage();
for (let i = 0; i < R; i++) rs.push(jobs / (await run()).seconds);
const c1 = process.cpuUsage(c0); rs.sort((a, b) => a - b);
console.log(pool, "median", Math.round(rs[R >> 1]!), "max", Math.round(rs.at(-1)!), "cpu/job", ((c1.user + c1.system) / R / jobs).toFixed(1));
const { out, seconds } = cold;
console.log(JSON.stringify({
  impl: "netrun deno",
  pool,
  jobs,
  out,
  seconds,
  jobs_per_s: Math.round(jobs / seconds),
  warm: true,
  cold_jobs_per_s: Math.round(jobs / cold.seconds),
}));

/** Gives all jobs at once and waits for all results. */
async function run(): Promise<{ out: number; seconds: number }> {
  const start = performance.now();
  const results = await Promise.all(Array.from({ length: jobs }, (_, i) => {
    const now = Date.now();
    return manager.runAllocate({
      workers: ["p"],
      func: "node",
      args: [newId(now), [newId(now)], ["x"], [i], 0, [], []],
    });
  }));
  const seconds = (performance.now() - start) / 1000;
  const right = results.filter(({ result }, i) => (result as [boolean, unknown[]])[1][1] === i + 1);
  return { out: right.length, seconds };
}
