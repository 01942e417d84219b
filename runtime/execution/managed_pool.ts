/**
 * The pools of an {@linkcode ExecutionManager}, each with its jobs.
 *
 * @module
 */
import { explainDenial } from "../pools/permission_denial.ts";
import type { ListenablePool } from "../pools/pool.ts";
import type { PoolSpec, PoolSpecInput } from "../schema/pool.ts";
import type { Job } from "./dispatched_job.ts";
import { Dispatcher } from "./dispatcher.ts";
import { JobAborted } from "./error.ts";
import { jobWorker } from "./job_worker.ts";
import { createWorkerPool, parsePoolSpec } from "./open_pool.ts";
import type { RunJob } from "./run_job.ts";

/** A pool with its jobs. */
export interface ManagedPool {
  readonly poolId: string;
  readonly spec: PoolSpec<never>;
  readonly pool: ListenablePool;
  readonly dispatcher: Dispatcher;
  readonly workers: readonly ManagedWorker[];
}

/** A worker of a pool. */
export interface ManagedWorker {
  readonly managed: ManagedPool;
  readonly workerId: number;
  /** Number of the last job that it got, 0 for none. */
  lastUsed: number;
}

/** Seconds that a job gets to end after it was given up. */
const cancelGrace = 1;
/** Seconds that running jobs get on close, in this thread. */
const mainCloseTimeout = 10;

/**
 * Starts a pool.
 *
 * @param functions Functions that every worker has to know, by key.
 */
export async function openManagedPool(
  poolId: string,
  written: PoolSpecInput,
  projectRoot: string,
  functions: ReadonlyMap<string, unknown>,
): Promise<ManagedPool> {
  const spec = parsePoolSpec(poolId, written);
  const workerFn = `${new URL("./job_worker.ts", import.meta.url)}::jobWorker`;
  const pool = await createWorkerPool(spec, workerFn, jobWorker, { poolId, projectRoot });
  const isMain = spec.type === "main";
  const dispatcher = new Dispatcher(pool, {
    maxJobs: isMain ? Infinity : spec.max_jobs_per_worker,
    prefetch: isMain ? 0 : spec.prefetch,
    capturePrints: !isMain,
    cancelGrace,
    closeTimeout: isMain ? mainCloseTimeout : spec.close_timeout,
    startsAll: isMain,
    explain: isMain ? undefined : (error) => explainDenial(error, { ...spec, poolId }),
  });
  for (const [key, reference] of functions) dispatcher.remember(key, reference);
  await dispatcher.start();
  const workers: ManagedWorker[] = [];
  const managed: ManagedPool = { poolId, spec, pool, dispatcher, workers };
  for (let workerId = 0; workerId < pool.numWorkers; workerId++) {
    workers.push({ managed, workerId, lastUsed: 0 });
  }
  return managed;
}

/** Lets running jobs end, gives up those that do not, and closes all pools even if one fails. */
export async function closeManagedPools(pools: Iterable<ManagedPool>): Promise<void> {
  const closed = await Promise.allSettled(
    Array.from(pools, ({ dispatcher, spec }) => {
      const timeout = spec.type === "main" ? mainCloseTimeout : spec.close_timeout;
      return dispatcher.close(timeout, aborted);
    }),
  );
  const errors = closed.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, "Several pools failed to close");
}

function aborted(job: Job | undefined): Error {
  const reason = "the pool is closed";
  return job
    ? new JobAborted((job as RunJob).func, job.msgId, reason)
    : new Error(`A function was not sent: ${reason}`);
}
