/**
 * Giving jobs to the workers of a pool: how many at once, and what becomes of them when a worker dies.
 *
 * @module
 */
import { WorkerCrashed, type WorkerError } from "../pools/error.ts";
import type { ListenablePool } from "../pools/pool.ts";
import { ChannelBroken, ChannelClosed } from "../rpc/error.ts";
import type { Job, JobAnswer } from "./dispatched_job.ts";
import { FunctionRegistrations } from "./function_registrations.ts";
import { ExecutionManagerProtocolKeys as KEYS, type JobServerOptions } from "./job_protocol.ts";
import { WorkerJobs, type WorkerLimits } from "./worker_jobs.ts";

/** Options of a {@linkcode Dispatcher}. */
export interface DispatcherOptions extends WorkerLimits {
  /** Whether what jobs write to the console becomes their prints. */
  readonly capturePrints: boolean;
  /** Seconds that a job gets to end after it was cancelled. */
  readonly cancelGrace: number;
  /** Seconds that other jobs get before their worker is ended. */
  readonly closeTimeout: number;
  /** Told before a worker is ended that does not end a job. */
  readonly stuck?: (job: Job) => void;
  /** Completes the message of what a job has thrown. */
  readonly explain?: ((error: unknown) => void) | undefined;
}

/** How often a job that has not started may be given to another worker. */
const maxLosses = 3;
/** How long an answer waits for what was told before it, while nothing of that comes. */
const noticesMs = 30_000;

/**
 * Gives jobs to workers.
 *
 * A job that has started runs at most once. One that has not moves on when its worker dies, and one
 * that waits here goes to whatever worker is idle first.
 */
export class Dispatcher {
  readonly #pool: ListenablePool;
  readonly #options: DispatcherOptions;
  readonly #workers: WorkerJobs[] = [];
  readonly #functions: FunctionRegistrations;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #dirty: WorkerJobs[] = [];
  #waitingCount = 0;
  /** Looks at what somebody waits for. */
  readonly #waits = new Set<() => void>();

  /** Creates a dispatcher, which listens to the pool from now on. */
  constructor(pool: ListenablePool, options: DispatcherOptions) {
    this.#pool = pool;
    this.#options = options;
    this.#functions = new FunctionRegistrations(pool);
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
    return this.#workers[workerId]!.jobs.filter((job) => !job.isGivenUp);
  }

  /** Whether a worker is there, and not about to be ended. */
  isUp(workerId: number): boolean {
    return this.#workers[workerId]!.isReady;
  }

  /** How many jobs a worker has that have not settled. */
  loadOf(workerId: number): number {
    return this.#workers[workerId]!.load;
  }

  /** Makes a function known to all workers, also to those that come later. */
  registerAll(key: string, reference: unknown): void {
    this.#functions.remember(key, reference);
    for (const { isUp, workerId } of this.#workers) {
      if (isUp) this.#functions.send(workerId, key, reference);
    }
  }

  /** Makes a function known to a worker; rejects if it cannot be had there. */
  register(workerId: number, key: string, reference: unknown): Promise<void> {
    return this.#functions.sendAndWait(workerId, key, reference);
  }

  /** Remembers a function for workers that come later. */
  remember(key: string, reference: unknown): void {
    this.#functions.remember(key, reference);
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
    if (worker.waiting.remove(job)) {
      this.#waitingCount--;
      return this.#tellWaits();
    }
    if (!worker.sent.has(job.msgId)) return;
    // It has ended.
    if (job.answer) return job.answer(true);
    this.#pool.send(worker.workerId, KEYS.CANCEL, [job.msgId, reason])
      .catch(() => this.#pool.send(worker.workerId, KEYS.CANCEL, [job.msgId, String(reason)]))
      .catch(() => {});
    if (job.isStarted) this.#watch(worker, job);
    this.#tellWaits();
  }

  /** Waits for the jobs in flight, at most so many seconds, then gives them up. */
  async close(timeout: number, reason: (job?: Job) => unknown): Promise<void> {
    await this.#until(() => this.#workers.every(({ load }) => load === 0), timeout);
    for (const timer of this.#timers) clearTimeout(timer);
    let isHung = false;
    for (const worker of this.#workers) {
      for (const job of [...worker.takeSent(), ...worker.waiting.takeAll()]) {
        if (job.isStarted) isHung = true;
        if (!job.isGivenUp) job.reject(reason(job));
      }
      worker.isUp = false;
    }
    this.#functions.fail(reason());
    await this.#pool.close(isHung ? { timeout: this.#options.cancelGrace } : {});
  }

  #worker(workerId: number): WorkerJobs {
    return this.#workers[workerId] ??= new WorkerJobs(workerId);
  }

  /** Waits until something holds that jobs which end bring about, at most so many seconds. */
  async #until(holds: () => boolean, seconds: number): Promise<void> {
    if (holds()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (holds()) resolve();
    };
    this.#waits.add(look);
    const timer = this.#later(seconds * 1000, resolve);
    await promise;
    this.#cancelTimer(timer);
    this.#waits.delete(look);
  }

  /** A job has ended, or nobody wants it any more. */
  #tellWaits(): void {
    for (const look of this.#waits) look();
  }

  /** A worker is there: tells it what it has to know before any job. */
  #welcome(worker: WorkerJobs): void {
    worker.arrived();
    const { maxJobs, capturePrints } = this.#options;
    const setup: JobServerOptions = { maxJobs, capturePrints };
    // A worker that cannot be reached has ended, and the pool says so.
    this.#pool.post(worker.workerId, KEYS.SETUP, [setup], () => {});
    this.#functions.sendAll(worker.workerId);
    this.#touch(worker);
  }

  /** Has the worker looked at when everything of this tick is said. */
  #touch(worker: WorkerJobs): void {
    if (this.#options.startsAll) return this.#refill(worker);
    if (worker.isDirty) return;
    worker.isDirty = true;
    this.#dirty.push(worker);
    if (this.#dirty.length === 1) queueMicrotask(() => this.#look());
  }

  #look(): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const worker of dirty) {
      worker.isDirty = false;
      this.#refill(worker);
    }
    if (this.#waitingCount > 0) this.#employIdle();
  }

  #refill(worker: WorkerJobs): void {
    for (let room = worker.room(this.#options); room > 0; room--) {
      const job = worker.waiting.shift();
      if (!job) return;
      this.#waitingCount--;
      this.#give(worker, job);
    }
  }

  #give(worker: WorkerJobs, job: Job): void {
    job.workerId = worker.workerId;
    worker.sent.set(job.msgId, job);
    const { transfer } = job;
    this.#pool.post(
      worker.workerId,
      KEYS.RUN,
      job.message(),
      (error) => this.#refused(worker, job, error),
      transfer && { transfer },
    );
  }

  /** A job could not be sent. A dead worker is reported by the pool; else it is the job's own fault. */
  #refused(worker: WorkerJobs, job: Job, error: unknown): void {
    const isDead = error instanceof WorkerCrashed || error instanceof ChannelClosed ||
      error instanceof ChannelBroken;
    if (isDead || !worker.sent.delete(job.msgId)) return;
    if (!job.isGivenUp) job.reject(error);
    this.#touch(worker);
    this.#tellWaits();
  }

  /** Idle workers take jobs that wait for others. */
  #employIdle(): void {
    for (const worker of this.#workers) {
      if (!worker.isReady || worker.load > 0) continue;
      let longest: WorkerJobs | undefined;
      for (const other of this.#workers) {
        if (other.waiting.length <= (longest?.waiting.length ?? 0)) continue;
        if (worker.mayDo(other.waiting.first!)) longest = other;
      }
      if (!longest) continue;
      this.#waitingCount--;
      this.#give(worker, longest.waiting.shift()!);
    }
  }

  #received(worker: WorkerJobs, key: string, data: unknown): void {
    if (!Array.isArray(data)) return;
    const [msgId] = data;
    if (key === KEYS.UP_SEND_FUNCTION_RESPONSE) return this.#functions.answered(data);
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
        return job.answer?.(false);
      default:
        if (!job.isGivenUp) job.told(key, data.length > 2 ? data.slice(1) : data[1]);
    }
  }

  #answered(worker: WorkerJobs, job: Job, data: unknown[]): void {
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
    worker.took(elapsed);
    const settle = () => {
      if (isError) this.#settle(worker, job, undefined, value);
      else this.#settle(worker, job, { started, completed, convertedToStr, value }, undefined);
    };
    if (job.notices >= notices) return settle();
    let seen = job.notices;
    const look = () => {
      const isComing = job.notices > seen;
      seen = job.notices;
      if (isComing) timer = this.#later(noticesMs, look);
      else job.answer!(true);
    };
    let timer = this.#later(noticesMs, look);
    job.answer = (isLast) => {
      if (job.notices < notices && !isLast) return;
      job.answer = undefined;
      this.#cancelTimer(timer);
      settle();
    };
  }

  #settle(worker: WorkerJobs, job: Job, answer: JobAnswer | undefined, error: unknown): void {
    worker.sent.delete(job.msgId);
    if (!job.isGivenUp) {
      if (answer) job.resolve(answer);
      else this.#failed(job, error);
    }
    this.#touch(worker);
    this.#tellWaits();
  }

  #failed(job: Job, error: unknown): void {
    this.#options.explain?.(error);
    job.reject(error);
  }

  /** Ends the worker if the job, of which nobody wants the result, does not end. */
  #watch(worker: WorkerJobs, job: Job): void {
    this.#later(this.#options.cancelGrace * 1000, () => {
      if (worker.sent.get(job.msgId) === job) void this.#end(worker, job);
    });
  }

  /** Ends a worker by force; other jobs that run there, or beside it, get some time. */
  async #end(worker: WorkerJobs, stuck: Job): Promise<void> {
    if (worker.isCondemned) return;
    this.#options.stuck?.(stuck);
    const condemned = this.#pool.workersEndingWith(worker.workerId).map((id) => this.#workers[id]!);
    for (const each of condemned) each.isCondemned = true;
    const othersRun = () =>
      condemned.some(({ sent }) =>
        [...sent.values()].some((job) => job.isStarted && !job.isGivenUp)
      );
    await this.#until(() => !othersRun(), this.#options.closeTimeout);
    if (!worker.isUp) return;
    const reason = `a job did not end within ${this.#options.cancelGrace} s after it was cancelled`;
    for (const each of condemned) {
      this.#lost(each, new WorkerCrashed(this.#pool.poolId, each.workerId, reason));
    }
    await this.#pool.restartWorker(worker.workerId, reason).catch(() => {});
    this.#employIdle();
  }

  /** A worker has ended: what had started there has failed, the rest moves on. */
  #lost(worker: WorkerJobs, error: WorkerError, unsent?: readonly unknown[]): void {
    const untouched = unsent && new Set(unsent.map((data) => Array.isArray(data) && data[0]));
    worker.isUp = false;
    const again: Job[] = [];
    for (const job of worker.takeSent()) {
      // It had ended before, and what it told last is lost.
      if (job.answer) {
        job.answer(true);
        continue;
      }
      if (job.isGivenUp) continue;
      const mayHaveStarted = job.isStarted || untouched?.has(job.msgId) === false;
      if (mayHaveStarted || ++job.losses > maxLosses) job.reject(error);
      else again.push(job);
    }
    for (const job of again.reverse()) worker.waiting.unshift(job);
    this.#waitingCount += again.length;
    if (this.#waitingCount > 0) this.#employIdle();
    this.#tellWaits();
  }

  #restarted(worker: WorkerJobs): void {
    this.#welcome(worker);
  }

  #gaveUp(worker: WorkerJobs, error: WorkerError): void {
    worker.isUp = false;
    worker.gaveUp = error;
    this.#waitingCount -= worker.waiting.length;
    const jobs = [...worker.takeSent(), ...worker.waiting.takeAll()];
    for (const job of jobs) if (!job.isGivenUp) this.#move(job, worker, error);
    this.#tellWaits();
  }

  /** Gives a job of a worker that is no more to another one. */
  #move(job: Job, from: WorkerJobs, error: WorkerError): void {
    let best: WorkerJobs | undefined;
    for (const worker of this.#workers) {
      if (worker === from || worker.gaveUp || !worker.mayDo(job)) continue;
      if (!best || worker.load < best.load) best = worker;
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
