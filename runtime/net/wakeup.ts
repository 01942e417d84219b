/**
 * Waiting for something to happen.
 *
 * @module
 */

/** Wakes whoever waits. A call that nobody waits for is forgotten. */
export class Wakeup {
  #waiting: { promise: Promise<void>; resolve: () => void } | undefined;

  /** Resolves at the next {@linkcode wake}. */
  wait(): Promise<void> {
    return (this.#waiting ??= Promise.withResolvers<void>()).promise;
  }

  /** Wakes all who wait. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve();
  }
}
