/**
 * Edits of nodes: adding, removing, renaming, moving.
 *
 * Every function changes a draft, as `editData` hands it out. Nodes are named by their path in the
 * data, which is right also where two nodes have the same name.
 *
 * @module
 */
import { edgeEnds, renameInEdge } from "../../runtime/tools/raw_edge.ts";
import { removeFromQueues, renameInQueues } from "../../runtime/tools/raw_queues.ts";
import { asObject, listAt, objectAt, objectsIn, valueAt } from "../../runtime/tools/raw_net.ts";
import {
  type ConfigPath,
  freeName,
  namesIn,
  objectAtPath,
  type RawObject,
  setAtPath,
  valueAtPath,
} from "./document.ts";

/** A place on the canvas. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What an edit cannot do, in words for the person who tried. */
export class EditRefused extends Error {
  /** Refuses with a reason. */
  constructor(message: string) {
    super(message);
    this.name = "EditRefused";
  }
}

/** The graph that holds a node, and the node. */
export function nodeAt(
  draft: RawObject,
  path: ConfigPath,
): { graph: RawObject; graphPath: ConfigPath; node: RawObject; name: string } {
  const graphPath = path.slice(0, -2);
  const node = objectAtPath(draft, path);
  return { graph: objectAtPath(draft, graphPath), graphPath, node, name: nameOf(node) };
}

/** Name of a node; empty if it has none. */
export function nameOf(node: RawObject | undefined): string {
  const name = node?.get("name");
  return typeof name === "string" ? name : "";
}

/** Names of the subgraphs around the nodes of a graph, each with a dot behind it. */
export function prefixOf(net: RawObject, graphPath: ConfigPath): string {
  let prefix = "";
  for (let length = 3; length <= graphPath.length; length += 2) {
    prefix += `${nameOf(asObject(valueAtPath(net, graphPath.slice(0, length))))}.`;
  }
  return prefix;
}

/**
 * Adds a node with an input and an output port, or one made by a factory.
 *
 * @returns Path of the new node.
 */
export function addNode(
  draft: RawObject,
  graphPath: ConfigPath,
  position: Point,
  options: { factory?: string; args?: RawObject; name?: string } = {},
): ConfigPath {
  const graph = objectAtPath(draft, graphPath);
  const { factory, args, name = factory === undefined ? "Node" : baseName(factory) } = options;
  const node: RawObject = new Map<string, unknown>([["name", freeName(name, namesIn(graph))]]);
  if (factory === undefined) {
    node.set("in_ports", new Map([["in", new Map()]]));
    node.set("out_ports", new Map([["out", new Map()]]));
  } else {
    // The name that all who read such files know.
    node.set(
      "factory",
      factory.replace(/^netrun:(function|broadcast|join)$/, "netrun.node_factories.$1"),
    );
    if (args && args.size > 0) node.set("factory_args", args);
  }
  setPosition(node, position);
  return [...graphPath, "nodes", listAt(graph, "nodes").push(node) - 1];
}

/** What a node made by a factory is called at first: the last word of the factory's name. */
function baseName(factory: string): string {
  const words = factory.replace(/\.(?:ts|mts|js|mjs|py)$/, "").split(/[/.:@]+/);
  return words.findLast((word) => word !== "") ?? "Node";
}

/** Puts a node somewhere, on whole pixels. */
export function setPosition(node: RawObject, { x, y }: Point): void {
  const position = objectAt(node, "extra", "ui", "position");
  position.set("x", Math.round(x));
  position.set("y", Math.round(y));
}

/** Removes nodes with the edges at them and what queues and exposed ports collect from them. */
export function removeNodes(draft: RawObject, paths: readonly ConfigPath[]): void {
  // Later ones first, so that the indexes of the others stay right.
  const inOrder = [...paths].sort((a, b) => Number(b.at(-1)) - Number(a.at(-1)));
  for (const path of inOrder) {
    const { graph, graphPath, name } = nodeAt(draft, path);
    const nodes = listAt(graph, "nodes");
    nodes.splice(Number(path.at(-1)), 1);
    if (namesIn(graph).has(name)) continue;
    keepItems(graph, "edges", (edge) => {
      const { sourceNode, targetNode } = edgeEnds(edge);
      return sourceNode !== name && targetNode !== name;
    });
    removeFromQueues(draft, prefixOf(draft, graphPath) + name);
    for (const side of ["in", "out"] as const) {
      for (const [port, inner] of asObject(graph.get(`exposed_${side}_ports`)) ?? []) {
        if (asObject(inner)?.get("internal_node") !== name) continue;
        removeExposedPort(draft, graphPath, side, port);
      }
    }
  }
}

/** Keeps those items of a list for which `test` holds. */
export function keepItems(
  object: RawObject,
  key: string,
  test: (item: RawObject) => boolean,
): void {
  const list = object.get(key);
  if (!Array.isArray(list)) return;
  const kept = list.filter((item) => !(item instanceof Map) || test(item));
  if (kept.length < list.length) list.splice(0, list.length, ...kept);
}

/** Takes an exposed port away from a subgraph, and the edges of the graph around it that used it. */
export function removeExposedPort(
  draft: RawObject,
  path: ConfigPath,
  side: "in" | "out",
  port: string,
): void {
  const { graph, graphPath, node, name } = nodeAt(draft, path);
  asObject(node.get(`exposed_${side}_ports`))?.delete(port);
  removeEdgesAt(graph, side, name, port);
  removeQueueEntry(draft, side, prefixOf(draft, graphPath) + name, port);
  if (graphPath.length > 1) {
    for (const [outer, inner] of asObject(graph.get(`exposed_${side}_ports`)) ?? []) {
      const { internal_node, internal_port } = Object.fromEntries(asObject(inner) ?? []);
      if (internal_node !== name || internal_port !== port) continue;
      removeExposedPort(draft, graphPath, side, outer);
    }
  }
}

/** Removes the edges at one port. */
export function removeEdgesAt(
  graph: RawObject,
  side: "in" | "out",
  node: string,
  port: string,
): void {
  keepItems(graph, "edges", (edge) => {
    const { sourceNode, sourcePort, targetNode, targetPort } = edgeEnds(edge);
    return side === "in"
      ? targetNode !== node || targetPort !== port
      : sourceNode !== node || sourcePort !== port;
  });
}

/** Drops an output port from the queues, and a queue that is left with nothing. */
export function removeQueueEntry(
  net: RawObject,
  side: "in" | "out",
  node: string,
  port: string,
): void {
  const queues = asObject(net.get("output_queues"));
  if (side === "in" || !queues) return;
  for (const [name, queue] of queues) {
    const ports = asObject(queue)?.get("ports");
    if (!Array.isArray(ports)) continue;
    const kept = ports.filter((item) =>
      !(Array.isArray(item) && item[0] === node && item[1] === port)
    );
    if (kept.length === ports.length) continue;
    if (kept.length === 0) queues.delete(name);
    else ports.splice(0, ports.length, ...kept);
  }
}

/**
 * Gives a node another name, also where edges, queues, exposed ports, `depends_on` and the lists of
 * the cache name it.
 *
 * @throws {EditRefused} If the name is empty or taken.
 */
export function renameNode(draft: RawObject, path: ConfigPath, newName: string): void {
  const { graph, graphPath, node, name } = nodeAt(draft, path);
  if (newName === name) return;
  if (newName.trim() === "" && node.get("factory") === undefined) {
    throw new EditRefused("A node needs a name");
  }
  const names = objectsIn(graph.get("nodes")).filter((other) => other !== node).map(nameOf);
  if (names.includes(newName)) {
    throw new EditRefused(`There is a node "${newName}" already: names are unique in a graph`);
  }
  node.set("name", newName);
  // With two nodes of one name, what names them goes on meaning the other one.
  if (names.includes(name) || name === "") return;
  for (const edge of objectsIn(graph.get("edges"))) renameInEdge(edge, name, newName);
  for (const side of ["in", "out"]) {
    for (const inner of asObject(graph.get(`exposed_${side}_ports`))?.values() ?? []) {
      const exposed = asObject(inner);
      if (exposed?.get("internal_node") === name) exposed.set("internal_node", newName);
    }
  }
  const prefix = prefixOf(draft, graphPath);
  for (const other of objectsIn(graph.get("nodes"))) {
    replaceIn(valueAt(other, "execution_config", "depends_on"), name, newName);
  }
  renameInQueues(draft, prefix + name, prefix + newName);
  for (const key of ["include_nodes", "exclude_nodes"]) {
    replaceIn(valueAt(draft, "storage", "cache", key), prefix + name, prefix + newName);
  }
}

/** Puts a new name in place of a node's and of those of the nodes inside it. */
function replaceIn(list: unknown, name: string, newName: string): void {
  if (!Array.isArray(list)) return;
  list.forEach((item, i) => {
    if (item === name) list[i] = newName;
    else if (typeof item === "string" && item.startsWith(`${name}.`)) {
      list[i] = newName + item.slice(name.length);
    }
  });
}

/** Puts nodes or decorations where they were dragged to. */
export function moveNodes(
  draft: RawObject,
  moves: readonly { readonly path: ConfigPath; readonly position: Point }[],
): void {
  for (const { path, position } of moves) {
    const object = objectAtPath(draft, path);
    if (path.at(-2) === "decorations") {
      object.set(
        "position",
        new Map([["x", Math.round(position.x)], ["y", Math.round(position.y)]]),
      );
    } else setPosition(object, position);
  }
}

/** Gives a pool another name, also where nodes and `default_pools` name it. */
export function renamePool(draft: RawObject, name: string, newName: string): void {
  const pools = asObject(draft.get("pools"));
  if (!pools || newName === name) return;
  if (newName.trim() === "") throw new EditRefused("A pool needs a name");
  if (pools.has(newName)) throw new EditRefused(`There is a pool "${newName}" already`);
  const members = [...pools];
  pools.clear();
  for (const [key, pool] of members) pools.set(key === name ? newName : key, pool);
  const rename = (list: unknown) => {
    if (Array.isArray(list)) list.forEach((item, i) => item === name && (list[i] = newName));
  };
  rename(draft.get("default_pools"));
  const visit = (graph: RawObject | undefined): void => {
    for (const node of objectsIn(graph?.get("nodes"))) {
      rename(valueAt(node, "execution_config", "pools"));
      visit(node);
    }
  };
  visit(asObject(draft.get("graph")));
}

/** Draws a node or decoration over or under all others. */
export function restack(
  draft: RawObject,
  path: ConfigPath,
  to: "front" | "back",
): void {
  const isDecoration = path.at(-2) === "decorations";
  const key = isDecoration ? ["zIndex"] : ["extra", "ui", "zIndex"];
  const all = valueAtPath(draft, path.slice(0, -1));
  const levels = objectsIn(all).map((item) => Number(valueAt(item, ...key) ?? 0)).filter(
    Number.isFinite,
  );
  const level = to === "front" ? Math.max(0, ...levels) + 1 : Math.min(0, ...levels) - 1;
  setAtPath(draft, [...path, ...key], level);
}
