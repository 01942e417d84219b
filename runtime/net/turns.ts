/**
 * Epochs that go one after another where they would do the same.
 *
 * @module
 */
import type { Engine } from "./engine.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { Steps } from "./task.ts";

interface Turn {
  readonly order: number;
  readonly over: PromiseWithResolvers<void>;
}

/** For each key at most one epoch has its turn; others wait, in the order in which they came. */
export class Turns {
  readonly #turns = new Map<string, Turn>();

  /** Waits until no other epoch has its turn at the key. */
  *wait(engine: Engine, epoch: LiveEpoch, key: string): Steps<void> {
    for (let turn = this.#turns.get(key); turn; turn = this.#turns.get(key)) {
      // In an ordered node a younger epoch waits for this one before it ends.
      if (epoch.node.line && turn.order > epoch.order) return;
      engine.waitingForRetry++;
      try {
        yield* epoch.interruptibly(turn.over.promise);
      } finally {
        engine.waitingForRetry--;
      }
    }
  }

  /** The epoch has its turn now, unless another has. */
  take(key: string, { order }: LiveEpoch): void {
    if (!this.#turns.has(key)) this.#turns.set(key, { order, over: Promise.withResolvers() });
  }

  /** The epoch's turn is over, if it had it. */
  end(key: string, { order }: LiveEpoch): void {
    const turn = this.#turns.get(key);
    if (turn?.order !== order) return;
    this.#turns.delete(key);
    turn.over.resolve();
  }
}
