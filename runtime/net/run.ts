/**
 * One call of `runUntilBlocked` and its like, from start to end.
 *
 * @module
 */
import type { SalvoConditionSpec } from "../../sim/condition.ts";
import type { EpochLog } from "./epoch_log.ts";
import { SyncUnsupportedError } from "./error.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { NetActionLog } from "./net_action_log.ts";
import type { EpochResult } from "./epoch_end.ts";
import type { Engine } from "./engine.ts";

/** What a failed epoch does to the others. */
export type OnError =
  /** Nothing new is launched; what is in flight ends, then the failure is thrown. */
  | "stop"
  /** As `stop`, but what is in flight is cancelled. */
  | "cancel"
  /** Nothing: the failure is queued as if the node did not propagate. */
  | "continue";

/** Why a run ended. */
export type RunReason = "blocked" | "paused" | "stopped" | "aborted";

/** What a net is doing while a run is in progress. */
export type RunPhase = "running" | "blocked" | "paused";

/** Options of every call that runs a net. */
export interface RunOptions {
  /** Cancels the epochs in flight and ends the run, with reason `aborted`. */
  signal?: AbortSignal;
  /**
   * What a failed epoch does to the others.
   *
   * @default {"stop"}
   */
  onError?: OnError;
  /**
   * Whether the logs of this run are collected. They take four times the time and 5 KB an epoch.
   *
   * @default {false}
   */
  collect?: boolean;
  /**
   * Whether startable epochs are launched; if not, packets only move and form epochs.
   *
   * @default {true}
   */
  autoStartEpochs?: boolean;
}

/** How a run went. */
export interface RunResult {
  /** Whether any packet moved or any epoch was launched. */
  readonly madeProgress: boolean;
  /** What the simulator did, if that was collected. */
  readonly netActions: readonly NetActionLog[];
  /** The epochs that ended, if that was collected. */
  readonly epochLogs: readonly EpochLog[];
  /** Why it ended. */
  readonly reason: RunReason;
}

/** What a kind of run does differently from `runUntilBlocked`. */
export interface RunKind {
  /** Runs on when nothing can happen, and waits for something to do. */
  readonly background?: boolean;
  /** Must not wait for anything. */
  readonly sync?: boolean;
  /** Which epochs belong to the run; others are left startable. */
  readonly scope?: (epoch: LiveEpoch) => boolean;
  /** Whether a node belongs to the run, as far as its epochs form when all else is done. */
  readonly includes?: (nodeName: string) => boolean;
  /** Most rounds. */
  readonly maxRounds?: number | undefined;
}

/** A run in progress. */
export class Run {
  readonly options: RunOptions;
  readonly kind: RunKind;
  /** Failures that it will throw. */
  readonly errors: unknown[] = [];
  madeProgress = false;
  /** The background loop was asked to end as soon as nothing can happen. */
  endsWhenStill = false;
  /** The run was asked to end as soon as nothing is in flight. */
  stopped = false;
  /** Conditions that fired in it because all else was done. */
  readonly fired: Set<SalvoConditionSpec> = new Set();
  /** The run took more rounds than it may. */
  exhausted = false;
  /** Told what the net is doing, whenever that changes. */
  onPhase: ((phase: RunPhase) => void) | undefined = undefined;
  #phase: RunPhase | undefined = undefined;
  #rounds = 0;
  /** What was in flight has been told to cancel. */
  hasCancelled = false;
  readonly netActions: NetActionLog[] = [];
  readonly epochLogs: EpochLog[] = [];

  /** Prepares a run. */
  constructor(options: RunOptions, kind: RunKind = {}) {
    this.options = options;
    this.kind = kind;
  }

  /** Whether it was aborted. */
  get aborted(): boolean {
    return this.options.signal?.aborted ?? false;
  }

  /** Whether epochs are started at all. */
  get startsEpochs(): boolean {
    return this.options.autoStartEpochs ?? true;
  }

  /** Whether failures of this epoch are thrown by the run. */
  throwsFailureOf(epoch: LiveEpoch): boolean {
    return epoch.node.settings.propagate_exceptions && this.options.onError !== "continue";
  }

  /** Takes note of what the net is doing, and tells it if that is something else than before. */
  enter(phase: RunPhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.onPhase?.(phase);
  }

  /** Takes note of a round in which something happened. */
  countRound(): void {
    this.madeProgress = true;
    this.enter("running");
    const { maxRounds } = this.kind;
    if (maxRounds === undefined || ++this.#rounds <= maxRounds) return;
    this.exhausted = true;
    this.stopped = true;
  }

  /** Takes note of how an epoch ended. */
  settle(engine: Engine, result: EpochResult): void {
    const { error } = result;
    if (!result.propagates || !error) return;
    // Having to wait is a mistake of the synchronous call, not of the epoch.
    this.errors.push(error.cause instanceof SyncUnsupportedError ? error.cause : error);
    if (this.options.onError === "cancel") this.cancelAll(engine, "another epoch failed");
  }

  /** Cancels all that is in flight, once. */
  cancelAll(engine: Engine, reason: unknown): void {
    if (this.hasCancelled) return;
    this.hasCancelled = true;
    engine.calls.end(this.errors[0]);
    for (const epoch of [...engine.inFlight]) engine.cancel(epoch, reason);
  }

  /** Throws what failed: one error as it is, several together. */
  throwErrors(): void {
    if (this.errors.length === 1) throw this.errors[0];
    if (this.errors.length > 1) throw new AggregateError(this.errors, "Multiple epoch failures");
  }
}
