/**
 * Checking that the structure of a net is one that can run.
 *
 * @module
 */
import { checkEdges } from "./check_edges.ts";
import { checkWithSimulator } from "./check_simulator.ts";
import { CheckedGraph, type CheckedNode } from "./checked_graph.ts";
import { checkNode } from "./check_node.ts";
import { checkQueues } from "./check_queues.ts";
import { checkPools, checkRateGroups } from "./check_settings.ts";
import { flattenEdges, PortMapping } from "./flatten.ts";
import {
  nodesOf,
  outlineGraph,
  type TreeEdge,
  type TreeGraph,
  type TreeNode,
} from "./graph_tree.ts";
import { isReference } from "./field.ts";
import type { ConfigIssue } from "./issue.ts";
import type { NetConfigData } from "./net.ts";
import type { NodeExecutionConfig } from "./node.ts";
import type { Place } from "./place.ts";
import type { ResolvedNetConfigData } from "./resolved.ts";
import { controlPortName, signalPortName } from "./signal.ts";

/** What is known of the place where the net will run. */
export interface ValidateOptions {
  /**
   * Whether Workers can be given permissions here.
   *
   * @default {false}
   */
  workerPermissions?: boolean;
}

/**
 * Everything that is wrong with the structure of an unresolved net.
 *
 * Graphs in files and ports of nodes made by factories are not known and not checked.
 */
export function validateNet(
  data: NetConfigData,
  place: Place,
  options: ValidateOptions = {},
): ConfigIssue[] {
  const root = outlineGraph({ ...data.graph, place: place.at("graph") });
  const mapping = new PortMapping(root);
  const nodes = [...nodesOf(root)].map((tree): CheckedNode => {
    const execution = tree.config.execution_config;
    const ports = createdPorts(execution, data);
    return {
      tree,
      name: tree.flatName,
      config: tree.config,
      execution,
      inPorts: tree.isUnexpanded ? undefined : withNames(tree.config.in_ports, ports.controls),
      outPorts: tree.isUnexpanded ? undefined : withNames(tree.config.out_ports, ports.outPorts),
    };
  });
  const queues = new Map([...data.output_queues ?? []].flatMap(([name, { ports }]) => {
    if (isReference(ports)) return [];
    const flat = ports.map(([node, port]) => mapping.map(root, "out", node, port));
    return [[name, flat] as const];
  }));
  return validate(
    { data, place, root, nodes, edges: flattenEdges(root, mapping), queues },
    options,
  );
}

/** Where the parts of a resolved net came from. */
export interface ResolvedOrigin {
  root: TreeGraph;
  /** One for each node, in order. */
  nodes: readonly TreeNode[];
  edges: readonly TreeEdge[];
  place: Place;
}

/** Everything that is wrong with the structure of a resolved net. */
export function validateResolved(
  data: ResolvedNetConfigData,
  origin: ResolvedOrigin,
  options: ValidateOptions = {},
): ConfigIssue[] {
  const nodes = data.graph.nodes.map((config, i): CheckedNode => ({
    tree: origin.nodes[i]!,
    name: config.name,
    config,
    execution: config.execution_config,
    inPorts: config.unexpanded ? undefined : [...config.in_ports.keys()],
    outPorts: config.unexpanded ? undefined : [...config.out_ports.keys()],
  }));
  const queues = new Map(
    [...data.output_queues].map(([name, { ports }]) =>
      [name, ports.map(([node, port]) => ({ node, port }))] as const
    ),
  );
  const edges = origin.edges.map(({ place }, i) => ({ config: data.graph.edges[i]!, place }));
  const issues = validate(
    { data, place: origin.place, root: origin.root, nodes, edges, queues },
    options,
  );
  const isWhole = !data.graph.nodes.some(({ unexpanded }) => unexpanded);
  if (isWhole && !issues.some(({ severity }) => severity === "error")) {
    const placeOf = (name: string | undefined) =>
      nodes.find((node) => node.name === name)?.tree.place ?? origin.place.at("graph");
    checkWithSimulator(data.graph, placeOf, issues);
  }
  return issues;
}

interface ValidateInput {
  data: NetConfigData;
  place: Place;
  root: TreeGraph;
  nodes: CheckedNode[];
  edges: TreeEdge[];
  queues: ReadonlyMap<string, readonly { node: string; port: string }[]>;
}

function validate(input: ValidateInput, options: ValidateOptions): ConfigIssue[] {
  const { data, place, queues } = input;
  const issues: ConfigIssue[] = [];
  const graph = new CheckedGraph(input.root, input.nodes, input.edges);
  checkNames(graph, issues);
  checkEdges(graph, issues);
  const isAutomatic = data.output_queues === null;
  const queued = new Set(
    [...queues.values()].flat().map(({ node, port }) => JSON.stringify([node, port])),
  );
  for (const node of graph.nodes) {
    checkNode(node, graph, data, issues);
    checkErrorPort(node, graph, isAutomatic ? undefined : queued, issues);
  }
  checkRateGroups(graph.nodes, issues);
  checkPools(data, graph.nodes, place, options.workerPermissions ?? false, issues);
  checkQueues(queues, graph, place.at("output_queues"), isAutomatic, issues);
  return issues;
}

function checkNames(graph: CheckedGraph, issues: ConfigIssue[]): void {
  const seen = new Set<string>();
  for (const { tree, name } of graph.nodes) {
    const place = tree.place.at("name");
    if (tree.name === "" && !tree.isUnexpanded) {
      const message = "every node must have a name, and no factory supplies one";
      issues.push(place.issue("empty_node_name", message));
    } else if (seen.has(name) && tree.name !== "") {
      const message = `there are several nodes called "${name}": rename one of them`;
      issues.push(place.issue("duplicate_node_name", message));
    }
    seen.add(name);
  }
}

/** A failure packet that can go nowhere is lost to the ordinary way of failing. */
function checkErrorPort(
  node: CheckedNode,
  graph: CheckedGraph,
  queued: ReadonlySet<string> | undefined,
  issues: ConfigIssue[],
): void {
  const port = node.execution?.error_port;
  if (typeof port !== "string" || queued === undefined) return;
  if (queued.has(JSON.stringify([node.name, port])) || graph.isConnected(node.name, port)) return;
  issues.push(
    node.tree.place.at("execution_config", "error_port").issue(
      "error_port_unconnected",
      `error port "${port}" of node "${node.name}" has neither an edge nor a queue, ` +
        "so failures go the ordinary way: connect it",
      "warning",
    ),
  );
}

/** The ports that a node will get; undefined names where a reference decides. */
function createdPorts(
  execution: NodeExecutionConfig | null,
  net: NetConfigData,
): { controls: string[] | undefined; outPorts: string[] | undefined } {
  const signals = execution?.signals ?? net.default_signals;
  const controls = execution?.controls ?? net.default_controls;
  const errorPort = execution?.error_port ?? null;
  return {
    controls: isReference(controls) ? undefined : controls.map(controlPortName),
    outPorts: isReference(signals) || isReference(errorPort)
      ? undefined
      : [...signals.map(signalPortName), ...errorPort === null ? [] : [errorPort as string]],
  };
}

function withNames(
  ports: ReadonlyMap<string, unknown>,
  more: readonly string[] | undefined,
): string[] | undefined {
  return more && [...new Set([...ports.keys(), ...more])];
}
