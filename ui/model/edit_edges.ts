/**
 * Edits of edges.
 *
 * @module
 */
import { edgeEnds } from "../../runtime/tools/raw_edge.ts";
import { asObject, listAt, objectsIn, type RawObject } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, objectAtPath } from "./document.ts";
import { addNode, EditRefused, nameOf, type Point } from "./edit_nodes.ts";

/** Names of both ends of an edge. */
export interface EdgeNames {
  readonly sourceNode: string;
  readonly sourcePort: string;
  readonly targetNode: string;
  readonly targetPort: string;
}

/** An output port that has an edge already was used again. */
export class PortTaken extends EditRefused {
  /** Refuses the edge `names`. */
  constructor(readonly names: EdgeNames) {
    super(
      `Port "${names.sourcePort}" of "${names.sourceNode}" has an edge already, and packets have ` +
        "one way to go: insert a broadcast to copy them",
    );
  }
}

/**
 * Joins two ports of a graph.
 *
 * @throws {EditRefused} If the output port has an edge already.
 */
export function connect(draft: RawObject, graphPath: ConfigPath, names: EdgeNames): void {
  const edges = listAt(objectAtPath(draft, graphPath), "edges");
  for (const edge of objectsIn(edges)) {
    const ends = edgeEnds(edge);
    if (ends.sourceNode !== names.sourceNode || ends.sourcePort !== names.sourcePort) continue;
    if (ends.targetNode === names.targetNode && ends.targetPort === names.targetPort) return;
    throw new PortTaken(names);
  }
  edges.push(edgeData(names));
}

function edgeData(names: EdgeNames): RawObject {
  return new Map([
    ["source_node", names.sourceNode],
    ["source_port", names.sourcePort],
    ["target_node", names.targetNode],
    ["target_port", names.targetPort],
  ]);
}

const BROADCAST = "netrun.node_factories.broadcast";

/** Whether what a port leads to is a broadcast, which can get one more output. */
export function leadsToBroadcast(
  draft: RawObject,
  graphPath: ConfigPath,
  { sourceNode, sourcePort }: EdgeNames,
): boolean {
  const graph = objectAtPath(draft, graphPath);
  const next = targetOf(graph, sourceNode, sourcePort)?.node;
  return next !== undefined && isBroadcast(next);
}

/** The edge that leaves a port, and the node that it enters. */
function targetOf(
  graph: RawObject,
  node: string,
  port: string,
): { edge: RawObject; node: RawObject | undefined } | undefined {
  const edge = objectsIn(graph.get("edges")).find((edge) => {
    const { sourceNode, sourcePort } = edgeEnds(edge);
    return sourceNode === node && sourcePort === port;
  });
  if (!edge) return undefined;
  const { targetNode = "" } = edgeEnds(edge);
  return {
    edge,
    node: objectsIn(graph.get("nodes")).find((node) => nameOf(node) === targetNode),
  };
}

/** Joins two ports, with a broadcast in between that copies packets, or a wider one where one is. */
export function connectByBroadcast(
  draft: RawObject,
  graphPath: ConfigPath,
  names: EdgeNames,
  position: Point,
): void {
  const graph = objectAtPath(draft, graphPath);
  const taken = targetOf(graph, names.sourceNode, names.sourcePort);
  if (!taken) return connect(draft, graphPath, names);
  const { edge, node: next } = taken;
  const { targetNode: oldNode = "", targetPort: oldPort = "" } = edgeEnds(edge);
  if (next && isBroadcast(next)) {
    const args = asObject(next.get("factory_args")) ?? new Map<string, unknown>();
    next.set("factory_args", args);
    const outputs = Number(args.get("num_outputs") ?? 2);
    args.set("num_outputs", outputs + 1);
    const sourcePort = `out_${outputs}`;
    return connect(draft, graphPath, { ...names, sourceNode: oldNode, sourcePort });
  }
  const path = addNode(draft, graphPath, position, {
    factory: BROADCAST,
    args: new Map<string, unknown>([["num_outputs", 2]]),
  });
  const broadcast = nameOf(objectAtPath(draft, path));
  const edges = listAt(graph, "edges");
  edges[edges.indexOf(edge)] = edgeData({
    ...names,
    targetNode: broadcast,
    targetPort: "in_0",
  });
  edges.push(
    edgeData({
      sourceNode: broadcast,
      sourcePort: "out_0",
      targetNode: oldNode,
      targetPort: oldPort,
    }),
    edgeData({ ...names, sourceNode: broadcast, sourcePort: "out_1" }),
  );
}

function isBroadcast(node: RawObject): boolean {
  const factory = node.get("factory");
  return factory === BROADCAST || factory === "netrun:broadcast";
}

/** Removes edges by their paths. */
export function removeEdges(draft: RawObject, paths: readonly ConfigPath[]): void {
  const inOrder = [...paths].sort((a, b) => Number(b.at(-1)) - Number(a.at(-1)));
  for (const path of inOrder) {
    const edges = objectAtPath(draft, path.slice(0, -1)) as unknown as unknown[];
    edges.splice(Number(path.at(-1)), 1);
  }
}

/** Makes an edge one over which its target asks for packets, or an ordinary one. */
export function toggleDependency(draft: RawObject, path: ConfigPath): void {
  const edge = objectAtPath(draft, path);
  if (edge.get("dependency") === true) edge.delete("dependency");
  else edge.set("dependency", true);
}
