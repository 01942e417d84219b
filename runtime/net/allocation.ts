/**
 * Which worker gets the next attempt.
 *
 * @module
 */
import type { NodePool } from "../execution/pool.ts";
import type { PoolAllocationMethod } from "../schema/node.ts";

/** A worker, with what is known of its use. */
export interface Worker {
  readonly pool: NodePool;
  readonly workerId: number;
  /** Number of the last job that it got, 0 if it never got one. */
  lastUsed: number;
  /** Jobs that it got and that have not settled. */
  unfinished: number;
}

/**
 * Chooses workers for all nodes of a net, so that use elsewhere counts too.
 *
 * Candidates are the workers of a node's pools, in the order of the list; equals go to the first.
 */
export class Allocator {
  readonly #pools: ReadonlyMap<string, NodePool>;
  readonly #workers = new Map<string, readonly Worker[]>();
  readonly #random: () => number;
  #jobs = 0;

  /** Creates an allocator over these pools; `random` gives numbers from 0 to 1, exclusive. */
  constructor(pools: Iterable<NodePool>, random: () => number) {
    this.#pools = new Map(Array.from(pools, (pool) => [pool.id, pool]));
    this.#random = random;
  }

  /** The workers of these pools, which are started, in order. */
  candidates(poolIds: readonly string[]): readonly Worker[] {
    const workers = [...new Set(poolIds)].map((id) => this.#workersOf(id));
    return workers.length === 1 ? workers[0]! : workers.flat();
  }

  #workersOf(poolId: string): readonly Worker[] {
    const known = this.#workers.get(poolId);
    if (known) return known;
    const pool = this.#pools.get(poolId);
    const workers = Array.from({ length: pool?.workerCount ?? 0 }, (_, workerId) => ({
      pool: pool!,
      workerId,
      lastUsed: 0,
      unfinished: 0,
    }));
    this.#workers.set(poolId, workers);
    return workers;
  }

  /** Chooses one of the candidates and counts the job as given to it. */
  choose(candidates: readonly Worker[], method: PoolAllocationMethod): Worker {
    const worker = candidates.length === 1
      ? candidates[0]!
      : method === "random"
      ? candidates[Math.floor(this.#random() * candidates.length)]!
      : least(candidates, method === "least-busy" ? "unfinished" : "lastUsed");
    worker.lastUsed = ++this.#jobs;
    worker.unfinished++;
    return worker;
  }
}

function least(candidates: readonly Worker[], key: "unfinished" | "lastUsed"): Worker {
  let best = candidates[0]!;
  for (const worker of candidates) if (worker[key] < best[key]) best = worker;
  return best;
}
