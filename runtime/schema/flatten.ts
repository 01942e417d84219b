/**
 * From a graph with subgraphs to one without: edges lead to the nodes inside, names get longer.
 *
 * @module
 */
import type { EdgeConfig, ExposedPort } from "./graph.ts";
import {
  nodesOf,
  subgraphsOf,
  type TreeEdge,
  type TreeGraph,
  type TreeNode,
} from "./graph_tree.ts";
import { Hints } from "./hints.ts";
import type { ConfigIssue } from "./issue.ts";

/** A side of a node. */
export type Side = "in" | "out";

/** A port of the flat graph. A pair, never a joined name: both parts may hold dots. */
export interface FlatPort {
  node: string;
  port: string;
}

/** Tells whether a node has a port; undefined if its ports are not known. */
export type HasPort = (node: TreeNode, side: Side, port: string) => boolean | undefined;

/** The mapping from ports as edges name them to ports of the flat graph. */
export class PortMapping {
  readonly #byFlatName = new Map<string, TreeNode>();

  /** Maps the ports of a graph and of its subgraphs. */
  constructor(root: TreeGraph) {
    for (const node of nodesOf(root)) {
      if (!this.#byFlatName.has(node.flatName)) this.#byFlatName.set(node.flatName, node);
    }
  }

  /** The node of a flat name. */
  node(flatName: string): TreeNode | undefined {
    return this.#byFlatName.get(flatName);
  }

  /**
   * The flat port that `node` and `port` stand for in `graph`.
   *
   * An end that names nothing keeps its names, made flat, and is found when the graph is checked.
   */
  map(graph: TreeGraph, side: Side, node: string, port: string): FlatPort {
    let within = graph;
    let [name, portName] = [node, port];
    for (;;) {
      const member = within.byName.get(name);
      if (member?.kind !== "graph") return { node: joinName(within, name), port: portName };
      const exposed = exposedPorts(member, side).get(portName);
      if (exposed === undefined) return { node: member.flatName, port: portName };
      within = member;
      [name, portName] = [exposed.internal_node, exposed.internal_port];
    }
  }

  /** The edge with flat ends. */
  edge(graph: TreeGraph, edge: EdgeConfig): EdgeConfig {
    const source = this.map(graph, "out", edge.source_node, edge.source_port);
    const target = this.map(graph, "in", edge.target_node, edge.target_port);
    return {
      ...edge,
      source_node: source.node,
      source_port: source.port,
      target_node: target.node,
      target_port: target.port,
    };
  }
}

function joinName(graph: TreeGraph, name: string): string {
  return graph.flatName === "" ? name : `${graph.flatName}.${name}`;
}

function exposedPorts(graph: TreeGraph, side: Side): ReadonlyMap<string, ExposedPort> {
  return graph.config?.[`exposed_${side}_ports`] ?? new Map();
}

/** All edges with flat ends: of the outermost graph, then of each subgraph, depth first. */
export function flattenEdges(root: TreeGraph, mapping: PortMapping): TreeEdge[] {
  const edges: TreeEdge[] = [];
  for (const graph of [root, ...subgraphsOf(root)]) {
    for (const { config, place } of graph.edges) {
      edges.push({ config: mapping.edge(graph, config), place });
    }
  }
  return edges;
}

/** Reports every exposed port that leads nowhere, used or not. */
export function checkExposedPorts(
  root: TreeGraph,
  mapping: PortMapping,
  hasPort: HasPort,
  issues: ConfigIssue[],
): void {
  const hints = new Hints();
  for (const graph of subgraphsOf(root)) {
    for (const side of ["in", "out"] as const) {
      for (const [name, { internal_node, internal_port }] of exposedPorts(graph, side)) {
        const problem = exposedPortProblem(graph, side, internal_node, internal_port, {
          mapping,
          hasPort,
          hints,
        });
        if (problem === undefined) continue;
        issues.push(
          graph.place.at(`exposed_${side}_ports`, name).issue(
            "exposed_port_unknown",
            `port "${name}" of subgraph "${graph.flatName}" leads nowhere: ${problem}`,
          ),
        );
      }
    }
  }
}

function exposedPortProblem(
  graph: TreeGraph,
  side: Side,
  node: string,
  port: string,
  { mapping, hasPort, hints }: { mapping: PortMapping; hasPort: HasPort; hints: Hints },
): string | undefined {
  const inner = graph.byName.get(node);
  if (inner?.kind === "graph") {
    if (exposedPorts(inner, side).has(port)) return undefined;
    return `subgraph "${node}" in it exposes no ${side}put port "${port}"`;
  }
  const found = inner ?? mapping.node(joinName(graph, node));
  if (found === undefined) {
    return `there is no node "${node}" in it${hints.suffix(node, graph.byName.keys())}`;
  }
  return hasPort(found, side, port) === false
    ? `node "${node}" in it has no ${side}put port "${port}"`
    : undefined;
}

/**
 * Reports names of the flat graph that cannot stand beside each other: equal ones, and a node's name
 * that another node's name goes on after with a dot. Always the later one is reported.
 */
export function checkCollisions(root: TreeGraph, issues: ConfigIssue[]): void {
  const first = new Map<string, Member>();
  for (const [order, member] of [...membersOf(root)].entries()) {
    const { flatName, name } = member;
    if (name === "") continue;
    const before = first.get(flatName)?.member;
    if (before === undefined) first.set(flatName, { member, order });
    else issues.push(collision(member, `has the same name as a ${what(before)} before it`));
  }
  const nodes = [...first.values()].filter(({ member }) => member.kind === "node");
  nodes.sort((a, b) => compare(a.member.flatName, b.member.flatName));
  for (const shorter of nodes) {
    const longer = findStartingWith(nodes, `${shorter.member.flatName}.`);
    if (longer === undefined) continue;
    const [earlier, later] = shorter.order < longer.order ? [shorter, longer] : [longer, shorter];
    issues.push(
      collision(
        later.member,
        `stands beside node "${earlier.member.flatName}", and one name must not begin with the ` +
          "other and a dot",
      ),
    );
  }
}

interface Member {
  member: TreeNode | TreeGraph;
  /** Its place in document order. */
  order: number;
}

function collision(member: TreeNode | TreeGraph, problem: string): ConfigIssue {
  return member.place.at("name").issue(
    "node_name_collision",
    `${what(member)} "${member.flatName}" ${problem}: rename one of them`,
  );
}

function what(member: TreeNode | TreeGraph): string {
  return member.kind === "node" ? "node" : "subgraph";
}

function* membersOf(graph: TreeGraph): Generator<TreeNode | TreeGraph> {
  for (const member of graph.members) {
    yield member;
    if (member.kind === "graph") yield* membersOf(member);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first of the sorted members whose name begins so. */
function findStartingWith(sorted: readonly Member[], start: string): Member | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.member.flatName < start) low = middle + 1;
    else high = middle;
  }
  return sorted[low]?.member.flatName.startsWith(start) ? sorted[low] : undefined;
}
