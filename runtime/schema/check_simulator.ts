/**
 * The simulator's own check of a graph, under our codes: it has the last word, should a check of ours
 * be missing.
 *
 * @module
 */
import { InvalidGraphError } from "../../sim/error.ts";
import { Graph } from "../../sim/graph.ts";
import type { GraphIssue } from "../../sim/graph_issue.ts";
import type { ConfigIssue } from "./issue.ts";
import type { Place } from "./place.ts";
import type { ResolvedGraphConfig } from "./resolved.ts";
import { toGraphSpec } from "./to_graph.ts";

/** The code under which each problem of a graph is reported. */
export const SIMULATOR_CODES: Readonly<Record<GraphIssue["kind"], string>> = {
  edgeReferencesNonexistentNode: "missing_node",
  edgeReferencesNonexistentPort: "missing_port",
  edgeSourceNotOutputPort: "missing_port",
  edgeTargetNotInputPort: "missing_port",
  multipleEdgesFromOutputPort: "fan_out",
  inputSalvoConditionInvalidMaxSalvos: "invalid_input_salvo_max_salvos",
  salvoConditionReferencesNonexistentPort: "invalid_salvo_port",
  salvoConditionTermReferencesNonexistentPort: "invalid_salvo_term_port",
  dependencyEdgeNotInGraph: "missing_port",
  dependencyRequestConfigWithoutDependencyEdges: "dependency_request_without_edge",
  duplicateNodeName: "duplicate_node_name",
  duplicatePortName: "invalid_salvo_port",
  duplicateSalvoConditionName: "invalid_salvo_port",
  duplicateConditionPort: "invalid_salvo_port",
  invalidNumber: "range",
};

/**
 * Reports what the simulator refuses.
 *
 * @param graph The graph, with nothing unexpanded in it.
 * @param placeOf Where a node is written; where the graph is, for what belongs to no node.
 * @param issues Gets what is wrong.
 */
export function checkWithSimulator(
  graph: ResolvedGraphConfig,
  placeOf: (node: string | undefined) => Place,
  issues: ConfigIssue[],
): void {
  for (const issue of simulatorIssues(graph)) {
    const node = "nodeName" in issue ? issue.nodeName : undefined;
    issues.push(placeOf(node).issue(SIMULATOR_CODES[issue.kind], issue.message));
  }
}

function simulatorIssues(graph: ResolvedGraphConfig): readonly GraphIssue[] {
  try {
    return new Graph(toGraphSpec(graph)).validate();
  } catch (error) {
    if (error instanceof InvalidGraphError) return error.errors;
    throw error;
  }
}
