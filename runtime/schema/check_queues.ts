/**
 * Checking that output queues collect from ports that nothing else takes from.
 *
 * @module
 */
import type { CheckedGraph } from "./checked_graph.ts";
import type { ConfigIssue } from "./issue.ts";
import type { Place } from "./place.ts";

/** Queues by name, each with its flat ports in order. */
export type FlatQueues = ReadonlyMap<string, readonly { node: string; port: string }[]>;

/** Reports ports of queues that do not exist, have an edge, or are in two queues. */
export function checkQueues(
  queues: FlatQueues,
  graph: CheckedGraph,
  place: Place,
  isAutomatic: boolean,
  issues: ConfigIssue[],
): void {
  if (isAutomatic) return;
  const owners = new Map<string, string>();
  for (const [queue, ports] of queues) {
    for (const [i, { node, port }] of ports.entries()) {
      const report = (code: string, message: string) =>
        issues.push(place.at(queue, "ports", i).issue(code, `queue "${queue}" ${message}`));
      const missing = missingProblem(graph, node, port);
      if (missing !== undefined) {
        report("unknown_queue_port", missing);
        continue;
      }
      if (graph.isConnected(node, port)) {
        const message = `collects from port "${port}" of node "${node}", which has an edge: ` +
          "packets go there and never to the queue";
        report("queue_port_connected", message);
      }
      const key = JSON.stringify([node, port]);
      const owner = owners.get(key);
      if (owner === undefined) {
        owners.set(key, queue);
      } else {
        const message = `collects from port "${port}" of node "${node}", which queue "${owner}" ` +
          "collects from already";
        report("port_in_two_queues", message);
      }
    }
  }
}

function missingProblem(graph: CheckedGraph, node: string, port: string): string | undefined {
  const found = graph.node(node);
  if (found === undefined) {
    if (graph.isUnknown(node)) return undefined;
    if (graph.subgraph(node) !== undefined) {
      return `collects from port "${port}", which subgraph "${node}" does not expose`;
    }
    const hint = graph.hints.suffix(node, graph.names());
    return `collects from port "${port}" of node "${node}", which does not exist${hint}`;
  }
  if (graph.hasPort(node, "out", port) !== false) return undefined;
  const ports = found.outPorts ?? [];
  const hint = graph.hints.text(port, ports, "there are", "it has none");
  return `collects from output port "${port}", which node "${node}" does not have; ${hint}`;
}
