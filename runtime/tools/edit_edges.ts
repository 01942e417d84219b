/**
 * Adding and removing edges of a net file as it is written.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import { requireNode } from "./edit_graph.ts";
import { type EdgeEnds, edgeEnds } from "./raw_edge.ts";
import { asObject, findNode, listAt, objectsIn, type RawObject, valueAt } from "./raw_net.ts";

/** Both ends of an edge; inner nodes by their dotted names. */
export interface EdgeNames {
  /** Node that it leaves. */
  sourceNode: string;
  /** Port that it leaves by. */
  sourcePort: string;
  /** Node that it enters. */
  targetNode: string;
  /** Port that it enters by. */
  targetPort: string;
}

/** An edge of one graph, with the names that count in it. */
interface LocalEdge extends EdgeNames {
  readonly graph: RawObject;
}

/**
 * Adds an edge.
 *
 * @param net The data of the file; it is changed.
 * @param names What it connects; both nodes stand in the same graph.
 * @param options `dependency`: make it a dependency edge.
 * @returns The edge as written, and what is suspicious about it.
 * @throws {NodeNotFoundError} If a node does not exist.
 * @throws {InvalidArgumentError} If there is one already, or it would cross the border of a subgraph.
 */
export function addEdge(
  net: RawObject,
  names: EdgeNames,
  options: { dependency?: boolean } = {},
): { edge: RawObject; warnings: string[] } {
  const local = localEdge(net, names);
  const edges = listAt(local.graph, "edges");
  if (edges.some((edge) => connects(edge, local))) {
    throw new InvalidArgumentError(`Cannot add the edge ${describe(names)}: it is there already`);
  }
  const warnings = [
    ...missingPort(requireNode(net, names.sourceNode).node, "out", names.sourcePort),
    ...missingPort(requireNode(net, names.targetNode).node, "in", names.targetPort),
  ];
  if (edges.some((edge) => leaves(edge, local))) {
    warnings.push(
      `output port "${names.sourcePort}" of node "${names.sourceNode}" has an edge already: ` +
        "put a broadcast between (netrun:broadcast, or add-edge --broadcast)",
    );
  }
  const edge: RawObject = new Map<string, unknown>([
    ["source_node", local.sourceNode],
    ["source_port", local.sourcePort],
    ["target_node", local.targetNode],
    ["target_port", local.targetPort],
    ...options.dependency ? [["dependency", true] as [string, unknown]] : [],
  ]);
  edges.push(edge);
  return { edge, warnings };
}

/**
 * Removes the first edge between two ports.
 *
 * @throws {InvalidArgumentError} If there is none.
 */
export function removeEdge(net: RawObject, names: EdgeNames): void {
  const local = findNode(net, names.sourceNode) && findNode(net, names.targetNode)
    ? localEdge(net, names)
    : { ...names, graph: asObject(net.get("graph")) ?? new Map() };
  const edges = local.graph.get("edges");
  const index = Array.isArray(edges) ? edges.findIndex((edge) => connects(edge, local)) : -1;
  if (index < 0) throw new InvalidArgumentError(`There is no edge ${describe(names)}`);
  (edges as unknown[]).splice(index, 1);
}

/** The name of a broadcast that the factory has in the original system and in ours. */
const BROADCAST = "netrun.node_factories.broadcast";

/**
 * Adds an edge; where the output port has one already, a broadcast is put between, or the one that
 * the port leads to gets one more output.
 *
 * @param add Adds a new node to the net.
 * @returns As {@linkcode addEdge}.
 */
export function addEdgeByBroadcast(
  net: RawObject,
  names: EdgeNames,
  add: (name: string, node: RawObject) => RawObject,
): { edge: RawObject; warnings: string[] } {
  const local = localEdge(net, names);
  const taken = listAt(local.graph, "edges").find((edge) => leaves(edge, local));
  if (taken === undefined) return addEdge(net, names);
  const prefix = requireNode(net, names.sourceNode).prefix;
  const { targetNode, targetPort } = edgeEnds(taken);
  const target = targetNode === undefined ? undefined : findNode(net, prefix + targetNode);
  if (target && isBroadcast(target.node)) {
    const there = listAt(local.graph, "edges").map(edgeEnds).some((edge) =>
      edge.sourceNode === targetNode && edge.targetNode === local.targetNode &&
      edge.targetPort === local.targetPort
    );
    if (there) {
      throw new InvalidArgumentError(
        `Cannot add the edge ${describe(names)}: "${prefix}${targetNode}" leads there already`,
      );
    }
    const outputs = widen(target.node);
    return addEdge(net, { ...names, sourceNode: prefix + targetNode!, sourcePort: outputs });
  }
  if (connects(taken, local) || targetNode === undefined || targetPort === undefined) {
    throw new InvalidArgumentError(`Cannot add the edge ${describe(names)}: it is there already`);
  }
  const name = freeName(net, `${prefix}${local.sourceNode}_${local.sourcePort}`);
  const node = add(
    name,
    new Map<string, unknown>([
      ["factory", BROADCAST],
      ["factory_args", new Map([["num_outputs", 2]])],
    ]),
  );
  const own = String(node.get("name"));
  const edges = listAt(local.graph, "edges");
  edges.splice(edges.indexOf(taken), 1, edgeOf(local.sourceNode, local.sourcePort, own, "in_0"));
  edges.push(edgeOf(own, "out_0", targetNode, targetPort));
  return addEdge(net, { ...names, sourceNode: name, sourcePort: "out_1" });
}

function isBroadcast(node: RawObject): boolean {
  const factory = node.get("factory");
  return factory === BROADCAST || factory === "netrun:broadcast";
}

/** Gives a broadcast one more output and returns its port. */
function widen(node: RawObject): string {
  const args = asObject(node.get("factory_args")) ?? new Map<string, unknown>();
  const count = Number(args.get("num_outputs") ?? 2);
  args.set("num_outputs", count + 1);
  node.set("factory_args", args);
  return `out_${count}`;
}

function freeName(net: RawObject, base: string): string {
  let name = base;
  for (let i = 2; findNode(net, name); i++) name = `${base}_${i}`;
  return name;
}

function edgeOf(node: string, port: string, targetNode: string, targetPort: string): RawObject {
  return new Map([
    ["source_node", node],
    ["source_port", port],
    ["target_node", targetNode],
    ["target_port", targetPort],
  ]);
}

function localEdge(net: RawObject, names: EdgeNames): LocalEdge {
  const source = requireNode(net, names.sourceNode);
  const target = requireNode(net, names.targetNode);
  if (source.graph !== target.graph) {
    throw new InvalidArgumentError(
      `Cannot connect "${names.sourceNode}" and "${names.targetNode}": an edge does not cross the ` +
        "border of a subgraph; connect a port that the subgraph exposes",
    );
  }
  return {
    ...names,
    sourceNode: String(source.node.get("name")),
    targetNode: String(target.node.get("name")),
    graph: source.graph,
  };
}

function connects(edge: unknown, names: EdgeEnds): boolean {
  const { targetNode, targetPort } = edgeEnds(edge);
  return leaves(edge, names) && targetNode === names.targetNode && targetPort === names.targetPort;
}

function leaves(edge: unknown, names: EdgeEnds): boolean {
  const { sourceNode, sourcePort } = edgeEnds(edge);
  return sourceNode === names.sourceNode && sourcePort === names.sourcePort;
}

/** A warning if a node surely has no such port: one without a factory says all of its ports. */
function missingPort(node: RawObject, direction: "in" | "out", port: string): string[] {
  const isSubgraph = node.get("type") === "subgraph";
  if (typeof node.get("factory") === "string" || /^__(?:signal|control)_/.test(port)) return [];
  const ports = valueAt(node, isSubgraph ? `exposed_${direction}_ports` : `${direction}_ports`);
  if (asObject(ports)?.has(port)) return [];
  return [`node "${node.get("name")}" declares no ${direction}put port "${port}"`];
}

function describe({ sourceNode, sourcePort, targetNode, targetPort }: EdgeNames): string {
  return `${sourceNode}.${sourcePort} -> ${targetNode}.${targetPort}`;
}

/**
 * The node and port that `NODE.PORT` means, where both names may hold dots: the split at which the
 * node exists, of several the one at which the port is declared too.
 *
 * @throws {InvalidArgumentError} If none or several fit.
 */
export function splitEnd(
  net: RawObject,
  text: string,
  direction: "in" | "out",
): { node: string; port: string } {
  const splits = [...text.matchAll(/\./g)]
    .map(({ index }) => ({ node: text.slice(0, index), port: text.slice(index + 1) }))
    .filter(({ node, port }) => port !== "" && findNode(net, node));
  const declared = splits.filter(({ node, port }) =>
    missingPort(findNode(net, node)!.node, direction, port).length === 0
  );
  const fits = splits.length > 1 && declared.length > 0 ? declared : splits;
  if (fits.length === 1) return fits[0]!;
  if (fits.length > 1) {
    const meanings = fits.map(({ node, port }) => `port "${port}" of node "${node}"`);
    throw new InvalidArgumentError(`"${text}" is ambiguous: ${meanings.join(" or ")}`);
  }
  const known = objectsIn(asObject(net.get("graph"))?.get("nodes")).map((node) => node.get("name"));
  throw new InvalidArgumentError(
    `"${text}" names no port: the form is NODE.PORT` +
      (known.length > 0 ? `, and the nodes are ${known.slice(0, 20).join(", ")}` : ""),
  );
}
