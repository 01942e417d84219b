/**
 * A graph with look-ups, as the checks of its structure need it.
 *
 * @module
 */
import type { Side } from "./flatten.ts";
import { subgraphsOf, type TreeEdge, type TreeGraph, type TreeNode } from "./graph_tree.ts";
import { Hints } from "./hints.ts";
import type { NodeConfig, NodeExecutionConfig } from "./node.ts";

/** A node as it is checked: resolved, or as written. */
export interface CheckedNode {
  /** Where it came from. */
  tree: TreeNode;
  /** Flat name. */
  name: string;
  /** Its ports and conditions. */
  config: NodeConfig;
  /** How it is run. */
  execution: NodeExecutionConfig | null;
  /** Names of its input ports; undefined if they are not known. */
  inPorts: readonly string[] | undefined;
  /** Names of its output ports; undefined if they are not known. */
  outPorts: readonly string[] | undefined;
}

/** A flat graph: nodes by name, edges, and what is not known of it. */
export class CheckedGraph {
  /** The nodes in order. */
  readonly nodes: readonly CheckedNode[];
  /** The edges with flat ends, in order. */
  readonly edges: readonly TreeEdge[];
  /** Suggestions for all of its checks. */
  readonly hints: Hints = new Hints();
  readonly #nodes = new Map<
    string,
    CheckedNode & { ports: Record<Side, Set<string> | undefined> }
  >();
  readonly #graphs = new Map<string, TreeGraph>();
  readonly #unknown = new Set<string>();
  readonly #connected = new Set<string>();
  readonly #dependent = new Set<string>();

  constructor(root: TreeGraph, nodes: readonly CheckedNode[], edges: readonly TreeEdge[]) {
    this.nodes = nodes;
    this.edges = edges;
    for (const node of nodes) {
      const ports = {
        in: node.inPorts && new Set(node.inPorts),
        out: node.outPorts && new Set(node.outPorts),
      };
      if (!this.#nodes.has(node.name)) this.#nodes.set(node.name, { ...node, ports });
      if (node.tree.isUnexpanded) this.#unknown.add(node.name);
    }
    for (const graph of subgraphsOf(root)) {
      this.#graphs.set(graph.flatName, graph);
      if (graph.isUnopened) this.#unknown.add(graph.flatName);
    }
    for (const { config: { source_node, source_port, target_node, dependency } } of edges) {
      this.#connected.add(JSON.stringify([source_node, source_port]));
      if (dependency) this.#dependent.add(target_node);
    }
  }

  /** The node of a flat name. */
  node(name: string): CheckedNode | undefined {
    return this.#nodes.get(name);
  }

  /** The subgraph of a flat name. */
  subgraph(name: string): TreeGraph | undefined {
    return this.#graphs.get(name);
  }

  /** All names that an edge could give. */
  *names(): Generator<string> {
    yield* this.#nodes.keys();
    yield* this.#graphs.keys();
  }

  /** Whether a node has a port; undefined if its ports are not known. */
  hasPort(name: string, side: Side, port: string): boolean | undefined {
    return this.#nodes.get(name)?.ports[side]?.has(port);
  }

  /** Whether the name may be that of something in a graph that was not opened. */
  isUnknown(name: string): boolean {
    if (this.#unknown.size === 0) return false;
    for (let dot = name.indexOf("."); dot !== -1; dot = name.indexOf(".", dot + 1)) {
      if (this.#unknown.has(name.slice(0, dot))) return true;
    }
    return false;
  }

  /** Whether an edge leaves by the output port. */
  isConnected(node: string, port: string): boolean {
    return this.#connected.has(JSON.stringify([node, port]));
  }

  /** Whether a dependency edge enters the node. */
  isDependent(node: string): boolean {
    return this.#dependent.has(node);
  }
}
