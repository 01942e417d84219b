/**
 * The pools of a configuration.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import type { PoolConfig } from "../schema/pool.ts";
import type { AttemptPlace } from "./context.ts";
import { MainPool } from "./main_pool.ts";
import type { NodePool } from "./pool.ts";

/**
 * Creates a pool, not started.
 *
 * @param id Its name.
 * @param config Its configuration.
 * @param place Where its jobs run, as far as that is the same for all pools.
 * @throws {InvalidArgumentError} If pools of that type are not available.
 */
export function createPool(
  id: string,
  { spec }: PoolConfig<never>,
  place: Omit<AttemptPlace, "poolId" | "workerId">,
): NodePool {
  if (spec.type === "main") return new MainPool(id, place);
  throw new InvalidArgumentError(
    `Cannot create pool "${id}": pools of type "${spec.type}" are not available yet; ` +
      'use type "main", or take the pool out of the `pools` of all nodes',
  );
}
