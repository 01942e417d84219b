/**
 * Edits of the ports of a node.
 *
 * @module
 */
import {
  asObject,
  objectAt,
  objectsIn,
  type RawObject,
  valueAt,
} from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, freeName, moveKey, renameKey, setAtPath } from "./document.ts";
import { exposures, followPortName } from "./edit_exposed_ports.ts";
import {
  EditRefused,
  nodeAt,
  prefixOf,
  removeEdgesAt,
  removeExposedPort,
  removeQueueEntry,
} from "./edit_nodes.ts";

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
  if (side === "out" && valueAt(node, "execution_config", "error_port") === port) {
    setAtPath(draft, [...path, "execution_config", "error_port"], undefined);
  }
  for (const exposed of exposures(graph, side, name, port)) {
    removeExposedPort(draft, graphPath, side, exposed);
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
  followPortName(draft, graph, prefixOf(draft, graphPath), side, name, port, newName);
  const execution = asObject(node.get("execution_config"));
  if (side === "out" && execution?.get("error_port") === port) execution.set("error_port", newName);
  for (const condition of conditionsOf(node, side)) {
    const counts = asObject(condition.get("ports"));
    if (counts?.has(port)) renameKey(counts, port, newName);
    renameInTerm(asObject(condition.get("term")), port, newName);
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
