/**
 * What a running node can do: the `ctx` that every node function receives.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";

/** A failure as plain data, the same on the main thread and on any worker. */
export interface ErrorRecord {
  /** Name of the error's class, such as `TypeError`. */
  type: string;
  /** Its message. */
  message: string;
  /** Stable code, if the error has one. */
  code?: string;
  /** Stack trace, if known. */
  stack?: string;
  /** What caused it, if known. */
  cause?: ErrorRecord;
}

/** Severity of a structured log entry. */
export type LogLevel = "info" | "error";

/**
 * The context of one attempt of one epoch.
 *
 * Packet operations are staged in call order and applied together after the function returned
 * normally; if it throws, is cancelled or times out, nothing of it happened.
 */
export interface NodeExecutionContext {
  /** Id of the epoch. */
  readonly epochId: EpochId;
  /** Name of the node. */
  readonly nodeName: string;
  /** Pool that runs this attempt. */
  readonly poolId: string;
  /** Worker of that pool, from 0. */
  readonly workerId: number;
  /** The node as resolved: ports, conditions, flags. Frozen. */
  readonly node: ResolvedNodeConfig;
  /** How many attempts of this epoch failed before. */
  readonly retryCount: number;
  /** When they failed, in ms UTC, oldest first. */
  readonly retryTimestamps: readonly number[];
  /** How they failed, oldest first. */
  readonly retryExceptions: readonly ErrorRecord[];
  /** The node's variables, merged and converted; an unset optional one is null. Frozen. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Absolute path of the project root. */
  readonly projectRoot: string;
  /** Aborted on timeout, cancellation and close. */
  readonly signal: AbortSignal;
  /**
   * Creates a packet inside the epoch and returns the id that it will have.
   *
   * What is named in `transfer` moves out of a Worker instead of being copied, and is detached there
   * once the epoch has ended well; on other kinds of pools it stays as it is.
   */
  createPacket(value: unknown, options?: { transfer?: Transferable[] }): PacketId;
  /** Creates a packet whose value is computed when it is first taken as an input. */
  createPacketFromValueFunc(
    specifier: string,
    args?: unknown[],
    kwargs?: Record<string, unknown>,
  ): PacketId;
  /** Takes an input packet of this epoch out of the net and returns its value. */
  consumePacket(id: PacketId): unknown;
  /** Returns the value of an input or created packet without any effect. */
  peekPacket(id: PacketId): unknown;
  /** Puts a created or input packet into an output port. */
  loadOutputPort(portName: string, id: PacketId): void;
  /** Sends what is loaded, by an output salvo condition whose term holds. */
  sendOutputSalvo(conditionName: string): void;
  /** Cancels this epoch; everything staged is dropped. */
  cancelEpoch(): never;
  /** Writes a line into the epoch's log; values are shown as `console.log` would. */
  print(...args: unknown[]): void;
  /** As `print`, with separator and line end of one's own. */
  printWith(options: { sep?: string; end?: string }, ...args: unknown[]): void;
  /** Adds a structured entry to the epoch's log. */
  log(
    message?: string,
    fields?: Record<string, unknown>,
    options?: { level?: LogLevel },
  ): void;
}

/** The raw form of a node function: packets are ids by input port, in salvo order. */
export type NodeFunction = (
  ctx: NodeExecutionContext,
  packets: Record<string, PacketId[]>,
) => unknown;
