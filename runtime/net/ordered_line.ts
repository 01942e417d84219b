/**
 * Keeping the results of a node in the order in which its epochs were launched.
 *
 * @module
 */
import type { LiveEpoch } from "./live_epoch.ts";
import type { Steps } from "./task.ts";

/** So many epochs may wait behind the first before the node launches no others. */
const mostBehind = 1000;

interface Place {
  readonly epoch: LiveEpoch;
  /** Set while the epoch waits for its turn. */
  call: (() => void) | undefined;
}

/** The epochs of an ordered node, which work side by side and commit one after another. */
export class OrderedLine {
  /** Epochs in flight, oldest first. */
  readonly #places: Place[] = [];

  /** Whether the line is so long that no other epoch should be launched. */
  get isFull(): boolean {
    return this.#places.length > mostBehind;
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
    yield* epoch.interruptibly(promise);
  }

  /** The epoch has ended, in its turn or out of it; whoever is first now is called. */
  leave(epoch: LiveEpoch): void {
    const index = this.#places.findIndex((place) => place.epoch === epoch);
    if (index >= 0) this.#places.splice(index, 1);
    if (index === 0) this.#places[0]?.call?.();
  }
}
