/**
 * The state of a simulator, and the few ways in which it changes.
 *
 * @module
 */
import type { CompiledGraph, CompiledNode } from "./compiled_graph.ts";
import { findEdge } from "./compiled_graph.ts";
import type { EpochRecord } from "./epoch_record.ts";
import type { PacketLocation } from "./event.ts";
import type { IdMinter } from "./id.ts";
import { IdMap } from "./id_map.ts";
import { EDGE, INPUT, OUTSIDE, PacketQueue, type PacketRecord } from "./packet_queue.ts";
import { ReadyList } from "./ready_list.ts";
import { UNLIMITED } from "./term_program.ts";

const OUTSIDE_NET: PacketLocation = Object.freeze({ type: "outsideNet" });

/** What changes about a node. */
export class NodeState {
  readonly graph: CompiledNode;
  /** The input ports, by index. */
  readonly inputs: readonly PacketQueue[];
  /** The output ports of an epoch that has loaded nothing yet. Never changed. */
  readonly noOutputs: (PacketQueue | undefined)[];
  /** How many packets are at the input ports. */
  waiting = 0;
  /** Whether the node may file a request when no condition of it is satisfied. */
  token: boolean;

  constructor(graph: CompiledNode) {
    this.graph = graph;
    this.token = graph.hasToken;
    this.inputs = graph.inputs.map(({ capacity, index, location }) => {
      const queue = new PacketQueue(INPUT, capacity, index, location, undefined);
      queue.node = this;
      return queue;
    });
    this.noOutputs = graph.outputs.map(() => undefined);
  }

  /** How many packets are at an input port. */
  count(port: number): number {
    return this.inputs[port]!.length;
  }
}

/** A request that waits for the next step. */
export interface PendingRequest {
  readonly node: CompiledNode;
  readonly label: string;
}

/**
 * Where all packets and epochs are.
 *
 * Invariants, kept by the methods and relied on by the step, which looks at nothing else:
 * every edge with a packet whose target port has room is in `readyEdges`; every node with waiting
 * packets that could trigger a salvo or spend its token is in `readyNodes`.
 */
export class SimState {
  readonly graph: CompiledGraph;
  readonly nodes: readonly NodeState[];
  /** Packets in transit, by index of the edge. */
  readonly edges: readonly PacketQueue[];
  readonly outside: PacketQueue = new PacketQueue(OUTSIDE, UNLIMITED, 0, OUTSIDE_NET, undefined);
  readonly packets: IdMap<PacketRecord> = new IdMap();
  readonly epochs: IdMap<EpochRecord> = new IdMap();
  readonly readyEdges: ReadyList;
  readonly readyNodes: ReadyList;
  pendingRequests: PendingRequest[] = [];
  startupRequestsSent = false;
  /** How many epochs have been created. */
  createdEpochs = 0;
  #firstStartable: EpochRecord | undefined = undefined;
  #lastStartable: EpochRecord | undefined = undefined;

  /** Mints ids. */
  readonly ids: IdMinter;
  /** Whether a condition that would take no packet counts as not satisfied. */
  readonly skipEmptySalvos: boolean;

  constructor(graph: CompiledGraph, ids: IdMinter, skipEmptySalvos: boolean) {
    this.graph = graph;
    this.ids = ids;
    this.skipEmptySalvos = skipEmptySalvos;
    this.nodes = graph.nodes.map((node) => new NodeState(node));
    this.edges = graph.edges.map(({ index, location, target, input }) => {
      const queue = new PacketQueue(EDGE, UNLIMITED, index, location, undefined);
      queue.target = this.nodes[target.index]!.inputs[input.index]!;
      return queue;
    });
    this.readyEdges = new ReadyList(graph.edges.length);
    this.readyNodes = new ReadyList(graph.nodes.length);
  }

  /** The state of a node, by name. */
  node(name: string): NodeState | undefined {
    const node = this.graph.nodesByName.get(name);
    return node && this.nodes[node.index];
  }

  /** Puts a packet that is nowhere in front of `next`, or at the end of a queue. */
  put(packet: PacketRecord, queue: PacketQueue, next?: PacketRecord): void {
    queue.link(packet, next);
    if (queue.kind === EDGE) {
      this.readyEdges.add(queue.index);
    } else if (queue.kind === INPUT) {
      const node = queue.node!;
      node.waiting++;
      this.readyNodes.add(node.graph.index);
    }
  }

  /** Takes a packet out of its queue. */
  take(packet: PacketRecord): void {
    const queue = packet.queue!;
    if (queue.kind === INPUT) {
      const node = queue.node!;
      node.waiting--;
      this.readyNodes.add(node.graph.index);
      if (queue.length === queue.capacity) this.#wakeEdges(queue);
    }
    queue.unlink(packet);
  }

  /** Moves a packet to the end of a queue. */
  move(packet: PacketRecord, to: PacketQueue): void {
    this.take(packet);
    this.put(packet, to);
  }

  /** Removes a packet for good. */
  remove(packet: PacketRecord): void {
    this.take(packet);
    this.packets.delete(packet.id);
  }

  /** Gives or takes the request token of a node that has one. */
  setToken(node: NodeState, token: boolean): void {
    node.token = token;
    if (token && node.waiting > 0) this.readyNodes.add(node.graph.index);
  }

  /**
   * Adds an epoch, in the place among the startable ones that its creation gives it, unless there
   * is one with its id; says whether it was added.
   */
  addEpoch(epoch: EpochRecord): boolean {
    if (!this.epochs.add(epoch)) return false;
    if (!epoch.running) this.#listStartable(epoch);
    return true;
  }

  /** Removes an epoch that holds no packets. */
  removeEpoch(epoch: EpochRecord): void {
    this.epochs.delete(epoch.id);
    if (!epoch.running) this.#unlistStartable(epoch);
  }

  /** Makes an epoch running, or startable again. */
  setRunning(epoch: EpochRecord, running: boolean): void {
    epoch.running = running;
    if (running) this.#unlistStartable(epoch);
    else this.#listStartable(epoch);
  }

  /** The startable epochs, in order of creation. */
  startableIds(): string[] {
    const ids: string[] = [];
    for (let epoch = this.#firstStartable; epoch !== undefined; epoch = epoch.next) {
      ids.push(epoch.id);
    }
    return ids;
  }

  /** The queue of a location, if there is one: an output port has none until it is used. */
  queueAt(location: PacketLocation): PacketQueue | undefined {
    switch (location.type) {
      case "outsideNet":
        return this.outside;
      case "edge": {
        const edge = findEdge(this.graph, location.edge);
        return edge && this.edges[edge.index];
      }
      case "inputPort": {
        const node = this.node(location.nodeName);
        const port = node?.graph.inputsByName.get(location.portName);
        return port && node!.inputs[port.index];
      }
      case "node":
        return this.epochs.get(location.epochId)?.inside;
      case "outputPort": {
        const epoch = this.epochs.get(location.epochId);
        const port = epoch?.node.graph.outputsByName.get(location.portName);
        return port && epoch!.outputs[port.index];
      }
    }
  }

  #wakeEdges(port: PacketQueue): void {
    for (const { index } of port.node!.graph.inputs[port.index]!.edges) {
      if (this.edges[index]!.length > 0) this.readyEdges.add(index);
    }
  }

  #listStartable(epoch: EpochRecord): void {
    // A new epoch goes to the end; only undo has to look further.
    let previous = this.#lastStartable;
    while (previous !== undefined && previous.creationIndex > epoch.creationIndex) {
      previous = previous.previous;
    }
    const next = previous === undefined ? this.#firstStartable : previous.next;
    epoch.previous = previous;
    epoch.next = next;
    if (previous === undefined) this.#firstStartable = epoch;
    else previous.next = epoch;
    if (next === undefined) this.#lastStartable = epoch;
    else next.previous = epoch;
  }

  #unlistStartable(epoch: EpochRecord): void {
    const { previous, next } = epoch;
    if (previous === undefined) this.#firstStartable = next;
    else previous.next = next;
    if (next === undefined) this.#lastStartable = previous;
    else next.previous = previous;
    epoch.previous = undefined;
    epoch.next = undefined;
  }
}
