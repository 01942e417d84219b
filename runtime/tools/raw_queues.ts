/**
 * Output queues of a net file as they are written: what they collect from nodes that change.
 *
 * @module
 */
import { asObject, type RawObject } from "./raw_net.ts";

/** Drops what queues collect from a node or subgraph, and the queues that are left empty by that. */
export function removeFromQueues(net: RawObject, name: string): void {
  for (const { queues, queueName, ports } of queuesOf(net)) {
    const kept = ports.filter((port) => !isOf(nodeOf(port), name));
    if (kept.length === ports.length) continue;
    if (kept.length === 0) queues.delete(queueName);
    else ports.splice(0, ports.length, ...kept);
  }
}

/** Puts a new name in place of that of a node or subgraph. */
export function renameInQueues(net: RawObject, oldName: string, newName: string): void {
  for (const { ports } of queuesOf(net)) {
    ports.forEach((port, i) => {
      const node = nodeOf(port);
      if (!isOf(node, oldName)) return;
      const renamed = newName + node!.slice(oldName.length);
      ports[i] = Array.isArray(port)
        ? [renamed, ...port.slice(1)]
        : renamed + String(port).slice(node!.length);
    });
  }
}

function queuesOf(
  net: RawObject,
): { queues: RawObject; queueName: string; ports: unknown[] }[] {
  const queues = asObject(net.get("output_queues"));
  return [...queues ?? []].flatMap(([queueName, queue]) => {
    const ports = asObject(queue)?.get("ports");
    return Array.isArray(ports) ? [{ queues: queues!, queueName, ports }] : [];
  });
}

/** Node of a `[node, port]` pair, or of the older text `node.port`. */
function nodeOf(port: unknown): string | undefined {
  if (Array.isArray(port)) return typeof port[0] === "string" ? port[0] : undefined;
  return typeof port === "string" ? port.slice(0, port.lastIndexOf(".")) : undefined;
}

/** Whether a node is this one, or inside this subgraph. */
function isOf(node: string | undefined, name: string): boolean {
  return node === name || node !== undefined && node.startsWith(`${name}.`);
}
