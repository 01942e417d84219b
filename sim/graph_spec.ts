/**
 * The shape of a graph: nodes with ports and salvo conditions, joined by edges.
 *
 * @module
 */
import type { SalvoConditionSpec, Slots } from "./condition.ts";

/** A port of a node. */
export interface PortSpec {
  /** Name, unique among the ports of that side of the node. */
  name: string;
  /**
   * How many packets the port holds at most.
   *
   * @default {{ type: "infinite" }}
   */
  slots?: Slots;
}

/** What makes a node ask for its upstream sources to be started by itself. */
export type RequestTrigger = "onStartup" | "onNoSalvoTriggered";

/** When a node requests packets over its dependency edges, and under which label. */
export interface DependencyRequest {
  /** What triggers a request. */
  triggers: RequestTrigger[];
  /** Requests of one label that reach the same source in one step start it once. */
  label: string;
}

/** A node. Everything but the name may be left out. */
export interface NodeSpec {
  /** Name, unique in the graph. */
  name: string;
  /** Ports at which packets arrive. */
  inPorts?: PortSpec[];
  /** Ports through which packets leave. */
  outPorts?: PortSpec[];
  /** When waiting packets start an epoch; the first that is satisfied wins. */
  inSalvoConditions?: SalvoConditionSpec[];
  /** When an epoch may send loaded packets. */
  outSalvoConditions?: SalvoConditionSpec[];
  /** Requests that the node files by itself. */
  dependencyRequest?: DependencyRequest;
}

/** Names a port of a graph. */
export interface PortRef {
  /** The node. */
  nodeName: string;
  /** The side of the node. */
  portType: "input" | "output";
  /** The port. */
  portName: string;
}

/** A way from an output port to an input port. Two edges are equal when all six names agree. */
export interface Edge {
  /** Where packets come from. */
  source: PortRef;
  /** Where they go. */
  target: PortRef;
}

/** An edge as a graph spec lists it. */
export interface EdgeSpec extends Edge {
  /** Requests walk backward over this edge: the same as listing it in `dependencyEdges`. */
  dependency?: boolean;
}

/** A graph as plain data. The order in every list is the declaration order, which decides ties. */
export interface GraphSpec {
  /** The nodes. */
  nodes: NodeSpec[];
  /** The edges. Listing one twice is harmless. */
  edges: EdgeSpec[];
  /** Those edges over which a request first leaves the node that files it. */
  dependencyEdges?: Edge[];
}

/** A port of a {@linkcode Graph}: nothing is left out. */
export interface GraphPort extends PortSpec {
  /** How many packets the port holds at most. */
  slots: Slots;
}

/** A node of a {@linkcode Graph}: no list is left out. */
export interface GraphNode extends NodeSpec {
  /** Ports at which packets arrive. */
  inPorts: GraphPort[];
  /** Ports through which packets leave. */
  outPorts: GraphPort[];
  /** When waiting packets start an epoch. */
  inSalvoConditions: SalvoConditionSpec[];
  /** When an epoch may send loaded packets. */
  outSalvoConditions: SalvoConditionSpec[];
}

/**
 * Builds an edge from output port `out` of node `a` to input port `inp` of node `b`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { edge, formatEdge } from "@netrun/netrun/sim";
 *
 * assertEquals(formatEdge(edge("A", "x", "B", "y")), "A.x -> B.y");
 * ```
 */
export function edge(a: string, out: string, b: string, inp: string): Edge {
  return {
    source: { nodeName: a, portType: "output", portName: out },
    target: { nodeName: b, portType: "input", portName: inp },
  };
}

function samePort(a: PortRef, b: PortRef): boolean {
  return a.portName === b.portName && a.nodeName === b.nodeName && a.portType === b.portType;
}

/** Whether two edges are equal. */
export function sameEdge(a: Edge, b: Edge): boolean {
  return samePort(a.source, b.source) && samePort(a.target, b.target);
}

/** A port as messages write it: `input port "p" of node "N"`. */
export function formatPort(port: PortRef): string {
  return `${port.portType} port "${port.portName}" of node "${port.nodeName}"`;
}

/** An edge as messages write it: `A.x -> B.y`. */
export function formatEdge({ source, target }: Edge): string {
  return `${source.nodeName}.${source.portName} -> ${target.nodeName}.${target.portName}`;
}
