/**
 * What can go wrong with pools and their workers.
 *
 * @module
 */
import { NetrunError, type NetrunErrorOptions } from "../../sim/error.ts";

/** Root class of the errors of pools. */
export class PoolError extends NetrunError {
  /** Creates the error. */
  constructor(className: string, message: string, options?: NetrunErrorOptions) {
    super(className, message, options);
  }
}

/** A pool was used before it was started or after it was closed. */
export class PoolNotStarted extends PoolError {
  /** Creates the error; `action` is what was to be done, such as `send`. */
  constructor(action: string, poolId: string) {
    super("PoolNotStarted", `Cannot ${action}: pool "${poolId}" is not started`);
  }
}

/** A pool was started that runs already. */
export class PoolAlreadyStarted extends PoolError {
  /** Creates the error. */
  constructor(poolId: string) {
    super("PoolAlreadyStarted", `Cannot start pool "${poolId}": it runs already`);
  }
}

/** There is no pool of that name. */
export class PoolNotFoundError extends PoolError {
  /** The name. */
  readonly poolId: string;

  /** Creates the error. */
  constructor(poolId: string, known: readonly string[]) {
    const list = known.length === 0 ? "there are none" : `there are ${known.join(", ")}`;
    super("PoolNotFoundError", `There is no pool "${poolId}"; ${list}`);
    this.poolId = poolId;
  }
}

/** Something happened to a worker. */
export class WorkerError extends PoolError {
  /** Number of the worker. */
  readonly workerId: number;

  /** Creates the error. */
  constructor(
    className: string,
    workerId: number,
    message: string,
    options?: NetrunErrorOptions,
  ) {
    super(className, message, options);
    this.workerId = workerId;
  }
}

/** What a worker ran has thrown. */
export class WorkerException extends WorkerError {
  /** What was thrown. */
  readonly original: unknown;

  /** Creates the error. */
  constructor(workerId: number, original: unknown) {
    const text = original instanceof Error
      ? `${original.name}: ${original.message}`
      : String(original);
    super("WorkerException", workerId, `Worker ${workerId} raised ${text}`, { cause: original });
    this.original = original;
  }
}

/** How a worker died. */
export interface CrashDetails {
  /** Exit status of its process, if that ended. */
  exitCode?: number | undefined;
  /** Signal that ended its process, if one did. */
  signal?: string | undefined;
}

/** A worker has died, closed itself, or its function has returned. */
export class WorkerCrashed extends WorkerError {
  /** The pool. */
  readonly poolId: string;
  /** What happened. */
  readonly reason: string;
  /** Exit status of its process, if that ended. */
  readonly exitCode?: number;
  /** Signal that ended its process, if one did. */
  readonly signal?: string;

  /** Creates the error. */
  constructor(
    poolId: string,
    workerId: number,
    reason: string,
    { exitCode, signal }: CrashDetails = {},
    options?: NetrunErrorOptions,
  ) {
    super("WorkerCrashed", workerId, `Worker ${workerId} crashed: ${reason}`, options);
    this.poolId = poolId;
    this.reason = reason;
    if (exitCode !== undefined) this.exitCode = exitCode;
    if (signal !== undefined) this.signal = signal;
  }
}

/** A worker did not do something in time. */
export class WorkerTimeout extends WorkerError {
  /** The limit in seconds. */
  readonly timeout: number;
  /** What it did not do. */
  readonly operation: string;

  /** Creates the error. */
  constructor(workerId: number, timeout: number, operation: string) {
    super(
      "WorkerTimeout",
      workerId,
      `Worker ${workerId} did not ${operation} within ${timeout} s`,
    );
    this.timeout = timeout;
    this.operation = operation;
  }
}
