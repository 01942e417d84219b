/**
 * Edits of the ports that subgraphs expose.
 *
 * @module
 */
import { edgeEnds } from "../../runtime/tools/raw_edge.ts";
import { asObject, objectAt, objectsIn, type RawObject } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, freeName, objectAtPath, renameKey } from "./document.ts";
import { EditRefused, nodeAt, prefixOf } from "./edit_nodes.ts";

type Side = "in" | "out";

/**
 * Makes a port of a node inside a subgraph a port of the subgraph.
 *
 * @returns Its name: that of node and port, with a number if that is taken.
 */
export function exposePort(
  draft: RawObject,
  path: ConfigPath,
  side: Side,
  node: string,
  port: string,
): string {
  const exposed = objectAt(objectAtPath(draft, path), `exposed_${side}_ports`);
  const name = freeName(`${node}_${port}`, new Set(exposed.keys()));
  exposed.set(name, new Map([["internal_node", node], ["internal_port", port]]));
  return name;
}

/**
 * Gives an exposed port another name, also where edges, queues and the subgraph around name it.
 *
 * @throws {EditRefused} If the name is empty or taken.
 */
export function renameExposedPort(
  draft: RawObject,
  path: ConfigPath,
  side: Side,
  port: string,
  newName: string,
): void {
  if (port === newName) return;
  const { graph, graphPath, node, name } = nodeAt(draft, path);
  const exposed = objectAt(node, `exposed_${side}_ports`);
  if (newName.trim() === "") throw new EditRefused("A port needs a name");
  if (exposed.has(newName)) {
    throw new EditRefused(`There is a port "${newName}" on this side already`);
  }
  renameKey(exposed, port, newName);
  followPortName(draft, graph, prefixOf(draft, graphPath), side, name, port, newName);
}

/** Puts the new name of a port where edges, exposed ports and queues name it. */
export function followPortName(
  draft: RawObject,
  graph: RawObject,
  prefix: string,
  side: Side,
  node: string,
  port: string,
  newName: string,
): void {
  const end = side === "in" ? "target" : "source";
  for (const edge of objectsIn(graph.get("edges"))) {
    const ends = edgeEnds(edge);
    if (ends[`${end}Node`] === node && ends[`${end}Port`] === port) {
      renameEdgePort(edge, end, node, newName);
    }
  }
  for (const exposed of exposures(graph, side, node, port)) {
    objectAt(graph, `exposed_${side}_ports`, exposed).set("internal_port", newName);
  }
  if (side === "in") return;
  for (const queue of asObject(draft.get("output_queues"))?.values() ?? []) {
    const pairs = asObject(queue)?.get("ports");
    if (!Array.isArray(pairs)) continue;
    for (const pair of pairs) {
      if (Array.isArray(pair) && pair[0] === prefix + node && pair[1] === port) pair[1] = newName;
    }
  }
}

/** Names under which a subgraph exposes a port. */
export function exposures(graph: RawObject, side: Side, node: string, port: string): string[] {
  return [...asObject(graph.get(`exposed_${side}_ports`)) ?? []].flatMap(([name, inner]) => {
    const exposed = asObject(inner);
    const isThis = exposed?.get("internal_node") === node && exposed.get("internal_port") === port;
    return isThis ? [name] : [];
  });
}

function renameEdgePort(
  edge: RawObject,
  end: "source" | "target",
  node: string,
  newName: string,
): void {
  const nested = asObject(edge.get(end));
  if (edge.has(`${end}_port`)) edge.set(`${end}_port`, newName);
  else if (nested) nested.set("port_name", newName);
  else edge.set(`${end}_str`, `${node}.${newName}`);
}
