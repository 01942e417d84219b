/**
 * Changing nodes of a net file as it is written; all other data and its order stay.
 *
 * A dotted name reaches into inline subgraphs. The data is changed in place.
 *
 * @module
 */
import { InvalidArgumentError, NodeNotFoundError } from "../../sim/error.ts";
import { edgeEnds, renameInEdge } from "./raw_edge.ts";
import { removeFromQueues, renameInQueues } from "./raw_queues.ts";
import {
  asObject,
  findNode,
  type FoundNode,
  listAt,
  objectAt,
  objectsIn,
  type RawObject,
  restOfName,
  valueAt,
} from "./raw_net.ts";

/** Where a node is drawn. */
export interface Position {
  /** From the left. */
  x: number;
  /** From the top. */
  y: number;
}

/** How far to the right of all others a new node is placed. */
const COLUMN_WIDTH = 300;
const FIRST_POSITION: Position = { x: 100, y: 150 };

/**
 * Adds a node.
 *
 * @param net The data of the file.
 * @param name Its name; a dotted one puts it into an inline subgraph, if there is one.
 * @param node The node without its name, which is changed to `name`.
 * @param position Where it is drawn; else where its data says, else to the right of all others.
 * @returns The node as it is written.
 * @throws {InvalidArgumentError} If the name is taken.
 */
export function addNode(
  net: RawObject,
  name: string,
  node: RawObject = new Map(),
  position?: Position,
): RawObject {
  if (findNode(net, name)) {
    throw new InvalidArgumentError(`Cannot add node "${name}": there is one of that name`);
  }
  const { graph, ownName } = graphFor(net, name);
  const place = position ?? writtenPosition(node) ?? automaticPosition(graph);
  if (!node.has("name")) node = new Map([["name", ownName], ...node]);
  node.set("name", ownName);
  const ui = objectAt(node, "extra", "ui");
  if (position !== undefined || writtenPosition(node) === undefined) {
    ui.set("position", new Map([["x", place.x], ["y", place.y]]));
  }
  listAt(graph, "nodes").push(node);
  return node;
}

/** The graph that a new node of this name belongs to. */
function graphFor(net: RawObject, name: string): { graph: RawObject; ownName: string } {
  let graph = objectAt(net, "graph");
  let ownName = name;
  for (;;) {
    const inner = objectsIn(graph.get("nodes"))
      .map((subgraph) => ({ subgraph, rest: restOfName(subgraph, ownName) }))
      .find(({ rest }) => rest !== undefined && rest !== "");
    if (!inner) return { graph, ownName };
    graph = inner.subgraph;
    ownName = inner.rest!;
  }
}

function writtenPosition(node: RawObject): Position | undefined {
  const { x, y } = Object.fromEntries(asObject(valueAt(node, "extra", "ui", "position")) ?? []);
  return typeof x === "number" && typeof y === "number" ? { x, y } : undefined;
}

function automaticPosition(graph: RawObject): Position {
  const positions = objectsIn(graph.get("nodes")).flatMap((node) => writtenPosition(node) ?? []);
  if (positions.length === 0) return FIRST_POSITION;
  return {
    x: Math.max(...positions.map(({ x }) => x)) + COLUMN_WIDTH,
    y: positions.reduce((sum, { y }) => sum + y, 0) / positions.length,
  };
}

/**
 * Removes a node, the edges at it, and what output queues collect from it.
 *
 * @returns How many edges were removed.
 * @throws {NodeNotFoundError} If there is none of that name.
 */
export function removeNode(net: RawObject, name: string): { edgesRemoved: number } {
  const { node, graph, prefix } = requireNode(net, name);
  const ownName = String(node.get("name"));
  const nodes = listAt(graph, "nodes");
  nodes.splice(nodes.indexOf(node), 1);
  const edges = graph.get("edges");
  let edgesRemoved = 0;
  if (Array.isArray(edges)) {
    const kept = edges.filter((edge) => {
      const { sourceNode, targetNode } = edgeEnds(edge);
      return sourceNode !== ownName && targetNode !== ownName;
    });
    edgesRemoved = edges.length - kept.length;
    edges.splice(0, edges.length, ...kept);
  }
  removeFromQueues(net, prefix + ownName);
  return { edgesRemoved };
}

/**
 * Gives a node another name, also where edges, output queues, exposed ports of its subgraph and
 * `depends_on` of other nodes name it.
 *
 * @param name Its name; inner nodes by their dotted one.
 * @param newName Its own name from now on, without those of the subgraphs around it.
 * @throws {NodeNotFoundError} If there is none of that name.
 * @throws {InvalidArgumentError} If the new name is taken.
 */
export function renameNode(net: RawObject, name: string, newName: string): void {
  const { node, graph, prefix } = requireNode(net, name);
  const oldName = String(node.get("name"));
  const ownName = prefix !== "" && newName.startsWith(prefix)
    ? newName.slice(prefix.length)
    : newName;
  if (ownName === oldName) return;
  if (findNode(net, prefix + ownName)) {
    throw new InvalidArgumentError(`Cannot rename node "${name}": "${ownName}" is taken`);
  }
  node.set("name", ownName);
  for (const edge of objectsIn(graph.get("edges"))) renameInEdge(edge, oldName, ownName);
  for (const key of ["exposed_in_ports", "exposed_out_ports"]) {
    for (const port of asObject(graph.get(key))?.values() ?? []) {
      const exposed = asObject(port);
      if (exposed?.get("internal_node") === oldName) exposed.set("internal_node", ownName);
    }
  }
  for (const other of objectsIn(graph.get("nodes"))) {
    const dependsOn = valueAt(other, "execution_config", "depends_on");
    if (!Array.isArray(dependsOn)) continue;
    dependsOn.forEach((item, i) => item === oldName && (dependsOn[i] = ownName));
  }
  renameInQueues(net, prefix + oldName, prefix + ownName);
}

/** Declares a port, unless there is one of that name. */
export function addPort(node: RawObject, direction: "in" | "out", port: string): void {
  const ports = objectAt(node, `${direction}_ports`);
  if (!ports.has(port)) ports.set(port, new Map());
}

/** Takes the declaration of a port away, if there is one. */
export function removePort(node: RawObject, direction: "in" | "out", port: string): void {
  asObject(node.get(`${direction}_ports`))?.delete(port);
}

/**
 * Merges `changes` into `target`: objects key by key, everything else is replaced, null removes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const node = new Map<string, unknown>([["name", "A"], ["description", "old"]]);
 * mergeDeep(node, new Map([["description", null]]));
 * assertEquals([...node], [["name", "A"]]);
 * ```
 */
export function mergeDeep(target: RawObject, changes: RawObject): void {
  for (const [key, value] of changes) {
    const old = target.get(key);
    if (value === null) target.delete(key);
    else if (!(value instanceof Map)) target.set(key, value);
    else {
      const inner: RawObject = old instanceof Map ? old : new Map();
      target.set(key, inner);
      mergeDeep(inner, value);
    }
  }
}

/**
 * Finds a node.
 *
 * @throws {NodeNotFoundError} If there is none of that name.
 */
export function requireNode(net: RawObject, name: string): FoundNode {
  const found = findNode(net, name);
  if (!found) throw new NodeNotFoundError(name);
  return found;
}
