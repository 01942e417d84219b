/**
 * Copied nodes as text, with the edges between them: what cut, copy and paste hand on.
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
import { readJson } from "../../runtime/schema/text/read_json.ts";
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import { TextProblems } from "../../runtime/schema/text/text_problems.ts";
import { type ConfigPath, copyData, freeName, namesIn, objectAtPath } from "./document.ts";
import { nameOf, setPosition } from "./edit_nodes.ts";
import { positionOf } from "./graph_view.ts";

/** How far from the originals copies are put. */
export const PASTE_OFFSET = 50;

const MARK = "netrun_nodes";

/** Nodes and decorations of one graph as text. */
export function copyNodes(data: RawObject, paths: readonly ConfigPath[]): string {
  const ofKind = (kind: string) =>
    paths.filter((path) => path.at(-2) === kind).map((path) => objectAtPath(data, path));
  const nodes = ofKind("nodes");
  const names = new Set(nodes.map(nameOf));
  const graphPath = paths.find((path) => path.at(-2) === "nodes")?.slice(0, -2);
  const edges = graphPath === undefined ? [] : objectsIn(objectAtPath(data, graphPath).get("edges"))
    .filter((edge) => {
      const { sourceNode = "", targetNode = "" } = edgeEnds(edge);
      return names.has(sourceNode) && names.has(targetNode);
    });
  const copied = new Map([["nodes", nodes], ["edges", edges], [
    "decorations",
    ofKind("decorations"),
  ]]);
  return writeJson(new Map([[MARK, copied]]), "  ");
}

/**
 * Adds copied nodes to a graph, under names that are free in it.
 *
 * @param offset How far from the originals they are put.
 * @returns Paths of what was added; none if the text is no copy of nodes.
 */
export function pasteNodes(
  draft: RawObject,
  graphPath: ConfigPath,
  text: string,
  offset: number,
): ConfigPath[] {
  const copied = readCopy(text);
  if (!copied) return [];
  const graph = objectAtPath(draft, graphPath);
  const nodes = listAt(graph, "nodes");
  const names = namesIn(graph);
  const renamed = new Map<string, string>();
  const paths: ConfigPath[] = [];
  for (const [i, node] of objectsIn(copied.get("nodes")).entries()) {
    const position = positionOf(node, i);
    const name = freeName(nameOf(node), names);
    names.add(name);
    renamed.set(nameOf(node), name);
    node.set("name", name);
    setPosition(node, { x: position.x + offset, y: position.y + offset });
    paths.push([...graphPath, "nodes", nodes.push(node) - 1]);
  }
  const edges = objectsIn(copied.get("edges"));
  for (const edge of edges) {
    const { sourceNode = "", targetNode = "" } = edgeEnds(edge);
    renameInEdge(edge, sourceNode, "\0source");
    if (targetNode !== sourceNode) renameInEdge(edge, targetNode, "\0target");
    renameInEdge(edge, "\0source", renamed.get(sourceNode) ?? sourceNode);
    renameInEdge(edge, "\0target", renamed.get(targetNode) ?? targetNode);
  }
  if (edges.length > 0) listAt(graph, "edges").push(...edges);
  const decorations = objectsIn(copied.get("decorations"));
  if (decorations.length > 0) {
    const list = listAt(objectAt(graph, "extra"), "decorations");
    const ids = new Set(objectsIn(list).map((item) => `${item.get("id")}`));
    for (const decoration of decorations) {
      const id = freeName(`${decoration.get("id") ?? "decoration"}`, ids);
      ids.add(id);
      decoration.set("id", id);
      for (const axis of ["x", "y"]) {
        const position = objectAt(decoration, "position");
        position.set(axis, Number(position.get(axis) ?? 0) + offset);
      }
      paths.push([...graphPath, "extra", "decorations", list.push(decoration) - 1]);
    }
  }
  return paths;
}

function readCopy(text: string): RawObject | undefined {
  try {
    const copied = asObject(readJson(text, new TextProblems(text, undefined)));
    return copyData(asObject(copied?.get(MARK)));
  } catch {
    return undefined;
  }
}
