/**
 * The pools that a net needs.
 *
 * @module
 */
import type { PoolConfig } from "./pool.ts";
import type { ResolvedNetConfigData } from "./resolved.ts";

/** The pool `main` where none is stated. */
export const MAIN_POOL: PoolConfig<never> = {
  spec: { type: "main" },
  print_flush_interval: 0.1,
  capture_prints: true,
};

/**
 * The pools that nodes of a net may run on, by name; `main` exists wherever a node uses it, also
 * if it is not stated.
 */
export function poolsInUse(data: ResolvedNetConfigData): Map<string, PoolConfig<never>> {
  const used = new Set(data.graph.nodes.flatMap((node) => node.execution_config.pools));
  const pools = new Map([...data.pools].filter(([name]) => used.has(name)));
  if (used.has("main") && !pools.has("main")) pools.set("main", MAIN_POOL);
  return pools;
}
