/**
 * Letting the rest of the program run between rounds of synchronous work.
 *
 * @module
 */
import { setImmediate } from "node:timers";

/** Longest time in ms in which timers, I/O and aborts have no turn. */
const longestMs = 10;

/**
 * Tells when the event loop is due a turn. It does not use the net's clock: its turns pass in real
 * time, also where the net's time stands still.
 */
export class EventLoopTurns {
  #lastMs = performance.now();

  /** Whether the event loop has had no turn for too long. */
  isDue(): boolean {
    return performance.now() - this.#lastMs > longestMs;
  }

  /** Gives the event loop a turn. */
  take(): Promise<void> {
    return new Promise((resolve) =>
      setImmediate(() => {
        this.#lastMs = performance.now();
        resolve();
      })
    );
  }
}
