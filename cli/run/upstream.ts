/**
 * What leads to a node, and what follows from it.
 *
 * @module
 */
import type { Graph } from "../../sim/graph.ts";

/** These nodes and all that packets can reach them from. */
export function upstreamNodes(graph: Graph, nodes: Iterable<string>): ReadonlySet<string> {
  const before = Map.groupBy(graph.edges, ({ target }) => target.nodeName);
  const found = new Set(nodes);
  // A set that grows is visited to its end.
  for (const node of found) {
    for (const { source } of before.get(node) ?? []) found.add(source.nodeName);
  }
  return found;
}

/** These nodes and all that packets can reach from them. */
export function downstreamNodes(graph: Graph, nodes: Iterable<string>): ReadonlySet<string> {
  const after = Map.groupBy(graph.edges, ({ source }) => source.nodeName);
  const found = new Set(nodes);
  for (const node of found) {
    for (const { target } of after.get(node) ?? []) found.add(target.nodeName);
  }
  return found;
}
