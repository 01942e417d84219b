/**
 * Which output queue collects from which port.
 *
 * @module
 */
import type { PortMapping } from "./flatten.ts";
import type { EdgeConfig } from "./graph.ts";
import type { TreeGraph } from "./graph_tree.ts";
import type { OutputQueueConfig } from "./net.ts";
import type { ResolvedNodeConfig } from "./resolved.ts";
import { isSignalPortName } from "./signal.ts";

/**
 * The queues as written, with ports of subgraphs replaced by the ports that they lead to.
 *
 * @param queues The queues, without references.
 * @param root The graph that the queues' node names are those of.
 * @param mapping The flat ports.
 */
export function flattenQueues(
  queues: ReadonlyMap<string, OutputQueueConfig<never>>,
  root: TreeGraph,
  mapping: PortMapping,
): Map<string, OutputQueueConfig<never>> {
  const flat = new Map<string, OutputQueueConfig<never>>();
  for (const [name, queue] of queues) {
    const ports = queue.ports.map(([node, port]): [string, string] => {
      const mapped = mapping.map(root, "out", node, port);
      return [mapped.node, mapped.port];
    });
    flat.set(name, { ...queue, ports });
  }
  return flat;
}

/** A queue `NODE::PORT` for every output port without an edge, except those of signals. */
export function automaticQueues(
  nodes: readonly ResolvedNodeConfig[],
  edges: readonly EdgeConfig[],
): Map<string, OutputQueueConfig<never>> {
  const connected = new Set(
    edges.map(({ source_node, source_port }) => JSON.stringify([source_node, source_port])),
  );
  const queues = new Map<string, OutputQueueConfig<never>>();
  for (const { name, out_ports } of nodes) {
    for (const port of out_ports.keys()) {
      if (isSignalPortName(port) || connected.has(JSON.stringify([name, port]))) continue;
      queues.set(`${name}::${port}`, { ports: [[name, port]] });
    }
  }
  return queues;
}
