/**
 * The epoch cache: what epochs did, kept so that it need not be computed again.
 *
 * No trouble of the cache ever throws: it is counted, and warned of once.
 *
 * @module
 */
import { join } from "node:path";
import type { NodeLogEntry, PrintEntry } from "../execution/prints.ts";
import { type BlobDraft, BlobFolder } from "./blob_folder.ts";
import {
  decodeValue,
  type EncodedInput,
  type EncodedValue,
  type EntryRecord,
  packRecord,
  type StoredValue,
  unpackRecord,
} from "./cache_entry.ts";
import {
  CacheIndex,
  type CacheLimits,
  type EntryFilter,
  type EntryRow,
  type NewEntry,
} from "./cache_index.ts";
import { checkFormat, UnknownFormat } from "./cache_format.ts";
import type { CacheSettings } from "./cache_settings.ts";
import { isDamaged, moveAside } from "./database.ts";
import type { RecordedActions } from "./effects.ts";
import { sha256 } from "./hashing.ts";

/** Values of more bytes are files of their own. */
const maxInlineBytes = 16 * 1024;
const defaultMaxBytes = { file: 1024 ** 3, memory: 256 * 1024 ** 2 };

/** What an {@linkcode EpochCache} is made of. */
export interface EpochCacheParts {
  /** Its folder; null keeps it in memory. */
  readonly path: string | null;
  /** Bytes of all entries; null is 1 GiB, in memory 256 MiB. */
  readonly maxBytes: number | null;
  /** The time in ms UTC. */
  readonly now: () => number;
  /** A number from 0 to 1, exclusive. */
  readonly random: () => number;
  readonly warn: (code: string, message: string, nodeName?: string) => void;
}

/** A result that can be replayed. */
export interface CachedResult {
  readonly actions: RecordedActions;
  /** Values of the packets to create: fresh copies. */
  readonly values: readonly unknown[];
  readonly prints: readonly PrintEntry[];
  readonly logs: readonly NodeLogEntry[];
}

/** A result that is to be kept. */
export interface NewResult {
  readonly node: string;
  readonly key: string;
  readonly condition: string;
  readonly epochId: string;
  readonly inputs: readonly EncodedInput[];
  /** Null keeps the inputs alone. */
  readonly outputs: {
    readonly values: readonly EncodedValue[];
    readonly actions: RecordedActions;
  } | null;
  readonly prints: readonly PrintEntry[];
  readonly logs: readonly NodeLogEntry[];
}

/** What happened to a node's entries in this process. */
export interface CacheCounts {
  hits: number;
  misses: number;
  /** Results that could not be stored. */
  skipped: number;
  /** Entries that could not be read any more. */
  corrupt: number;
  /** Entries that went to make room. */
  evicted: number;
}

/** An entry with its values. */
export interface WholeEntry {
  readonly row: EntryRow;
  readonly record: EntryRecord;
}

/** The cache of a net. Nothing is opened before it is needed. */
export class EpochCache {
  readonly #parts: EpochCacheParts;
  readonly #counts = new Map<string, CacheCounts>();
  readonly #warned = new Set<string>();
  #open: { readonly index: CacheIndex; readonly blobs: BlobFolder | undefined } | undefined;
  /** Set when the folder belongs to a newer version, or cannot be used at all. */
  #off = false;

  /** Creates a cache. */
  constructor(parts: EpochCacheParts) {
    this.#parts = parts;
  }

  /** Most bytes of all entries. */
  get maxBytes(): number {
    const { maxBytes, path } = this.#parts;
    return maxBytes ?? defaultMaxBytes[path === null ? "memory" : "file"];
  }

  /** What happened to a node's entries in this process. */
  counts(node: string): CacheCounts {
    let counts = this.#counts.get(node);
    if (!counts) {
      counts = { hits: 0, misses: 0, skipped: 0, corrupt: 0, evicted: 0 };
      this.#counts.set(node, counts);
    }
    return counts;
  }

  /** The result of a key, if it is there, whole and not too old. */
  lookUp(key: string, { maxAge }: CacheSettings): CachedResult | undefined {
    const nowMs = this.#parts.now();
    return this.#try((index) => {
      const row = index.get(key);
      if (!row || row.mode === "input") return undefined;
      if (maxAge !== null && row.cachedAt < nowMs - maxAge * 1000) return undefined;
      const result = this.#result(row);
      if (!result) {
        this.#removeCorrupt(index, row);
        return undefined;
      }
      index.use(row.id, nowMs);
      return result;
    });
  }

  /** Keeps a result; a promise if it has to be waited for. */
  store(result: NewResult, settings: CacheSettings): Promise<void> | undefined {
    const { node } = result;
    return this.#try<Promise<void> | undefined>((index, blobs) => {
      const packed = packRecord({
        inputs: result.inputs,
        outputs: result.outputs?.values ?? [],
        actions: result.outputs?.actions ?? null,
        prints: result.prints,
        logs: result.logs,
      }, blobs ? maxInlineBytes : Infinity);
      const { maxBytes } = this;
      if (packed.size > maxBytes) {
        this.skip(node, "its values are larger than `max_bytes` of the cache");
        return undefined;
      }
      const entry: NewEntry = {
        node,
        key: result.key,
        mode: settings.what,
        netVersion: settings.netVersion,
        nodeVersion: settings.nodeVersion,
        condition: result.condition,
        epochId: result.epochId,
        cachedAt: this.#parts.now(),
        size: packed.size,
        record: packed.record,
        digest: sha256(packed.record),
        blobs: packed.blobs.map(({ hash }) => hash),
      };
      const limits = { ...settings, maxBytes };
      if (packed.blobs.length > 0) {
        return this.#addWithBlobs(index, blobs!, entry, limits, packed.blobs);
      }
      this.#add(index, entry, limits, []);
      return undefined;
    }, node);
  }

  /** Notes that a result is not kept, and warns of it once a node and reason. */
  skip(node: string, why: string): void {
    this.counts(node).skipped++;
    this.warnOnce(node, "cache_skipped", `A result of node "${node}" is not cached: ${why}`);
  }

  /** Warns once of each thing. */
  warnOnce(node: string | undefined, code: string, message: string): void {
    const id = `${node} ${code} ${message}`;
    if (this.#warned.has(id)) return;
    this.#warned.add(id);
    this.#parts.warn(code, message, node);
  }

  /** The entries that are meant, oldest first, with their values. */
  entries(filter: EntryFilter): WholeEntry[] {
    return this.#try((index) =>
      index.find(filter).flatMap((row) => {
        const record = this.#record(row);
        if (record) return [{ row, record }];
        this.#removeCorrupt(index, row);
        return [];
      })
    ) ?? [];
  }

  /** Removes entries; returns how many. */
  remove(filter: EntryFilter): number {
    return this.#try((index) => {
      const { removed, loose } = index.remove(filter);
      this.#sweep(index, loose);
      return removed;
    }) ?? 0;
  }

  /** Forgets how often nodes were executed. */
  resetCounts(node?: string): void {
    this.#try((index) => index.resetCounts(node));
  }

  /** What is kept of a node. */
  stored(node: string): { epochCount: number; entries: number; bytes: number } {
    return this.#try((index) => index.node(node)) ??
      { epochCount: 0, entries: 0, bytes: 0 };
  }

  /** Closes what is open; the next call opens it again. A cache in memory stays. */
  close(): void {
    if (this.#parts.path === null) return;
    const open = this.#open;
    this.#open = undefined;
    try {
      open?.index.close();
    } catch (error) {
      this.warnOnce(undefined, "cache_failed", `The cache cannot be closed: ${messageOf(error)}`);
    }
  }

  #result(row: EntryRow): CachedResult | undefined {
    if (sha256(row.record) !== row.digest) return undefined;
    try {
      const { actions, outputs, prints, logs } = unpackRecord(row.record);
      const values = outputs.map((value) => decodeValue(this.#whole(value)));
      return actions === null ? undefined : { actions, values, prints, logs };
    } catch {
      return undefined;
    }
  }

  #record(row: EntryRow): EntryRecord | undefined {
    if (sha256(row.record) !== row.digest) return undefined;
    try {
      const record = unpackRecord(row.record);
      return {
        ...record,
        inputs: record.inputs.map((input) => ({
          ...this.#whole(input),
          portName: input.portName,
        })),
        outputs: record.outputs.map((value) => this.#whole(value)),
      };
    } catch {
      return undefined;
    }
  }

  #whole(value: StoredValue): EncodedValue {
    if ("bytes" in value) return value;
    const bytes = this.#open!.blobs?.read(value.blob, value.size);
    if (!bytes) throw new Error("a blob is missing or damaged");
    return { lazy: value.lazy, bytes };
  }

  #removeCorrupt(index: CacheIndex, { node, key }: EntryRow): void {
    this.counts(node).corrupt++;
    const what = `A stored result of node "${node}" is damaged and is removed from the cache`;
    this.warnOnce(node, "cache_corrupt", what);
    const { loose } = index.remove({ key });
    this.#sweep(index, loose);
  }

  async #addWithBlobs(
    index: CacheIndex,
    folder: BlobFolder,
    entry: NewEntry,
    limits: CacheLimits,
    blobs: readonly { readonly hash: string; readonly bytes: Uint8Array }[],
  ): Promise<void> {
    const drafts: BlobDraft[] = [];
    try {
      for (const { hash, bytes } of blobs) drafts.push(await folder.draft(bytes, hash));
      this.#add(index, entry, limits, drafts);
    } catch (error) {
      folder.discard(drafts);
      this.#failed(entry.node, error);
    }
  }

  #add(
    index: CacheIndex,
    entry: NewEntry,
    limits: CacheLimits,
    drafts: readonly BlobDraft[],
  ): void {
    const folder = this.#open?.blobs;
    const { evicted, loose, stored } = index.add(entry, limits, this.#parts.random, () => {
      for (const draft of drafts) folder!.place(draft);
    });
    if (!stored) folder?.discard(drafts);
    this.counts(entry.node).evicted += evicted;
    this.#sweep(index, stored ? loose : [...loose, ...entry.blobs]);
  }

  /** Removes blobs that nobody names, in a transaction after the one that dropped their rows. */
  #sweep(index: CacheIndex, loose: readonly string[]): void {
    const blobs = this.#open?.blobs;
    if (blobs && loose.length > 0) index.sweep(loose, (hash) => blobs.remove(hash));
  }

  /**
   * Does something with the open cache; undefined if that fails.
   *
   * @param storing The node of which a result is to be stored, if one is.
   */
  #try<T>(
    work: (index: CacheIndex, blobs: BlobFolder | undefined) => T,
    storing?: string,
  ): T | undefined {
    if (this.#off) {
      if (storing !== undefined) this.counts(storing).skipped++;
      return undefined;
    }
    try {
      const { index, blobs } = this.#open ??= this.#openAll();
      return work(index, blobs);
    } catch (error) {
      this.#failed(storing, error);
      return undefined;
    }
  }

  #failed(storing: string | undefined, error: unknown): void {
    const { path } = this.#parts;
    if (error instanceof UnknownFormat) this.#off = true;
    if (storing !== undefined) this.counts(storing).skipped++;
    if (isDamaged(error) && path !== null) return this.#startAnew(path);
    this.warnOnce(undefined, "cache_failed", `The cache cannot be used: ${messageOf(error)}`);
  }

  #startAnew(path: string): void {
    const open = this.#open;
    this.#open = undefined;
    try {
      open?.index.close();
    } catch {
      // It is damaged, as is known.
    }
    try {
      const aside = moveAside(join(path, "index.db"));
      this.#parts.warn(
        "cache_corrupt",
        `The index of the cache is damaged: it is now ${aside}, and the cache starts empty`,
      );
    } catch (error) {
      this.#off = true;
      this.warnOnce(undefined, "cache_failed", `The cache cannot be used: ${messageOf(error)}`);
    }
  }

  #openAll(): { index: CacheIndex; blobs: BlobFolder | undefined } {
    const { path, now } = this.#parts;
    if (path === null) return { index: new CacheIndex(null), blobs: undefined };
    Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
    checkFormat(path);
    const blobs = new BlobFolder(path);
    const index = openIndex(join(path, "index.db"), (aside) =>
      this.#parts.warn(
        "cache_corrupt",
        `The index of the cache is damaged: it is now ${aside}, and the cache starts empty`,
      ));
    blobs.sweepDrafts(now());
    index.sweep(blobs.list(), (hash) => blobs.remove(hash));
    return { index, blobs };
  }
}

function openIndex(file: string, warn: (aside: string) => void): CacheIndex {
  try {
    return new CacheIndex(file);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    warn(moveAside(file));
    return new CacheIndex(file);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
