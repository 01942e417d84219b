/**
 * Keeping the results of a node in the order in which its epochs were launched.
 *
 * @module
 */
import type { LiveEpoch } from "./live_epoch.ts";
import type { Steps } from "./task.ts";

/** So many epochs that are done may wait for their turn before the node launches no others. */
const mostWaiting = 1000;

interface Place {
  readonly epoch: LiveEpoch;
  /** Set while the epoch waits for its turn. */
  call: (() => void) | undefined;
}

/** The epochs of an ordered node, which work side by side and commit one after another. */
export class OrderedLine {
  /** Epochs in flight, oldest first. */
  readonly #places: Place[] = [];
  #waiting = 0;

  /** Whether so many wait that no other should be launched. */
  get isFull(): boolean {
    return this.#waiting >= mostWaiting;
  }

  /** The epoch takes its place at the end. */
  enter(epoch: LiveEpoch): void {
    this.#places.push({ epoch, call: undefined });
  }

  /** Waits until all epochs before this one have left. */
  *waitForTurn(epoch: LiveEpoch): Steps<void> {
    if (this.#places[0]?.epoch === epoch) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#places.find((place) => place.epoch === epoch)!.call = resolve;
    this.#waiting++;
    try {
      yield* epoch.interruptibly(promise);
    } finally {
      this.#waiting--;
    }
  }

  /** The epoch has ended, in its turn or out of it; whoever is first now is called. */
  leave(epoch: LiveEpoch): void {
    const index = this.#places.findIndex((place) => place.epoch === epoch);
    if (index >= 0) this.#places.splice(index, 1);
    if (index === 0) this.#places[0]?.call?.();
  }
}
