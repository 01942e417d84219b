/**
 * Functions as jobs on the workers of several pools.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import { UlidMinter } from "../../sim/id.ts";
import type { OutputEntry } from "../pools/capture_console.ts";
import { PoolAlreadyStarted, PoolNotFoundError, PoolNotStarted } from "../pools/error.ts";
import { WorkerError, WorkerException } from "../pools/error.ts";
import type { ListenablePool, Pool } from "../pools/pool.ts";
import { RPCError } from "../rpc/error.ts";
import type { PoolSpecInput } from "../schema/pool.ts";
import { Dispatcher, Job, type JobAnswer } from "./dispatcher.ts";
import { JobAborted } from "./error.ts";
import { ExecutionManagerProtocolKeys as KEYS, type FunctionReference } from "./job_protocol.ts";
import { HOOK_KEYS, jobWorker } from "./job_worker.ts";
import { createWorkerPool, parsePoolSpec } from "./open_pool.ts";
import type { PrintEntry } from "./prints.ts";

/** A function as users have it. */
// deno-lint-ignore no-explicit-any -- their arguments are theirs
export type JobFunction = (...args: any[]) => unknown;

/** How a worker is chosen among several. */
export type RunAllocationMethod = "round-robin" | "random" | "least-busy";

/** Options of a job. */
export interface RunOptions {
  /** Key of a function that was sent, or a reference such as `./fns.ts::add`. */
  func: string;
  /** Its arguments. */
  args?: unknown[];
  /** Named arguments, passed as one object after the others. */
  kwargs?: Record<string, unknown>;
  /** Seconds that it may take from its start. */
  timeout?: number;
  /** Gives it up; its reason is thrown. */
  signal?: AbortSignal;
  /** Told what it prints while it runs. */
  onPrint?: (entries: readonly PrintEntry[]) => void;
}

/** Which workers may do a job: pools, or single workers of them. */
export type PoolWorkers = string | readonly [poolId: string, workerId: number];

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
  /** What it has printed. */
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

/** Options of an {@linkcode ExecutionManager}. */
export interface ExecutionManagerOptions {
  /**
   * Folder that references start from.
   *
   * @default {Deno.cwd()}
   */
  projectRoot?: string;
  /** Reference of a function that makes of each job's function the one that is called. */
  funcPreprocessor?: string;
  /** Reference of a function called after each job, with its arguments and `{result}`. */
  funcDoneCallback?: string;
}

/** A pool with its jobs. */
interface ManagedPool {
  readonly poolId: string;
  readonly pool: ListenablePool;
  readonly dispatcher: Dispatcher;
  /** Number of the last job that each worker got, 0 for none. */
  readonly lastUsed: number[];
}

const cancelGrace = 1;

/**
 * Runs functions as jobs on the workers of pools.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ExecutionManager } from "@netrun/netrun/pools";
 *
 * await using manager = await ExecutionManager.open({ t: { type: "thread", num_workers: 2 } });
 * await manager.sendFunctionToPool("t", "add", (a: number, b: number) => a + b);
 * const { result } = await manager.run({ poolId: "t", workerId: 0, func: "add", args: [1, 2] });
 * assertEquals(result, 3);
 * ```
 */
export class ExecutionManager implements AsyncDisposable {
  readonly #specs: Readonly<Record<string, PoolSpecInput>>;
  readonly #options: ExecutionManagerOptions;
  readonly #rootUrl: string;
  readonly #minter = new UlidMinter();
  #pools: Map<string, ManagedPool> | undefined;
  #jobs = 0;

  /** Creates a manager of these pools, not started. */
  constructor(
    pools: Readonly<Record<string, PoolSpecInput>>,
    options: ExecutionManagerOptions = {},
  ) {
    this.#specs = pools;
    this.#options = options;
    const root = options.projectRoot ?? Deno.cwd();
    this.#rootUrl = root.startsWith("file:") ? `${root}/` : `file://${encodeURI(root)}/`;
  }

  /** Creates and starts a manager; disposing it closes it. */
  static async open(
    pools: Readonly<Record<string, PoolSpecInput>>,
    options: ExecutionManagerOptions = {},
  ): Promise<ExecutionManager> {
    const manager = new ExecutionManager(pools, options);
    await manager.start();
    return manager;
  }

  /** Whether it is started and not closed. */
  get started(): boolean {
    return this.#pools !== undefined;
  }

  /** The pools by name. */
  get pools(): ReadonlyMap<string, Pool> {
    return new Map(
      Array.from(this.#pools ?? [], ([id, { pool }]): [string, Pool] => [id, pool]),
    );
  }

  /**
   * Starts all pools; if one fails, all are closed again.
   *
   * @throws {PoolAlreadyStarted} If they run.
   */
  async start(): Promise<void> {
    if (this.#pools) throw new PoolAlreadyStarted("all");
    const { projectRoot = Deno.cwd(), funcPreprocessor, funcDoneCallback } = this.#options;
    const workerFn = `${new URL("./job_worker.ts", import.meta.url)}::jobWorker`;
    const pools = new Map<string, ManagedPool>();
    try {
      for (const [poolId, written] of Object.entries(this.#specs)) {
        const spec = parsePoolSpec(poolId, written);
        const pool = await createWorkerPool(spec, workerFn, jobWorker, { poolId, projectRoot });
        const dispatcher = new Dispatcher(pool, {
          workerCount: pool.numWorkers,
          maxJobs: spec.type === "main" ? Infinity : spec.max_jobs_per_worker,
          prefetch: spec.type === "main" ? 0 : spec.prefetch,
          capturePrints: spec.type !== "main",
          cancelGrace,
          closeTimeout: spec.type === "main" ? 10 : spec.close_timeout,
          startsAll: spec.type === "main",
        });
        const hooks = [[HOOK_KEYS.PREPROCESSOR, funcPreprocessor], [
          HOOK_KEYS.DONE,
          funcDoneCallback,
        ]] as const;
        for (const [key, reference] of hooks) {
          if (reference !== undefined) dispatcher.remember(key, this.#moduleReference(reference));
        }
        await dispatcher.start();
        const lastUsed = Array.from({ length: pool.numWorkers }, () => 0);
        pools.set(poolId, { poolId, pool, dispatcher, lastUsed });
      }
    } catch (error) {
      await closeAll(pools);
      throw error;
    }
    this.#pools = pools;
  }

  /** A pool by name. */
  getPool(poolId: string): Pool {
    return this.#pool(poolId).pool;
  }

  /** Number of workers of a pool. */
  getNumWorkers(poolId: string): number {
    return this.#pool(poolId).pool.numWorkers;
  }

  /** Names of the workers of a pool: `<pool>_<number>`. */
  getWorkerIds(poolId: string): string[] {
    return Array.from({ length: this.getNumWorkers(poolId) }, (_, i) => `${poolId}_${i}`);
  }

  /** Jobs of a worker that have not settled. */
  getWorkerJobs(poolId: string, workerId: number): SubmittedJobInfo[] {
    const managed = this.#worker(poolId, workerId);
    return managed.dispatcher.jobsOf(workerId).map((job) => (job as FunctionJob).info(poolId));
  }

  /** Ids of the processes of a pool of type `multiprocess`. */
  async getProcessIds(poolId: string): Promise<(number | undefined)[]> {
    return (await this.#processes(poolId)).processIds;
  }

  /** Returns and forgets what a process of a pool has written. */
  async flushPoolStdout(
    poolId: string,
    processIdx: number,
    options?: { timeout?: number },
  ): Promise<OutputEntry[]> {
    return await (await this.#processes(poolId)).flushStdout(processIdx, options);
  }

  /** Returns and forgets what the processes of a pool have written, by number. */
  async flushAllPoolStdout(
    poolId: string,
    options?: { timeout?: number },
  ): Promise<Map<number, OutputEntry[]>> {
    return await (await this.#processes(poolId)).flushAllStdout(options);
  }

  /**
   * Makes a function known to a worker by a key; sending another one by that key replaces it.
   *
   * @param fn A reference such as `./fns.ts::add`, or a function that needs nothing from around it;
   * for a pool of type `main` any function.
   * @throws {FunctionNotShippableError} If its text alone does not do what the function does.
   */
  async sendFunction(
    poolId: string,
    workerId: number,
    key: string,
    fn: string | JobFunction,
  ): Promise<void> {
    const { dispatcher } = this.#worker(poolId, workerId);
    const reference = await this.#functionReference(poolId, key, fn);
    dispatcher.remember(key, reference);
    await dispatcher.register(workerId, key, reference);
  }

  /** As {@linkcode sendFunction}, for all workers of a pool. */
  async sendFunctionToPool(poolId: string, key: string, fn: string | JobFunction): Promise<void> {
    const { pool, dispatcher } = this.#pool(poolId);
    const reference = await this.#functionReference(poolId, key, fn);
    dispatcher.remember(key, reference);
    await Promise.all(
      Array.from({ length: pool.numWorkers }, (_, i) => dispatcher.register(i, key, reference)),
    );
  }

  /**
   * Runs a job on one worker.
   *
   * @throws {WorkerException} If the function throws, is not known or cannot be loaded.
   * @throws {WorkerCrashed} If the worker dies while it runs.
   */
  run(options: RunOptions & { poolId: string; workerId: number }): Promise<JobResult> {
    const { poolId, workerId } = options;
    return this.#submit(this.#worker(poolId, workerId), workerId, options);
  }

  /**
   * Runs a job on one of several workers.
   *
   * @param workers The candidates: pools, or pairs of pool and worker.
   * @throws {InvalidArgumentError} If there are none.
   */
  runAllocate(
    options: RunOptions & { workers: readonly PoolWorkers[]; method?: RunAllocationMethod },
  ): Promise<JobResult> {
    const [managed, workerId] = this.#choose(options.workers, options.method ?? "round-robin");
    return this.#submit(managed, workerId, options);
  }

  /** Lets running jobs end, gives up those that do not, and closes all pools. */
  async close(): Promise<void> {
    const pools = this.#pools;
    this.#pools = undefined;
    if (pools) await closeAll(pools);
  }

  /** Closes the manager. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #submit(managed: ManagedPool, workerId: number, options: RunOptions): Promise<JobResult> {
    const { signal } = options;
    signal?.throwIfAborted();
    managed.lastUsed[workerId] = ++this.#jobs;
    const func = options.func.includes("::")
      ? joined(this.#moduleReference(options.func))
      : options.func;
    const { dispatcher } = managed;
    const job = new FunctionJob(this.#minter.next(Date.now()), func, options);
    const giveUp = (reason: unknown) => {
      dispatcher.cancel(job, reason);
      job.reject(reason);
    };
    job.giveUp = giveUp;
    const aborted = () => giveUp(signal!.reason);
    signal?.addEventListener("abort", aborted);
    try {
      dispatcher.submit(job, workerId);
      const answer = await job.answered.promise;
      return job.result(managed.poolId, answer);
    } catch (error) {
      const isOwn = error instanceof WorkerError || error instanceof RPCError ||
        error instanceof JobAborted || job.isGivenUp;
      throw isOwn ? error : new WorkerException(job.workerId, error);
    } finally {
      job.end();
      signal?.removeEventListener("abort", aborted);
    }
  }

  #choose(workers: readonly PoolWorkers[], method: RunAllocationMethod): [ManagedPool, number] {
    const candidates = new Map<string, [ManagedPool, number]>();
    for (const each of workers) {
      if (typeof each !== "string") {
        candidates.set(each.join("_"), [this.#worker(...each), each[1]]);
        continue;
      }
      const managed = this.#pool(each);
      for (let id = 0; id < managed.pool.numWorkers; id++) {
        candidates.set(`${each}_${id}`, [managed, id]);
      }
    }
    const list = [...candidates.values()];
    if (list.length === 0) {
      throw new InvalidArgumentError("No workers available for allocation.");
    }
    if (method === "random") return list[Math.floor(Math.random() * list.length)]!;
    const weight = ([managed, id]: [ManagedPool, number]) =>
      method === "least-busy" ? managed.dispatcher.loadOf(id) : managed.lastUsed[id]!;
    return list.reduce((best, each) => weight(each) < weight(best) ? each : best);
  }

  #pool(poolId: string): ManagedPool {
    if (!this.#pools) throw new PoolNotStarted("use it", poolId);
    const managed = this.#pools.get(poolId);
    if (managed) return managed;
    throw new PoolNotFoundError(poolId, [...this.#pools.keys()]);
  }

  #worker(poolId: string, workerId: number): ManagedPool {
    const managed = this.#pool(poolId);
    const { numWorkers } = managed.pool;
    if (workerId >= 0 && workerId < numWorkers) return managed;
    throw new RangeError(`worker_id ${workerId} out of range [0, ${numWorkers})`);
  }

  async #processes(poolId: string) {
    const { pool } = this.#pool(poolId);
    const { MultiprocessPool } = await import("../pools/multiprocess_pool.ts");
    if (pool instanceof MultiprocessPool) return pool;
    throw new InvalidArgumentError(`Pool "${poolId}" has no processes: it is not "multiprocess"`);
  }

  async #functionReference(
    poolId: string,
    key: string,
    fn: string | JobFunction,
  ): Promise<FunctionReference | JobFunction> {
    if (typeof fn === "string") return this.#moduleReference(fn);
    if (this.#specs[poolId]!.type === "main") return fn;
    const { functionSource } = await import("./function_source.ts");
    return { kind: "source", text: functionSource(fn, key, poolId).$netrunFunctionSource };
  }

  #moduleReference(reference: string): FunctionReference & { kind: "module" } {
    const at = reference.lastIndexOf("::");
    if (at <= 0) {
      throw new InvalidArgumentError(
        `A function is named as "./module.ts::name", got ${JSON.stringify(reference)}`,
      );
    }
    const path = reference.slice(0, at);
    const specifier = /^[./\\]/.test(path) ? new URL(path, this.#rootUrl).href : path;
    return { kind: "module", specifier, export: reference.slice(at + 2) };
  }
}

function joined({ specifier, export: name }: { specifier: string; export: string }): string {
  return `${specifier}::${name}`;
}

async function closeAll(pools: ReadonlyMap<string, ManagedPool>): Promise<void> {
  const closed = await Promise.allSettled(
    Array.from(pools.values(), ({ dispatcher }) =>
      dispatcher.close(
        10,
        (job) => new JobAborted((job as FunctionJob).func, job.msgId, "the pool is closed"),
      )),
  );
  const errors = closed.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, "Several pools failed to close");
}

/** A function's job on its way. */
class FunctionJob extends Job {
  readonly answered = Promise.withResolvers<JobAnswer>();
  readonly func: string;
  readonly #options: RunOptions;
  readonly #submitted = Date.now();
  readonly #prints: PrintEntry[] = [];
  #started: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Gives the job up. */
  giveUp: (reason: unknown) => void = () => {};

  constructor(msgId: string, func: string, options: RunOptions) {
    super(msgId);
    this.func = func;
    this.#options = options;
  }

  message(): unknown[] {
    const { args = [], kwargs = null } = this.#options;
    return [this.msgId, this.func, this.msgId, false, args, kwargs];
  }

  started(at: number): void {
    this.#started = at;
    const { timeout, func } = this.#options;
    if (timeout === undefined) return;
    const late = () =>
      this.giveUp(new JobAborted(func, this.msgId, `it did not end within ${timeout} s`));
    this.#timer = setTimeout(late, timeout * 1000);
  }

  told(key: string, data: unknown): void {
    if (key !== KEYS.UP_PRINT_BUFFER) return;
    const entries = data as PrintEntry[];
    this.#prints.push(...entries);
    this.#options.onPrint?.(entries);
  }

  resolve(answer: JobAnswer): void {
    this.answered.resolve(answer);
  }

  reject(error: unknown): void {
    this.answered.reject(error);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  info(poolId: string): SubmittedJobInfo {
    return {
      runId: this.msgId,
      timestampUtcSubmitted: this.#submitted,
      ...this.#started !== undefined && { timestampUtcStarted: this.#started },
      funcImportPathOrKey: this.#options.func,
      poolId,
      workerId: this.workerId,
    };
  }

  result(poolId: string, { started, completed, convertedToStr, value }: JobAnswer): JobResult {
    return {
      timestampUtcSubmitted: this.#submitted,
      timestampUtcStarted: started,
      timestampUtcCompleted: completed,
      funcImportPathOrKey: this.#options.func,
      poolId,
      workerId: this.workerId,
      convertedToStr,
      result: value,
      printBuffer: this.#prints,
    };
  }
}
