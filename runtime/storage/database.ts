/**
 * SQLite files that several processes share, and that may be damaged.
 *
 * @module
 */
import { dirname } from "node:path";
import { DatabaseSync, type SupportedValueType } from "node:sqlite";
import { ulidSource } from "../../sim/id.ts";

/** Opens a database, which is made if it is not there; null opens one in memory. */
export function openDatabase(path: string | null, schema: string): DatabaseSync {
  if (path !== null) Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path ?? ":memory:");
  try {
    database.exec("PRAGMA busy_timeout = 5000");
    if (path !== null) {
      // Where that is refused the journal stays as it is, which is slower and as safe.
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    }
    database.exec("PRAGMA foreign_keys = ON");
    inTransaction(database, () => database.exec(schema));
    if (path !== null) Deno.chmodSync(path, 0o600);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Does work in one transaction that no other process interrupts: all of it, or none. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // Some failures have rolled back already.
    }
    throw error;
  }
}

/** Whether an error means that the file is damaged, or no database. */
export function isDamaged(error: unknown): boolean {
  return error instanceof Error &&
    /file is not a database|database disk image is malformed/.test(error.message);
}

/** Moves a damaged database aside, and returns where it is now. */
export function moveAside(path: string): string {
  const aside = `${path}.corrupt-${ulidSource()(Date.now())}`;
  Deno.renameSync(path, aside);
  for (const companion of ["-wal", "-shm"]) {
    try {
      Deno.renameSync(path + companion, aside + companion);
    } catch {
      // There is none.
    }
  }
  return aside;
}

/** A row as it is read. */
export type Row = Record<string, SupportedValueType>;
