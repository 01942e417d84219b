/**
 * Doing without waiting what usually waits.
 *
 * @module
 */
import { MainPool } from "../execution/main_pool.ts";
import type { Engine } from "./engine.ts";
import { SyncUnsupportedError } from "./error.ts";
import { runSync, type Steps } from "./task.ts";

/**
 * Refuses, before anything has happened, a net that would have to wait by its configuration.
 *
 * @throws {SyncUnsupportedError} Naming the pool, or the node and the field.
 */
export function assertNeverWaits(engine: Engine): void {
  for (const pool of engine.pools.values()) {
    if (pool instanceof MainPool) continue;
    throw new SyncUnsupportedError(
      `Pool "${pool.id}" has workers, for which a net has to wait; use the asynchronous calls`,
    );
  }
  for (const { name, settings } of engine.nodes.values()) {
    const limits = ["timeout", "rate_limit_per_second", "rate_limit_group"] as const;
    const field = limits.find((field) => settings[field] !== null) ??
      (settings.retries > 0 && settings.retry_wait > 0 ? "retry_wait" : undefined);
    if (field) {
      throw new SyncUnsupportedError(
        `Node "${name}" has \`${field}\`, for which a net has to wait; use the asynchronous calls`,
      );
    }
  }
}

/** Runs steps as one synchronous call; `what` may return a promise, which is refused. */
export function stepsSync<T>(steps: Steps<T>, what: string): T {
  return runSync(
    steps,
    () => new SyncUnsupportedError(`${what} returned a promise; use the asynchronous calls`),
  );
}
