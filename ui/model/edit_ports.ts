/**
 * Edits of the ports of a node.
 *
 * @module
 */
import { edgeEnds } from "../../runtime/tools/raw_edge.ts";
import { asObject, objectAt, objectsIn, type RawObject } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, freeName, moveKey, renameKey, setAtPath } from "./document.ts";
import { EditRefused, nodeAt, prefixOf, removeEdgesAt, removeQueueEntry } from "./edit_nodes.ts";

type Side = "in" | "out";

/** Declares a port; without a name it gets `in`, `in_1` and so on. */
export function addPort(draft: RawObject, path: ConfigPath, side: Side, name?: string): string {
  const { node } = nodeAt(draft, path);
  const ports = objectAt(node, `${side}_ports`);
  const taken = new Set(ports.keys());
  if (name !== undefined) checkName(name, taken);
  const port = name ?? freeName(side, taken);
  ports.set(port, new Map());
  return port;
}

/** Takes a port away, with its edges and all that conditions, queues and subgraphs say about it. */
export function removePort(draft: RawObject, path: ConfigPath, side: Side, port: string): void {
  const { graph, graphPath, node, name } = nodeAt(draft, path);
  asObject(node.get(`${side}_ports`))?.delete(port);
  removeEdgesAt(graph, side, name, port);
  removeQueueEntry(draft, side, prefixOf(draft, graphPath) + name, port);
  for (const condition of conditionsOf(node, side)) {
    asObject(condition.get("ports"))?.delete(port);
  }
  for (const exposed of exposures(graph, side, name, port)) {
    asObject(graph.get(`exposed_${side}_ports`))?.delete(exposed);
  }
}

/**
 * Gives a port another name, also where edges, conditions, queues and exposed ports name it.
 *
 * @throws {EditRefused} If the name is empty or taken.
 */
export function renamePort(
  draft: RawObject,
  path: ConfigPath,
  side: Side,
  port: string,
  newName: string,
): void {
  if (port === newName) return;
  const { graph, graphPath, node, name } = nodeAt(draft, path);
  const ports = objectAt(node, `${side}_ports`);
  checkName(newName, new Set(ports.keys()));
  renameKey(ports, port, newName);
  const end = side === "in" ? "target" : "source";
  for (const edge of objectsIn(graph.get("edges"))) {
    const ends = edgeEnds(edge);
    if (ends[`${end}Node`] === name && ends[`${end}Port`] === port) {
      renameEdgePort(edge, end, name, newName);
    }
  }
  for (const condition of conditionsOf(node, side)) {
    const counts = asObject(condition.get("ports"));
    if (counts?.has(port)) renameKey(counts, port, newName);
    renameInTerm(asObject(condition.get("term")), port, newName);
  }
  for (const exposed of exposures(graph, side, name, port)) {
    objectAt(graph, `exposed_${side}_ports`, exposed).set("internal_port", newName);
  }
  if (side === "out") {
    const flatName = prefixOf(draft, graphPath) + name;
    for (const queue of asObject(draft.get("output_queues"))?.values() ?? []) {
      const pairs = asObject(queue)?.get("ports");
      if (!Array.isArray(pairs)) continue;
      for (const pair of pairs) {
        if (Array.isArray(pair) && pair[0] === flatName && pair[1] === port) pair[1] = newName;
      }
    }
  }
}

/** Moves a port up or down by one. */
export function movePort(
  draft: RawObject,
  path: ConfigPath,
  side: Side,
  port: string,
  by: -1 | 1,
): void {
  moveKey(objectAt(nodeAt(draft, path).node, `${side}_ports`), port, by);
}

/** States what a port takes; an empty text means anything. */
export function setPortType(
  draft: RawObject,
  path: ConfigPath,
  side: Side,
  port: string,
  type: string,
): void {
  const key = [...path, `${side}_ports`, port, "port_type"];
  setAtPath(draft, key, type === "" ? undefined : type);
}

/** States how many packets a port holds; null means any number. */
export function setCapacity(
  draft: RawObject,
  path: ConfigPath,
  side: Side,
  port: string,
  capacity: number | null,
): void {
  const slots = capacity === null
    ? undefined
    : new Map<string, unknown>([["type", "finite"], ["capacity", capacity]]);
  setAtPath(draft, [...path, `${side}_ports`, port, "slots_spec"], slots);
}

function checkName(name: string, taken: ReadonlySet<string>): void {
  if (name.trim() === "") throw new EditRefused("A port needs a name");
  if (taken.has(name)) throw new EditRefused(`There is a port "${name}" on this side already`);
}

function conditionsOf(node: RawObject, side: Side): RawObject[] {
  const conditions = asObject(node.get(`${side}_salvo_conditions`))?.values() ?? [];
  return [...conditions].flatMap((condition) => asObject(condition) ?? []);
}

function renameInTerm(term: RawObject | undefined, port: string, newName: string): void {
  if (!term) return;
  if (term.get("port_name") === port) term.set("port_name", newName);
  renameInTerm(asObject(term.get("term")), port, newName);
  for (const part of objectsIn(term.get("terms"))) renameInTerm(part, port, newName);
}

/** Names under which a subgraph exposes a port. */
function exposures(graph: RawObject, side: Side, node: string, port: string): string[] {
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
