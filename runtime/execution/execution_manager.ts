/**
 * Functions as jobs on the workers of several pools.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import { UlidMinter } from "../../sim/id.ts";
import type { OutputEntry } from "../pools/capture_console.ts";
import { PoolNotFoundError, PoolNotStarted, WorkerError, WorkerException } from "../pools/error.ts";
import type { MultiprocessPool } from "../pools/multiprocess_pool.ts";
import { NetStateError } from "../net/error.ts";
import type { Pool } from "../pools/pool.ts";
import { RPCError } from "../rpc/error.ts";
import type { PoolSpecInput } from "../schema/pool.ts";
import { JobAborted } from "./error.ts";
import type { FunctionReference } from "./job_protocol.ts";
import { HOOK_KEYS } from "./job_worker.ts";
import { closeManagedPools, type ManagedPool, openManagedPool } from "./managed_pool.ts";
import { defaultPrintInterval } from "./print_batches.ts";
import { allocate, type Allocation } from "./run_allocation.ts";
import { RunJob } from "./run_job.ts";
import type {
  JobFunction,
  JobResult,
  PoolWorkers,
  RunAllocationMethod,
  RunOptions,
  SubmittedJobInfo,
} from "./run_options.ts";
import { jobFunction, moduleReference } from "./run_reference.ts";

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
  /**
   * Seconds between deliveries of what a job prints.
   *
   * @default {0.1}
   */
  printFlushInterval?: number;
}

/** What pools with processes can do. */
type ProcessPool = Pick<MultiprocessPool, "processIds" | "flushStdout" | "flushAllStdout">;

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
  #isStarting = false;
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
   * @throws {NetStateError} If they run.
   * @throws {InvalidArgumentError} If a specification is none.
   */
  async start(): Promise<void> {
    if (this.#isStarting || this.#pools) {
      throw new NetStateError("Cannot start the execution manager: it is started already");
    }
    this.#isStarting = true;
    const { projectRoot = Deno.cwd() } = this.#options;
    try {
      const started = await Promise.allSettled(
        Object.entries(this.#specs).map(([poolId, spec]) =>
          openManagedPool(poolId, spec, projectRoot, this.#hooks(spec))
        ),
      );
      const pools = started.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
      const failed = started.find((each) => each.status === "rejected");
      if (failed) {
        await closeManagedPools(pools);
        throw failed.reason;
      }
      this.#pools = new Map(pools.map((managed) => [managed.poolId, managed]));
    } finally {
      this.#isStarting = false;
    }
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
    return managed.dispatcher.jobsOf(workerId).map((job) => (job as RunJob).info());
  }

  /**
   * Ids of the processes of a pool, by number; undefined for one that is being restarted.
   *
   * @throws {InvalidArgumentError} If the pool is not of type `multiprocess`.
   */
  getProcessIds(poolId: string): (number | undefined)[] {
    return this.#with("processIds", poolId).processIds;
  }

  /**
   * Returns and forgets what a process of a pool has written.
   *
   * @throws {InvalidArgumentError} If the pool has no processes: it is neither `multiprocess` nor
   * `remote`.
   * @throws {RecvTimeout} If the process does not answer within `timeout` seconds.
   */
  async flushPoolStdout(
    poolId: string,
    processIdx: number,
    options?: { timeout?: number },
  ): Promise<OutputEntry[]> {
    return await this.#with("flushStdout", poolId).flushStdout(processIdx, options);
  }

  /**
   * Returns and forgets what the processes of a pool have written, by number.
   *
   * @throws {InvalidArgumentError} If the pool has no processes: it is neither `multiprocess` nor
   * `remote`.
   * @throws {RecvTimeout} If a process does not answer within `timeout` seconds.
   */
  async flushAllPoolStdout(
    poolId: string,
    options?: { timeout?: number },
  ): Promise<Map<number, OutputEntry[]>> {
    return await this.#with("flushAllStdout", poolId).flushAllStdout(options);
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
    const managed = this.#worker(poolId, workerId);
    return this.#submit({ managed, workerId, candidates: new Set([workerId]) }, options);
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
    const { workers, method = "round-robin" } = options;
    const allocation = allocate(
      workers,
      method,
      (poolId, workerId) =>
        workerId === undefined ? this.#pool(poolId) : this.#worker(poolId, workerId),
    );
    return this.#submit(allocation, options);
  }

  /** Lets running jobs end, gives up those that do not, and closes all pools. */
  async close(): Promise<void> {
    const pools = this.#pools;
    this.#pools = undefined;
    if (pools) await closeManagedPools(pools.values());
  }

  /** Closes the manager. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #submit(
    { managed, workerId, candidates }: Allocation,
    options: RunOptions,
  ): Promise<JobResult> {
    const { signal } = options;
    const { poolId, dispatcher } = managed;
    signal?.throwIfAborted();
    managed.workers[workerId]!.lastUsed = ++this.#jobs;
    const func = jobFunction(options.func, this.#rootOf(managed.spec));
    const printInterval = this.#options.printFlushInterval ?? defaultPrintInterval;
    const place = { poolId, dispatcher, candidates, printInterval };
    const job = new RunJob(this.#minter.next(Date.now()), func, options, place);
    const aborted = () => job.giveUp(signal!.reason);
    signal?.addEventListener("abort", aborted);
    try {
      dispatcher.submit(job, workerId);
      return job.result(await job.answered.promise);
    } catch (error) {
      const isOwn = error instanceof WorkerError || error instanceof RPCError ||
        error instanceof JobAborted || job.isGivenUp;
      throw isOwn ? error : new WorkerException(job.workerId, error);
    } finally {
      job.end();
      signal?.removeEventListener("abort", aborted);
    }
  }

  /** Where references of functions start from; undefined: from where a server has its project. */
  #rootOf({ type }: Pick<PoolSpecInput, "type">): string | undefined {
    return type === "remote" ? undefined : this.#rootUrl;
  }

  #hooks(spec: PoolSpecInput): Map<string, FunctionReference> {
    const { funcPreprocessor, funcDoneCallback } = this.#options;
    const hooks = new Map<string, FunctionReference>();
    if (funcPreprocessor !== undefined) {
      hooks.set(HOOK_KEYS.PREPROCESSOR, moduleReference(funcPreprocessor, this.#rootOf(spec)));
    }
    if (funcDoneCallback !== undefined) {
      hooks.set(HOOK_KEYS.DONE, moduleReference(funcDoneCallback, this.#rootOf(spec)));
    }
    return hooks;
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

  /** A pool that can do something that only pools with processes can. */
  #with<Member extends keyof ProcessPool>(
    member: Member,
    poolId: string,
  ): Pick<ProcessPool, Member> {
    const { pool, spec } = this.#pool(poolId);
    if (member in pool) return pool as unknown as ProcessPool;
    throw new InvalidArgumentError(
      `Pool "${poolId}" cannot be asked about its processes: its type is "${spec.type}"`,
    );
  }

  async #functionReference(
    poolId: string,
    key: string,
    fn: string | JobFunction,
  ): Promise<FunctionReference | JobFunction> {
    if (typeof fn === "string") return moduleReference(fn, this.#rootOf(this.#specs[poolId]!));
    if (this.#specs[poolId]!.type === "main") return fn;
    const { functionSource } = await import("./function_source.ts");
    return { kind: "source", text: functionSource(fn, key, poolId).$netrunFunctionSource };
  }
}
