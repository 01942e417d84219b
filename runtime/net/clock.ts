/**
 * The time that a net lives by.
 *
 * @module
 */

/**
 * Where a net reads the time and sets its timers.
 *
 * Everything that a net waits for by time (retries, timeouts, rate limits, `max_wait`, output) goes
 * through its clock, so that a test can hand in one that it moves itself. Only the turns that the
 * loop gives the event loop do not.
 */
export interface Clock {
  /** The time in ms UTC. */
  now(): number;
  /** Calls `callback` once after `delayMs`, and returns what `clearTimeout` takes. */
  setTimeout(callback: () => void, delayMs: number): unknown;
  /** Forgets a timer; one that has fired, or is none, is ignored. */
  clearTimeout(timer: unknown): void;
  /**
   * Called when no node function runs and the net can only wait for one of its timers. A virtual
   * clock then jumps to the next timer; real clocks do not need it.
   */
  idle?(): void;
}

/** Longest delay of the platform's timers; a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1;

/** A timer of {@linkcode systemClock}. A long delay is made of several of the platform's. */
interface SystemTimer {
  id: ReturnType<typeof setTimeout>;
}

/**
 * The machine's clock. Globals are looked up at each call, so that faked ones, such as `FakeTime` of
 * `@std/testing`, govern the net too.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 *
 * const before = Date.now();
 * assert(systemClock.now() >= before);
 * ```
 */
export const systemClock: Clock = {
  now(): number {
    return globalThis.Date.now();
  },
  setTimeout(callback: () => void, delayMs: number): unknown {
    const timer: SystemTimer = { id: arm(delayMs) };
    return timer;

    function arm(leftMs: number): ReturnType<typeof setTimeout> {
      if (leftMs <= maxDelayMs) return globalThis.setTimeout(callback, leftMs);
      return globalThis.setTimeout(() => {
        timer.id = arm(leftMs - maxDelayMs);
      }, maxDelayMs);
    }
  },
  clearTimeout(timer: unknown): void {
    if (timer) globalThis.clearTimeout((timer as SystemTimer).id);
  },
};
