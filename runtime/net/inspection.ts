/**
 * Looking into a net.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import { InputPortNotFoundError } from "../../sim/error.ts";
import { type Edge, formatEdge } from "../../sim/graph_spec.ts";
import type { Engine } from "./engine.ts";
import { nodeNamed } from "./inject.ts";
import type { LiveEpoch } from "./live_epoch.ts";

/** What a node is doing. */
export interface NodeStatus {
  /** Whether its epochs are run. */
  readonly enabled: boolean;
  /** Whether its init function has run. */
  readonly initialized: boolean;
  /** How many epochs it has had, as far as `max_epochs` counts them. */
  readonly epochCount: number;
  /** Its epochs that run. */
  readonly running: readonly EpochId[];
  /** Its epochs that can be started, oldest first. */
  readonly startable: readonly EpochId[];
  /** Number of packets that wait at each input port. */
  readonly waiting: Readonly<Record<string, number>>;
}

/** Packets on their way over an edge. */
export interface EdgeStatus {
  /** The edge. */
  readonly edge: Edge;
  /** How many packets are on it. */
  readonly packets: number;
}

/** An epoch that runs. */
export interface RunningEpoch {
  /** The epoch. */
  readonly epochId: EpochId;
  /** Its node. */
  readonly nodeName: string;
  /** When it started, in ms UTC; null while it is still being prepared. */
  readonly startedAt: number | null;
  /** How many times it was tried again. */
  readonly retryCount: number;
  /** Pool of the attempt, if it came to one. */
  readonly poolId: string | null;
  /** Worker of the attempt, if it came to one. */
  readonly workerId: number | null;
}

/** All that can be seen of a net, as JSON. */
export interface NetSnapshot {
  /** Every node by name. */
  readonly nodes: Readonly<Record<string, NodeStatus>>;
  /** Edges that hold packets. */
  readonly edges: readonly { readonly edge: string; readonly packets: number }[];
  /** Epochs that run, oldest first. */
  readonly running: readonly RunningEpoch[];
  /** Number of packets in each output queue. */
  readonly queues: Readonly<Record<string, number>>;
  /** Number of dead letters. */
  readonly deadLetters: number;
  /** Number of failures that were not thrown. */
  readonly exceptions: number;
}

/** Epochs that were launched and have not ended, oldest first. */
export function runningEpochs(engine: Engine): RunningEpoch[] {
  return engine.inFlight.toSorted((a, b) => a.order - b.order).map((epoch) => ({
    epochId: epoch.id,
    nodeName: epoch.node.name,
    startedAt: epoch.startedAt ?? null,
    retryCount: epoch.retryCount,
    poolId: epoch.poolId ?? null,
    workerId: epoch.workerId ?? null,
  }));
}

/** Startable epochs that nobody has taken up, oldest first. */
export function startableEpochs(engine: Engine): LiveEpoch[] {
  return engine.state.sim.getStartableEpochs()
    .map((id) => engine.epochs.get(id)!)
    .filter(({ phase }) => phase === "startable");
}

/** Whether nothing can happen without something from outside. */
export function isBlocked(engine: Engine): boolean {
  return engine.inFlight.length === 0 && engine.state.sim.isBlocked() &&
    !startableEpochs(engine).some((epoch) =>
      epoch.isControl || epoch.node.state.enabled &&
        (epoch.node.functions.exec !== null || epoch.inSalvo.packets.length === 0)
    );
}

/** What a node is doing. */
export function nodeState(engine: Engine, nodeName: string): NodeStatus {
  const node = nodeNamed(engine, nodeName);
  const ofNode = (epoch: LiveEpoch) => epoch.node === node;
  return {
    enabled: node.state.enabled,
    initialized: node.initialized,
    epochCount: node.state.epochCount,
    running: engine.inFlight.filter(ofNode).toSorted((a, b) => a.order - b.order)
      .map(({ id }) => id),
    startable: startableEpochs(engine).filter(ofNode).map(({ id }) => id),
    waiting: recordOf(
      [...node.config.in_ports.keys()].map((portName) => [
        portName,
        engine.state.sim.packetCountAt({ type: "inputPort", nodeName, portName }),
      ]),
    ),
  };
}

/** The edges that hold packets, in the order of the graph. */
export function edgeState(engine: Engine): EdgeStatus[] {
  const { sim } = engine.state;
  return engine.graph.edges
    .map((edge) => ({ edge, packets: sim.packetCountAt({ type: "edge", edge }) }))
    .filter(({ packets }) => packets > 0);
}

/** Packets that wait at an input port, oldest first. */
export function packetsAtPort(engine: Engine, nodeName: string, portName: string): PacketId[] {
  if (!nodeNamed(engine, nodeName).config.in_ports.has(portName)) {
    throw new InputPortNotFoundError(portName, nodeName);
  }
  return engine.state.sim.getPacketsAtLocation({ type: "inputPort", nodeName, portName });
}

/** Packets that wait at each input port of a node. */
export function packetsAtAllPorts(engine: Engine, nodeName: string): Map<string, PacketId[]> {
  return new Map(
    [...nodeNamed(engine, nodeName).config.in_ports.keys()]
      .map((port) => [port, packetsAtPort(engine, nodeName, port)]),
  );
}

/** All that can be seen. */
export function snapshot(engine: Engine): NetSnapshot {
  const { queues, deadLetters, exceptions } = engine.state;
  return {
    nodes: recordOf(
      [...engine.nodes.keys()].map((name) => [name, nodeState(engine, name)]),
    ),
    edges: edgeState(engine).map(({ edge, packets }) => ({ edge: formatEdge(edge), packets })),
    running: runningEpochs(engine),
    queues: recordOf(queues.list().map(({ name, count }) => [name, count])),
    deadLetters: deadLetters.size,
    exceptions: exceptions.size,
  };
}

/** A record, whatever the keys are. */
function recordOf<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries);
}
