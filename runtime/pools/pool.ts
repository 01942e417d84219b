/**
 * Numbered workers behind channels: what every kind of pool can do.
 *
 * @module
 */
import type { RecvOptions, RPCChannel, SendOptions } from "../rpc/channel.ts";
import type { WorkerError } from "./error.ts";

/** A message of a worker. */
export interface WorkerMessage {
  /** Number of the worker. */
  workerId: number;
  /** What it is about. */
  key: string;
  /** Its data. */
  data: unknown;
}

/**
 * What runs on a worker: it receives until the channel is closed.
 *
 * It is given by reference, as `./worker.ts::echo`; only a {@linkcode SingleWorkerPool} takes closures.
 */
export type WorkerFn = (channel: RPCChannel, workerId: number) => Promise<void> | void;

/**
 * Gets what the workers of a pool send, at once and in order, instead of `recv`.
 */
export interface PoolListener {
  /** A worker has sent a message. */
  message(workerId: number, key: string, data: unknown): void;
  /**
   * A worker has ended against its will.
   *
   * @param unsent Data of the messages that have certainly not reached it; if given, all others may
   * have had effects, although nothing was heard.
   */
  ended(error: WorkerError, unsent?: readonly unknown[]): void;
  /** A fresh worker has taken the place of one that has ended. */
  restarted(workerId: number): void;
  /** A worker has ended too often and is not replaced any more. */
  gaveUp(error: WorkerError): void;
}

/** Numbered workers behind channels. */
export interface Pool extends AsyncDisposable {
  /** Name of the pool. */
  readonly poolId: string;
  /** Workers are numbered from 0 to this number, exclusive. */
  readonly numWorkers: number;
  /** Whether it is started and not closed. */
  readonly isRunning: boolean;
  /**
   * Starts the workers; resolves when all are ready. If one fails, all are closed again.
   *
   * @throws {PoolAlreadyStarted} If it runs.
   * @throws {WorkerError} If a worker cannot start.
   */
  start(): Promise<void>;
  /**
   * Sends a message to a worker.
   *
   * @throws {PoolNotStarted} If the pool does not run.
   * @throws {RangeError} If there is no such worker.
   * @throws {WorkerCrashed} If the worker is dead.
   */
  send(workerId: number, key: string, data: unknown, options?: SendOptions): Promise<void>;
  /**
   * Waits for the next message of any worker. What befell a worker is thrown once, in its turn.
   *
   * @throws {RecvTimeout} If none comes in time.
   * @throws {WorkerError} If something happened to a worker; the pool stays usable.
   */
  recv(options?: RecvOptions): Promise<WorkerMessage>;
  /** The next message, or undefined if there is none yet. */
  tryRecv(): WorkerMessage | undefined;
  /**
   * Sends a message to all workers, by number. All are tried before it throws.
   */
  broadcast(key: string, data: unknown): Promise<void>;
  /** Ends a worker, by force if need be, and puts a fresh one in its place. */
  restartWorker(workerId: number, reason: string): Promise<void>;
  /** Asks the workers to end, and ends by force those that have not after `timeout` seconds. */
  close(options?: { timeout?: number }): Promise<void>;
}

/** A pool as the layers above it use it. */
export interface ListenablePool extends Pool {
  /** Sends everything to `listener` from now on. */
  listen(listener: PoolListener): void;
  /**
   * As `send`, without a promise: the message leaves together with the others of this tick.
   *
   * @param failed Told if it cannot be written; also at once, before this returns.
   */
  post(
    workerId: number,
    key: string,
    data: unknown,
    failed: (error: unknown) => void,
    options?: SendOptions,
  ): void;
  /** Workers that end together with this one, itself included. */
  workersEndingWith(workerId: number): readonly number[];
}

/** Keys of the messages of pools. */
export const POOL_KEYS = {
  ERROR_EXCEPTION: "__pool-up:error-exception",
  ERROR_CRASHED: "__pool-up:error-crashed",
  ERROR_TIMEOUT: "__pool-up:error-timeout",
  WORKER_RESTARTED: "__pool-up:worker-restarted",
} as const;

/** Limits and times of a pool with workers; the names are those of its configuration. */
export interface WorkerPoolTimes {
  /**
   * Seconds within which a worker must be ready.
   *
   * @default {30}
   */
  start_timeout?: number;
  /**
   * Seconds that workers get to finish on close.
   *
   * @default {10}
   */
  close_timeout?: number;
  /**
   * Restarts of a worker allowed in 60 seconds.
   *
   * @default {10}
   */
  max_restarts?: number;
  /**
   * Largest message in bytes.
   *
   * @default {268_435_456}
   */
  max_message_size?: number;
}

/** Options that are no part of a pool's configuration. */
export interface PoolPlace {
  /**
   * Name of the pool.
   *
   * @default {"pool"}
   */
  poolId?: string;
  /**
   * Folder from which the worker function's module is named.
   *
   * @default {Deno.cwd()}
   */
  projectRoot?: string;
}
