/**
 * Subgraph surgery: several nodes become one subgraph, and the other way round.
 *
 * @module
 */
import { edgeEnds, renameInEdge } from "../../runtime/tools/raw_edge.ts";
import {
  asObject,
  listAt,
  objectAt,
  objectsIn,
  type RawObject,
} from "../../runtime/tools/raw_net.ts";
import { renameInQueues } from "../../runtime/tools/raw_queues.ts";
import { type ConfigPath, freeName, namesIn, objectAtPath } from "./document.ts";
import { EditRefused, nameOf, nodeAt, prefixOf, setPosition } from "./edit_nodes.ts";
import { positionOf } from "./graph_view.ts";

type Side = "in" | "out";

/**
 * Moves nodes of a graph into a new inline subgraph, each as it is.
 *
 * Where an edge crosses the border a port is exposed, called after node and port. Queues that collect
 * from the nodes go on doing so.
 *
 * @param indexes Which nodes of the graph.
 * @returns Path of the subgraph.
 * @throws {EditRefused} If there are fewer than two nodes.
 */
export function createSubgraph(
  draft: RawObject,
  graphPath: ConfigPath,
  indexes: readonly number[],
): ConfigPath {
  const graph = objectAtPath(draft, graphPath);
  const nodes = listAt(graph, "nodes");
  const moved = indexes.toSorted((a, b) => a - b).map((i) => nodes[i] as RawObject);
  if (moved.length < 2) throw new EditRefused("Select at least two nodes to make a subgraph");
  const inside = new Set(moved.map(nameOf));
  const name = freeName("Subgraph", namesIn(graph));
  const exposed = { in: new Map<string, RawObject>(), out: new Map<string, RawObject>() };
  const expose = (side: Side, node: string, port: string): string => {
    for (const [outer, inner] of exposed[side]) {
      if (inner.get("internal_node") === node && inner.get("internal_port") === port) return outer;
    }
    const outer = freeName(`${node}_${port}`, new Set(exposed[side].keys()));
    exposed[side].set(outer, new Map([["internal_node", node], ["internal_port", port]]));
    return outer;
  };
  const inner: RawObject[] = [];
  const outer: RawObject[] = [];
  for (const edge of objectsIn(graph.get("edges"))) {
    const { sourceNode = "", sourcePort = "", targetNode = "", targetPort = "" } = edgeEnds(edge);
    const [leaves, enters] = [inside.has(sourceNode), inside.has(targetNode)];
    if (leaves && enters) inner.push(edge);
    else {
      if (leaves) setEnd(edge, "source", name, expose("out", sourceNode, sourcePort));
      if (enters) setEnd(edge, "target", name, expose("in", targetNode, targetPort));
      outer.push(edge);
    }
  }
  for (const side of ["in", "out"] as const) {
    for (const port of asObject(graph.get(`exposed_${side}_ports`))?.values() ?? []) {
      const { internal_node: node, internal_port } = Object.fromEntries(asObject(port) ?? []);
      if (!inside.has(String(node))) continue;
      asObject(port)!.set("internal_port", expose(side, String(node), String(internal_port)));
      asObject(port)!.set("internal_node", name);
    }
  }
  const prefix = prefixOf(draft, graphPath);
  for (const node of inside) renameInQueues(draft, prefix + node, `${prefix}${name}.${node}`);
  const subgraph: RawObject = new Map<string, unknown>([
    ["type", "subgraph"],
    ["name", name],
    ["nodes", moved],
    ["edges", inner],
    ["exposed_in_ports", exposed.in],
    ["exposed_out_ports", exposed.out],
  ]);
  const places = indexes.map((i) => positionOf(nodes[i] as RawObject, i));
  setPosition(subgraph, {
    x: Math.min(...places.map(({ x }) => x)),
    y: Math.min(...places.map(({ y }) => y)),
  });
  const first = nodes.indexOf(moved[0]);
  const rest = nodes.filter((node) => !moved.includes(node as RawObject));
  rest.splice(first, 0, subgraph);
  nodes.splice(0, nodes.length, ...rest);
  const edges = listAt(graph, "edges");
  edges.splice(0, edges.length, ...outer);
  return [...graphPath, "nodes", first];
}

/**
 * Puts the nodes of an inline subgraph in its place.
 *
 * A name that is taken in the graph around gets a number.
 *
 * @returns Paths of the nodes.
 * @throws {EditRefused} If the nodes are in a file.
 */
export function ungroup(draft: RawObject, path: ConfigPath): ConfigPath[] {
  const { graph, graphPath, node: subgraph, name } = nodeAt(draft, path);
  if (!Array.isArray(subgraph.get("nodes"))) {
    throw new EditRefused(`The nodes of "${name}" are in a file: put them in this one first`);
  }
  const members = objectsIn(subgraph.get("nodes"));
  const taken = namesIn(graph);
  taken.delete(name);
  const names = new Map<string, string>();
  for (const member of members) {
    const free = freeName(nameOf(member), taken);
    taken.add(free);
    names.set(nameOf(member), free);
  }
  const innerEdges = objectsIn(subgraph.get("edges"));
  // Renamed by a detour, since one new name may be another's old one.
  for (const member of members) member.set("name", names.get(nameOf(member)));
  for (const edge of innerEdges) {
    const { sourceNode = "", targetNode = "" } = edgeEnds(edge);
    const marks = [[sourceNode, "\0source"], [targetNode, "\0target"]] as const;
    if (sourceNode === targetNode) renameInEdge(edge, sourceNode, names.get(sourceNode)!);
    else {
      for (const [old, mark] of marks) renameInEdge(edge, old, mark);
      for (const [old, mark] of marks) renameInEdge(edge, mark, names.get(old) ?? old);
    }
  }
  const innerOf = (side: Side, port: string): { node: string; port: string } | undefined => {
    const inner = asObject(asObject(subgraph.get(`exposed_${side}_ports`))?.get(port));
    const node = inner?.get("internal_node");
    if (typeof node !== "string") return undefined;
    return { node: names.get(node) ?? node, port: String(inner!.get("internal_port")) };
  };
  for (const edge of objectsIn(graph.get("edges"))) {
    const { sourceNode, sourcePort = "", targetNode, targetPort = "" } = edgeEnds(edge);
    const source = sourceNode === name ? innerOf("out", sourcePort) : undefined;
    const target = targetNode === name ? innerOf("in", targetPort) : undefined;
    if (source) setEnd(edge, "source", source.node, source.port);
    if (target) setEnd(edge, "target", target.node, target.port);
  }
  for (const side of ["in", "out"] as const) {
    for (const port of asObject(graph.get(`exposed_${side}_ports`))?.values() ?? []) {
      const outer = asObject(port);
      if (outer?.get("internal_node") !== name) continue;
      const inner = innerOf(side, String(outer.get("internal_port")));
      if (!inner) continue;
      outer.set("internal_node", inner.node);
      outer.set("internal_port", inner.port);
    }
  }
  rewriteQueues(draft, prefixOf(draft, graphPath), name, names, innerOf);
  const nodes = listAt(graph, "nodes");
  const index = nodes.indexOf(subgraph);
  nodes.splice(index, 1, ...members);
  listAt(graph, "edges").push(...innerEdges);
  return members.map((_, i) => [...graphPath, "nodes", index + i]);
}

function rewriteQueues(
  net: RawObject,
  prefix: string,
  subgraph: string,
  names: ReadonlyMap<string, string>,
  innerOf: (side: Side, port: string) => { node: string; port: string } | undefined,
): void {
  for (const queue of asObject(net.get("output_queues"))?.values() ?? []) {
    const pairs = asObject(queue)?.get("ports");
    if (!Array.isArray(pairs)) continue;
    for (const pair of pairs) {
      if (!Array.isArray(pair) || typeof pair[0] !== "string") continue;
      const inner = pair[0] === prefix + subgraph ? innerOf("out", String(pair[1])) : undefined;
      if (inner) [pair[0], pair[1]] = [prefix + inner.node, inner.port];
    }
  }
  for (const [old, name] of names) {
    renameInQueues(net, `${prefix}${subgraph}.${old}`, prefix + name);
  }
}

/** Leads one end of an edge to another port, in the modern form of edges. */
function setEnd(edge: RawObject, end: "source" | "target", node: string, port: string): void {
  edge.delete(end);
  edge.delete(`${end}_str`);
  edge.set(`${end}_node`, node);
  edge.set(`${end}_port`, port);
}

/** Opens an inline subgraph on the canvas of the graph around it, or closes it. */
export function setExpanded(draft: RawObject, path: ConfigPath, isExpanded: boolean): void {
  const ui = objectAt(objectAtPath(draft, path), "extra", "ui");
  if (isExpanded) ui.set("expanded", true);
  else ui.delete("expanded");
  if (ui.size === 0) asObject(objectAtPath(draft, path).get("extra"))!.delete("ui");
}

/** Opens or closes all inline subgraphs of a graph. */
export function setAllExpanded(
  draft: RawObject,
  graphPath: ConfigPath,
  isExpanded: boolean,
): void {
  const nodes = objectAtPath(draft, graphPath).get("nodes");
  if (!Array.isArray(nodes)) return;
  nodes.forEach((node, i) => {
    if (!Array.isArray(asObject(node)?.get("nodes"))) return;
    const path = [...graphPath, "nodes", i];
    setExpanded(draft, path, isExpanded);
    setAllExpanded(draft, path, isExpanded);
  });
}
