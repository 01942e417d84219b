/**
 * Graphs: the static topology that a simulator runs on.
 *
 * @module
 */
import { compiledGraph } from "./compiled_graph.ts";
import { copyGraphSpec } from "./copy_graph_spec.ts";
import {
  InvalidGraphError,
  RequestNodeNotFoundError,
  RequestUnconnectedPortError,
} from "./error.ts";
import type { GraphIssue } from "./graph_issue.ts";
import type { Edge, GraphNode, GraphSpec, PortRef } from "./graph_spec.ts";
import { sameEdge } from "./graph_spec.ts";
import { PortRefMap } from "./name_map.ts";
import { findSources } from "./request_walk.ts";
import { findDuplicates, validateGraph } from "./validate_graph.ts";

export type * from "./graph_spec.ts";
export { edge, formatEdge, formatPort } from "./graph_spec.ts";

/**
 * A graph: immutable, indexed by name, everything in declaration order.
 *
 * It may be invalid; {@linkcode Graph.validate} says whether it is.
 *
 * @example A source and a sink
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { edge, Graph } from "@netrun/netrun/sim";
 *
 * const graph = new Graph({
 *   nodes: [
 *     { name: "Source", outPorts: [{ name: "out" }] },
 *     { name: "Sink", inPorts: [{ name: "in", slots: { type: "finite", capacity: 3 } }] },
 *   ],
 *   edges: [edge("Source", "out", "Sink", "in")],
 * });
 * assertEquals(graph.validate(), []);
 * assertEquals(graph.node("Source")?.outPorts, [{ name: "out", slots: { type: "infinite" } }]);
 * ```
 */
export class Graph {
  /** The nodes, frozen, with no list left out. */
  readonly nodes: readonly GraphNode[];
  /** The distinct edges, frozen. */
  readonly edges: readonly Edge[];
  /** The distinct dependency edges, frozen: those of the graph first, in the order of `edges`. */
  readonly dependencyEdges: readonly Edge[];
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edgesByTail = new PortRefMap<Edge[]>();
  readonly #edgesByHead = new PortRefMap<Edge[]>();
  readonly #dependencies = new Set<Edge>();

  /**
   * Copies and indexes a spec.
   *
   * @param spec The graph as plain data; later changes of it have no effect.
   * @throws {InvalidGraphError} If a name is there twice where it must be unique, or if a number is
   *   no integer of 0 or more. Everything else is left to {@linkcode Graph.validate}.
   * @throws {TypeError} If the spec is not of the shape of a graph.
   */
  constructor(spec: GraphSpec) {
    const issues: GraphIssue[] = [];
    const { nodes, edges, dependencyEdges } = copyGraphSpec(spec, issues);
    issues.unshift(...findDuplicates(nodes));
    if (issues.length > 0) throw new InvalidGraphError(issues);

    for (const node of nodes) this.#nodes.set(node.name, node);
    const distinct: Edge[] = [];
    for (const { source, target, dependency } of edges) {
      let edge = this.#find({ source, target });
      if (edge === undefined) {
        edge = { source, target };
        distinct.push(edge);
        addTo(this.#edgesByTail, source, edge);
        addTo(this.#edgesByHead, target, edge);
      }
      if (dependency) this.#dependencies.add(edge);
    }
    const unknown: Edge[] = [];
    for (const listed of dependencyEdges) {
      const edge = this.#find(listed);
      if (edge !== undefined) this.#dependencies.add(edge);
      else if (!unknown.some((other) => sameEdge(other, listed))) unknown.push(listed);
    }
    this.nodes = deepFreeze(nodes);
    this.edges = deepFreeze(distinct);
    this.dependencyEdges = deepFreeze([
      ...distinct.filter((edge) => this.#dependencies.has(edge)),
      ...unknown,
    ]);
  }

  /** The node of that name, if there is one. */
  node(name: string): GraphNode | undefined {
    return this.#nodes.get(name);
  }

  /** The edge that starts at an output port, if there is one. */
  getEdgeByTail(port: PortRef): Edge | undefined {
    return this.#edgesByTail.get(port)?.[0];
  }

  /** The edges that end at an input port. */
  getEdgesByHead(port: PortRef): Edge[] {
    return [...this.#edgesByHead.get(port) ?? []];
  }

  /** Whether an edge of the graph is a dependency edge. */
  isDependencyEdge(edge: Edge): boolean {
    const own = this.#find(edge);
    return own !== undefined && this.#dependencies.has(own);
  }

  /**
   * Everything that is wrong with the graph; an empty list if it is valid.
   *
   * @example An edge into nowhere
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { edge, Graph } from "@netrun/netrun/sim";
   *
   * const graph = new Graph({
   *   nodes: [{ name: "A", outPorts: [{ name: "out" }] }],
   *   edges: [edge("A", "out", "B", "in")],
   * });
   * assertEquals(graph.validate().map((issue) => issue.message), [
   *   'Edge A.out -> B.in: there is no node "B" in the graph',
   * ]);
   * ```
   */
  validate(): GraphIssue[] {
    return validateGraph(
      this.#nodes,
      this.edges,
      this.dependencyEdges,
      (edge) => this.#find(edge) !== undefined,
    );
  }

  /** The graph as a spec in which nothing is left out: a copy, free to be changed. */
  toJSON(): GraphSpec {
    const spec = copyGraphSpec({
      nodes: this.nodes as GraphNode[],
      edges: this.edges as Edge[],
      dependencyEdges: this.dependencyEdges as Edge[],
    }, []);
    return spec;
  }

  /**
   * The upstream sources that a request from a node would start.
   *
   * The walk leaves the node over its dependency edges and goes on over all edges; a source is a
   * node that nothing leads to.
   *
   * @throws {RequestNodeNotFoundError} If there is no such node.
   * @throws {RequestUnconnectedPortError} If the walk comes to a port that no edge leads to.
   * @throws {InvalidGraphError} If the graph is not valid.
   */
  sourcesOf(nodeName: string): string[] {
    const graph = compiledGraph(this);
    const node = graph.nodesByName.get(nodeName);
    if (node === undefined) throw new RequestNodeNotFoundError(nodeName);
    const { sources, unconnected } = findSources(graph, node);
    if (unconnected !== undefined) {
      throw new RequestUnconnectedPortError(unconnected.nodeName, unconnected.portName);
    }
    return sources.map((source) => source.name);
  }

  #find(edge: Edge): Edge | undefined {
    return this.#edgesByTail.get(edge.source)?.find((other) => sameEdge(other, edge));
  }
}

function addTo(map: PortRefMap<Edge[]>, port: PortRef, edge: Edge): void {
  const edges = map.get(port);
  if (edges === undefined) map.add(port, [edge]);
  else edges.push(edge);
}

function deepFreeze<T extends object>(root: T): T {
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== "object" || value === null || Object.isFrozen(value)) continue;
    if (Array.isArray(value)) { for (const inner of value) stack.push(inner); }
    else for (const key in value) stack.push((value as Record<string, unknown>)[key]);
    Object.freeze(value);
  }
  return root;
}
