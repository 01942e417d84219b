/**
 * The storage of a net: its cache, and which nodes use it.
 *
 * @module
 */
import type { ResolvedNetConfig } from "../config/net_config.ts";
import type { PacketId } from "../../sim/action.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { isControlPortName } from "../schema/signal.ts";
import { CachedNode } from "../storage/cached_node.ts";
import { cacheSettings, isCached } from "../storage/cache_settings.ts";
import { EpochCache } from "../storage/epoch_cache.ts";
import { NetCache } from "../storage/net_cache.ts";
import type { StoredFileValue } from "../storage/stored_file.ts";
import { CachedEpochs } from "./cached_epochs.ts";
import type { Engine } from "./engine.ts";
import { FileStorage, storesFiles } from "./file_storage.ts";
import type { NetCode } from "./net_code.ts";

/** What of storage is decided by whoever makes the net. */
export interface StorageOptions {
  /**
   * Nodes of which nothing is looked up, so that their results are stored anew; true: all.
   *
   * @default {false}
   */
  refresh?: boolean | readonly string[];
}

/** The storage of a net. It costs nothing where nothing is stored. */
export class NetStorage {
  /** The cache, as users see it. */
  readonly cache: NetCache;
  readonly #epochCache: EpochCache | undefined;
  readonly #files: FileStorage | undefined;

  /** Gives each node that stores something its storage. */
  constructor(
    engine: Engine,
    { data }: ResolvedNetConfig,
    code: NetCode,
    { refresh = false }: StorageOptions,
  ) {
    const config = data.storage?.cache ?? null;
    const cached = new Map<string, CachedNode | undefined>();
    for (const { name, config: node, functions } of engine.nodes.values()) {
      const own = node.execution_config.storage?.cache ?? null;
      const stores = config && functions.exec && isCached(name, config, own) && !storesFiles(node);
      cached.set(
        name,
        stores
          ? new CachedNode(name, cacheSettings(config, own), dataConditions(node), {
            vars: node.vars,
            factory: [factoryName(node), node.factory_args],
            source: code.sources.get(name) ?? "",
          })
          : undefined,
      );
    }
    this.#epochCache = config && [...cached.values()].some(Boolean)
      ? new EpochCache({
        path: config.storage_path,
        maxBytes: config.max_bytes,
        now: () => engine.clock.now(),
        random: engine.random,
        warn: (...warning) => engine.events.warn(...warning),
      })
      : undefined;
    this.cache = new NetCache(this.#epochCache, cached);
    if (engine.nodes.values().some(({ config }) => storesFiles(config))) {
      this.#files = new FileStorage(engine, data, code);
    }
    for (const [name, node] of cached) {
      if (!node) continue;
      const refreshes = refresh === true || (refresh !== false && refresh.includes(name));
      engine.nodes.get(name)!.storage = new CachedEpochs(this.#epochCache!, node, refreshes);
    }
  }

  /**
   * Ends what is open; it is opened again when it is needed.
   *
   * @returns A promise if that has to be waited for.
   */
  close(): Promise<void> | undefined {
    this.#epochCache?.close();
    return this.#files?.close();
  }

  /** Reads the value of a packet that is still in a file. */
  async readFile({ ref }: StoredFileValue, id: PacketId): Promise<unknown> {
    return await this.#files!.read(ref, id);
  }
}

/** Names of the nodes whose results a net stores: those whose code has to be hashed. */
export function storingNodes({ data }: ResolvedNetConfig): Set<string> {
  const config = data.storage?.cache ?? null;
  const cached = data.graph.nodes.filter(({ name, execution_config: { storage } }) =>
    isCached(name, config, storage?.cache ?? null)
  );
  return new Set(cached.map(({ name }) => name));
}

function dataConditions({ in_salvo_conditions }: ResolvedNodeConfig): string[] {
  return [...in_salvo_conditions.keys()].filter((name) => !isControlPortName(name));
}

function factoryName({ factory }: ResolvedNodeConfig): string | null {
  return typeof factory === "string" || factory === null ? factory : "inline";
}
