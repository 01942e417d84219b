/**
 * Which sources a request starts.
 *
 * @module
 */
import type { CompiledGraph, CompiledInput, CompiledNode } from "./compiled_graph.ts";

/** What a walk found: the sources, or the port at which it ended because nothing leads there. */
export interface SourceWalk {
  readonly sources: readonly CompiledNode[];
  readonly unconnected?: { readonly nodeName: string; readonly portName: string };
}

/**
 * The sources upstream of a node: breadth first, over dependency edges first and all edges then.
 *
 * The topology never changes, so each walk is made once a graph.
 */
export function findSources(graph: CompiledGraph, node: CompiledNode): SourceWalk {
  return node.walk ??= walk(graph, node);
}

function walk(graph: CompiledGraph, start: CompiledNode): SourceWalk {
  const sources: CompiledNode[] = [];
  // The starting node is not visited beforehand: a cycle may lead back to it.
  const visited = new Uint8Array(graph.nodes.length);
  const ports: { node: CompiledNode; input: CompiledInput }[] = startingPorts(start);
  // The list grows while it is walked: that is the queue of the breadth-first search.
  for (const { node, input } of ports) {
    if (input.edges.length === 0) {
      return { sources: [], unconnected: { nodeName: node.name, portName: input.name } };
    }
    for (const { source } of input.edges) {
      if (visited[source.index]) continue;
      visited[source.index] = 1;
      if (source.inputs.every((upstream) => upstream.edges.length === 0)) sources.push(source);
      else for (const upstream of source.inputs) ports.push({ node: source, input: upstream });
    }
  }
  return { sources };
}

/** The input ports that dependency edges lead to, in the order of the edges. */
function startingPorts(node: CompiledNode): { node: CompiledNode; input: CompiledInput }[] {
  const edges = node.inputs.flatMap((input) => input.edges).filter((edge) => edge.isDependency);
  edges.sort((a, b) => a.index - b.index);
  return [...new Set(edges.map((edge) => edge.input))].map((input) => ({ node, input }));
}
