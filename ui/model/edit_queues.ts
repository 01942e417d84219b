/**
 * Output queues, and the ports from which they can collect.
 *
 * @module
 */
import { edgeEnds } from "../../runtime/tools/raw_edge.ts";
import {
  asObject,
  listAt,
  objectAt,
  objectsIn,
  type RawObject,
} from "../../runtime/tools/raw_net.ts";
import { freeName, renameKey } from "./document.ts";
import { exposures } from "./edit_exposed_ports.ts";
import { EditRefused, nameOf } from "./edit_nodes.ts";
import type { FactoryLookup } from "./graph_view.ts";
import { netDefaults, nodeView } from "./node_view.ts";

/** An output port of the whole net. */
export interface OutputPort {
  /** Full name of its node. */
  readonly node: string;
  readonly port: string;
  readonly isConnected: boolean;
}

/** All output ports that queues can collect from: those of signals are none. */
export function outputPorts(net: RawObject, made: FactoryLookup = () => undefined): OutputPort[] {
  const defaults = netDefaults(net);
  const ports: OutputPort[] = [];
  const visit = (
    graph: RawObject | undefined,
    prefix: string,
    leadsOn: (node: string, port: string) => boolean,
  ): void => {
    const used = new Set(
      objectsIn(graph?.get("edges")).map((edge) => {
        const { sourceNode, sourcePort } = edgeEnds(edge);
        return JSON.stringify([sourceNode, sourcePort]);
      }),
    );
    const isConnected = (node: string, port: string) =>
      used.has(JSON.stringify([node, port])) || leadsOn(node, port);
    for (const node of objectsIn(graph?.get("nodes"))) {
      const name = nameOf(node);
      if (Array.isArray(node.get("nodes"))) {
        visit(
          node,
          `${prefix}${name}.`,
          (inner, port) =>
            exposures(node, "out", inner, port).some((outer) => isConnected(name, outer)),
        );
        continue;
      }
      for (const { name: port, origin } of nodeView(node, defaults, made(node)).outPorts) {
        if (origin === "signal" || origin === "missing") continue;
        ports.push({ node: prefix + name, port, isConnected: isConnected(name, port) });
      }
    }
  };
  visit(asObject(net.get("graph")), "", () => false);
  return ports;
}

/** Names every queue that the net would have by itself, so that they can be changed. */
export function nameQueues(draft: RawObject, ports: readonly OutputPort[]): void {
  const queues = new Map<string, unknown>();
  for (const { node, port, isConnected } of ports) {
    if (!isConnected) queues.set(`${node}::${port}`, new Map([["ports", [[node, port]]]]));
  }
  draft.set("output_queues", queues);
}

/** Adds a queue; returns its name. */
export function addQueue(draft: RawObject): string {
  const queues = objectAt(draft, "output_queues");
  const name = freeName("queue", new Set(queues.keys()));
  queues.set(name, new Map([["ports", []]]));
  return name;
}

/**
 * Gives a queue another name.
 *
 * @throws {EditRefused} If the name is empty or taken.
 */
export function renameQueue(draft: RawObject, name: string, newName: string): void {
  const queues = objectAt(draft, "output_queues");
  if (newName.trim() === "") throw new EditRefused("A queue needs a name");
  if (queues.has(newName)) throw new EditRefused(`There is a queue "${newName}" already`);
  renameKey(queues, name, newName);
}

/**
 * Lets a queue collect from one more port.
 *
 * @throws {EditRefused} If some queue collects from it already.
 */
export function collectFrom(draft: RawObject, queue: string, node: string, port: string): void {
  const queues = objectAt(draft, "output_queues");
  for (const [other, { ports }] of queuesOf(draft)) {
    if (ports.some((pair) => pair[0] === node && pair[1] === port)) {
      throw new EditRefused(`Queue "${other}" collects from ${node}.${port} already`);
    }
  }
  listAt(objectAt(queues, queue), "ports").push([node, port]);
}

/** The queues of a net with the ports that they collect from, as far as they are written as such. */
export function queuesOf(net: RawObject): [name: string, { ports: [string, string][] }][] {
  return [...asObject(net.get("output_queues")) ?? []].map(([name, queue]) => {
    const ports = asObject(queue)?.get("ports");
    const pairs = (Array.isArray(ports) ? ports : []).filter((pair): pair is [string, string] =>
      Array.isArray(pair) && pair.length === 2
    );
    return [name, { ports: pairs }];
  });
}
