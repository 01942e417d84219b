/**
 * Validation of graphs.
 *
 * @module
 */
import type { SalvoConditionSpec, Term } from "./condition.ts";
import type { GraphIssue } from "./graph_issue.ts";
import { type Edge, formatEdge, formatPort, type GraphNode, type PortRef } from "./graph_spec.ts";
import { PortRefMap } from "./name_map.ts";

/** What would make it impossible to find things by name: anything that is there twice. */
export function findDuplicates(nodes: readonly GraphNode[]): GraphIssue[] {
  const issues: GraphIssue[] = [];
  for (const nodeName of duplicates(nodes.map((node) => node.name))) {
    issues.push({
      kind: "duplicateNodeName",
      message: `There is more than one node "${nodeName}": rename all but one`,
      nodeName,
    });
  }
  for (const node of nodes) {
    for (const portType of ["input", "output"] as const) {
      const ports = portType === "input" ? node.inPorts : node.outPorts;
      for (const portName of duplicates(ports.map((port) => port.name))) {
        const port: PortRef = { nodeName: node.name, portType, portName };
        issues.push({
          kind: "duplicatePortName",
          message: `There is more than one ${formatPort(port)}: rename all but one`,
          port,
        });
      }
    }
    for (const isInputCondition of [true, false]) {
      const conditions = isInputCondition ? node.inSalvoConditions : node.outSalvoConditions;
      for (const conditionName of duplicates(conditions.map((condition) => condition.name))) {
        issues.push({
          kind: "duplicateSalvoConditionName",
          message: `There is more than one ${
            conditionText(node, conditionName, isInputCondition)
          }: rename all but one`,
          nodeName: node.name,
          conditionName,
          isInputCondition,
        });
      }
      for (const condition of conditions) {
        for (const portName of duplicates(condition.ports.map((port) => port.portName))) {
          issues.push({
            kind: "duplicateConditionPort",
            message: `Port "${portName}" is listed more than once in ${
              conditionText(node, condition.name, isInputCondition)
            }: list it once`,
            nodeName: node.name,
            conditionName: condition.name,
            isInputCondition,
            portName,
          });
        }
      }
    }
  }
  return issues;
}

/** Everything else that is wrong, in the order in which it is documented. */
export function validateGraph(
  nodes: ReadonlyMap<string, GraphNode>,
  edges: readonly Edge[],
  dependencyEdges: readonly Edge[],
  hasEdge: (edge: Edge) => boolean,
): GraphIssue[] {
  const issues: GraphIssue[] = [];
  const ports = new PortRefMap<true>();
  for (const { name: nodeName, inPorts, outPorts } of nodes.values()) {
    for (const { name: portName } of inPorts) {
      ports.add({ nodeName, portType: "input", portName }, true);
    }
    for (const { name: portName } of outPorts) {
      ports.add({ nodeName, portType: "output", portName }, true);
    }
  }
  for (const edge of edges) checkEdge(edge, nodes, ports, issues);
  checkFanOut(edges, issues);
  for (const node of nodes.values()) {
    for (const condition of node.inSalvoConditions) {
      checkMaxSalvos(node, condition, issues);
      checkConditionPorts(node, condition, true, ports, issues);
    }
    for (const condition of node.outSalvoConditions) {
      checkConditionPorts(node, condition, false, ports, issues);
    }
  }
  checkDependencies(nodes, dependencyEdges, hasEdge, issues);
  return issues;
}

function checkEdge(
  edge: Edge,
  nodes: ReadonlyMap<string, GraphNode>,
  ports: PortRefMap<true>,
  issues: GraphIssue[],
): void {
  const fields = { edgeSource: edge.source, edgeTarget: edge.target };
  const missing = [edge.source, edge.target].find((end) => !nodes.has(end.nodeName));
  if (missing !== undefined) {
    const missingNode = missing.nodeName;
    issues.push({
      kind: "edgeReferencesNonexistentNode",
      message: `Edge ${formatEdge(edge)}: there is no node "${missingNode}" in the graph`,
      ...fields,
      missingNode,
    });
    return;
  }
  const ends = [
    { port: edge.source, type: "output", kind: "edgeSourceNotOutputPort", verb: "starts" },
    { port: edge.target, type: "input", kind: "edgeTargetNotInputPort", verb: "ends" },
  ] as const;
  for (const { port, type, kind, verb } of ends) {
    if (port.portType !== type) {
      issues.push({
        kind,
        message: `Edge ${formatEdge(edge)} ${verb} at ${
          formatPort(port)
        }: it must be an ${type} port`,
        ...fields,
      });
    } else if (!ports.get(port)) {
      issues.push({
        kind: "edgeReferencesNonexistentPort",
        message: `Edge ${formatEdge(edge)}: there is no ${formatPort(port)}`,
        ...fields,
        missingPort: port,
      });
    }
  }
}

function checkFanOut(edges: readonly Edge[], issues: GraphIssue[]): void {
  const counts = new PortRefMap<{ port: PortRef; edges: number }>();
  const inOrder: { port: PortRef; edges: number }[] = [];
  for (const { source } of edges) {
    const entry = counts.get(source);
    if (entry !== undefined) {
      entry.edges++;
    } else {
      const first = { port: source, edges: 1 };
      counts.add(source, first);
      inOrder.push(first);
    }
  }
  for (const { port, edges: edgeCount } of inOrder) {
    if (edgeCount === 1) continue;
    issues.push({
      kind: "multipleEdgesFromOutputPort",
      message: `${edgeCount} edges start at ${
        formatPort(port)
      }: only one may; send copies through a broadcast node`,
      outputPort: port,
      edgeCount,
    });
  }
}

function checkMaxSalvos(node: GraphNode, condition: SalvoConditionSpec, issues: GraphIssue[]) {
  const { maxSalvos, name } = condition;
  if (maxSalvos.type === "finite" && maxSalvos.max === 1) return;
  issues.push({
    kind: "inputSalvoConditionInvalidMaxSalvos",
    message: `The max salvos of ${conditionText(node, name, true)} must be finite 1, got ${
      maxSalvos.type === "finite" ? maxSalvos.max : "infinite"
    }`,
    nodeName: node.name,
    conditionName: name,
    maxSalvos,
  });
}

function checkConditionPorts(
  node: GraphNode,
  condition: SalvoConditionSpec,
  isInputCondition: boolean,
  ports: PortRefMap<true>,
  issues: GraphIssue[],
): void {
  const portType = isInputCondition ? "input" : "output";
  const check = (
    portName: string,
    kind: "salvoConditionReferencesNonexistentPort" | "salvoConditionTermReferencesNonexistentPort",
    what: string,
  ) => {
    const port: PortRef = { nodeName: node.name, portType, portName };
    if (ports.get(port)) return;
    issues.push({
      kind,
      message: `The ${what} of ${
        conditionText(node, condition.name, isInputCondition)
      } name port "${portName}", but there is no ${formatPort(port)}`,
      nodeName: node.name,
      conditionName: condition.name,
      isInputCondition,
      missingPort: portName,
    });
  };
  for (const { portName } of condition.ports) {
    check(portName, "salvoConditionReferencesNonexistentPort", "ports");
  }
  for (const portName of portsOfTerm(condition.term)) {
    check(portName, "salvoConditionTermReferencesNonexistentPort", "terms");
  }
}

function checkDependencies(
  nodes: ReadonlyMap<string, GraphNode>,
  dependencyEdges: readonly Edge[],
  hasEdge: (edge: Edge) => boolean,
  issues: GraphIssue[],
): void {
  const targets = new Set<string>();
  for (const edge of dependencyEdges) {
    if (edge.target.portType === "input") targets.add(edge.target.nodeName);
    if (hasEdge(edge)) continue;
    issues.push({
      kind: "dependencyEdgeNotInGraph",
      message: `Dependency edge ${
        formatEdge(edge)
      } is not an edge of the graph: add it to \`edges\``,
      edge,
    });
  }
  for (const { name: nodeName, dependencyRequest } of nodes.values()) {
    if (dependencyRequest === undefined || targets.has(nodeName)) continue;
    issues.push({
      kind: "dependencyRequestConfigWithoutDependencyEdges",
      message: `Node "${nodeName}" has a dependency request, but no dependency edge leads to it: ` +
        "mark an edge into it as dependency, or remove the request",
      nodeName,
    });
  }
}

function conditionText(node: GraphNode, conditionName: string, isInput: boolean): string {
  return `${
    isInput ? "input" : "output"
  } salvo condition "${conditionName}" of node "${node.name}"`;
}

/** The distinct ports that a term names, in the order in which it first names them. */
function portsOfTerm(root: Term): Set<string> {
  const names = new Set<string>();
  const stack = [root];
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    if (term.type === "port") names.add(term.portName);
    else if (term.type === "not") stack.push(term.term);
    else if (term.type === "and" || term.type === "or") {
      for (let i = term.terms.length - 1; i >= 0; i--) stack.push(term.terms[i]!);
    }
  }
  return names;
}

function duplicates(names: readonly string[]): Iterable<string> {
  if (names.length < 2) return [];
  const seen = new Set<string>();
  return new Set(names.filter((name) => seen.size === seen.add(name).size));
}
