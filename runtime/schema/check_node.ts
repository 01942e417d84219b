/**
 * Checking the salvo conditions and settings of one node.
 *
 * @module
 */
import type { CheckedGraph, CheckedNode } from "./checked_graph.ts";
import { checkNodeStorage } from "./check_storage.ts";
import type { Side } from "./flatten.ts";
import { isReference } from "./field.ts";
import type { ConfigIssue } from "./issue.ts";
import type { NetConfigData } from "./net.ts";
import type { Place } from "./place.ts";
import type { SalvoConditionConfig, TermConfig } from "./salvo_condition.ts";
import { isControlPortName, isSignalPortName } from "./signal.ts";

/** Reports what is wrong with a node. */
export function checkNode(
  node: CheckedNode,
  graph: CheckedGraph,
  net: NetConfigData,
  issues: ConfigIssue[],
): void {
  checkConditions(node, "in", graph, issues);
  checkConditions(node, "out", graph, issues);
  checkDependencyRequest(node, graph, issues);
  checkNodeStorage(node, net, graph.hints, issues);
  if (node.tree.streams && node.execution?.ordered === true) {
    issues.push(
      node.tree.place.at("execution_config", "ordered").issue(
        "ordered_stream",
        `node "${node.name}" streams, so what it sends cannot wait for its turn: ` +
          "set `ordered = false` or `stream = false`",
      ),
    );
  }
}

function checkConditions(
  node: CheckedNode,
  side: Side,
  graph: CheckedGraph,
  issues: ConfigIssue[],
): void {
  const key = `${side}_salvo_conditions` as const;
  const { written, place } = node.tree;
  for (const [name, condition] of node.config[key] ?? []) {
    const isWritten = written[key]?.has(name) ?? false;
    const made = node.tree.written.factory !== null && !isWritten;
    const at = made ? place.at("factory").closed() : place.at(key, name);
    const what = `condition "${name}" of node "${node.name}"`;
    checkConditionName(node, side, name, at, graph, issues);
    checkPorts({ node, side, graph, issues, what }, condition, at);
    const { max_salvos } = condition;
    if (side === "out") continue;
    if (max_salvos.type === "finite" && (max_salvos.max === 1 || isReference(max_salvos.max))) {
      continue;
    }
    issues.push(
      at.at("max_salvos").issue(
        "invalid_input_salvo_max_salvos",
        `input ${what} must have \`max_salvos = { type = "finite", max = 1 }\`: ` +
          "it starts one epoch each time it holds",
      ),
    );
  }
}

function checkConditionName(
  node: CheckedNode,
  side: Side,
  name: string,
  place: Place,
  graph: CheckedGraph,
  issues: ConfigIssue[],
): void {
  if (name.trim() === "") {
    const message = `a condition of node "${node.name}" has no name`;
    issues.push(place.issue("empty_salvo_condition_name", message));
    return;
  }
  const isControl = isControlPortName(name);
  if (!isControl && !isSignalPortName(name)) return;
  const own = isControl ? "in" : "out";
  if (side === own && graph.hasPort(node.name, side, name) !== false) return;
  const kind = isControl ? "control" : "signal";
  const why = side !== own
    ? `${kind}s have ${own}put conditions only`
    : `the node has no such ${kind}: add it to \`${kind}s\``;
  issues.push(place.issue(
    "reserved_salvo_condition_name",
    `"${name}" of node "${node.name}" is a name reserved for ${kind}s, and ${why}`,
  ));
}

/** What the checks of a condition's ports share. */
interface ConditionContext {
  node: CheckedNode;
  side: Side;
  graph: CheckedGraph;
  issues: ConfigIssue[];
  what: string;
}

function checkPorts(
  context: ConditionContext,
  condition: SalvoConditionConfig,
  place: Place,
): void {
  for (const port of condition.ports.keys()) {
    const problem = portProblem(context, port);
    if (problem === undefined) continue;
    const message = `${context.what} takes from ${problem}`;
    context.issues.push(place.at("ports", port).issue("invalid_salvo_port", message));
  }
  for (const port of new Set(portsOfTerm(condition.term))) {
    const problem = portProblem(context, port);
    if (problem === undefined) continue;
    const message = `the term of ${context.what} asks of ${problem}`;
    context.issues.push(place.at("term").issue("invalid_salvo_term_port", message));
  }
}

function portProblem({ node, side, graph }: ConditionContext, port: string): string | undefined {
  if (side === "out" && port === node.execution?.error_port) {
    return `port "${port}", which is its error port: failures leave by it, outside of conditions`;
  }
  if (graph.hasPort(node.name, side, port) !== false) return undefined;
  const ports = (side === "in" ? node.inPorts : node.outPorts) ?? [];
  const hint = graph.hints.text(port, ports, "there are", "there are none");
  return `port "${port}", which is no ${side}put port of the node; ${hint}`;
}

function* portsOfTerm(term: TermConfig): Generator<string> {
  switch (term.type) {
    case "port":
      if (typeof term.port_name === "string") yield term.port_name;
      break;
    case "and":
    case "or":
      for (const part of term.terms) yield* portsOfTerm(part);
      break;
    case "not":
      yield* portsOfTerm(term.term);
  }
}

function checkDependencyRequest(
  node: CheckedNode,
  graph: CheckedGraph,
  issues: ConfigIssue[],
): void {
  if (node.config.dependency_request === null || graph.isDependent(node.name)) return;
  issues.push(
    node.tree.place.at("dependency_request").issue(
      "dependency_request_without_edge",
      `node "${node.name}" asks what it depends on to run, but no edge with \`dependency = true\` ` +
        "enters it: mark one or remove the request",
    ),
  );
}
