/**
 * Graphs as the simulator uses them: names looked up once, ports and edges numbered, terms compiled.
 *
 * @module
 */
import type { SalvoConditionSpec } from "./condition.ts";
import { InvalidGraphError } from "./error.ts";
import type { PacketLocation } from "./event.ts";
import type { Graph } from "./graph.ts";
import { type Edge, type GraphNode, type GraphPort, sameEdge } from "./graph_spec.ts";
import { byName, type NameMap } from "./name_map.ts";
import type { SourceWalk } from "./request_walk.ts";
import { capacityOf, compileTerm, limited, type TermProgram, UNLIMITED } from "./term_program.ts";

/** A valid graph, compiled. Nodes and edges are numbered in declaration order. */
export interface CompiledGraph {
  readonly nodes: readonly CompiledNode[];
  readonly nodesByName: NameMap<CompiledNode>;
  readonly edges: readonly CompiledEdge[];
  /** Nodes that file a request at startup. */
  readonly startupNodes: readonly CompiledNode[];
}

/** A node of a compiled graph. */
export interface CompiledNode {
  readonly index: number;
  readonly name: string;
  readonly inputs: readonly CompiledInput[];
  readonly outputs: readonly CompiledOutput[];
  readonly inputsByName: NameMap<CompiledInput>;
  readonly outputsByName: NameMap<CompiledOutput>;
  /** Input conditions that steps look at: all but the manual ones. */
  readonly inConditions: readonly CompiledCondition[];
  readonly outConditions: readonly CompiledCondition[];
  readonly outConditionsByName: NameMap<CompiledCondition>;
  /** Label of the node's own requests. */
  readonly requestLabel: string;
  /** Whether the node files a request, if it has its token, when no condition of it is satisfied. */
  readonly hasToken: boolean;
  /** The walk from this node, once it was needed. */
  walk: SourceWalk | undefined;
}

/** An input port of a compiled graph. */
export interface CompiledInput {
  readonly index: number;
  readonly name: string;
  readonly capacity: number;
  readonly location: PacketLocation;
  readonly edges: CompiledEdge[];
}

/** An output port of a compiled graph. */
export interface CompiledOutput {
  readonly index: number;
  readonly name: string;
  readonly capacity: number;
  edge: CompiledEdge | undefined;
}

/** An edge of a compiled graph. */
export interface CompiledEdge {
  readonly index: number;
  readonly spec: Edge;
  readonly location: PacketLocation;
  readonly source: CompiledNode;
  readonly target: CompiledNode;
  readonly input: CompiledInput;
  readonly isDependency: boolean;
}

/** A salvo condition of a compiled graph. Ports are indices of the node's ports of that side. */
export interface CompiledCondition {
  readonly index: number;
  readonly name: string;
  readonly maxSalvos: number;
  readonly program: TermProgram<number>;
  readonly ports: readonly {
    readonly port: number;
    readonly name: string;
    readonly most: number;
  }[];
}

const compiled = new WeakMap<Graph, CompiledGraph>();

/**
 * The compiled form of a graph, made once a graph.
 *
 * @throws {InvalidGraphError} If the graph is not valid.
 */
export function compiledGraph(graph: Graph): CompiledGraph {
  let result = compiled.get(graph);
  if (result === undefined) {
    const issues = graph.validate();
    if (issues.length > 0) throw new InvalidGraphError(issues);
    result = compile(graph);
    compiled.set(graph, result);
  }
  return result;
}

/** The edge of a compiled graph that equals `edge`, if there is one. */
export function findEdge(graph: CompiledGraph, edge: Edge): CompiledEdge | undefined {
  const node = graph.nodesByName.get(edge.source.nodeName);
  const found = node?.outputsByName.get(edge.source.portName)?.edge;
  return found !== undefined && sameEdge(found.spec, edge) ? found : undefined;
}

function compile(graph: Graph): CompiledGraph {
  const nodes = graph.nodes.map(compileNode);
  const nodesByName = byName(nodes);
  const edges = graph.edges.map((spec, index): CompiledEdge => {
    const { source, target } = spec;
    const sourceNode = nodesByName.get(source.nodeName)!;
    const targetNode = nodesByName.get(target.nodeName)!;
    const input = targetNode.inputsByName.get(target.portName)!;
    const edge: CompiledEdge = {
      index,
      spec,
      location: Object.freeze({ type: "edge", edge: spec }),
      source: sourceNode,
      target: targetNode,
      input,
      isDependency: graph.isDependencyEdge(spec),
    };
    sourceNode.outputsByName.get(source.portName)!.edge = edge;
    input.edges.push(edge);
    return edge;
  });
  const startupNodes = nodes.filter((_, i) =>
    graph.nodes[i]!.dependencyRequest?.triggers.includes("onStartup")
  );
  return { nodes, nodesByName, edges, startupNodes };
}

function compileNode(spec: GraphNode, index: number): CompiledNode {
  const inputs = spec.inPorts.map((port, index): CompiledInput => ({
    index,
    name: port.name,
    capacity: capacityOf(port.slots),
    location: Object.freeze({ type: "inputPort", nodeName: spec.name, portName: port.name }),
    edges: [],
  }));
  const outputs = spec.outPorts.map((port, index): CompiledOutput => ({
    index,
    name: port.name,
    capacity: capacityOf(port.slots),
    edge: undefined,
  }));
  const inputsByName = byName(inputs);
  const outputsByName = byName(outputs);
  const outConditions = spec.outSalvoConditions.map((condition, index) =>
    compileCondition(condition, index, spec.outPorts, outputsByName)
  );
  return {
    index,
    name: spec.name,
    inputs,
    outputs,
    inputsByName,
    outputsByName,
    inConditions: spec.inSalvoConditions
      .filter((condition) => !condition.manual)
      .map((condition, index) => compileCondition(condition, index, spec.inPorts, inputsByName)),
    outConditions,
    outConditionsByName: byName(outConditions),
    requestLabel: spec.dependencyRequest?.label ?? "",
    hasToken: spec.dependencyRequest?.triggers.includes("onNoSalvoTriggered") ?? false,
    walk: undefined,
  };
}

function compileCondition(
  spec: SalvoConditionSpec,
  index: number,
  ports: readonly GraphPort[],
  portsByName: NameMap<{ readonly index: number }>,
): CompiledCondition {
  const indexOf = (portName: string) => portsByName.get(portName)!.index;
  return {
    index,
    name: spec.name,
    maxSalvos: spec.maxSalvos.type === "finite" ? limited(spec.maxSalvos.max) : UNLIMITED,
    program: compileTerm(spec.term, indexOf, (portName) => ports[indexOf(portName)]!.slots),
    ports: spec.ports.map(({ portName: name, count }) => ({
      port: indexOf(name),
      name,
      most: count.type === "count" ? limited(count.count) : UNLIMITED,
    })),
  };
}
