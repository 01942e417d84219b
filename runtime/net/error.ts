/**
 * Errors of running a net.
 *
 * @module
 */
import type { EpochId, NetAction } from "../../sim/action.ts";
import { NetrunError } from "../../sim/error.ts";
import type { TargetInputSalvo } from "./target_input_salvo.ts";

/** Details of an {@linkcode EpochError}. */
export interface EpochErrorDetails {
  /** Node of the epoch. */
  nodeName: string;
  /** The epoch. */
  epochId: EpochId;
  /** Pool of the last attempt, if it came to one. */
  poolId?: string | undefined;
  /** Worker of the last attempt, if it came to one. */
  workerId?: number | undefined;
  /** How many times it was tried again; 0 if left out. */
  retryCount?: number | undefined;
}

/**
 * An epoch failed for good; what its last attempt threw is the `cause`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new EpochError(
 *   { nodeName: "A", epochId: "01J0", poolId: "main", workerId: 0, retryCount: 1 },
 *   new Error("boom"),
 * );
 * assertEquals(error.message, "Epoch failed on node 'A' (pool='main', worker=0, retries=1): boom");
 * ```
 */
export class EpochError extends NetrunError {
  /** Node of the epoch. */
  readonly nodeName: string;
  /** The epoch. */
  readonly epochId: EpochId;
  /** Pool of the last attempt, if it came to one. */
  readonly poolId: string | undefined;
  /** Worker of the last attempt, if it came to one. */
  readonly workerId: number | undefined;
  /** How many times the epoch was tried again. */
  readonly retryCount: number;

  /** Creates the error around what the last attempt threw. */
  constructor(details: EpochErrorDetails, cause: unknown) {
    const { nodeName, epochId, poolId, workerId, retryCount = 0 } = details;
    const parts: string[] = [];
    if (poolId !== undefined) parts.push(`pool='${poolId}'`);
    if (workerId !== undefined) parts.push(`worker=${workerId}`);
    if (retryCount > 0) parts.push(`retries=${retryCount}`);
    const where = parts.length > 0 ? ` (${parts.join(", ")})` : "";
    const reason = cause instanceof Error ? cause.message : String(cause);
    super("EpochError", `Epoch failed on node '${nodeName}'${where}: ${reason}`, { cause });
    this.nodeName = nodeName;
    this.epochId = epochId;
    this.poolId = poolId;
    this.workerId = workerId;
    this.retryCount = retryCount;
  }
}

/** An attempt took longer than the node's `timeout` allows. */
export class EpochTimeoutError extends NetrunError {
  /** Node of the attempt. */
  readonly nodeName: string;
  /** The limit in seconds. */
  readonly timeout: number;

  /** Creates the error. */
  constructor(nodeName: string, timeout: number, options?: ErrorOptions) {
    super(
      "EpochTimeoutError",
      `The function of node "${nodeName}" did not end within its timeout of ${timeout} s`,
      options,
    );
    this.nodeName = nodeName;
    this.timeout = timeout;
  }
}

/** A node was to run more epochs than its `max_epochs` allows. */
export class MaxEpochsExceeded extends NetrunError {
  /** The node. */
  readonly nodeName: string;
  /** The limit. */
  readonly maxEpochs: number;

  /** Creates the error. */
  constructor(nodeName: string, maxEpochs: number, options?: ErrorOptions) {
    super(
      "MaxEpochsExceeded",
      `Node "${nodeName}" has used up its max_epochs of ${maxEpochs}; ` +
        "raise the limit, or reset its count with the control reset_epoch_count",
      options,
    );
    this.nodeName = nodeName;
    this.maxEpochs = maxEpochs;
  }
}

/**
 * What a node function staged cannot be applied, so none of it was; the simulator's error is the
 * `cause`.
 */
export class CommitError extends NetrunError {
  /** The epoch. */
  readonly epochId: EpochId;
  /** The action that was refused. */
  readonly action: NetAction;

  /** Creates the error. */
  constructor(epochId: EpochId, action: NetAction, cause: unknown) {
    super(
      "CommitError",
      `Cannot commit epoch "${epochId}": ${action.type} was refused: ${
        cause instanceof Error ? cause.message : String(cause)
      }`,
      { cause },
    );
    this.epochId = epochId;
    this.action = action;
  }
}

/** A control could not be carried out. */
export class ControlError extends NetrunError {
  /** Node that was to be controlled. */
  readonly nodeName: string;
  /** Type of the control, such as `cancel_epoch`. */
  readonly controlType: string;

  /** Creates the error. */
  constructor(nodeName: string, controlType: string, reason: string, options?: ErrorOptions) {
    super(
      "ControlError",
      `Control "${controlType}" of node "${nodeName}" failed: ${reason}`,
      options,
    );
    this.nodeName = nodeName;
    this.controlType = controlType;
  }
}

/** A call does not fit the state that the net is in, such as a run before `init`. */
export class NetStateError extends NetrunError {
  /** Creates the error. */
  constructor(message: string, options?: ErrorOptions) {
    super("NetStateError", message, options);
  }
}

/** A synchronous call met something that has to be waited for. */
export class SyncUnsupportedError extends NetrunError {
  /** Creates the error. */
  constructor(message: string, options?: ErrorOptions) {
    super("SyncUnsupportedError", message, options);
  }
}

/** A node without a function was to be executed. */
export class NodeHasNoFunctionError extends NetrunError {
  /** The node. */
  readonly nodeName: string;

  /** Creates the error. */
  constructor(nodeName: string, options?: ErrorOptions) {
    super(
      "NodeHasNoFunctionError",
      `Cannot execute node "${nodeName}": it has no function; ` +
        "give it a factory or execution_config.exec_node_func",
      options,
    );
    this.nodeName = nodeName;
  }
}

/** There is no such output queue. */
export class OutputQueueNotFoundError extends NetrunError {
  /** The queue, or `node.port` where that was asked for. */
  readonly queueName: string;

  /** Creates the error. */
  constructor(queueName: string, message: string, options?: ErrorOptions) {
    super("OutputQueueNotFoundError", message, options);
    this.queueName = queueName;
  }
}

/** Nothing came into an output queue in time. */
export class OutputTimeoutError extends NetrunError {
  /** The queue. */
  readonly queueName: string;
  /** How long it was waited for, in seconds. */
  readonly timeout: number;

  /** Creates the error. */
  constructor(queueName: string, timeout: number, options?: ErrorOptions) {
    super(
      "OutputTimeoutError",
      `Nothing came into output queue "${queueName}" within ${timeout} s`,
      options,
    );
    this.queueName = queueName;
    this.timeout = timeout;
  }
}

/** A targeted run took more rounds than it was allowed. */
export class IterationLimitError extends NetrunError {
  /** The limit. */
  readonly maxIterations: number;
  /** The salvos that had reached the targets by then. */
  readonly salvos: readonly TargetInputSalvo[];

  /** Creates the error. */
  constructor(
    maxIterations: number,
    salvos: readonly TargetInputSalvo[],
    options?: ErrorOptions,
  ) {
    super(
      "IterationLimitError",
      `The targets were not complete after ${maxIterations} iterations ` +
        `(${salvos.length} salvos reached them); raise maxIterations, or look for a cycle that ` +
        "never comes to rest",
      options,
    );
    this.maxIterations = maxIterations;
    this.salvos = salvos;
  }
}

/** Why a call gets no reply. */
export type NoReplyReason =
  /** An epoch took packets of two open calls, so its output answers neither. */
  | { reason: "mixed"; node: string }
  /** Nothing derived from the call is left in the net. */
  | { reason: "gone" }
  /** What is left waits at these ports (`node.port`), and nothing will come that frees it. */
  | { reason: "waiting"; waiting: readonly string[] };

/** A call can no longer be answered. */
export class NoReplyError extends NetrunError {
  /** Why: see {@linkcode NoReplyReason}. */
  readonly reason: NoReplyReason["reason"];
  /** Where calls were mixed, if they were. */
  readonly node: string | undefined;
  /** Ports at which the call's packets wait, if they do. */
  readonly waiting: readonly string[];

  /** Creates the error. */
  constructor(why: NoReplyReason, options?: ErrorOptions) {
    super("NoReplyError", `The call gets no reply: ${noReply(why)}`, options);
    this.reason = why.reason;
    this.node = why.reason === "mixed" ? why.node : undefined;
    this.waiting = why.reason === "waiting" ? why.waiting : [];
  }
}

function noReply(why: NoReplyReason): string {
  switch (why.reason) {
    case "mixed":
      return `an epoch of node "${why.node}" took packets of several calls at once; ` +
        "pair them with `ordered` branches or a join `by` key";
    case "gone":
      return "nothing derived from it is left in the net";
    case "waiting":
      return `its packets wait at ${why.waiting.join(", ")}, and nothing else will arrive there`;
  }
}
