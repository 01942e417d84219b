/**
 * Logs of epochs and actions in a SQLite database.
 *
 * @module
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { EpochLog } from "./epoch_log.ts";
import { toISO } from "./json_fields.ts";
import { NetActionLog } from "./net_action_log.ts";

const tables = `
  CREATE TABLE IF NOT EXISTS epoch_logs (
    epoch_id TEXT PRIMARY KEY,
    node_name TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    outcome TEXT NOT NULL,
    duration_ms REAL,
    data TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS epoch_logs_timestamp ON epoch_logs (timestamp);
  CREATE INDEX IF NOT EXISTS epoch_logs_node_name ON epoch_logs (node_name);
  CREATE TABLE IF NOT EXISTS net_action_logs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp TEXT NOT NULL,
    action_kind TEXT NOT NULL,
    epoch_id TEXT,
    data TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS net_action_logs_epoch_id ON net_action_logs (epoch_id);
`;

/**
 * Keeps the logs of epochs and of the simulator's actions in a database, to be asked in SQL.
 *
 * Tables: `epoch_logs(epoch_id, node_name, timestamp, outcome, duration_ms, data)`, one row an
 * epoch, and `net_action_logs(id, timestamp, action_kind, epoch_id, data)`, one row an action.
 * `data` is the whole log as JSON, times are ISO 8601.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { EpochLog } from "@netrun/netrun";
 *
 * using logger = new SqliteLogger(":memory:");
 * const log = new EpochLog({ epochId: "01J0", nodeName: "A", createdAt: 0, outcome: "success" });
 * logger.epochHandler("A", "01J0", log); // or: net.onEpochEnd(logger.epochHandler)
 * assertEquals(logger.loadEpochLogs(), [log]);
 * ```
 */
export class SqliteLogger implements Disposable {
  readonly #database: DatabaseSync;
  #open = true;
  readonly #insertEpoch: StatementSync;
  readonly #insertAction: StatementSync;

  /**
   * Opens the database, which is made if there is none.
   *
   * @param path A file, or `:memory:`.
   */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    try {
      // A reader never waits for the net, and a power cut costs the last rows at most.
      this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
      this.#database.exec("PRAGMA busy_timeout = 5000");
      this.#database.exec(tables);
      this.#insertEpoch = this.#database.prepare(
        "INSERT OR REPLACE INTO epoch_logs VALUES (?, ?, ?, ?, ?, ?)",
      );
      this.#insertAction = this.#database.prepare(
        "INSERT INTO net_action_logs (timestamp, action_kind, epoch_id, data) VALUES (?, ?, ?, ?)",
      );
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** What to hand to `net.onEpochEnd`. */
  readonly epochHandler = (_nodeName: string, _epochId: string, log: EpochLog): void => {
    this.#insertEpoch.run(
      log.epochId,
      log.nodeName,
      toISO(log.timestamp),
      log.outcome,
      log.durationMs ?? null,
      JSON.stringify(log),
    );
  };

  /** What to hand to `net.onNetActions`. */
  readonly netActionHandler = (actions: readonly NetActionLog[]): void => {
    if (actions.length === 0) return;
    this.#database.exec("BEGIN");
    try {
      for (const action of actions) {
        const { actionKind, epochId = null } = action;
        this.#insertAction.run(
          toISO(action.timestamp),
          actionKind,
          epochId,
          JSON.stringify(action),
        );
      }
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  };

  /** The logs of all epochs, by time. */
  loadEpochLogs(): EpochLog[] {
    return this.#load("SELECT data FROM epoch_logs ORDER BY timestamp, rowid", EpochLog.fromJSON);
  }

  /** All actions, in the order in which they were logged. */
  loadNetActionLogs(): NetActionLog[] {
    return this.#load("SELECT data FROM net_action_logs ORDER BY id", NetActionLog.fromJSON);
  }

  /** Closes the database. */
  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#database.close();
  }

  #load<T>(query: string, read: (data: unknown) => T): T[] {
    return this.#database.prepare(query).all().map((row) => read(JSON.parse(String(row.data))));
  }
}
