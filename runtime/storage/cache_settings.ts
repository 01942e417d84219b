/**
 * How a node is cached: its own settings, and the net's where it has none.
 *
 * @module
 */
import type { HashMethod } from "../schema/file_storage.ts";
import type { CacheConfig, CacheWhat, KeyPart, NodeCacheConfig } from "../schema/storage.ts";
import { matchesGlob } from "./glob.ts";

/** How a node is cached. */
export interface CacheSettings {
  readonly netVersion: number;
  readonly nodeVersion: number;
  readonly what: CacheWhat;
  readonly hashMethod: HashMethod;
  readonly keyIncludes: readonly KeyPart[];
  readonly keyExcludeVars: readonly string[];
  /** Most entries, chosen at random among all that were offered. */
  readonly sampleSize: number | null;
  readonly maxEntries: number | null;
  /** In seconds. */
  readonly maxAge: number | null;
  readonly maxValueBytes: number;
  readonly replayPrints: boolean;
}

const defaultMaxValueBytes = 256 * 1024 * 1024;

/** Whether a node of that name is cached. */
export function isCached(
  name: string,
  net: CacheConfig<never> | null,
  node: NodeCacheConfig<never> | null,
): boolean {
  if (net === null) return false;
  if (node !== null && node.enabled !== null) return node.enabled;
  const matches = (patterns: readonly string[] | null) =>
    patterns !== null && patterns.some((pattern) => matchesGlob(name, pattern));
  if (!net.enabled || matches(net.exclude_nodes)) return false;
  return net.include_all_nodes || matches(net.include_nodes);
}

/** The settings of a node that is cached. */
export function cacheSettings(
  net: CacheConfig<never>,
  node: NodeCacheConfig<never> | null,
): CacheSettings {
  return {
    netVersion: net.version,
    nodeVersion: node?.version ?? net.version,
    what: node?.cache_what ?? net.cache_what,
    hashMethod: node?.hash_method ?? net.hash_method,
    keyIncludes: node?.key_includes ?? net.key_includes,
    keyExcludeVars: node?.key_exclude_vars ?? net.key_exclude_vars,
    sampleSize: node?.sample_size ?? net.sample_size,
    maxEntries: node?.max_entries ?? net.max_entries,
    maxAge: node?.max_age ?? net.max_age,
    maxValueBytes: node?.max_value_bytes ?? net.max_value_bytes ?? defaultMaxValueBytes,
    replayPrints: node?.replay_prints ?? net.replay_prints,
  };
}
