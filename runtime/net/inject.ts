/**
 * Getting packets, requests and commands into a net.
 *
 * @module
 */
import type { EpochId, NetAction, PacketId } from "../../sim/action.ts";
import {
  InputPortNotFoundError,
  InvalidArgumentError,
  NodeNotFoundError,
} from "../../sim/error.ts";
import { CONTROL_TYPES, controlPortName, type ControlType } from "../schema/signal.ts";
import type { Commit } from "./commit.ts";
import { CommitDraft, type CommitFields } from "./commit_draft.ts";
import { controlValueProblem } from "./controls.ts";
import type { Engine } from "./engine.ts";
import type { NetNode } from "./net_node.ts";

/** The node of that name. */
export function nodeNamed(engine: Engine, name: string): NetNode {
  const node = engine.nodes.get(name);
  if (!node) throw new NodeNotFoundError(name);
  return node;
}

/** Places one packet per value at an input port, all or none, and returns their ids. */
export function injectData(
  engine: Engine,
  nodeName: string,
  portName: string,
  values: readonly unknown[],
  fields?: CommitFields,
): PacketId[] {
  assertPort(engine, nodeName, portName);
  if (!Array.isArray(values)) {
    throw new InvalidArgumentError(
      `Cannot inject into input port "${portName}" of node "${nodeName}": \`values\` must be an ` +
        `array with one element per packet, got ${Deno.inspect(values, { depth: 0 })}`,
    );
  }
  if (values.length === 0) return [];
  const at = engine.clock.now();
  const placed = placeAt(engine, at, nodeName, portName, values);
  engine.commit(new CommitDraft("inject", at, { nodeName, ...placed, ...fields }));
  return placed.ids;
}

/** Forms one epoch of exactly these inputs, whatever the node's conditions say; returns its id. */
export function createEpoch(
  engine: Engine,
  nodeName: string,
  salvoCondition: string,
  inputs: Iterable<readonly [port: string, values: readonly unknown[]]>,
): EpochId {
  const at = engine.clock.now();
  const commit = { actions: [] as NetAction[], ids: [] as string[], values: [] as PortValues };
  const packets: { portName: string; packetId: PacketId }[] = [];
  for (const [portName, values] of inputs) {
    assertPort(engine, nodeName, portName);
    const placed = placeAt(engine, at, nodeName, portName, values);
    commit.actions.push(...placed.actions);
    commit.ids.push(...placed.ids);
    commit.values.push(...placed.values);
    packets.push(...placed.ids.map((packetId) => ({ portName, packetId })));
  }
  commit.actions.push({ type: "createEpoch", nodeName, salvo: { salvoCondition, packets } });
  return engine.commit(new CommitDraft("createEpoch", at, { nodeName, ...commit })).created[0]!;
}

/** Files a request for what a node depends on; it is resolved at the next step. */
export function request(engine: Engine, nodeName: string, label: string): void {
  // Two mistakes are told at once: an unknown node, and a way back that ends at a bare port.
  const sources = engine.nodes.has(nodeName) ? engine.graph.sourcesOf(nodeName) : [];
  engine.commit(
    new CommitDraft("request", engine.clock.now(), {
      nodeName,
      actions: [{ type: "createRequest", nodeName, label }],
    }),
  );
  if (sources.length === 0) {
    engine.events.warn(
      "request_without_sources",
      `A request of node "${nodeName}" starts nothing: no dependency edge leads back to a source`,
      nodeName,
    );
  }
}

/** Sends a command to a node and returns the id of its packet. */
export function sendControl(
  engine: Engine,
  nodeName: string,
  type: string,
  value: unknown,
): PacketId {
  const node = engine.nodes.get(nodeName);
  const problem = !node
    ? "there is no such node"
    : !CONTROL_TYPES.includes(type as ControlType)
    ? `there is no such control; there are ${CONTROL_TYPES.join(", ")}`
    : !node.controls.has(controlPortName(type as ControlType))
    ? "the node does not take it; list it in its `controls`"
    : controlValueProblem(type as ControlType, value);
  if (problem) {
    throw new InvalidArgumentError(
      `Cannot send control "${type}" to node "${nodeName}": ${problem}`,
    );
  }
  return injectData(engine, nodeName, controlPortName(type as ControlType), [value ?? null])[0]!;
}

type PortValues = [PacketId, unknown][];

function placeAt(
  engine: Engine,
  at: number,
  nodeName: string,
  portName: string,
  values: readonly unknown[],
): Pick<Commit, "actions" | "ids"> & { values: PortValues } {
  const actions: NetAction[] = [];
  const ids: PacketId[] = [];
  const destination = { type: "inputPort", nodeName, portName } as const;
  for (let i = 0; i < values.length; i++) {
    const packetId = engine.newId(at);
    ids.push(packetId);
    actions.push({ type: "createPacket" }, {
      type: "transportPacketToLocation",
      packetId,
      destination,
    });
  }
  return { actions, ids, values: ids.map((id, i) => [id, values[i]]) };
}

/** Throws if there is no such input port. */
export function assertPort(engine: Engine, nodeName: string, portName: string): void {
  if (!nodeNamed(engine, nodeName).config.in_ports.has(portName)) {
    throw new InputPortNotFoundError(portName, nodeName);
  }
}
