/**
 * Holding generators back while what they have sent is not taken up.
 *
 * @module
 */
import type { Edge } from "../../sim/graph_spec.ts";
import type { Engine } from "./engine.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { NetNode } from "./net_node.ts";

/** So many packets may wait for a node before the generator that sends them is held back. */
const mostWaiting = 1000;

interface WaitingStream {
  readonly epoch: LiveEpoch;
  readonly resume: () => void;
}

/** Generators that have sent a part of their output and wait for room to send more. */
export class StreamRoom {
  readonly #engine: Engine;
  #waiting: WaitingStream[] = [];

  /** Creates the waiting room of a net. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** How many generators wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** A promise that resolves when there is room behind its node; undefined if there is some now. */
  wait(epoch: LiveEpoch): Promise<void> | undefined {
    if (this.#hasRoom(epoch.node)) return undefined;
    return new Promise((resolve) => this.#waiting.push({ epoch, resume: resolve }));
  }

  /** The epoch has ended, whether or not it was waiting. */
  leave(epoch: LiveEpoch): void {
    if (this.#waiting.length > 0) this.#resume((stream) => stream.epoch === epoch);
  }

  /** Lets those go on that have room; whether there were any. */
  resumeWhereRoom(): boolean {
    return this.#resume(({ epoch }) => this.#hasRoom(epoch.node));
  }

  /** Lets all go on: nothing else would make room. */
  resumeAll(): boolean {
    return this.#resume(() => true);
  }

  #resume(mayGoOn: (stream: WaitingStream) => boolean): boolean {
    if (this.#waiting.length === 0) return false;
    const { true: going = [], false: staying = [] } = Object.groupBy(
      this.#waiting,
      (stream) => `${mayGoOn(stream)}` as "true" | "false",
    );
    this.#waiting = staying;
    for (const { resume } of going) resume();
    return going.length > 0;
  }

  #hasRoom(node: NetNode): boolean {
    return [...node.routes.values()]
      .every((route) => route.kind !== "edge" || this.#hasRoomBehind(route.edge));
  }

  #hasRoomBehind(edge: Edge): boolean {
    const { state: { sim }, nodes, graph } = this.#engine;
    const { nodeName, portName } = edge.target;
    const waiting = sim.packetCountAt({ type: "edge", edge }) +
      sim.packetCountAt({ type: "inputPort", nodeName, portName });
    const { slots } = graph.node(nodeName)!.inPorts.find(({ name }) => name === portName)!;
    if (slots.type === "finite" && waiting >= slots.capacity) return false;
    return waiting + nodes.get(nodeName)!.startableCount < mostWaiting;
  }
}
