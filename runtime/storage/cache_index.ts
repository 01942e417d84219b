/**
 * The entries of a cache, in SQLite.
 *
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { inTransaction, openDatabase, type Row } from "./database.ts";

/** An entry without its values. */
export interface EntryRow {
  readonly id: number;
  readonly node: string;
  readonly key: string;
  readonly mode: "both" | "output" | "input";
  readonly netVersion: number;
  readonly nodeVersion: number;
  readonly condition: string;
  readonly epochId: string;
  readonly cachedAt: number;
  readonly lastUsedAt: number;
  readonly size: number;
  /** The serialized rest of the entry. */
  readonly record: Uint8Array;
  /** SHA-256 of `record`. */
  readonly digest: string;
}

/** An entry that is to be added. */
export type NewEntry = Omit<EntryRow, "id" | "lastUsedAt"> & {
  /** Hashes of the blobs that it names. */
  readonly blobs: readonly string[];
};

/** What limits the entries of a node and of the whole cache. */
export interface CacheLimits {
  readonly sampleSize: number | null;
  readonly maxEntries: number | null;
  /** In seconds. */
  readonly maxAge: number | null;
  /** Of all nodes together. */
  readonly maxBytes: number;
}

/** What is known of a node. */
export interface NodeRow {
  readonly epochCount: number;
  readonly entries: number;
  readonly bytes: number;
}

/** What adding an entry brought about. */
export interface Added {
  /** Whether it is there now. */
  readonly stored: boolean;
  /** How many entries had to go for it. */
  readonly evicted: number;
  /** Blobs that lost a user. */
  readonly loose: readonly string[];
}

/** Which entries are meant. */
export interface EntryFilter {
  node?: string | undefined;
  key?: string | undefined;
  netVersion?: number | undefined;
  nodeVersion?: number | undefined;
  /** Cached before this time, in ms UTC. */
  olderThan?: number | undefined;
  mode?: string | undefined;
}

const schema = `
  CREATE TABLE IF NOT EXISTS nodes(
    node TEXT PRIMARY KEY, epoch_count INTEGER NOT NULL DEFAULT 0,
    entries INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS entries(
    id INTEGER PRIMARY KEY, node TEXT NOT NULL, key TEXT NOT NULL UNIQUE, mode TEXT NOT NULL,
    net_version INTEGER NOT NULL, node_version INTEGER NOT NULL, condition TEXT NOT NULL,
    epoch_id TEXT NOT NULL, cached_at INTEGER NOT NULL, last_used_at REAL NOT NULL,
    size INTEGER NOT NULL, record BLOB NOT NULL, digest TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS entries_by_node ON entries(node, last_used_at);
  CREATE INDEX IF NOT EXISTS entries_by_use ON entries(last_used_at);
  CREATE TABLE IF NOT EXISTS offered(
    node TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY(node, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS blob_uses(
    sha256 TEXT NOT NULL, entry INTEGER NOT NULL REFERENCES entries(id) ON DELETE CASCADE,
    PRIMARY KEY(sha256, entry)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS blobs_by_entry ON blob_uses(entry);
  CREATE TRIGGER IF NOT EXISTS entry_added AFTER INSERT ON entries BEGIN
    INSERT INTO nodes(node) VALUES (new.node) ON CONFLICT DO NOTHING;
    UPDATE nodes SET entries = entries + 1, bytes = bytes + new.size WHERE node = new.node;
  END;
  CREATE TRIGGER IF NOT EXISTS entry_removed AFTER DELETE ON entries BEGIN
    UPDATE nodes SET entries = entries - 1, bytes = bytes - old.size WHERE node = old.node;
  END;`;

const columns = `id, node, key, mode, net_version AS netVersion, node_version AS nodeVersion,
  condition, epoch_id AS epochId, cached_at AS cachedAt, last_used_at AS lastUsedAt, size, record,
  digest`;

/** Uses that are kept in memory before they are written: a hit must not cost a write. */
const maxNotedUses = 1000;

/** The entries of a cache. Everything may throw what SQLite throws. */
export class CacheIndex {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** When entries were last used, as far as it was not written yet. */
  readonly #used = new Map<number, number>();
  #lastUse = 0;

  /** Opens an index; null keeps it in memory. */
  constructor(path: string | null) {
    this.#database = openDatabase(path, schema);
  }

  /** The entry of a key. */
  get(key: string): EntryRow | undefined {
    const row = this.#sql(`SELECT ${columns} FROM entries WHERE key = ?`).get(key);
    return row as unknown as EntryRow | undefined;
  }

  /** The entries that are meant, oldest first. */
  find(filter: EntryFilter): EntryRow[] {
    const { where, values } = condition(filter);
    const rows = this.#sql(`SELECT ${columns} FROM entries WHERE ${where} ORDER BY id`)
      .all(...values);
    return (rows as unknown as EntryRow[]).map((row) => ({
      ...row,
      lastUsedAt: Math.floor(this.#used.get(row.id) ?? row.lastUsedAt),
    }));
  }

  /** Notes that an entry was used. */
  use(id: number, nowMs: number): void {
    this.#used.set(id, this.#useTime(nowMs));
    if (this.#used.size >= maxNotedUses) this.flush();
  }

  /** Writes what was noted. */
  flush(): void {
    if (this.#used.size > 0) inTransaction(this.#database, () => this.#writeUses());
  }

  /**
   * Counts an attempt and adds its entry, as far as the limits allow.
   *
   * @param random A number from 0 to 1, exclusive.
   * @param beforeRows Called inside the transaction, once the entry is sure to be added.
   */
  add(entry: NewEntry, limits: CacheLimits, random: () => number, beforeRows: () => void): Added {
    const { node, key } = entry;
    return inTransaction(this.#database, () => {
      this.#writeUses();
      this.#sql(
        `INSERT INTO nodes(node, epoch_count) VALUES (?, 1)
           ON CONFLICT DO UPDATE SET epoch_count = epoch_count + 1`,
      ).run(node);
      const loose: string[] = [];
      const known = this.#sql("SELECT id FROM entries WHERE key = ?").get(key) as Row | undefined;
      let evicted = 0;
      if (known) loose.push(...this.#remove([known.id as number]));
      else {
        const place = this.#samplePlace(node, key, limits.sampleSize, random);
        if (place === "none") return { stored: false, evicted, loose };
        if (place !== "free") {
          loose.push(...this.#remove([place]));
          evicted++;
        }
      }
      beforeRows();
      const { lastInsertRowid } = this.#sql(
        `INSERT INTO entries(node, key, mode, net_version, node_version, condition, epoch_id,
             cached_at, last_used_at, size, record, digest) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
      ).run(
        node,
        key,
        entry.mode,
        entry.netVersion,
        entry.nodeVersion,
        entry.condition,
        entry.epochId,
        entry.cachedAt,
        this.#useTime(entry.cachedAt),
        entry.size,
        entry.record,
        entry.digest,
      );
      for (const sha256 of new Set(entry.blobs)) {
        this.#sql("INSERT INTO blob_uses VALUES (?, ?)").run(sha256, lastInsertRowid);
      }
      const over = this.#overLimits(node, limits, entry.cachedAt);
      loose.push(...this.#remove(over));
      const stored = !over.includes(Number(lastInsertRowid));
      return { stored, evicted: evicted + over.length, loose };
    });
  }

  /** Removes entries; returns the blobs that lost a user. */
  remove(filter: EntryFilter): { removed: number; loose: string[] } {
    return inTransaction(this.#database, () => {
      const { where, values } = condition(filter);
      const ids = this.#sql(`SELECT id FROM entries WHERE ${where}`).all(...values)
        .map((row) => (row as Row).id as number);
      return { removed: ids.length, loose: this.#remove(ids) };
    });
  }

  /** Forgets how often nodes were executed and what they were offered. */
  resetCounts(node?: string): void {
    inTransaction(this.#database, () => {
      const where = node === undefined ? "" : "WHERE node = ?";
      const values = node === undefined ? [] : [node];
      this.#sql(`DELETE FROM offered ${where}`).run(...values);
      this.#sql(`UPDATE nodes SET epoch_count = 0 ${where}`).run(...values);
    });
  }

  /** What is known of a node. */
  node(node: string): NodeRow {
    const row = this.#sql(
      "SELECT epoch_count AS epochCount, entries, bytes FROM nodes WHERE node = ?",
    ).get(node);
    return row as unknown as NodeRow | undefined ?? { epochCount: 0, entries: 0, bytes: 0 };
  }

  /**
   * Calls `remove` with each of these blobs that no entry names, while nobody can add one that does.
   */
  sweep(blobs: Iterable<string>, remove: (sha256: string) => void): void {
    inTransaction(this.#database, () => {
      const named = this.#sql("SELECT 1 FROM blob_uses WHERE sha256 = ? LIMIT 1");
      for (const sha256 of blobs) if (!named.get(sha256)) remove(sha256);
    });
  }

  /** Closes the index. */
  close(): void {
    try {
      this.flush();
    } finally {
      this.#database.close();
    }
  }

  /** Where an entry with a new key goes: nowhere, to a free place, or to that of another entry. */
  #samplePlace(
    node: string,
    key: string,
    sampleSize: number | null,
    random: () => number,
  ): "free" | "none" | number {
    if (sampleSize === null) return "free";
    if (sampleSize === 0) return "none";
    this.#sql("INSERT INTO offered VALUES (?, ?) ON CONFLICT DO NOTHING").run(node, key);
    const { entries } = this.node(node);
    if (entries < sampleSize) return "free";
    const { offered } = this.#sql("SELECT count(*) AS offered FROM offered WHERE node = ?")
      .get(node) as { offered: number };
    if (Math.floor(random() * offered) >= sampleSize) return "none";
    const offset = Math.floor(random() * entries);
    const victim = this.#sql("SELECT id FROM entries WHERE node = ? LIMIT 1 OFFSET ?")
      .get(node, offset) as { id: number };
    return victim.id;
  }

  /** Entries that are too old, or too many, or too large together; least recently used first. */
  #overLimits(
    node: string,
    { maxAge, maxEntries, maxBytes }: CacheLimits,
    nowMs: number,
  ): number[] {
    const over = new Set<number>();
    if (maxAge !== null) {
      const rows = this.#sql("SELECT id FROM entries WHERE node = ? AND cached_at < ?")
        .all(node, nowMs - maxAge * 1000);
      for (const row of rows) over.add((row as Row).id as number);
    }
    if (maxEntries !== null) {
      let excess = this.node(node).entries - over.size - maxEntries;
      if (excess > 0) {
        const rows = this.#sql("SELECT id FROM entries WHERE node = ? ORDER BY last_used_at, id")
          .iterate(node);
        for (const row of rows) {
          if (excess <= 0) break;
          const id = (row as Row).id as number;
          if (over.has(id)) continue;
          over.add(id);
          excess--;
        }
      }
    }
    const { total } = this.#sql("SELECT coalesce(sum(bytes), 0) AS total FROM nodes")
      .get() as { total: number };
    let excess = total - maxBytes;
    if (excess > 0) {
      const rows = this.#sql("SELECT id, size FROM entries ORDER BY last_used_at, id").iterate();
      for (const row of rows) {
        const { id, size } = row as { id: number; size: number };
        if (excess <= 0) break;
        over.add(id);
        excess -= size;
      }
    }
    return [...over];
  }

  #remove(ids: readonly number[]): string[] {
    const loose: string[] = [];
    for (const id of ids) {
      const rows = this.#sql("SELECT sha256 FROM blob_uses WHERE entry = ?").all(id);
      for (const row of rows) loose.push((row as Row).sha256 as string);
      this.#sql("DELETE FROM entries WHERE id = ?").run(id);
      this.#used.delete(id);
    }
    return loose;
  }

  /** Uses within the same millisecond keep their order. */
  #useTime(nowMs: number): number {
    return this.#lastUse = Math.max(nowMs, this.#lastUse + 1 / 1024);
  }

  #writeUses(): void {
    for (const [id, at] of this.#used) {
      this.#sql("UPDATE entries SET last_used_at = ? WHERE id = ?").run(at, id);
    }
    this.#used.clear();
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (!statement) this.#statements.set(text, statement = this.#database.prepare(text));
    return statement;
  }
}

function condition(filter: EntryFilter): { where: string; values: (string | number)[] } {
  const parts: string[] = ["1"];
  const values: (string | number)[] = [];
  const add = (sql: string, value: string | number | undefined) => {
    if (value === undefined) return;
    parts.push(sql);
    values.push(value);
  };
  add("node = ?", filter.node);
  add("key = ?", filter.key);
  add("net_version = ?", filter.netVersion);
  add("node_version = ?", filter.nodeVersion);
  add("cached_at < ?", filter.olderThan);
  add("mode = ?", filter.mode);
  return { where: parts.join(" AND "), values };
}
