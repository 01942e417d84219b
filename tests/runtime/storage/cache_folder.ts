/**
 * A cache on disk for tests, and entries with large values.
 *
 * @module
 */
import { encodeValue } from "../../../runtime/storage/cache_entry.ts";
import type { CacheSettings } from "../../../runtime/storage/cache_settings.ts";
import { EpochCache } from "../../../runtime/storage/epoch_cache.ts";
import { sha256 } from "../../../runtime/storage/hashing.ts";

/** What a cached node has if nothing is set. */
export const settings: CacheSettings = {
  netVersion: 0,
  nodeVersion: 0,
  what: "both",
  hashMethod: "xxh64",
  keyIncludes: ["inputs"],
  keyExcludeVars: [],
  sampleSize: null,
  maxEntries: null,
  maxAge: null,
  maxValueBytes: 1e9,
  replayPrints: false,
};

/** Opens the cache of a folder; warnings are collected. */
export function openCache(
  path: string | null,
  { maxBytes = null, warnings = [] }: { maxBytes?: number | null; warnings?: string[] } = {},
): EpochCache {
  return new EpochCache({
    path,
    maxBytes,
    now: () => Date.now(),
    random: Math.random,
    warn: (code) => void warnings.push(code),
  });
}

/** The value that is stored under a name: large enough to be a file of its own. */
export function valueOf(name: string): string {
  return `${name} `.repeat(Math.ceil(24_000 / name.length));
}

/** Key of the entry of a name. */
export function keyOf(name: string): string {
  return sha256(name);
}

/** Stores an entry of a name. */
export async function storeEntry(
  cache: EpochCache,
  name: string,
  value: unknown = valueOf(name),
): Promise<void> {
  await cache.store({
    node: "A",
    key: keyOf(name),
    condition: "in",
    epochId: name,
    inputs: [{ ...encodeValue(name), portName: "in" }],
    outputs: {
      values: [encodeValue(value)],
      actions: [
        { type: "consume", packet: { input: 0 } },
        { type: "create" },
        { type: "load", packet: { created: 0 }, port: "out" },
        { type: "send", condition: "default", packets: [{ packet: { created: 0 }, port: "out" }] },
      ],
    },
    prints: [],
    logs: [],
  }, settings);
}
