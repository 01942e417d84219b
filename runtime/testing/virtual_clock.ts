/**
 * A clock for tests: an hour passes in no time.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import { InvalidArgumentError } from "../../sim/error.ts";
import type { Clock } from "../net/clock.ts";

interface VirtualTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/**
 * A {@linkcode Clock} that stands still until it is moved.
 *
 * A net moves it by itself whenever no function runs and something waits for a timer, such as a
 * retry: the clock jumps to the next one. While functions run it moves only by
 * {@linkcode VirtualClock.advance | advance}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const clock = new VirtualClock();
 * const start = clock.now();
 * const fired: number[] = [];
 * clock.setTimeout(() => fired.push(clock.now() - start), 3_600_000);
 * await clock.advance(7200);
 * assertEquals(fired, [3_600_000]);
 * assertEquals(clock.now() - start, 7_200_000);
 * ```
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  /** In the order in which they fire: by time, then by creation. */
  readonly #timers: VirtualTimer[] = [];
  #jumping = false;

  /**
   * Creates a clock that shows `startMs`.
   *
   * @param startMs In ms UTC; by default the beginning of 2026.
   */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.length;
  }

  /** The time that it shows, in ms UTC. */
  now(): number {
    return this.#nowMs;
  }

  /** Calls `callback` once the clock was moved by `ms` milliseconds or more. */
  setTimeout(callback: () => void, ms: number): unknown {
    const timer: VirtualTimer = { dueMs: this.#nowMs + Math.max(0, ms || 0), callback };
    const later = this.#timers.findIndex((other) => other.dueMs > timer.dueMs);
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
    return timer;
  }

  /** Revokes a timer. */
  clearTimeout(timer: unknown): void {
    const index = this.#timers.indexOf(timer as VirtualTimer);
    if (index >= 0) this.#timers.splice(index, 1);
  }

  /**
   * Jumps to the next timer and fires it, if there is one.
   *
   * It does so in a microtask, when the caller has begun to wait; calls until then are one.
   */
  idle(): void {
    if (this.#jumping) return;
    this.#jumping = true;
    queueMicrotask(() => {
      this.#jumping = false;
      const next = this.#timers[0];
      if (next !== undefined) this.#fire(next);
    });
  }

  /**
   * Moves the clock on. Timers fire in order, each at its own time, and what they set in motion
   * goes as far as it can before the next one fires.
   *
   * @param seconds How far, 0 or more.
   * @throws {InvalidArgumentError} If it is no finite number, or negative.
   */
  async advance(seconds: number): Promise<void> {
    if (!(seconds >= 0 && seconds < Infinity)) {
      throw new InvalidArgumentError(
        `Cannot advance the clock: \`seconds\` must be a finite number, 0 or more, got ${seconds}`,
      );
    }
    const endMs = this.#nowMs + seconds * 1000;
    await settle();
    for (let next = this.#timers[0]; next && next.dueMs <= endMs; next = this.#timers[0]) {
      this.#fire(next);
      await settle();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
    await settle();
  }

  #fire(timer: VirtualTimer): void {
    this.clearTimeout(timer);
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    timer.callback();
  }
}

/** Lets everything run that is ready to: microtasks, and what other turns have queued. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
