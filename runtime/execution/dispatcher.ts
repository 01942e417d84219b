/**
 * Giving jobs to the workers of a pool: how many at once, and what becomes of them when a worker dies.
 *
 * @module
 */
import { WorkerCrashed, type WorkerError } from "../pools/error.ts";
import type { ListenablePool } from "../pools/pool.ts";
import { ExecutionManagerProtocolKeys as KEYS, type JobServerOptions } from "./job_protocol.ts";

/** How a job ended. */
export interface JobAnswer {
  /** When it started, in ms UTC. */
  readonly started: number;
  /** When it ended, in ms UTC. */
  readonly completed: number;
  /** Whether a text stands for its result, which has no copy. */
  readonly convertedToStr: boolean;
  /** Its result. */
  readonly value: unknown;
}

/** A job as those who have it know it. */
export abstract class Job {
  /** Id of the exchange. */
  readonly msgId: string;
  /** Worker that has it, or will get it. */
  workerId = -1;
  /** Whether it may have started. */
  isStarted = false;
  /** Whether nobody waits for it any more. */
  isGivenUp = false;
  /** Workers that may do it; undefined if all of the pool may. */
  readonly candidates: ReadonlySet<number> | undefined = undefined;
  /** Memory in its message that is moved instead of copied. */
  readonly transfer: Transferable[] | undefined = undefined;
  /** How many workers have died with it in their queue. */
  losses = 0;
  /** What it has told so far. */
  notices = 0;
  /** Its answer, while something that it has told is still under way. */
  answer: (() => void) | undefined;

  /** Creates a job. */
  constructor(msgId: string) {
    this.msgId = msgId;
  }

  /** What the worker is sent. */
  abstract message(): unknown[];
  /** It has started, at that time, on `workerId`. */
  abstract started(at: number): void;
  /** It has sent something while it runs. */
  abstract told(key: string, data: unknown): void;
  /** It has ended well. */
  abstract resolve(answer: JobAnswer): void;
  /** It has failed. */
  abstract reject(error: unknown): void;
}

/** Options of a {@linkcode Dispatcher}. */
export interface DispatcherOptions {
  /** Jobs that run at once on a worker. */
  readonly maxJobs: number;
  /** Jobs sent ahead of their start. */
  readonly prefetch: number | "auto";
  /** Whether what jobs write to the console becomes their prints. */
  readonly capturePrints: boolean;
  /** Seconds that a job gets to end after it was cancelled. */
  readonly cancelGrace: number;
  /** Seconds that other jobs get before their worker is ended. */
  readonly closeTimeout: number;
  /** Whether all jobs start at once, in the order in which they come. */
  readonly startsAll: boolean;
  /** Told before a worker is ended that does not end a job. */
  readonly stuck?: (job: Job) => void;
  /** Completes the message of what a job has thrown. */
  readonly explain?: ((error: unknown) => void) | undefined;
}

/** A function that every worker has to know. */
interface Registration {
  readonly key: string;
  readonly reference: unknown;
}

interface WorkerQueue {
  readonly workerId: number;
  /** Jobs that it was sent and has not answered, in order. */
  readonly sent: Map<string, Job>;
  /** Jobs that it will be sent. */
  waiting: Job[];
  isUp: boolean;
  /** Whether it gets no new jobs, because it will be ended. */
  isCondemned: boolean;
  /** Why it is not replaced any more. */
  gaveUp: WorkerError | undefined;
  /** Moving average of the time that a job takes, in ms. */
  averageMs: number;
}

/** As many jobs are sent ahead as take about so long. */
const prefetchMs = 2;
const maxPrefetch = 63;
/** How often a job that has not started may be given to another worker. */
const maxLosses = 3;
/** How long an answer waits for what was told before it. */
const noticesMs = 1000;

/**
 * Gives jobs to workers.
 *
 * A job that has started runs at most once. One that has not moves on when its worker dies, and one
 * that waits here goes to whatever worker is idle first.
 */
export class Dispatcher {
  readonly #pool: ListenablePool;
  readonly #options: DispatcherOptions;
  readonly #workers: WorkerQueue[] = [];
  readonly #registrations = new Map<string, Registration>();
  readonly #answers = new Map<string, PromiseWithResolvers<void>>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #dirty: WorkerQueue[] = [];
  #waitingCount = 0;
  #exchanges = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  /** Creates a dispatcher, which listens to the pool from now on. */
  constructor(pool: ListenablePool, options: DispatcherOptions) {
    this.#pool = pool;
    this.#options = options;
    pool.listen({
      message: (workerId, key, data) => this.#received(this.#worker(workerId), key, data),
      ended: (error, unsent) => this.#lost(this.#worker(error.workerId), error, unsent),
      restarted: (workerId) => this.#restarted(this.#worker(workerId)),
      gaveUp: (error) => this.#gaveUp(this.#worker(error.workerId), error),
    });
  }

  /** Starts the pool. */
  async start(): Promise<void> {
    await this.#pool.start();
    // How many workers there are, a server may only say now.
    for (let id = 0; id < this.#pool.numWorkers; id++) this.#welcome(this.#worker(id));
  }

  /** Jobs that wait or run on a worker. */
  jobsOf(workerId: number): Job[] {
    const { sent, waiting } = this.#workers[workerId]!;
    return [...sent.values(), ...waiting].filter((job) => !job.isGivenUp);
  }

  /** Whether a worker is there, and not about to be ended. */
  isUp(workerId: number): boolean {
    const { isUp, isCondemned } = this.#workers[workerId]!;
    return isUp && !isCondemned;
  }

  /** How many jobs a worker has that have not settled. */
  loadOf(workerId: number): number {
    const { sent, waiting } = this.#workers[workerId]!;
    return sent.size + waiting.length;
  }

  /** Makes a function known to all workers, also to those that come later. */
  registerAll(key: string, reference: unknown): void {
    this.#registrations.set(key, { key, reference });
    for (const worker of this.#workers) {
      if (worker.isUp) this.#send(worker, KEYS.SEND_FUNCTION, [this.#nextId(), key, reference]);
    }
  }

  /** Makes a function known to a worker; rejects if it cannot be had there. */
  register(workerId: number, key: string, reference: unknown): Promise<void> {
    const answer = Promise.withResolvers<void>();
    const msgId = this.#nextId();
    this.#answers.set(msgId, answer);
    this.#pool.send(workerId, KEYS.SEND_FUNCTION, [msgId, key, reference]).catch(answer.reject);
    return answer.promise.finally(() => this.#answers.delete(msgId));
  }

  /** Remembers a function for workers that come later. */
  remember(key: string, reference: unknown): void {
    this.#registrations.set(key, { key, reference });
  }

  /** Gives a job to a worker. */
  submit(job: Job, workerId: number): void {
    job.workerId = workerId;
    const worker = this.#workers[workerId]!;
    if (worker.gaveUp) return this.#move(job, worker, worker.gaveUp);
    worker.waiting.push(job);
    this.#waitingCount++;
    this.#touch(worker);
  }

  /** Sends a message about a running job to its worker. */
  async tell(job: Job, key: string, data: unknown): Promise<void> {
    if (!job.isGivenUp) await this.#pool.send(job.workerId, key, data);
  }

  /** Nobody waits for the job any more. */
  cancel(job: Job, reason: unknown): void {
    if (job.isGivenUp) return;
    job.isGivenUp = true;
    const worker = this.#workers[job.workerId]!;
    const at = worker.waiting.indexOf(job);
    if (at >= 0) {
      worker.waiting.splice(at, 1);
      this.#waitingCount--;
      return this.#checkIdle();
    }
    if (!worker.sent.has(job.msgId)) return;
    this.#pool.send(worker.workerId, KEYS.CANCEL, [job.msgId, reason])
      .catch(() => this.#pool.send(worker.workerId, KEYS.CANCEL, [job.msgId, String(reason)]))
      .catch(() => {});
    if (job.isStarted) this.#watch(worker, job);
  }

  /** Waits for the jobs in flight, at most so many seconds, then gives them up. */
  async close(timeout: number, reason: (job: Job) => unknown): Promise<void> {
    if (this.#isBusy) {
      this.#idle = Promise.withResolvers();
      const timer = setTimeout(() => this.#idle!.resolve(), timeout * 1000);
      await this.#idle.promise;
      clearTimeout(timer);
    }
    for (const timer of this.#timers) clearTimeout(timer);
    let isHung = false;
    for (const worker of this.#workers) {
      for (const job of [...worker.sent.values(), ...worker.waiting]) {
        if (job.isStarted) isHung = true;
        if (!job.isGivenUp) job.reject(reason(job));
      }
      worker.sent.clear();
      worker.waiting = [];
      worker.isUp = false;
    }
    for (const { reject } of this.#answers.values()) reject(reason(undefined as never));
    await this.#pool.close(isHung ? { timeout: this.#options.cancelGrace } : {});
  }

  #worker(workerId: number): WorkerQueue {
    return this.#workers[workerId] ??= {
      workerId,
      sent: new Map(),
      waiting: [],
      isUp: false,
      isCondemned: false,
      gaveUp: undefined,
      averageMs: prefetchMs,
    };
  }

  get #isBusy(): boolean {
    return this.#workers.some(({ sent, waiting }) => sent.size + waiting.length > 0);
  }

  #checkIdle(): void {
    if (this.#idle && !this.#isBusy) this.#idle.resolve();
  }

  #nextId(): string {
    return `x${++this.#exchanges}`;
  }

  /** A worker is there: tells it what it has to know before any job. */
  #welcome(worker: WorkerQueue): void {
    worker.isUp = true;
    worker.isCondemned = false;
    worker.averageMs = prefetchMs;
    const { maxJobs, capturePrints } = this.#options;
    const setup: JobServerOptions = { maxJobs, capturePrints };
    this.#send(worker, KEYS.SETUP, [setup]);
    for (const { key, reference } of this.#registrations.values()) {
      this.#send(worker, KEYS.SEND_FUNCTION, [this.#nextId(), key, reference]);
    }
    this.#touch(worker);
  }

  #send(worker: WorkerQueue, key: string, data: unknown): void {
    // A worker that cannot be reached has ended, and the pool says so.
    this.#pool.send(worker.workerId, key, data).catch(() => {});
  }

  /** Has the worker looked at when everything of this tick is said. */
  #touch(worker: WorkerQueue): void {
    if (this.#options.startsAll) return this.#refill(worker);
    this.#dirty.push(worker);
    if (this.#dirty.length > 1) return;
    queueMicrotask(() => {
      const dirty = this.#dirty;
      this.#dirty = [];
      for (const worker of new Set(dirty)) this.#refill(worker);
      if (this.#waitingCount > 0) this.#employIdle();
    });
  }

  /** Sends jobs, if at least half of what it may hold is done. */
  #refill(worker: WorkerQueue): void {
    if (!worker.isUp || worker.isCondemned || worker.waiting.length === 0) return;
    const { maxJobs, prefetch, startsAll } = this.#options;
    const ahead = prefetch === "auto"
      ? Math.min(maxPrefetch, Math.max(1, Math.floor(prefetchMs / worker.averageMs)))
      : prefetch;
    const capacity = startsAll ? Infinity : maxJobs + ahead;
    const held = worker.sent.size;
    if (held >= maxJobs && held * 2 > capacity) return;
    const count = Math.min(worker.waiting.length, capacity - held);
    for (const job of worker.waiting.splice(0, count)) {
      this.#waitingCount--;
      this.#give(worker, job);
    }
  }

  #give(worker: WorkerQueue, job: Job): void {
    job.workerId = worker.workerId;
    worker.sent.set(job.msgId, job);
    const { transfer } = job;
    const options = transfer && { transfer };
    this.#pool.send(worker.workerId, KEYS.RUN, job.message(), options).catch((error) => {
      // A dead worker is reported by the pool; everything else is the job's own fault.
      if (error instanceof WorkerCrashed || !worker.sent.delete(job.msgId)) return;
      if (!job.isGivenUp) job.reject(error);
      this.#touch(worker);
      this.#checkIdle();
    });
  }

  /** Idle workers take jobs that wait for others. */
  #employIdle(): void {
    for (const worker of this.#workers) {
      if (!worker.isUp || worker.isCondemned || worker.sent.size + worker.waiting.length > 0) {
        continue;
      }
      let longest: WorkerQueue | undefined;
      for (const other of this.#workers) {
        if (other.waiting.length <= (longest?.waiting.length ?? 0)) continue;
        if (mayDo(worker, other.waiting[0]!)) longest = other;
      }
      if (!longest) continue;
      this.#waitingCount--;
      this.#give(worker, longest.waiting.shift()!);
    }
  }

  #received(worker: WorkerQueue, key: string, data: unknown): void {
    if (!Array.isArray(data)) return;
    const [msgId] = data;
    if (key === KEYS.UP_SEND_FUNCTION_RESPONSE) {
      const answer = this.#answers.get(msgId);
      if (data.length > 1) answer?.reject(data[1]);
      else answer?.resolve();
      return;
    }
    const job = worker.sent.get(msgId);
    if (!job) return;
    switch (key) {
      case KEYS.UP_RUN_STARTED:
        job.isStarted = true;
        if (job.isGivenUp) return this.#watch(worker, job);
        return job.started(data[1]);
      case KEYS.UP_RUN_RESPONSE:
        return this.#answered(worker, job, data);
      case KEYS.UP_PRINT_BUFFER:
      case KEYS.UP_LOG:
        job.notices++;
        if (!job.isGivenUp) job.told(key, data[1]);
        return job.answer?.();
      default:
        if (!job.isGivenUp) job.told(key, data.length > 2 ? data.slice(1) : data[1]);
    }
  }

  #answered(worker: WorkerQueue, job: Job, data: unknown[]): void {
    const [, started, completed, convertedToStr, isError, value, notices, elapsed] = data as [
      string,
      number,
      number,
      boolean,
      boolean,
      unknown,
      number,
      number,
    ];
    worker.averageMs = worker.averageMs * 0.8 + elapsed * 0.2;
    const settle = () => {
      worker.sent.delete(job.msgId);
      if (!job.isGivenUp) {
        if (isError) this.#failed(job, value);
        else job.resolve({ started, completed, convertedToStr, value });
      }
      this.#touch(worker);
      this.#checkIdle();
    };
    if (job.notices >= notices) return settle();
    const timer = this.#later(noticesMs, () => {
      job.answer = undefined;
      settle();
    });
    job.answer = () => {
      if (job.notices < notices) return;
      job.answer = undefined;
      this.#cancelTimer(timer);
      settle();
    };
  }

  #failed(job: Job, error: unknown): void {
    this.#options.explain?.(error);
    job.reject(error);
  }

  /** Ends the worker if the job, of which nobody wants the result, does not end. */
  #watch(worker: WorkerQueue, job: Job): void {
    this.#later(this.#options.cancelGrace * 1000, () => {
      if (worker.sent.get(job.msgId) === job) void this.#end(worker, job);
    });
  }

  /** Ends a worker by force; other jobs that run there, or beside it, get some time. */
  async #end(worker: WorkerQueue, stuck: Job): Promise<void> {
    if (worker.isCondemned) return;
    this.#options.stuck?.(stuck);
    const condemned = this.#pool.workersEndingWith(worker.workerId).map((id) => this.#workers[id]!);
    for (const each of condemned) each.isCondemned = true;
    const deadline = Date.now() + this.#options.closeTimeout * 1000;
    const othersRun = () =>
      condemned.some(({ sent }) =>
        [...sent.values()].some((job) => job.isStarted && !job.isGivenUp)
      );
    while (othersRun() && Date.now() < deadline) {
      await new Promise<void>((resolve) => this.#later(50, resolve));
    }
    if (!worker.isUp) return;
    const reason = `a job did not end within ${this.#options.cancelGrace} s after it was cancelled`;
    for (const each of condemned) {
      this.#lost(each, new WorkerCrashed(this.#pool.poolId, each.workerId, reason));
    }
    await this.#pool.restartWorker(worker.workerId, reason).catch(() => {});
    this.#employIdle();
  }

  /** A worker has ended: what had started there has failed, the rest moves on. */
  #lost(worker: WorkerQueue, error: WorkerError, unsent?: readonly unknown[]): void {
    const untouched = unsent && new Set(unsent.map((data) => Array.isArray(data) && data[0]));
    worker.isUp = false;
    const jobs = [...worker.sent.values()];
    worker.sent.clear();
    const again: Job[] = [];
    for (const job of jobs) {
      if (job.isGivenUp) continue;
      const mayHaveStarted = job.isStarted || untouched?.has(job.msgId) === false;
      if (mayHaveStarted || ++job.losses > maxLosses) job.reject(error);
      else again.push(job);
    }
    worker.waiting.unshift(...again);
    this.#waitingCount += again.length;
    if (this.#waitingCount > 0) this.#employIdle();
    this.#checkIdle();
  }

  #restarted(worker: WorkerQueue): void {
    this.#welcome(worker);
  }

  #gaveUp(worker: WorkerQueue, error: WorkerError): void {
    worker.isUp = false;
    worker.gaveUp = error;
    const jobs = [...worker.sent.values(), ...worker.waiting];
    this.#waitingCount -= worker.waiting.length;
    worker.sent.clear();
    worker.waiting = [];
    for (const job of jobs) if (!job.isGivenUp) this.#move(job, worker, error);
    this.#checkIdle();
  }

  /** Gives a job of a worker that is no more to another one. */
  #move(job: Job, from: WorkerQueue, error: WorkerError): void {
    let best: WorkerQueue | undefined;
    for (const worker of this.#workers) {
      if (worker === from || worker.gaveUp || !mayDo(worker, job)) continue;
      const load = worker.sent.size + worker.waiting.length;
      if (!best || load < best.sent.size + best.waiting.length) best = worker;
    }
    if (best) this.submit(job, best.workerId);
    else job.reject(error);
  }

  #later(ms: number, action: () => void): ReturnType<typeof setTimeout> {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
    return timer;
  }

  #cancelTimer(timer: ReturnType<typeof setTimeout>): void {
    clearTimeout(timer);
    this.#timers.delete(timer);
  }
}

function mayDo({ workerId }: WorkerQueue, { candidates }: Job): boolean {
  return candidates === undefined || candidates.has(workerId);
}
