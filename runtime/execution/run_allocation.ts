/**
 * Which worker gets a job.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import type { ManagedPool, ManagedWorker } from "./managed_pool.ts";
import type { PoolWorkers, RunAllocationMethod } from "./run_options.ts";

/** The worker that gets a job, and those of its pool that might as well. */
export interface Allocation {
  readonly managed: ManagedPool;
  readonly workerId: number;
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
  const up = all.every(isUp) ? all : all.filter(isUp);
  const { managed, workerId } = choose(up.length > 0 ? up : all, method);
  if (all === managed.workers) return { managed, workerId, candidates: undefined };
  const ids = new Set(all.flatMap((each) => each.managed === managed ? [each.workerId] : []));
  return { managed, workerId, candidates: ids.size < managed.pool.numWorkers ? ids : undefined };
}

/** The workers that are named, each once, in order. */
function candidatesOf(
  named: readonly PoolWorkers[],
  managedPool: (poolId: string, workerId?: number) => ManagedPool,
): readonly ManagedWorker[] {
  const lists = named.map((each) =>
    typeof each === "string" ? managedPool(each).workers : [managedPool(...each).workers[each[1]]!]
  );
  return lists.length === 1 ? lists[0]! : [...new Set(lists.flat())];
}

function isUp({ managed, workerId }: ManagedWorker): boolean {
  return managed.dispatcher.isUp(workerId);
}

function choose(candidates: readonly ManagedWorker[], method: RunAllocationMethod): ManagedWorker {
  if (method === "random") return candidates[Math.floor(Math.random() * candidates.length)]!;
  const weight = ({ managed, workerId, lastUsed }: ManagedWorker) =>
    method === "least-busy" ? managed.dispatcher.loadOf(workerId) : lastUsed;
  return candidates.reduce((best, each) => weight(each) < weight(best) ? each : best);
}
