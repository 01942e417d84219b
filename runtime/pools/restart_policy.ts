/**
 * How soon a worker is replaced, and when no more.
 *
 * @module
 */

const windowMs = 60_000;
const firstWaitMs = 100;
const longestWaitMs = 5000;

/** Counts the restarts of one worker: the first is at once, each further one in a minute waits longer. */
export class RestartPolicy {
  readonly #limit: number;
  #restarts: number[] = [];

  /** Creates a policy of at most `limit` restarts in a minute. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many ms to wait before the next restart; undefined if it must not be restarted. */
  next(nowMs: number): number | undefined {
    this.#restarts = this.#restarts.filter((at) => nowMs - at < windowMs);
    const earlier = this.#restarts.length;
    if (earlier >= this.#limit) return undefined;
    this.#restarts.push(nowMs);
    return earlier === 0 ? 0 : Math.min(firstWaitMs * 2 ** (earlier - 1), longestWaitMs);
  }
}
