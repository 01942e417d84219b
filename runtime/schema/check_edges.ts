/**
 * Checking that edges lead from ports to ports.
 *
 * @module
 */
import type { CheckedGraph } from "./checked_graph.ts";
import type { Side } from "./flatten.ts";
import type { TreeEdge } from "./graph_tree.ts";
import type { ConfigIssue } from "./issue.ts";

/** Reports ends of edges that do not exist, and output ports with several edges. */
export function checkEdges(graph: CheckedGraph, issues: ConfigIssue[]): void {
  const bySource = new Map<string, TreeEdge[]>();
  for (const edge of graph.edges) {
    const { source_node, source_port, target_node, target_port } = edge.config;
    const problems = [
      endProblem(graph, "out", source_node, source_port),
      endProblem(graph, "in", target_node, target_port),
    ];
    for (const problem of problems) {
      if (problem !== undefined) issues.push(edge.place.issue(problem.code, problem.message));
    }
    if (problems[0] !== undefined) continue;
    const key = JSON.stringify([source_node, source_port]);
    const edges = bySource.get(key);
    if (edges === undefined) bySource.set(key, [edge]);
    else edges.push(edge);
  }
  for (const edges of bySource.values()) checkFanOut(edges, issues);
}

function checkFanOut(edges: readonly TreeEdge[], issues: ConfigIssue[]): void {
  if (edges.length < 2) return;
  const targets = new Set(
    edges.map(({ config: { target_node, target_port } }) =>
      JSON.stringify([target_node, target_port])
    ),
  );
  // The same edge twice is the same edge.
  if (targets.size < 2) return;
  for (const { config: { source_node, source_port }, place } of edges) {
    issues.push(place.issue(
      "fan_out",
      `output port "${source_port}" of node "${source_node}" has ${targets.size} edges, but a ` +
        "packet can go only one way: put a node with the factory netrun:broadcast between",
    ));
  }
}

/** What is wrong with one end of an edge. */
function endProblem(
  graph: CheckedGraph,
  side: Side,
  name: string,
  port: string,
): { code: string; message: string } | undefined {
  const sidePort = `${side}put port`;
  const node = graph.node(name);
  if (node !== undefined) {
    if (graph.hasPort(name, side, port) !== false) return undefined;
    const ports = (side === "in" ? node.inPorts : node.outPorts) ?? [];
    const message = `node "${name}" has no ${sidePort} "${port}"; ${
      graph.hints.text(port, ports, "there are", "it has none")
    }`;
    return { code: "missing_port", message };
  }
  const subgraph = graph.subgraph(name);
  if (subgraph !== undefined) {
    const exposed = [...subgraph.config?.[`exposed_${side}_ports`].keys() ?? []];
    const message = `subgraph "${name}" exposes no ${sidePort} "${port}"; ` +
      graph.hints.text(port, exposed, "it exposes", "it exposes none");
    return { code: "missing_port", message };
  }
  if (graph.isUnknown(name)) return undefined;
  const message = `there is no node "${name}"${graph.hints.suffix(name, graph.names())}`;
  return { code: "missing_node", message };
}
