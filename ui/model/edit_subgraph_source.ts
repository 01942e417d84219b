/**
 * Where the nodes of a subgraph are written: in place, or in a file of their own.
 *
 * @module
 */
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, copyData, objectAtPath } from "./document.ts";
import { EditRefused, nameOf } from "./edit_nodes.ts";

/** Keys of a subgraph that stand in its file, if it has one. */
const IN_FILE = ["nodes", "edges"] as const;

/**
 * What the file of a subgraph holds that is written in place.
 *
 * @throws {EditRefused} If its nodes are in a file already.
 */
export function graphFile(net: RawObject, path: ConfigPath): RawObject {
  const subgraph = objectAtPath(net, path);
  if (!Array.isArray(subgraph.get("nodes"))) {
    throw new EditRefused(`The nodes of "${nameOf(subgraph)}" are in a file already`);
  }
  return new Map(
    IN_FILE.map((key) => [key, copyData(subgraph.get(key) ?? [])]),
  );
}

/** Lets a subgraph name a file in place of its nodes; its exposed ports stay where they are. */
export function moveToFile(draft: RawObject, path: ConfigPath, file: string): void {
  const subgraph = objectAtPath(draft, path);
  const members = [...subgraph];
  subgraph.clear();
  for (const [key, value] of members) {
    if (key === "nodes") subgraph.set("path", file);
    else if (key !== "edges") subgraph.set(key, value);
  }
  asObject(asObject(subgraph.get("extra"))?.get("ui"))?.delete("expanded");
}

/**
 * Writes the nodes of a subgraph's file in place of its path.
 *
 * @param document What the file holds: a graph, or a net of which the graph counts.
 */
export function moveInPlace(draft: RawObject, path: ConfigPath, document: RawObject): void {
  const subgraph = objectAtPath(draft, path);
  const graph = asObject(document.get("graph")) ?? document;
  const members = [...subgraph];
  subgraph.clear();
  for (const [key, value] of members) {
    if (key === "path") {
      for (const part of IN_FILE) subgraph.set(part, copyData(graph.get(part) ?? []));
    } else if (key !== "edges") subgraph.set(key, value);
  }
}
