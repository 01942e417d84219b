/**
 * Forming an epoch of packets that wait, by a condition that the simulator does not fire itself.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import type { SalvoConditionSpec } from "../../sim/condition.ts";
import { CommitDraft } from "./commit_draft.ts";
import type { Engine } from "./engine.ts";
import type { NetNode } from "./net_node.ts";

/** A packet at an input port. */
export interface WaitingPacket {
  readonly portName: string;
  readonly packetId: PacketId;
}

/** Number of packets that wait at an input port. */
export function waitingAt({ state: { sim } }: Engine, nodeName: string, portName: string): number {
  return sim.packetCountAt({ type: "inputPort", nodeName, portName });
}

/** The packets that a condition would take now, port by port, oldest first. */
export function packetsFor(
  { state: { sim } }: Engine,
  { name: nodeName }: NetNode,
  { ports }: SalvoConditionSpec,
): WaitingPacket[] {
  return ports.flatMap(({ portName, count }) => {
    const waiting = sim.getPacketsAtLocation({ type: "inputPort", nodeName, portName });
    const taken = count.type === "all" ? waiting : waiting.slice(0, count.count);
    return taken.map((packetId) => ({ portName, packetId }));
  });
}

/** Forms an epoch of these packets. */
export function formEpoch(
  engine: Engine,
  { name: nodeName }: NetNode,
  salvoCondition: string,
  packets: WaitingPacket[],
): void {
  engine.commit(
    new CommitDraft("createEpoch", engine.clock.now(), {
      nodeName,
      actions: [{ type: "createEpoch", nodeName, salvo: { salvoCondition, packets } }],
    }),
  );
}
