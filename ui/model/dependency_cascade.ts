/**
 * What a request along a dependency edge reaches.
 *
 * @module
 */
import type { DrawnEdge } from "./graph_view.ts";

/** Edges and nodes upstream of a dependency edge. */
export interface Cascade {
  /** Ids of the edges, the one that was asked about first. */
  readonly edges: readonly string[];
  /** Ids of the nodes that are asked to run, the nearest first. */
  readonly nodes: readonly string[];
}

/**
 * What is asked to run, directly and in turn, when a request goes along an edge.
 *
 * A node that is asked asks on over its own dependency edges.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const edge = (source: string, target: string, isDependency = true) =>
 *   ({ id: source + target, paths: [], source, target, sourceHandle: "", targetHandle: "", isDependency });
 * const edges = [edge("b", "c"), edge("a", "b"), edge("x", "b", false)];
 * assertEquals(upstreamCascade(edges, edges[0]!), { edges: ["bc", "ab"], nodes: ["b", "a"] });
 * ```
 */
export function upstreamCascade(edges: readonly DrawnEdge[], first: DrawnEdge): Cascade {
  const into = Map.groupBy(
    edges.filter(({ isDependency }) => isDependency),
    ({ target }) => target,
  );
  const reached = new Set([first]);
  const nodes = new Set<string>();
  for (const { source } of reached) {
    nodes.add(source);
    for (const edge of into.get(source) ?? []) reached.add(edge);
  }
  return { edges: [...reached].map(({ id }) => id), nodes: [...nodes] };
}
