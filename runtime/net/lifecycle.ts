/**
 * Starting and ending a net.
 *
 * @module
 */
import type { Engine } from "./engine.ts";
import { NetStateError } from "./error.ts";
import { executeNode } from "./execute.ts";
import { closeNode, initNode } from "./node_lifecycle.ts";
import type { Runner } from "./runner.ts";
import { settled, type Steps } from "./task.ts";

/** How far a net is. */
export type LifecyclePhase = "created" | "initializing" | "open" | "closing" | "closed";

/** Starts and ends pools and nodes, in the right order, whatever fails. */
export class Lifecycle {
  /** How far the net is. */
  phase: LifecyclePhase = "created";
  readonly #engine: Engine;
  readonly #runner: Runner;

  /** Creates the life of a net that was just made. */
  constructor(engine: Engine, runner: Runner) {
    this.#engine = engine;
    this.#runner = runner;
  }

  /** Starts pools and nodes; if that fails, everything that was started is ended again. */
  *init(runInitNodes: boolean): Steps<void> {
    if (this.phase !== "created" && this.phase !== "closed") {
      throw new NetStateError(`Cannot initialize the net: it is ${describe[this.phase]}`);
    }
    const before = this.phase;
    this.phase = "initializing";
    const { events } = this.#engine;
    if (events.active) events.emit({ type: "state", phase: "initializing" });
    try {
      yield* this.#start(runInitNodes);
      this.phase = "open";
    } catch (error) {
      yield* this.#endAll();
      this.phase = before;
      throw error;
    }
  }

  /**
   * Ends everything. Every step is made even if one fails; what failed is returned.
   *
   * @param closeTimeout Seconds that epochs in flight get before they are cancelled.
   */
  *close(closeTimeout: number): Steps<unknown[]> {
    const engine = this.#engine;
    this.phase = "closing";
    this.#runner.stop();
    engine.feeds.close();
    yield* this.#letEnd(closeTimeout);
    const errors = yield* this.#endAll();
    engine.output.close();
    this.phase = "closed";
    const { events } = engine;
    if (events.active) events.emit({ type: "state", phase: "stopped", reason: "closed" });
    return errors;
  }

  *#start(runInitNodes: boolean): Steps<void> {
    const engine = this.#engine;
    for (const pool of engine.pools.values()) yield* settled(pool.start());
    for (const { layout, functions: { exec }, settings } of engine.nodes.values()) {
      if (!exec) continue;
      for (const id of new Set(settings.pools)) {
        yield* settled(engine.pools.get(id)!.register({ layout, exec }));
      }
    }
    for (const node of engine.nodes.values()) {
      if (!node.settings.defer_init) yield* initNode(engine, node);
    }
    if (!runInitNodes) return;
    for (const { name, settings, state } of engine.nodes.values()) {
      if (settings.run_on_init && state.enabled) yield* executeNode(engine, name, {});
    }
  }

  /** Waits for what is in flight, and cancels what takes too long. */
  *#letEnd(closeTimeout: number): Steps<void> {
    const { clock, inFlight, wakeup } = this.#engine;
    if (inFlight.length === 0) return;
    let expired = false;
    const timer = clock.setTimeout(() => {
      expired = true;
      wakeup.wake();
    }, closeTimeout * 1000);
    while (inFlight.length > 0) {
      if (expired) {
        this.#engine.calls.end();
        for (const epoch of [...inFlight]) this.#engine.cancel(epoch, "the net is closed");
      }
      if (inFlight.length > 0) yield wakeup.wait();
    }
    clock.clearTimeout(timer);
  }

  /** Runs close functions in reverse order of initialization, then ends the pools. */
  *#endAll(): Steps<unknown[]> {
    const engine = this.#engine;
    const errors: unknown[] = [];
    for (const node of engine.initialized.toReversed()) {
      try {
        yield* closeNode(engine, node);
      } catch (error) {
        errors.push(error);
      }
    }
    for (const pool of [...engine.pools.values()].toReversed()) {
      try {
        yield* settled(pool.close());
      } catch (error) {
        errors.push(error);
      }
    }
    try {
      yield* settled(engine.storage?.close());
    } catch (error) {
      errors.push(error);
    }
    return errors;
  }
}

const describe: Record<LifecyclePhase, string> = {
  created: "not initialized",
  initializing: "being initialized",
  open: "initialized already",
  closing: "being closed",
  closed: "closed",
};
