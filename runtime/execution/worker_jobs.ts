/**
 * The jobs of one worker: which wait for it, which it has, and how many more it may be sent.
 *
 * @module
 */
import type { WorkerError } from "../pools/error.ts";
import { type Job, JobQueue } from "./dispatched_job.ts";

/** How many jobs a worker may have. */
export interface WorkerLimits {
  /** Jobs that run at once on a worker. */
  readonly maxJobs: number;
  /** Jobs sent ahead of their start. */
  readonly prefetch: number | "auto";
  /** Whether all jobs start at once, in the order in which they come. */
  readonly startsAll: boolean;
}

/** As many jobs are sent ahead as take about so long. */
const prefetchMs = 2;
const maxPrefetch = 63;

/** A worker with its jobs. */
export class WorkerJobs {
  /** Number of the worker. */
  readonly workerId: number;
  /** Jobs that it was sent and has not answered, in order. */
  readonly sent = new Map<string, Job>();
  /** Jobs that it will be sent. */
  readonly waiting: JobQueue = new JobQueue();
  /** Whether it is there. */
  isUp = false;
  /** Whether it gets no new jobs, because it will be ended. */
  isCondemned = false;
  /** Whether it is to be looked at in this tick. */
  isDirty = false;
  /** Why it is not replaced any more. */
  gaveUp: WorkerError | undefined = undefined;
  /** Moving average of the time that a job takes, in ms. */
  #averageMs = prefetchMs;

  /** Creates the jobs of a worker that is not there yet. */
  constructor(workerId: number) {
    this.workerId = workerId;
  }

  /** Whether it is there, and not about to be ended. */
  get isReady(): boolean {
    return this.isUp && !this.isCondemned;
  }

  /** How many jobs it has that have not settled. */
  get load(): number {
    return this.sent.size + this.waiting.length;
  }

  /** Its jobs, first those that it was sent. */
  get jobs(): Job[] {
    return [...this.sent.values(), ...this.waiting];
  }

  /** A fresh worker has taken its place. */
  arrived(): void {
    this.isUp = true;
    this.isCondemned = false;
    this.#averageMs = prefetchMs;
  }

  /** A job has taken so long. */
  took(elapsedMs: number): void {
    this.#averageMs = this.#averageMs * 0.8 + elapsedMs * 0.2;
  }

  /** How many jobs it may be sent: none until at least half of what it may hold is done. */
  room({ maxJobs, prefetch, startsAll }: WorkerLimits): number {
    if (!this.isReady) return 0;
    if (startsAll) return Infinity;
    const capacity = maxJobs + (prefetch === "auto" ? this.#ahead : prefetch);
    const held = this.sent.size;
    return held >= maxJobs && held * 2 > capacity ? 0 : capacity - held;
  }

  /** Whether a job may be done here. */
  mayDo({ candidates }: Job): boolean {
    return candidates === undefined || candidates.has(this.workerId);
  }

  /** Takes out all that it was sent, in order. */
  takeSent(): Job[] {
    const jobs = [...this.sent.values()];
    this.sent.clear();
    return jobs;
  }

  get #ahead(): number {
    return Math.min(maxPrefetch, Math.max(1, Math.floor(prefetchMs / this.#averageMs)));
  }
}
