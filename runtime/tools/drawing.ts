/**
 * A net as something to be drawn: boxes in groups, joined by lines.
 *
 * @module
 */
import { isSubgraph, shownGraph, type ShownNet } from "./describe_net.ts";

/** A node or an unresolved subgraph. */
export interface DrawnNode {
  /** Its flat name. */
  readonly name: string;
  /** What stands on it: its name inside its group. */
  readonly label: string;
  /** Names of the input ports. */
  readonly inPorts: readonly string[];
  /** Names of the output ports. */
  readonly outPorts: readonly string[];
  /** Its factory, if it has one. */
  readonly factory: string | undefined;
  /** It stands for a graph of its own. */
  readonly isSubgraph: boolean;
}

/** A line between two ports. */
export interface DrawnEdge {
  readonly source: string;
  readonly sourcePort: string;
  readonly target: string;
  readonly targetPort: string;
  /** The target asks the source to run. */
  readonly isDependency: boolean;
}

/** A subgraph that was flattened: the frame around its nodes. */
export interface DrawnGroup {
  /** Its flat name; empty for the net as a whole. */
  readonly name: string;
  /** What stands on it. */
  readonly label: string;
  /** The nodes right inside. */
  readonly nodes: readonly DrawnNode[];
  /** The groups right inside. */
  readonly groups: readonly DrawnGroup[];
}

/** What is drawn of a net. */
export interface Drawing {
  /** The net as a whole. */
  readonly root: DrawnGroup;
  /** All nodes, in order. */
  readonly nodes: readonly DrawnNode[];
  /** All edges, in order. */
  readonly edges: readonly DrawnEdge[];
}

/** What is drawn of a net. */
export function drawingOf(net: ShownNet): Drawing {
  const { nodes: members, edges } = shownGraph(net);
  const subgraphs = (net.resolved?.subgraphs ?? []).map(({ name }) => name);
  const groupOf = (name: string): string =>
    subgraphs.filter((group) => name.startsWith(`${group}.`))
      .reduce((longest, group) => group.length > longest.length ? group : longest, "");
  const label = (name: string): string => {
    const group = groupOf(name);
    return group === "" ? name : name.slice(group.length + 1);
  };
  const nodes = members.map((member): DrawnNode => ({
    name: member.name,
    label: label(member.name),
    inPorts: [...(isSubgraph(member) ? member.exposed_in_ports : member.in_ports).keys()],
    outPorts: [...(isSubgraph(member) ? member.exposed_out_ports : member.out_ports).keys()],
    factory: isSubgraph(member) || typeof member.factory !== "string" ? undefined : member.factory,
    isSubgraph: isSubgraph(member),
  }));
  const build = (name: string): DrawnGroup => ({
    name,
    label: name === "" ? "" : label(name),
    nodes: nodes.filter((node) => groupOf(node.name) === name),
    groups: subgraphs.filter((group) => group !== name && groupOf(group) === name).map(build),
  });
  return {
    root: build(""),
    nodes,
    edges: edges.map((edge) => ({
      source: edge.source_node,
      sourcePort: edge.source_port,
      target: edge.target_node,
      targetPort: edge.target_port,
      isDependency: edge.dependency,
    })),
  };
}

/** What Mermaid or DOT would not take as a name. */
const RESERVED =
  /^(?:\d.*|_*|end|graph|subgraph|flowchart|click|style|class\w*|linkstyle|default|digraph|node|edge|strict|[ox])$/i;

/** Names that a drawing language accepts, different for different nodes. */
export function drawnIds(drawing: Drawing): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  const add = (name: string) => {
    const plain = name.replaceAll(/[^A-Za-z0-9_]/g, "_");
    const base = RESERVED.test(plain) ? `n_${plain}` : plain;
    let id = base;
    for (let i = 2; taken.has(id); i++) id = `${base}_${i}`;
    taken.add(id);
    ids.set(name, id);
  };
  for (const { name } of drawing.nodes) if (!ids.has(name)) add(name);
  const addGroups = (group: DrawnGroup) => {
    if (!ids.has(group.name)) add(group.name);
    group.groups.forEach(addGroups);
  };
  addGroups(drawing.root);
  return ids;
}
