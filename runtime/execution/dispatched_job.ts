/**
 * Jobs on their way through the workers of a pool.
 *
 * @module
 */

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
  /** The jobs before and behind it, while it waits. */
  previous: Job | undefined = undefined;
  next: Job | undefined = undefined;
  /** Where it waits, if it does. */
  queue: JobQueue | undefined = undefined;
  /** How many workers have died with it in their queue. */
  losses = 0;
  /** What it has told so far. */
  notices = 0;
  /** Takes its answer, while something that it has told is still under way: if all is there, or last. */
  answer: ((isLast: boolean) => void) | undefined;

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

/** Jobs that wait, in order. Each can be taken out, wherever it is; it is in one queue at most. */
export class JobQueue {
  #first: Job | undefined = undefined;
  #last: Job | undefined = undefined;
  #length = 0;

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** The first one. */
  get first(): Job | undefined {
    return this.#first;
  }

  /** Adds a job behind all others. */
  push(job: Job): void {
    job.queue = this;
    job.previous = this.#last;
    if (this.#last) this.#last.next = job;
    else this.#first = job;
    this.#last = job;
    this.#length++;
  }

  /** Adds a job before all others. */
  unshift(job: Job): void {
    job.queue = this;
    job.next = this.#first;
    if (this.#first) this.#first.previous = job;
    else this.#last = job;
    this.#first = job;
    this.#length++;
  }

  /** Takes the first job out. */
  shift(): Job | undefined {
    const job = this.#first;
    if (job) this.remove(job);
    return job;
  }

  /** Takes a job out; whether it was here. */
  remove(job: Job): boolean {
    if (job.queue !== this) return false;
    const { previous, next } = job;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    // Links would keep alive whatever comes behind.
    job.queue = job.previous = job.next = undefined;
    this.#length--;
    return true;
  }

  /** Takes all jobs out. */
  takeAll(): Job[] {
    const jobs = [...this];
    for (const job of jobs) this.remove(job);
    return jobs;
  }

  /** The jobs, in order. */
  *[Symbol.iterator](): Generator<Job> {
    for (let job = this.#first; job; job = job.next) yield job;
  }
}
