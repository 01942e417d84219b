/**
 * Everything that can be observed of a running net, as one type.
 *
 * @module
 */
import type { EpochId, NetAction, PacketId } from "../../sim/action.ts";
import type { NetEvent } from "../../sim/event.ts";
import type { ErrorRecord } from "../execution/node_execution_context.ts";
import type { NodeLogEntry, PrintEntry } from "../execution/prints.ts";
import type { EpochLog } from "./epoch_log.ts";

/** What a net as a whole is doing. */
export type NetPhase = "initializing" | "running" | "blocked" | "paused" | "stopped" | "failed";

/** The net as a whole went over into another phase. */
export interface StateEvent {
  /** Tag. */
  type: "state";
  /** The phase that begins. */
  phase: NetPhase;
  /** Why, where the phase alone does not say it. */
  reason?: string;
  /** What went wrong, in phase `failed`. */
  error?: ErrorRecord;
}

/** One action of the simulator, with all that it changed. */
export interface AppliedAction {
  /** The action. */
  action: NetAction;
  /** What it changed, in order. */
  events: readonly NetEvent[];
}

/** The state of the net changed: all of these actions together. One event a commit. */
export interface CommitEvent {
  /** Tag. */
  type: "commit";
  /** The epoch whose effects these are, if they are an epoch's. */
  epochId?: EpochId;
  /** The actions, in order. */
  actions: readonly AppliedAction[];
}

/** An epoch started. */
export interface EpochStartEvent {
  /** Tag. */
  type: "epochStart";
  /** Its node. */
  nodeName: string;
  /** The epoch. */
  epochId: EpochId;
}

/** An attempt of an epoch failed; it may be tried again. */
export interface AttemptFailedEvent {
  /** Tag. */
  type: "attemptFailed";
  /** Node of the epoch. */
  nodeName: string;
  /** The epoch. */
  epochId: EpochId;
  /** Number of the attempt, from 0. */
  retryCount: number;
  /** How it failed. */
  error: ErrorRecord;
}

/** An epoch ended, in whatever way. */
export interface EpochEndEvent {
  /** Tag. */
  type: "epochEnd";
  /** All about it. */
  log: EpochLog;
}

/** A node function printed. */
export interface PrintEvent {
  /** Tag. */
  type: "print";
  /** Its node. */
  nodeName: string;
  /** Its epoch. */
  epochId: EpochId;
  /** What was printed, oldest first. */
  entries: readonly PrintEntry[];
}

/** A node function wrote a structured log entry. */
export interface LogEvent {
  /** Tag. */
  type: "log";
  /** Its node. */
  nodeName: string;
  /** Its epoch. */
  epochId: EpochId;
  /** The entry. */
  entry: NodeLogEntry;
}

/** A packet left the net into an output queue. */
export interface QueuedEvent {
  /** Tag. */
  type: "queued";
  /** The queue. */
  queueName: string;
  /** The packet. */
  packetId: PacketId;
}

/** A failed epoch was put among the dead letters. */
export interface DeadLetterEvent {
  /** Tag. */
  type: "deadLetter";
  /** The epoch. */
  epochId: EpochId;
}

/** A worker died, was replaced, or cannot be stopped. */
export interface WorkerEvent {
  /** Tag. */
  type: "worker";
  /** Its pool. */
  poolId: string;
  /** Its number, from 0. */
  workerId: number;
  /** What happened to it. */
  kind: "crash" | "restart" | "zombie";
  /** Why. */
  reason: string;
}

/** Something is not as it should be, but nothing failed. */
export interface WarningEvent {
  /** Tag. */
  type: "warning";
  /** Stable name of the kind of warning. */
  code: string;
  /** What is wrong and what to do about it. */
  message: string;
  /** The node that it is about, if it is about one. */
  nodeName?: string;
}

/** An event without its place in the stream. */
export type NetRuntimeEventBody =
  | StateEvent
  | CommitEvent
  | EpochStartEvent
  | AttemptFailedEvent
  | EpochEndEvent
  | PrintEvent
  | LogEvent
  | QueuedEvent
  | DeadLetterEvent
  | WorkerEvent
  | WarningEvent;

/** The place of an event in the stream of its net. */
export interface EventPosition {
  /** Number of the event, from 1, without gaps. */
  readonly seq: number;
  /** When it happened, in ms UTC. */
  readonly timestamp: number;
}

/**
 * One event of a running net; `type` says which.
 *
 * `net.onEvent(callback)` delivers them in order of `seq`. The simulator's own events are a
 * different, lower level: those are inside `commit`.
 */
export type NetRuntimeEvent = EventPosition & NetRuntimeEventBody;
