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
import { EpochCache } from "../storage/epoch_cache.ts";
import { NetCache } from "../storage/net_cache.ts";
import type { StoredFileValue } from "../storage/stored_file.ts";
import { CachedEpochs } from "./cached_epochs.ts";
import { cachePlan, type StorageOptions } from "./cache_plan.ts";
import type { Engine } from "./engine.ts";
import { FileStorage, storesFiles } from "./file_storage.ts";
import type { NetCode } from "./net_code.ts";

/** The storage of a net. It costs nothing where nothing is stored. */
export class NetStorage {
  /** The cache, as users see it. */
  readonly cache: NetCache;
  readonly #epochCache: EpochCache | undefined;
  readonly #files: FileStorage | undefined;

  /** Gives each node that stores something its storage. */
  constructor(
    engine: Engine,
    config: ResolvedNetConfig,
    code: NetCode,
    options: StorageOptions,
  ) {
    const { data } = config;
    const plan = cachePlan(config, options);
    const cached = new Map<string, CachedNode | undefined>();
    for (const { name, config: node, functions } of engine.nodes.values()) {
      const settings = functions.exec ? plan?.nodes.get(name) : undefined;
      const dependencies = {
        vars: node.vars,
        factory: [factoryName(node), node.factory_args] as const,
        source: code.sources.get(name) ?? "",
      };
      cached.set(
        name,
        settings && new CachedNode(name, settings, dataConditions(node), dependencies),
      );
    }
    this.#epochCache = plan && new EpochCache({
      path: plan.path,
      maxBytes: plan.maxBytes,
      now: () => engine.clock.now(),
      random: engine.random,
      warn: (...warning) => engine.events.warn(...warning),
    });
    this.cache = new NetCache(this.#epochCache, cached);
    if (engine.nodes.values().some(({ config }) => storesFiles(config))) {
      this.#files = new FileStorage(engine, data, code);
    }
    for (const [name, node] of cached) {
      if (!node) continue;
      const { refresh = false } = options;
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

function dataConditions({ in_salvo_conditions }: ResolvedNodeConfig): string[] {
  return [...in_salvo_conditions.keys()].filter((name) => !isControlPortName(name));
}

function factoryName({ factory }: ResolvedNodeConfig): string | null {
  return typeof factory === "string" || factory === null ? factory : "inline";
}
