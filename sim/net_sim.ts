/**
 * The simulator.
 *
 * @module
 */
import type { ActionData, ActionResult, EpochId, NetAction, PacketId } from "./action.ts";
import { checkActionType, checkLocation } from "./check_action.ts";
import { compiledGraph } from "./compiled_graph.ts";
import { dispatch } from "./dispatch.ts";
import { InvalidArgumentError, StepLimitExceededError } from "./error.ts";
import type { Epoch, NetEvent, Packet, PacketLocation } from "./event.ts";
import { Graph, type GraphSpec } from "./graph.ts";
import { type IdSource, UlidMinter } from "./id.ts";
import { requireArray } from "./shape.ts";
import { SimState } from "./state.ts";
import { isBlocked, runStep } from "./step.ts";
import { undoEvents } from "./undo.ts";

/** Options of a {@linkcode NetSim}. */
export interface NetSimOptions {
  /**
   * Mints the ids of packets and epochs; called with the time of the action.
   *
   * @default {ulidSource()}
   */
  newId?: IdSource;
  /**
   * Reads the clock, in milliseconds UTC: once an action.
   *
   * @default {Date.now}
   */
  now?: () => number;
  /**
   * Whether an input condition that would take no packet counts as not satisfied.
   *
   * @default {false}
   */
  skipEmptySalvos?: boolean;
}

/** What a step did. */
export interface StepResult {
  /** Whether a packet moved or an epoch was created. */
  madeProgress: boolean;
  /** The epochs made, in order. */
  created: EpochId[];
  /** What happened, in order. */
  events: NetEvent[];
}

/** Options of {@linkcode NetSim.runUntilBlocked}. */
export interface RunUntilBlockedOptions {
  /**
   * How many steps may be made.
   *
   * @default {100_000}
   */
  maxSteps?: number;
  /** Ends the run between two steps, by throwing its reason. */
  signal?: AbortSignal;
}

/**
 * Tracks where packets are, decides when they may move, and keeps the books of epochs.
 *
 * It runs no node and sees no value: callers start epochs, do the work elsewhere and report it by
 * actions. The state changes through actions only, always in the same way for the same actions.
 *
 * @example A packet's way through a node
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { NetSim, salvoCondition, term } from "@netrun/netrun/sim";
 *
 * const sim = new NetSim({
 *   nodes: [{
 *     name: "Sink",
 *     inPorts: [{ name: "in" }],
 *     inSalvoConditions: [
 *       salvoCondition({ name: "receive", ports: "in", term: term.port("in", "nonEmpty") }),
 *     ],
 *   }],
 *   edges: [],
 * });
 * const { data: { packetId } } = sim.doAction({ type: "createPacket" });
 * sim.doAction({
 *   type: "transportPacketToLocation",
 *   packetId,
 *   destination: { type: "inputPort", nodeName: "Sink", portName: "in" },
 * });
 * const { created: [epochId] } = sim.runStep();
 * sim.doAction({ type: "startEpoch", epochId: epochId! });
 * sim.doAction({ type: "consumePacket", packetId });
 * const { data } = sim.doAction({ type: "finishEpoch", epochId: epochId! });
 * assertEquals(data.epoch.inSalvo.packets, [{ portName: "in", packetId }]);
 * ```
 */
export class NetSim {
  /** The graph that the simulator runs on. */
  readonly graph: Graph;
  readonly #state: SimState;
  readonly #now: () => number;

  /**
   * Creates a simulator without packets and epochs.
   *
   * @throws {InvalidGraphError} If the graph is not valid; its `errors` list all that is wrong.
   */
  constructor(graph: Graph | GraphSpec, options: NetSimOptions = {}) {
    this.graph = graph instanceof Graph ? graph : new Graph(graph);
    const { newId, now = Date.now, skipEmptySalvos = false } = options;
    const ids = newId === undefined ? new UlidMinter() : { next: newId };
    this.#state = new SimState(compiledGraph(this.graph), ids, skipEmptySalvos);
    this.#now = now;
  }

  /**
   * Does an action, wholly or, if it throws, not at all. A `runStep` that fails is the exception:
   * what happened before its requests failed stays done.
   *
   * @throws {NetSimError} If the action is not possible in this state.
   * @throws {TypeError} If the action is none: of an unknown type, or with a field missing.
   */
  doAction<A extends NetAction>(action: A): ActionResult<A> {
    const events: NetEvent[] = [];
    return { data: this.perform(action, events, this.#time()), events };
  }

  /**
   * Does an action as {@linkcode NetSim.doAction} does, at a given time, with the events going to
   * a given array. Without one none is built, which saves about half of the time.
   *
   * @param action What to do.
   * @param events Where events are added.
   * @param at Time of the action, in milliseconds UTC.
   * @throws {NetSimError} If the action is not possible in this state.
   * @throws {TypeError} If the action is none.
   *
   * @example Nobody listens
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { NetSim } from "@netrun/netrun/sim";
   *
   * const sim = new NetSim({ nodes: [], edges: [] });
   * const { packetId } = sim.perform({ type: "createPacket" }, undefined, 0);
   * assertEquals(sim.getPacketsAtLocation({ type: "outsideNet" }), [packetId]);
   * ```
   */
  perform<A extends NetAction>(
    action: A,
    events: NetEvent[] | undefined,
    at: number,
  ): ActionData<A> {
    return dispatch(this.#state, action, events, at) as ActionData<A>;
  }

  /**
   * Makes one pass: edges deliver, input conditions trigger, requests are filed and resolved.
   *
   * Every edge delivers one packet at most and every node triggers one salvo at most. Where several
   * edges compete for the room of one port, the one declared first always wins: it can starve the
   * others.
   *
   * @throws {RequestUnconnectedPortError} If a request fails. What the step did before is in
   *   `events` of the error; all pending requests are dropped.
   */
  runStep(): StepResult {
    const events: NetEvent[] = [];
    const { madeProgress, created } = runStep(this.#state, events, this.#time());
    return { madeProgress, created, events };
  }

  /**
   * Makes steps until another would change nothing, and returns all events.
   *
   * @throws {RequestUnconnectedPortError} If a step fails; `events` are those of all steps.
   * @throws {StepLimitExceededError} If it is not blocked after `maxSteps` steps.
   * @throws {InvalidArgumentError} If `maxSteps` is no integer of 0 or more.
   */
  runUntilBlocked(options: RunUntilBlockedOptions = {}): NetEvent[] {
    const { maxSteps = 100_000, signal } = options;
    if (maxSteps !== Infinity && !(Number.isInteger(maxSteps) && maxSteps >= 0)) {
      throw new InvalidArgumentError(
        `Cannot run: \`maxSteps\` must be an integer of 0 or more, got ${maxSteps}`,
      );
    }
    const events: NetEvent[] = [];
    for (let steps = 0; !this.isBlocked(); steps++) {
      signal?.throwIfAborted();
      if (steps === maxSteps) throw new StepLimitExceededError(maxSteps, events);
      runStep(this.#state, events, this.#time());
    }
    return events;
  }

  /**
   * Reverses an action, given the events that it returned. The last action is undone first; then
   * the state is exactly the one before, but for ids, which are not used again.
   *
   * The events of {@linkcode NetSim.runUntilBlocked} are undone as those of a `runStep`.
   *
   * @throws {UndoStateMismatchError} If the state is not the one after these events.
   * @throws {UndoNotFoundError} If a packet or an epoch that is needed is gone.
   * @throws {TypeError} If the action or an event is none. After any error nothing has changed.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { NetSim } from "@netrun/netrun/sim";
   *
   * const sim = new NetSim({ nodes: [], edges: [] });
   * const action = { type: "createPacket" } as const;
   * const { data, events } = sim.doAction(action);
   * sim.undoAction(action, events);
   * assertEquals(sim.getPacket(data.packetId), undefined);
   * ```
   */
  undoAction(action: NetAction, events: readonly NetEvent[]): void {
    checkActionType(action);
    requireArray(events, "The events of an action");
    undoEvents(this.#state, events);
  }

  /** Whether a step would change nothing. Costs nothing beside what changed since it was asked last. */
  isBlocked(): boolean {
    return isBlocked(this.#state);
  }

  /** The packet and where it is, if it exists. */
  getPacket(packetId: PacketId): Packet | undefined {
    const packet = typeof packetId === "string" ? this.#state.packets.get(packetId) : undefined;
    return packet && { id: packet.id, location: packet.queue!.location };
  }

  /**
   * Forgets which salvos an epoch sent first, and which orphans they had: what a long-lived epoch
   * sends would otherwise be remembered until it ends. Counts of salvos stay as they are.
   *
   * The epoch then shows the rest only, and what is forgotten cannot be undone.
   *
   * @param epochId The epoch; one that does not exist has nothing to forget.
   * @param keep How many records of each kind are kept, the latest.
   */
  forgetSent(epochId: EpochId, keep: number): void {
    this.#state.epochs.get(epochId)?.forgetSent(keep);
  }

  /** A snapshot of the epoch, if it is startable or running. */
  getEpoch(epochId: EpochId): Epoch | undefined {
    return typeof epochId === "string" ? this.#state.epochs.get(epochId)?.snapshot() : undefined;
  }

  /** Ids of the startable epochs, in order of creation. */
  getStartableEpochs(): EpochId[] {
    return this.#state.startableIds();
  }

  /** How many packets are at a location: 0 if there is no such location. */
  packetCountAt(location: PacketLocation): number {
    checkLocation(location, "The location");
    return this.#state.queueAt(location)?.length ?? 0;
  }

  /** Ids of the packets at a location, oldest first: none if there is no such location. */
  getPacketsAtLocation(location: PacketLocation): PacketId[] {
    checkLocation(location, "The location");
    return this.#state.queueAt(location)?.ids() ?? [];
  }

  /** Reads the clock: whole milliseconds, whatever the clock's resolution. */
  #time(): number {
    return Math.floor(this.#now());
  }
}
