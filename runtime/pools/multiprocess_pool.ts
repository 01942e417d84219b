/**
 * Pools of subprocesses that host Workers.
 *
 * @module
 */
import { within } from "../rpc/within.ts";
import type { PoolPermissions } from "../schema/pool.ts";
import type { OutputEntry } from "./capture_console.ts";
import { PoolNotStarted } from "./error.ts";
import type { PoolPlace, WorkerPoolTimes } from "./pool.ts";
import { Subprocess } from "./subprocess.ts";
import { SubprocessListener } from "./subprocess_listener.ts";
import { checkCount, splitWorkerFn, SupervisedPool } from "./supervised_pool.ts";
import type { LinkEvents, WorkerKind, WorkerLink } from "./supervised_pool.ts";
import { folderUrl } from "./thread_pool.ts";

/** Options of a {@linkcode MultiprocessPool}: the fields of its configuration, and its place. */
export interface MultiprocessPoolOptions extends WorkerPoolTimes, PoolPlace {
  /**
   * Number of subprocesses.
   *
   * @default {1}
   */
  num_processes?: number;
  /**
   * Number of Workers in each of them.
   *
   * @default {1}
   */
  threads_per_process?: number;
  /**
   * What the code may do.
   *
   * @default {"inherit"}
   */
  permissions?: "inherit" | "none" | PoolPermissions;
  /**
   * Names of the environment variables handed on; null hands on what `permissions` grants.
   *
   * @default {null}
   */
  env?: string[] | null;
  /**
   * Limit of a subprocess's heap in MB.
   *
   * @default {null}
   */
  max_heap_mb?: number | null;
  /**
   * Take the output of subprocesses instead of letting it through.
   *
   * @default {true}
   */
  redirect_output?: boolean;
  /**
   * Keep redirected output.
   *
   * @default {true}
   */
  buffer_output?: boolean;
  /**
   * Seconds between deliveries of output to `onOutput`.
   *
   * @default {0.1}
   */
  output_flush_interval?: number;
  /** Told what subprocesses write. */
  onOutput?: (processIdx: number, entries: OutputEntry[]) => void;
}

/** A pool of subprocesses that host Workers. */
export class MultiprocessPool extends SupervisedPool {
  /** Number of subprocesses. */
  readonly numProcesses: number;
  /** Number of Workers in each of them. */
  readonly threadsPerProcess: number;
  readonly #processes: Processes;

  /**
   * Creates a pool that is not started.
   *
   * @param fn The worker function, such as `./worker.ts::echo`.
   * @throws {RangeError} If a number is below 1.
   */
  constructor(fn: string, options: MultiprocessPoolOptions = {}) {
    const { poolId = "pool" } = options;
    const numProcesses = checkCount("num_processes", options.num_processes ?? 1);
    const threads = checkCount("threads_per_process", options.threads_per_process ?? 1);
    const processes = new Processes(fn, poolId, threads, options);
    super({
      poolId,
      numWorkers: numProcesses * threads,
      maxRestarts: options.max_restarts ?? 10,
      closeTimeout: options.close_timeout ?? 10,
    }, processes);
    this.numProcesses = numProcesses;
    this.threadsPerProcess = threads;
    this.#processes = processes;
  }

  /** Creates and starts a pool; disposing it closes it. */
  static async open(
    fn: string,
    options: MultiprocessPoolOptions = {},
  ): Promise<MultiprocessPool> {
    const pool = new MultiprocessPool(fn, options);
    await pool.start();
    return pool;
  }

  /** Ids of the processes that run now, by number. */
  get processIds(): (number | undefined)[] {
    return Array.from({ length: this.numProcesses }, (_, i) => this.#processes.pid(i));
  }

  /**
   * Returns and forgets what a subprocess has written so far.
   *
   * @throws {RangeError} If there is no such process.
   * @throws {RecvTimeout} If the subprocess does not answer within `timeout` seconds.
   */
  async flushStdout(
    processIdx: number,
    { timeout }: { timeout?: number } = {},
  ): Promise<OutputEntry[]> {
    if (!this.isRunning) throw new PoolNotStarted("flush output", this.poolId);
    if (!(processIdx >= 0 && processIdx < this.numProcesses)) {
      throw new RangeError(`process_idx ${processIdx} out of range [0, ${this.numProcesses})`);
    }
    return await this.#processes.flush(processIdx, timeout);
  }

  /** As {@linkcode flushStdout}, for all subprocesses at once. */
  async flushAllStdout(
    options: { timeout?: number } = {},
  ): Promise<Map<number, OutputEntry[]>> {
    return new Map(
      await Promise.all(
        Array.from(
          { length: this.numProcesses },
          async (_, i) => [i, await this.flushStdout(i, options)] as const,
        ),
      ),
    );
  }
}

/** Starts subprocesses, and Workers in them. */
class Processes implements WorkerKind {
  readonly #module: { url: string; name: string };
  readonly #poolId: string;
  readonly #threads: number;
  readonly #options: MultiprocessPoolOptions;
  readonly #running = new Map<number, Promise<Subprocess>>();
  readonly #alive = new Map<number, Subprocess>();
  #listener: SubprocessListener | undefined;

  constructor(fn: string, poolId: string, threads: number, options: MultiprocessPoolOptions) {
    this.#module = splitWorkerFn(fn, folderUrl(options.projectRoot ?? Deno.cwd()));
    this.#poolId = poolId;
    this.#threads = threads;
    this.#options = options;
  }

  endingWith(workerId: number): readonly number[] {
    const first = workerId - workerId % this.#threads;
    return Array.from({ length: this.#threads }, (_, i) => first + i);
  }

  pid(processIdx: number): number | undefined {
    return this.#alive.get(processIdx)?.pid;
  }

  async launch(workerId: number, events: LinkEvents): Promise<WorkerLink> {
    const process = await this.#process(Math.floor(workerId / this.#threads));
    return await process.launch(workerId, events);
  }

  async flush(processIdx: number, timeout: number | undefined): Promise<OutputEntry[]> {
    const process = this.#alive.get(processIdx);
    if (!process) return [];
    return await (timeout === undefined ? process.flush() : within(timeout, process.flush()));
  }

  async close(): Promise<void> {
    const started = [...this.#running.values()];
    await Promise.allSettled(started.map(async (process) => await (await process).close()));
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.close();
  }

  #process(processIdx: number): Promise<Subprocess> {
    let process = this.#running.get(processIdx);
    if (!process) {
      process = this.#start(processIdx);
      this.#running.set(processIdx, process);
      process.then(
        (started) => {
          this.#alive.set(processIdx, started);
          return started.ended;
        },
        () => {},
      ).finally(() => {
        if (this.#running.get(processIdx) !== process) return;
        this.#running.delete(processIdx);
        this.#alive.delete(processIdx);
      });
    }
    return process;
  }

  async #start(processIdx: number): Promise<Subprocess> {
    this.#listener ??= new SubprocessListener();
    const { onOutput } = this.#options;
    return await Subprocess.start({
      ...this.#module,
      poolId: this.#poolId,
      listener: this.#listener,
      projectRoot: this.#options.projectRoot ?? Deno.cwd(),
      startTimeout: this.#options.start_timeout ?? 30,
      maxMessageSize: this.#options.max_message_size ?? 268_435_456,
      permissions: this.#options.permissions ?? "inherit",
      env: this.#options.env ?? null,
      maxHeapMb: this.#options.max_heap_mb ?? null,
      redirectsOutput: this.#options.redirect_output ?? true,
      keepsOutput: this.#options.buffer_output ?? true,
      outputInterval: this.#options.output_flush_interval ?? 0.1,
      onOutput: onOutput && ((entries) => onOutput(processIdx, entries)),
    });
  }
}
