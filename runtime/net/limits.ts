/**
 * Whether a node may launch an epoch now.
 *
 * @module
 */
import type { Engine } from "./engine.ts";
import type { NetNode } from "./net_node.ts";
import type { RateGate } from "./rate_gate.ts";

/** Applies `enabled`, `max_parallel_epochs` and rate limits, and knows when the latter open again. */
export class Limits {
  readonly #engine: Engine;
  /** Gates at which nodes are held. */
  readonly #closed: RateGate[] = [];

  /** Creates the limits of a net. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Whether a node waits for a rate limit. */
  get isWaiting(): boolean {
    return this.#closed.length > 0;
  }

  /** Whether the node may launch an epoch now; if it may not, it is released when it may. */
  mayLaunch(node: NetNode): boolean {
    if (!node.state.enabled || node.inFlight >= node.maxParallel) return false;
    if (node.line?.isFull) return false;
    const { gate } = node;
    // What is stored takes no slot: such a node asks when it has found nothing.
    if (!gate || node.storage || gate.isOpen(this.#engine.clock.now())) return true;
    if (gate.heldNodes.length === 0) this.#closed.push(gate);
    if (!gate.heldNodes.includes(node)) gate.heldNodes.push(node);
    return false;
  }

  /** When the first closed gate opens, in ms UTC; undefined if nobody waits for one. */
  opensAtMs(): number | undefined {
    const nowMs = this.#engine.clock.now();
    const opens = this.#closed.filter((gate) => !gate.isTaken)
      .map((gate) => gate.nextStartMs(nowMs));
    return opens.length > 0 ? Math.min(...opens) : undefined;
  }

  /** Releases the nodes at gates that have opened. */
  releaseOpened(): void {
    if (this.#closed.length === 0) return;
    const nowMs = this.#engine.clock.now();
    for (let i = this.#closed.length - 1; i >= 0; i--) {
      const gate = this.#closed[i]!;
      if (!gate.isOpen(nowMs)) continue;
      this.#closed.splice(i, 1);
      for (const node of gate.heldNodes.splice(0)) this.#engine.schedule.release(node);
    }
  }
}
