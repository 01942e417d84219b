/**
 * Which worker gets a job.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import type { ManagedPool } from "./managed_pool.ts";
import type { PoolWorkers, RunAllocationMethod } from "./run_options.ts";

/** A worker that may get a job. */
interface Candidate {
  readonly managed: ManagedPool;
  readonly workerId: number;
}

/** The worker that gets a job, and those of its pool that might as well. */
export interface Allocation extends Candidate {
  /** Undefined if all workers of the pool may have it. */
  readonly candidates: ReadonlySet<number> | undefined;
}

/**
 * Chooses one of several workers; those that are being restarted only if there are no others.
 *
 * @param managedPool Finds a pool, and checks that it has that worker.
 * @throws {InvalidArgumentError} If there is no worker to choose from.
 */
export function allocate(
  workers: readonly PoolWorkers[],
  method: RunAllocationMethod,
  managedPool: (poolId: string, workerId?: number) => ManagedPool,
): Allocation {
  const all = candidatesOf(workers, managedPool);
  if (all.length === 0) throw new InvalidArgumentError("No workers available for allocation.");
  const up = all.filter(({ managed, workerId }) => managed.dispatcher.isUp(workerId));
  const { managed, workerId } = choose(up.length > 0 ? up : all, method);
  const ids = new Set(all.flatMap((each) => each.managed === managed ? [each.workerId] : []));
  return { managed, workerId, candidates: ids.size < managed.pool.numWorkers ? ids : undefined };
}

/** The workers that are named, each once, in order. */
function candidatesOf(
  workers: readonly PoolWorkers[],
  managedPool: (poolId: string, workerId?: number) => ManagedPool,
): Candidate[] {
  const candidates = new Map<string, Candidate>();
  for (const each of workers) {
    const [poolId, only] = typeof each === "string" ? [each] : each;
    const managed = managedPool(poolId, only);
    const ids = only === undefined ? managed.lastUsed.keys() : [only];
    for (const workerId of ids) candidates.set(`${workerId} ${poolId}`, { managed, workerId });
  }
  return [...candidates.values()];
}

function choose(candidates: readonly Candidate[], method: RunAllocationMethod): Candidate {
  if (method === "random") return candidates[Math.floor(Math.random() * candidates.length)]!;
  const weight = ({ managed, workerId }: Candidate) =>
    method === "least-busy" ? managed.dispatcher.loadOf(workerId) : managed.lastUsed[workerId]!;
  return candidates.reduce((best, each) => weight(each) < weight(best) ? each : best);
}
