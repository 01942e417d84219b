/**
 * The cache of a net, as its users see it.
 *
 * @module
 */
import { NodeNotFoundError } from "../../sim/error.ts";
import type { NodeLogEntry } from "../execution/prints.ts";
import { decodeValue, type EntryRecord } from "./cache_entry.ts";
import type { EntryFilter } from "./cache_index.ts";
import type { CachedNode } from "./cached_node.ts";
import type { PacketRef, RecordedActions } from "./effects.ts";
import type { EpochCache, WholeEntry } from "./epoch_cache.ts";
import { inputSalvoHash } from "./input_digest.ts";

/** Values by port. */
export type PortValues = Record<string, unknown[]>;

/** A stored epoch. Its values are copies that belong to the caller. */
export interface CachedEpoch {
  /** The node. */
  readonly nodeName: string;
  /** The key: a SHA-256. */
  readonly key: string;
  /** Hash of the inputs by the node's `hash_method`. */
  readonly inputSalvoHash: string;
  /** `version` of the net's cache when it was stored. */
  readonly netVersion: number;
  /** `version` of the node's cache when it was stored. */
  readonly nodeVersion: number;
  /** `cache_what` when it was stored; what holds inputs alone is never replayed. */
  readonly mode: "both" | "output" | "input";
  /** The input condition that formed the epoch. */
  readonly inSalvoCondition: string;
  /** Values of the inputs by port, in the order in which they came. */
  readonly inputValuesByPort: PortValues;
  /** Values of the outputs by port, in the order in which they were loaded. */
  readonly outputPortValues: PortValues;
  /** Output conditions of the salvos, in the order in which they were sent. */
  readonly outputSalvoNames: string[];
  /** Input ports of which packets were consumed. */
  readonly consumedInputPorts: string[];
  /** All that the epoch did to packets, in order. */
  readonly actions: RecordedActions;
  /** What it logged. */
  readonly logs: readonly NodeLogEntry[];
  /** The epoch. */
  readonly originalEpochId: string;
  /** When it was stored, in ms UTC. */
  readonly cachedAt: number;
  /** When it was last stored or replayed, in ms UTC. */
  readonly lastUsedAt: number;
  /** Bytes that it takes. */
  readonly sizeBytes: number;
}

/** Figures about the entries of a node. */
export interface CacheStats {
  /** Entries that are stored. */
  readonly entryCount: number;
  /** Attempts that were stored, or offered to the sample, so far. */
  readonly epochCount: number;
  /** `sample_size` of the node. */
  readonly sampleSize: number | null;
  /** Epochs of this process that were replayed. */
  readonly hits: number;
  /** Epochs of this process that were executed, though the cache was asked. */
  readonly misses: number;
  /** Results of this process that could not be stored. */
  readonly skipped: number;
  /** Entries that this process could not read any more. */
  readonly corrupt: number;
  /** Entries that this process removed to make room. */
  readonly evicted: number;
  /** Bytes of all entries. */
  readonly bytes: number;
}

/** Which entries are cleared. */
export interface CacheClearFilter {
  /** Of this node; of all nodes if left out. */
  node?: string;
  /** `version` of the net's cache. */
  netVersion?: number;
  /** `version` of the node's cache. */
  nodeVersion?: number;
  /** Stored before this time, in ms UTC. */
  olderThan?: number;
  /** Stored with this `cache_what`. */
  mode?: "both" | "output" | "input";
}

/** What {@linkcode NetCache.verify} found. */
export interface CacheVerification {
  /** Entries that are whole. */
  readonly intact: number;
  /** Entries that were not, and are removed. */
  readonly corrupt: number;
}

/**
 * Looks into the cache of a net, and clears it. It covers what earlier processes stored too, and works
 * before `init` and after `close`.
 */
export class NetCache {
  readonly #cache: EpochCache | undefined;
  readonly #nodes: ReadonlyMap<string, CachedNode | undefined>;

  /**
   * Creates the view.
   *
   * @param cache The cache, if the net has one.
   * @param nodes All nodes of the net by name; undefined for those that are not cached.
   */
  constructor(
    cache: EpochCache | undefined,
    nodes: ReadonlyMap<string, CachedNode | undefined>,
  ) {
    this.#cache = cache;
    this.#nodes = nodes;
  }

  /** Whether the epochs of a node are cached. */
  isEnabled(node: string): boolean {
    return this.#node(node) !== undefined;
  }

  /** The stored epochs of a node, oldest first. */
  entries(node: string): CachedEpoch[] {
    const cached = this.#node(node);
    return (this.#cache?.entries({ node }) ?? []).map((entry) => toCachedEpoch(entry, cached));
  }

  /** The inputs of the stored epochs of a node, by port. */
  inputSalvos(node: string): PortValues[] {
    return this.entries(node).map(({ inputValuesByPort }) => inputValuesByPort);
  }

  /** The outputs of the stored epochs of a node, by port. */
  outputSalvos(node: string): PortValues[] {
    return this.entries(node).map(({ outputPortValues }) => outputPortValues);
  }

  /**
   * The epoch that would be replayed for these inputs; null if it would be executed.
   *
   * @param options.salvoCondition The input condition; by default the first that has an entry.
   */
  outputForInput(
    node: string,
    inputs: Readonly<Record<string, readonly unknown[]>>,
    options: { salvoCondition?: string } = {},
  ): CachedEpoch | null {
    const cached = this.#node(node);
    for (const key of cached?.keysFor(inputs, options.salvoCondition) ?? []) {
      const entry = this.#cache!.entries({ node, key }).find(({ row }) => row.mode !== "input");
      if (entry) return toCachedEpoch(entry, cached);
    }
    return null;
  }

  /** Figures about a node's entries; those of a node that is not cached are 0. */
  stats(node: string): CacheStats;
  /** Figures about the entries of every cached node, by its name. */
  stats(): Map<string, CacheStats>;
  stats(node?: string): CacheStats | Map<string, CacheStats> {
    if (node !== undefined) return this.#stats(node);
    const names = [...this.#nodes].filter(([, cached]) => cached).map(([name]) => name);
    return new Map(names.map((name) => [name, this.#stats(name)]));
  }

  /** Removes the entries of a node, or all that the filter means; returns how many. */
  clear(which?: string | CacheClearFilter): number {
    const filter: EntryFilter = typeof which === "string" ? { node: which } : { ...which };
    if (filter.node !== undefined) this.#node(filter.node);
    const removed = this.#cache?.remove(filter) ?? 0;
    if (typeof which !== "object") this.#cache?.resetCounts(which);
    return removed;
  }

  /** Removes what is stored for these inputs of a node; returns how many entries. */
  clearForInput(node: string, inputs: Readonly<Record<string, readonly unknown[]>>): number {
    let removed = 0;
    for (const key of this.#node(node)?.keysFor(inputs) ?? []) {
      removed += this.#cache!.remove({ node, key });
    }
    return removed;
  }

  /** Reads every entry of this net's cache, and removes those that are damaged. */
  verify(): CacheVerification {
    const count = () =>
      [...this.#nodes.keys()].reduce((sum, name) => sum + this.#cache!.counts(name).corrupt, 0);
    if (!this.#cache) return { intact: 0, corrupt: 0 };
    const before = count();
    const intact = [...this.#nodes.keys()]
      .reduce((sum, node) => sum + this.#cache!.entries({ node }).length, 0);
    return { intact, corrupt: count() - before };
  }

  #stats(node: string): CacheStats {
    const cached = this.#node(node);
    const { entries = 0, epochCount = 0, bytes = 0 } = this.#cache?.stored(node) ?? {};
    const { hits = 0, misses = 0, skipped = 0, corrupt = 0, evicted = 0 } =
      this.#cache?.counts(node) ?? {};
    return {
      entryCount: entries,
      epochCount,
      sampleSize: cached?.settings.sampleSize ?? null,
      hits,
      misses,
      skipped,
      corrupt,
      evicted,
      bytes,
    };
  }

  #node(name: string): CachedNode | undefined {
    if (!this.#nodes.has(name)) throw new NodeNotFoundError(name);
    return this.#nodes.get(name);
  }
}

function toCachedEpoch({ row, record }: WholeEntry, cached: CachedNode | undefined): CachedEpoch {
  const inputs = record.inputs.map((input) => ({
    portName: input.portName,
    value: decodeValue(input),
  }));
  const values = record.outputs.map(decodeValue);
  const outputs: PortValues = Object.create(null);
  const consumed = new Set<string>();
  const valueOf = (ref: PacketRef) =>
    "input" in ref ? inputs[ref.input]?.value : values[ref.created];
  for (const action of record.actions ?? []) {
    if (action.type === "load") (outputs[action.port] ??= []).push(valueOf(action.packet));
    if (action.type === "consume" && "input" in action.packet) {
      consumed.add(inputs[action.packet.input]!.portName);
    }
  }
  const byPort: PortValues = Object.create(null);
  for (const { portName, value } of inputs) (byPort[portName] ??= []).push(value);
  return {
    nodeName: row.node,
    key: row.key,
    inputSalvoHash: inputSalvoHash(inputs, cached?.settings.hashMethod ?? "xxh64"),
    netVersion: row.netVersion,
    nodeVersion: row.nodeVersion,
    mode: row.mode,
    inSalvoCondition: row.condition,
    inputValuesByPort: byPort,
    outputPortValues: outputs,
    outputSalvoNames: sentConditions(record),
    consumedInputPorts: [...consumed],
    actions: record.actions ?? [],
    logs: record.logs,
    originalEpochId: row.epochId,
    cachedAt: row.cachedAt,
    lastUsedAt: row.lastUsedAt,
    sizeBytes: row.size,
  };
}

function sentConditions({ actions }: EntryRecord): string[] {
  return (actions ?? []).flatMap((action) => action.type === "send" ? [action.condition] : []);
}
