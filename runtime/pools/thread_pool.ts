/**
 * Pools of Deno Workers in this process.
 *
 * @module
 */
import type { OutputEntry } from "./capture_console.ts";
import { InvalidArgumentError } from "../../sim/error.ts";
import { canRestrictWorkers } from "../restricted_workers.ts";
import { WorkerCrashed, WorkerException, WorkerTimeout } from "./error.ts";
import type { SendOptions } from "../rpc/channel.ts";
import { SharedTexts } from "../rpc/shared_texts.ts";
import { isThreadPost, ThreadChannel, type ThreadPost } from "../rpc/thread_channel.ts";
import { fromPortable, type Substitute } from "../rpc/portable.ts";
import type { PoolPermissions } from "../schema/pool.ts";
import { denoPermissions } from "./permissions.ts";
import type { PoolPlace, WorkerPoolTimes } from "./pool.ts";
import { checkCount, splitWorkerFn, SupervisedPool } from "./supervised_pool.ts";
import type { LinkEvents, WorkerLink } from "./supervised_pool.ts";
import type { WorkerNotice, WorkerStart } from "./worker_main.ts";

/** Options of a {@linkcode ThreadPool}: the fields of its configuration, and its place. */
export interface ThreadPoolOptions extends WorkerPoolTimes, PoolPlace {
  /**
   * Number of Workers.
   *
   * @default {1}
   */
  num_workers?: number;
  /**
   * What the code may do. Anything but `inherit` needs Deno's `--unstable-worker-options`.
   *
   * @default {"inherit"}
   */
  permissions?: "inherit" | "none" | PoolPermissions;
  /** Told what the code of a Worker writes to its console; left out, it goes to that of this process. */
  onOutput?: (workerId: number, entries: OutputEntry[]) => void;
}

/** How long a Worker that is to be ended has to show that it still listens. */
const pingMs = 250;

/** A pool of Deno Workers. */
export class ThreadPool extends SupervisedPool {
  readonly #threads: Threads;

  /**
   * Creates a pool that is not started.
   *
   * @param fn The worker function, such as `./worker.ts::echo`.
   * @throws {RangeError} If the number of Workers is below 1.
   * @throws {InvalidArgumentError} If `permissions` restrict Workers, and Deno cannot do that here.
   */
  constructor(fn: string, options: ThreadPoolOptions = {}) {
    const { poolId = "pool", num_workers = 1 } = options;
    const threads = new Threads(fn, poolId, checkCount("num_workers", num_workers), options);
    super({
      poolId,
      numWorkers: num_workers,
      maxRestarts: options.max_restarts ?? 10,
      closeTimeout: options.close_timeout ?? 10,
    }, threads);
    this.#threads = threads;
  }

  /** Creates and starts a pool; disposing it closes it. */
  static async open(fn: string, options: ThreadPoolOptions = {}): Promise<ThreadPool> {
    const pool = new ThreadPool(fn, options);
    await pool.start();
    return pool;
  }

  /** How many Workers could not be stopped: they go on burning a core until the process ends. */
  get zombies(): number {
    return this.#threads.zombies;
  }
}

/** Starts Workers. */
class Threads {
  zombies = 0;
  readonly #module: { url: string; name: string };
  readonly #poolId: string;
  readonly #numWorkers: number;
  readonly #options: ThreadPoolOptions;

  constructor(fn: string, poolId: string, numWorkers: number, options: ThreadPoolOptions) {
    const { projectRoot = Deno.cwd(), permissions = "inherit" } = options;
    // Deno would end the process, and nobody could tell why.
    if (permissions !== "inherit" && !canRestrictWorkers()) {
      throw new InvalidArgumentError(
        `Pool "${poolId}" cannot restrict its Workers here: let them inherit \`permissions\`, use ` +
          "subprocesses, or run with --unstable-worker-options and NETRUN_WORKER_OPTIONS=1",
      );
    }
    this.#module = splitWorkerFn(fn, folderUrl(projectRoot));
    this.#poolId = poolId;
    this.#numWorkers = numWorkers;
    this.#options = options;
  }

  refusal(): string | undefined {
    return this.zombies > this.#numWorkers ? "too many unstoppable workers" : undefined;
  }

  launch(workerId: number, events: LinkEvents): Promise<WorkerLink> {
    const {
      permissions = "inherit",
      start_timeout = 30,
      max_message_size = 268_435_456,
      projectRoot = Deno.cwd(),
    } = this.#options;
    const worker = new Worker(new URL("./worker_entry.ts", import.meta.url), {
      type: "module",
      name: `${this.#poolId}/${workerId}`,
      ...permissions !== "inherit" &&
        { deno: { permissions: denoPermissions(permissions, projectRoot, this.#poolId) } },
    });
    const start: WorkerStart = {
      type: "start",
      workerId,
      ...this.#module,
      maxMessageSize: max_message_size,
      capturesConsole: this.#options.onOutput !== undefined,
    };
    const thread = new Thread(worker, {
      workerId,
      poolId: this.#poolId,
      maxMessageSize: max_message_size,
      events,
      isZombie: () => this.zombies++,
      output: (entry) => this.#options.onOutput?.(workerId, [entry]),
    });
    return thread.start(start, start_timeout);
  }
}

/** What a {@linkcode Thread} is told of its place. */
interface ThreadPlace {
  readonly workerId: number;
  readonly poolId: string;
  readonly maxMessageSize: number;
  readonly events: LinkEvents;
  /** Told if it cannot be stopped. */
  readonly isZombie: () => void;
  /** Told what it writes to its console. */
  readonly output: (entry: OutputEntry) => void;
}

/** One Worker. */
class Thread implements WorkerLink {
  readonly #worker: Worker;
  readonly #place: ThreadPlace;
  /** What the Worker sends. */
  readonly #texts = new SharedTexts();
  readonly #channel: ThreadChannel;
  readonly #ended = Promise.withResolvers<void>();
  readonly #ready = Promise.withResolvers<WorkerLink>();
  #isReady = false;
  #isOver = false;
  #pong: (() => void) | undefined;

  constructor(worker: Worker, place: ThreadPlace) {
    this.#worker = worker;
    this.#place = place;
    this.#channel = new ThreadChannel(
      { postMessage: (message, transfer) => worker.postMessage(message, transfer) },
      {
        deliver: (key, data) => place.events.message(key, data),
        maxMessageSize: place.maxMessageSize,
        incoming: this.#texts,
      },
    );
    worker.onmessage = ({ data }: MessageEvent<ThreadPost | WorkerNotice>) => this.#received(data);
    worker.onmessageerror = () => this.#over("a message of it cannot be read");
    worker.onerror = (event) => {
      // Otherwise the error would end this process.
      event.preventDefault();
      this.#over(event.message);
    };
  }

  async start(start: WorkerStart, startTimeout: number): Promise<WorkerLink> {
    const timer = setTimeout(() => {
      this.#ready.reject(new WorkerTimeout(this.#place.workerId, startTimeout, "become ready"));
    }, startTimeout * 1000);
    this.#worker.postMessage({ ...start, texts: this.#texts.memory });
    try {
      return await this.#ready.promise;
    } catch (error) {
      this.#isOver = true;
      this.#worker.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  send(key: string, data: unknown, options?: { transfer?: Transferable[] }): Promise<void> {
    return this.#channel.send(key, data, options);
  }

  post(key: string, data: unknown, failed: (error: unknown) => void, options?: SendOptions): void {
    this.#channel.post(key, data, failed, options);
  }

  async shutdown(): Promise<void> {
    await this.#channel.close();
    await this.#ended.promise;
    this.#worker.terminate();
  }

  async kill(_reason: string): Promise<void> {
    if (!this.#isOver && !await this.#listens()) this.#place.isZombie();
    this.#isOver = true;
    this.#worker.terminate();
    this.#ended.resolve();
  }

  /** Whether it answers: what spins cannot, and cannot be terminated either. */
  #listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), pingMs);
      this.#pong = () => {
        clearTimeout(timer);
        resolve(true);
      };
      this.#worker.postMessage({ type: "ping" });
    });
  }

  #received(data: ThreadPost | WorkerNotice): void {
    if (data === null) return;
    if (isThreadPost(data)) return this.#channel.receive(data);
    this.#channel.takeAllTexts();
    switch (data.type) {
      case "ready":
        this.#isReady = true;
        return this.#ready.resolve(this);
      case "pong":
        return this.#pong?.();
      case "output":
        return this.#place.output(data.entry);
      case "failed":
      case "threw":
        return this.#over(
          new WorkerException(
            this.#place.workerId,
            fromPortable(data.error, data.substitutes as readonly Substitute[] | undefined),
          ),
        );
      case "done":
        this.#isOver = true;
        return this.#ended.resolve();
      case "returned":
        return this.#over("its function returned");
      case "bye":
        return this.#over(`it closed itself with code ${data.code}`, data.code);
    }
  }

  #over(cause: string | WorkerException, exitCode?: number): void {
    this.#ended.resolve();
    if (this.#isOver) return;
    this.#isOver = true;
    const error = typeof cause === "string"
      ? new WorkerCrashed(this.#place.poolId, this.#place.workerId, cause, { exitCode })
      : cause;
    this.#channel.break(error.message);
    if (this.#isReady) this.#place.events.ended(error);
    else this.#ready.reject(error);
  }
}

/** The `file:` URL of a folder, with a slash at its end. */
export function folderUrl(path: string): string {
  const url = path.startsWith("file:") ? path : `file://${encodeURI(path)}`;
  return url.endsWith("/") ? url : `${url}/`;
}
