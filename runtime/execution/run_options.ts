/**
 * What a job of an {@linkcode ExecutionManager} is given, and what becomes of it.
 *
 * @module
 */
import type { RPCChannel } from "../rpc/channel.ts";
import type { PrintEntry } from "./prints.ts";

/** A function as users have it. */
export type JobFunction = (...args: never[]) => unknown;

/** How a worker is chosen among several. */
export type RunAllocationMethod = "round-robin" | "random" | "least-busy";

/** Which workers may do a job: pools, or single workers of them. */
export type PoolWorkers = string | readonly [poolId: string, workerId: number];

/** Options of a job. */
export interface RunOptions {
  /** Key of a function that was sent, or a reference such as `./fns.ts::add`. */
  func: string;
  /** Its arguments. */
  args?: unknown[];
  /** Named arguments, passed as one object after the others. */
  kwargs?: Record<string, unknown>;
  /**
   * An end of a channel: the function gets, before its other arguments, one that stands for it. What
   * is sent at the other end reaches the function from its start on, and what the function sends
   * arrives there, all of it before the job's result.
   *
   * It belongs to the job, which closes it when it ends. If the other end is closed, the function's is.
   */
  sendChannel?: RPCChannel;
  /** Seconds that it may take from its start. */
  timeout?: number;
  /** Gives it up; its reason is thrown. */
  signal?: AbortSignal;
  /** Told what it prints while it runs, batch by batch. What this throws is thrown by the run. */
  onPrint?: (entries: readonly PrintEntry[]) => void;
  /** Memory in the arguments that is moved instead of copied, where that is possible. */
  transfer?: Transferable[];
}

/** What became of a job. */
export interface JobResult {
  /** When it was given, in ms UTC. */
  readonly timestampUtcSubmitted: number;
  /** When it started. */
  readonly timestampUtcStarted: number;
  /** When it ended. */
  readonly timestampUtcCompleted: number;
  /** Its function, as it was named. */
  readonly funcImportPathOrKey: string;
  /** Where it ran. */
  readonly poolId: string;
  /** Worker that has run it. */
  readonly workerId: number;
  /** Whether a text stands for its result, which has no copy. */
  readonly convertedToStr: boolean;
  /** What the function has returned. */
  readonly result: unknown;
  /** What it has printed; of very much only the end, with a note of how many entries are missing. */
  readonly printBuffer: readonly PrintEntry[];
}

/** A job that has not settled. */
export interface SubmittedJobInfo {
  /** Id of the job. */
  readonly runId: string;
  /** When it was given, in ms UTC. */
  readonly timestampUtcSubmitted: number;
  /** When it started, if it has. */
  readonly timestampUtcStarted?: number;
  /** Its function, as it was named. */
  readonly funcImportPathOrKey: string;
  /** Pool that has it. */
  readonly poolId: string;
  /** Worker that has it, or will. */
  readonly workerId: number;
}
