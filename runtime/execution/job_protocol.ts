/**
 * The messages between those who have jobs and the workers that do them.
 *
 * @module
 */

/** Keys of the messages; each message begins with the id of its exchange. */
export const ExecutionManagerProtocolKeys = {
  /** `[msgId, func, runId, sendChannel, args, kwargs]`: run a job. */
  RUN: "exec-manager:run",
  /** `[msgId, key, function]`: know a function by a key. */
  SEND_FUNCTION: "exec-manager:send-function",
  /** `[msgId, reason]`: nobody waits for this job any more. */
  CANCEL: "exec-manager:cancel",
  /** `[msgId, key, data]`: a message on the channel of a job, in either direction; `[msgId]`: its end. */
  CHANNEL: "exec-manager:channel",
  /** `[options]`: how to run jobs; comes first. */
  SETUP: "exec-manager:setup",
  /** `[msgId, started]`: the job is about to run. */
  UP_RUN_STARTED: "exec-manager-up:run-started",
  /** `[msgId, started, completed, convertedToStr, isError, value, noticeCount, elapsedMs]`. */
  UP_RUN_RESPONSE: "exec-manager-up:run-response",
  /** `[msgId, entries]`: the job has printed. */
  UP_PRINT_BUFFER: "exec-manager-up:print-buffer",
  /** `[msgId, entry]`: the job has logged a structured entry. */
  UP_LOG: "exec-manager-up:log",
  /** `[msgId, error?]`: a function is known, or why it is not. */
  UP_SEND_FUNCTION_RESPONSE: "exec-manager-up:send-function-response",
  /** `[msgId, staged]`: a generator wants this to be committed. */
  YIELD: "net:yield",
  /** `[msgId]`: it is. */
  YIELDED: "net:yielded",
} as const;

/** How a worker runs jobs. */
export interface JobServerOptions {
  /** Jobs that run at once. */
  readonly maxJobs: number;
  /** Whether what jobs write to the console becomes their prints. */
  readonly capturePrints: boolean;
}

/** A function, as a worker can get hold of it. */
export type FunctionReference =
  | { readonly kind: "module"; readonly specifier: string; readonly export: string }
  | { readonly kind: "source"; readonly text: string }
  /** A node with all its configuration. */
  | { readonly kind: "factory"; readonly node: unknown }
  /** A node of the worker's own configuration. */
  | { readonly kind: "node"; readonly node: string };
