/**
 * Which nodes of a net are cached, and how.
 *
 * @module
 */
import { join } from "node:path";
import type { ResolvedNetConfig } from "../config/net_config.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { isControlPortName, isSignalPortName } from "../schema/signal.ts";
import { type CacheConfig, cacheConfigSchema } from "../schema/storage.ts";
import { type CacheSettings, cacheSettings, isCached } from "../storage/cache_settings.ts";
import { storesFiles } from "./file_storage.ts";

/** What of storage is decided by whoever makes the net. */
export interface StorageOptions {
  /**
   * Caches every node that has inputs and outputs and neither reads, writes nor runs a program, in
   * `.netrun/cache` of the project, where the configuration has no cache of its own.
   *
   * @default {false}
   */
  cache?: boolean;
  /**
   * Nodes of which nothing is looked up, so that their results are stored anew; true: all.
   *
   * @default {false}
   */
  refresh?: boolean | readonly string[];
}

/** The cache of a net. */
export interface CachePlan {
  /** Its folder; null keeps it in memory. */
  readonly path: string | null;
  readonly maxBytes: number | null;
  /** The nodes that are cached. */
  readonly nodes: ReadonlyMap<string, CacheSettings>;
}

/** The cache of a net; undefined if no node is cached. */
export function cachePlan(
  { data, projectRootPath }: ResolvedNetConfig,
  { cache = false }: StorageOptions,
): CachePlan | undefined {
  const written = data.storage?.cache ?? null;
  if (written === null && !cache) return undefined;
  const config = written ?? cacheConfigSchema.parse({ enabled: true }) as CacheConfig<never>;
  const nodes = new Map<string, CacheSettings>();
  for (const node of data.graph.nodes) {
    if (storesFiles(node)) continue;
    const own = node.execution_config.storage?.cache ?? null;
    const byDefault = written === null && own?.enabled !== false && isWorthCaching(node);
    if (byDefault || isCached(node.name, config, own)) {
      nodes.set(node.name, cacheSettings(config, own));
    }
  }
  if (nodes.size === 0) return undefined;
  const path = config.storage_path ?? (cache ? join(projectRootPath, ".netrun", "cache") : null);
  return { path, maxBytes: config.max_bytes, nodes };
}

/** Whether what a node does is a matter of its inputs, as far as its kind tells. */
function isWorthCaching({ in_ports, out_ports, factory }: ResolvedNodeConfig): boolean {
  const touchesWorld = typeof factory === "string" &&
    /^netrun:(?:read|write|command)$/.test(factory);
  const has = (ports: ReadonlyMap<string, unknown>, isOther: (name: string) => boolean) =>
    ports.keys().some((name) => !isOther(name));
  return !touchesWorld && has(in_ports, isControlPortName) && has(out_ports, isSignalPortName);
}
