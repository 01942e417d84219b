/**
 * Which attempts of which nodes take the slots of a rate limit.
 *
 * @module
 */
import type { NetNode } from "./net_node.ts";
import { RateLimit } from "./rate_limit.ts";

/** A rate limit and those who wait for it: attempts that are made again go before new epochs. */
export class RateGate {
  readonly #limit: RateLimit;
  /** Failed epochs that wait for a slot to be tried again. */
  #retriesWaiting = 0;
  /** Nodes with startable epochs that found no slot. */
  readonly heldNodes: NetNode[] = [];

  /** Creates a gate for so many starts in a second. */
  constructor(startsPerSecond: number) {
    this.#limit = new RateLimit(startsPerSecond);
  }

  /** Whether failed epochs wait for the next slots, so that nobody else gets them. */
  get isTaken(): boolean {
    return this.#retriesWaiting > 0;
  }

  /** Whether a new epoch may start now. */
  isOpen(nowMs: number): boolean {
    return !this.isTaken && this.#limit.nextStartMs(nowMs) <= nowMs;
  }

  /** The earliest time at which anything may start. */
  nextStartMs(nowMs: number): number {
    return this.#limit.nextStartMs(nowMs);
  }

  /** Takes a slot, if there is one. */
  tryStart(nowMs: number): boolean {
    return this.#limit.tryStart(nowMs);
  }

  /** From now on a failed epoch waits for a slot. */
  addRetry(): void {
    this.#retriesWaiting++;
  }

  /** A failed epoch does not wait any more. */
  removeRetry(): void {
    this.#retriesWaiting--;
  }
}
