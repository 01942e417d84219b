/**
 * What is known about an epoch once it has ended.
 *
 * @module
 */
import type { EpochId } from "../../sim/action.ts";
import { InvalidArgumentError } from "../../sim/error.ts";
import { formatFields, formatTime, type NodeLogEntry } from "../execution/prints.ts";
import { fromJSONValue, toJSONValue } from "../packets/json_value.ts";
import { JSONFields, toISO } from "./json_fields.ts";
import { NetActionLog } from "./net_action_log.ts";

const outcomes = ["success", "error", "cancelled", "cache_hit", "file_storage_hit"] as const;

/** How an epoch ended. */
export type EpochOutcome = "success" | "error" | "cancelled" | "cache_hit" | "file_storage_hit";

/** A line of an epoch's log. */
export interface LogLine {
  /** When it was printed, in ms UTC. */
  readonly timestamp: number;
  /** What was printed, with its line end. */
  readonly message: string;
}

/** What an {@linkcode EpochLog} is made of; counts that are left out are 0. */
export interface EpochLogFields {
  /** The epoch. */
  epochId: EpochId;
  /** Its node. */
  nodeName: string;
  /** When its packets came together, in ms UTC. */
  createdAt: number;
  /** When it started, if it did. */
  startedAt?: number | undefined;
  /** When it ended, if that is known. */
  endedAt?: number | undefined;
  /** How it ended. */
  outcome: EpochOutcome;
  /** Message of the error, if it failed. */
  error?: string | undefined;
  /** Class of the error, if it failed. */
  errorType?: string | undefined;
  /** Stack of the error, if it failed. */
  errorTraceback?: string | undefined;
  /** Pool of the last attempt. */
  poolId?: string | undefined;
  /** Worker of the last attempt. */
  workerId?: number | undefined;
  /** How many times it was tried again. */
  retryCount?: number | undefined;
  /** Input ports of its salvo, each once, in order. */
  inSalvoPorts?: readonly string[] | undefined;
  /** Packets of its input salvo. */
  inSalvoPacketCount?: number | undefined;
  /** Output salvos that it sent, without signals. */
  outSalvoCount?: number | undefined;
  /** Packets that it sent from unconnected ports, without signals. */
  orphanedPacketCount?: number | undefined;
  /** Packets that were destroyed with it. */
  destroyedPacketCount?: number | undefined;
  /** Factory of the node, if it has one. */
  factory?: string | undefined;
  /** Structured entries, oldest first. */
  nodeLogEntries?: readonly NodeLogEntry[] | undefined;
  /** Actions of the simulator on its behalf, if they are kept. */
  netActions?: readonly NetActionLog[] | undefined;
  /** What it printed, oldest first. */
  logs?: readonly LogLine[] | undefined;
}

/** For all that printed, logged or took nothing, without an allocation each. */
const nothing: readonly never[] = Object.freeze([]);

/**
 * Everything about one epoch, made when it ended. Immutable.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const log = new EpochLog({
 *   epochId: "01J0",
 *   nodeName: "A",
 *   createdAt: 1000,
 *   startedAt: 1010,
 *   endedAt: 1030,
 *   outcome: "success",
 * });
 * assertEquals([log.queueTimeMs, log.durationMs], [10, 20]);
 * assertEquals(EpochLog.fromJSON(log.toJSON()), log);
 * ```
 */
export class EpochLog {
  /** The epoch. */
  readonly epochId: EpochId;
  /** Its node. */
  readonly nodeName: string;
  /** When it ended, else when it was created, in ms UTC. */
  readonly timestamp: number;
  /** When its packets came together, in ms UTC. */
  readonly createdAt: number;
  /** When it started, if it did, in ms UTC. */
  readonly startedAt: number | undefined;
  /** When it ended, if that is known, in ms UTC. */
  readonly endedAt: number | undefined;
  /** From start to end, in ms. */
  readonly durationMs: number | undefined;
  /** From creation to start, in ms. */
  readonly queueTimeMs: number | undefined;
  /** How it ended. */
  readonly outcome: EpochOutcome;
  /** Message of the error, if it failed. */
  readonly error: string | undefined;
  /** Class of the error, if it failed. */
  readonly errorType: string | undefined;
  /** Stack of the error, if it failed. */
  readonly errorTraceback: string | undefined;
  /** Pool of the last attempt, if it came to one. */
  readonly poolId: string | undefined;
  /** Worker of the last attempt, if it came to one. */
  readonly workerId: number | undefined;
  /** How many times it was tried again. */
  readonly retryCount: number;
  /** Whether its output came from the cache. */
  readonly wasCacheHit: boolean;
  /** Whether its output came from file storage. */
  readonly wasFileStorageHit: boolean;
  /** Input ports of its salvo, each once, in order. */
  readonly inSalvoPorts: readonly string[];
  /** Packets of its input salvo. */
  readonly inSalvoPacketCount: number;
  /** Output salvos that it sent, without signals. */
  readonly outSalvoCount: number;
  /** Packets that it sent from unconnected ports, without signals. */
  readonly orphanedPacketCount: number;
  /** Packets that were destroyed with it. */
  readonly destroyedPacketCount: number;
  /** Factory of the node, if it has one. */
  readonly factory: string | undefined;
  /** Structured entries, oldest first. */
  readonly nodeLogEntries: readonly NodeLogEntry[];
  /** The fields of all entries in one object; of several of one name the last. */
  readonly userFields: Readonly<Record<string, unknown>>;
  /** Actions of the simulator on its behalf, if they are kept. */
  readonly netActions: readonly NetActionLog[] | undefined;
  /** What it printed, oldest first. */
  readonly logs: readonly LogLine[];

  /** Creates the log of an epoch that has ended. */
  constructor(fields: EpochLogFields) {
    const { createdAt, startedAt, endedAt, outcome } = fields;
    this.epochId = fields.epochId;
    this.nodeName = fields.nodeName;
    this.timestamp = endedAt ?? createdAt;
    this.createdAt = createdAt;
    this.startedAt = startedAt;
    this.endedAt = endedAt;
    this.durationMs = startedAt === undefined || endedAt === undefined
      ? undefined
      : endedAt - startedAt;
    this.queueTimeMs = startedAt === undefined ? undefined : startedAt - createdAt;
    this.outcome = outcome;
    this.error = fields.error;
    this.errorType = fields.errorType;
    this.errorTraceback = fields.errorTraceback;
    this.poolId = fields.poolId;
    this.workerId = fields.workerId;
    this.retryCount = fields.retryCount ?? 0;
    this.wasCacheHit = outcome === "cache_hit";
    this.wasFileStorageHit = outcome === "file_storage_hit";
    this.inSalvoPorts = fields.inSalvoPorts ?? nothing;
    this.inSalvoPacketCount = fields.inSalvoPacketCount ?? 0;
    this.outSalvoCount = fields.outSalvoCount ?? 0;
    this.orphanedPacketCount = fields.orphanedPacketCount ?? 0;
    this.destroyedPacketCount = fields.destroyedPacketCount ?? 0;
    this.factory = fields.factory;
    this.nodeLogEntries = fields.nodeLogEntries ?? nothing;
    this.userFields = mergeFields(this.nodeLogEntries);
    this.netActions = fields.netActions;
    this.logs = fields.logs ?? nothing;
    Object.freeze(this);
  }

  /** Whether it was cancelled. */
  get wasCancelled(): boolean {
    return this.outcome === "cancelled";
  }

  /**
   * Reads a log from what `toJSON` gave.
   *
   * @throws {InvalidArgumentError} If a field is missing or of the wrong type; it is named.
   */
  static fromJSON(data: unknown): EpochLog {
    const fields = new JSONFields(data, "epoch log");
    return new EpochLog({
      epochId: fields.string("epoch_id"),
      nodeName: fields.string("node_name"),
      createdAt: fields.time("created_at"),
      startedAt: fields.optionalTime("started_at"),
      endedAt: fields.optionalTime("ended_at"),
      outcome: readOutcome(fields.string("outcome")),
      error: fields.optionalString("error"),
      errorType: fields.optionalString("error_type"),
      errorTraceback: fields.optionalString("error_traceback"),
      poolId: fields.optionalString("pool_id"),
      workerId: fields.optionalNumber("worker_id"),
      retryCount: fields.number("retry_count", 0),
      inSalvoPorts: fields.list("in_salvo_ports").map(String),
      inSalvoPacketCount: fields.number("in_salvo_packet_count", 0),
      outSalvoCount: fields.number("out_salvo_count", 0),
      orphanedPacketCount: fields.number("orphaned_packet_count", 0),
      destroyedPacketCount: fields.number("destroyed_packet_count", 0),
      factory: fields.optionalString("factory"),
      nodeLogEntries: fields.list("node_log_entries").map(readEntry),
      netActions: fields.optionalList("net_actions")?.map(NetActionLog.fromJSON),
      logs: fields.list("logs").map((line) => {
        const fields = new JSONFields(line, "line of an epoch log");
        return { timestamp: fields.time("timestamp"), message: fields.string("message") };
      }),
    });
  }

  /** The log as JSON: snake_case keys, ISO times, null for what is not known. */
  toJSON(): Record<string, unknown> {
    return {
      epoch_id: this.epochId,
      node_name: this.nodeName,
      timestamp: toISO(this.timestamp),
      created_at: toISO(this.createdAt),
      started_at: toISO(this.startedAt),
      ended_at: toISO(this.endedAt),
      duration_ms: this.durationMs ?? null,
      queue_time_ms: this.queueTimeMs ?? null,
      outcome: this.outcome,
      error: this.error ?? null,
      error_type: this.errorType ?? null,
      error_traceback: this.errorTraceback ?? null,
      pool_id: this.poolId ?? null,
      worker_id: this.workerId ?? null,
      retry_count: this.retryCount,
      was_cache_hit: this.wasCacheHit,
      was_file_storage_hit: this.wasFileStorageHit,
      in_salvo_ports: this.inSalvoPorts,
      in_salvo_packet_count: this.inSalvoPacketCount,
      out_salvo_count: this.outSalvoCount,
      orphaned_packet_count: this.orphanedPacketCount,
      destroyed_packet_count: this.destroyedPacketCount,
      factory: this.factory ?? null,
      node_log_entries: this.nodeLogEntries.map(entryToJSON),
      user_fields: toJSONValue(this.userFields),
      net_actions: this.netActions?.map((action) => action.toJSON()) ?? null,
      logs: this.logs.map(({ timestamp, message }) => ({ timestamp: toISO(timestamp), message })),
    };
  }

  /**
   * The log in one line: `[HH:MM:SS.mmm] [node] outcome=success duration=5ms pool=main/0 k=v`.
   */
  toString(): string {
    const parts: Record<string, unknown> = { outcome: this.outcome };
    if (this.durationMs !== undefined) parts.duration = `${this.durationMs}ms`;
    if (this.poolId !== undefined) parts.pool = `${this.poolId}/${this.workerId ?? 0}`;
    if (this.retryCount > 0) parts.retries = this.retryCount;
    if (this.error !== undefined) parts.error = this.error;
    const userFields = formatFields(this.userFields);
    return `[${formatTime(this.timestamp)}] [${this.nodeName}] ${formatFields(parts)}` +
      (userFields && ` ${userFields}`);
  }
}

/** A structured entry as JSON: an ISO time, null for no message. */
export function entryToJSON(entry: NodeLogEntry): Record<string, unknown> {
  return {
    timestamp: toISO(entry.timestamp),
    fields: toJSONValue(entry.fields),
    message: entry.message ?? null,
    level: entry.level,
  };
}

function readEntry(data: unknown): NodeLogEntry {
  const fields = new JSONFields(data, "entry of an epoch log");
  const message = fields.optionalString("message");
  return {
    timestamp: fields.time("timestamp"),
    fields: fromJSONValue(fields.object("fields")) as Record<string, unknown>,
    ...(message === undefined ? {} : { message }),
    level: fields.optionalString("level") === "error" ? "error" : "info",
  };
}

function readOutcome(text: string): EpochOutcome {
  const outcome = outcomes.find((outcome) => outcome === text);
  if (outcome !== undefined) return outcome;
  throw new InvalidArgumentError(
    `Cannot read epoch log: \`outcome\` must be one of ${outcomes.join(", ")}, got "${text}"`,
  );
}

const noFields: Readonly<Record<string, unknown>> = Object.freeze({});

function mergeFields(entries: readonly NodeLogEntry[]): Readonly<Record<string, unknown>> {
  if (entries.length === 0) return noFields;
  return Object.freeze(
    Object.fromEntries(entries.flatMap((entry) => Object.entries(entry.fields))),
  );
}
