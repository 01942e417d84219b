/**
 * The actions by which the state of a simulator changes, and what they return.
 *
 * @module
 */
import type { Epoch, NetEvent, PacketLocation, Salvo } from "./event.ts";

/** Id of a packet: opaque, by default a ULID. */
export type PacketId = string;

/** Id of an epoch: opaque, by default a ULID. */
export type EpochId = string;

/**
 * Everything that can be done to a simulator.
 *
 * Actions are plain data: they can be written to a log and done again.
 */
export type NetAction =
  /** One pass over edges, input conditions and requests. */
  | { type: "runStep" }
  /** Makes a packet, outside the net or inside a running epoch. */
  | { type: "createPacket"; epochId?: EpochId | null }
  /** Ends a packet normally. */
  | { type: "consumePacket"; packetId: PacketId }
  /** Ends a packet abnormally. */
  | { type: "destroyPacket"; packetId: PacketId }
  /** A startable epoch is running from now on. */
  | { type: "startEpoch"; epochId: EpochId }
  /** Ends a running epoch that holds no packets any more. */
  | { type: "finishEpoch"; epochId: EpochId }
  /** Ends an epoch and destroys the packets that it holds. */
  | { type: "cancelEpoch"; epochId: EpochId }
  /** Makes a startable epoch out of chosen packets, whatever the conditions say. */
  | { type: "createEpoch"; nodeName: string; salvo: Salvo }
  /** Puts a packet of an epoch into one of the epoch's output ports. */
  | { type: "loadPacketIntoOutputPort"; packetId: PacketId; portName: string }
  /** Sends loaded packets by an output condition. */
  | { type: "sendOutputSalvo"; epochId: EpochId; salvoCondition: string }
  /** Moves a packet anywhere, except into and out of running epochs. */
  | { type: "transportPacketToLocation"; packetId: PacketId; destination: PacketLocation }
  /** Asks for the upstream sources of a node to be started in the next step. */
  | { type: "createRequest"; nodeName: string; label: string };

/** What an action returns beside its events, by type of the action; `none` for those not listed. */
export interface DataByAction {
  /** `created` are the epochs made in this step, in order. */
  runStep: { type: "step"; madeProgress: boolean; created: EpochId[] };
  /** The new packet. */
  createPacket: { type: "packet"; packetId: PacketId };
  /** The epoch, running. */
  startEpoch: { type: "startedEpoch"; epoch: Epoch };
  /** The epoch, finished. */
  finishEpoch: { type: "finishedEpoch"; epoch: Epoch };
  /** The epoch as it was, and its packets in the order of their events. */
  cancelEpoch: { type: "cancelledEpoch"; epoch: Epoch; destroyedPackets: PacketId[] };
  /** The new epoch, startable. */
  createEpoch: { type: "createdEpoch"; epoch: Epoch };
}

/** What an action of type `A` returns beside its events. */
export type ActionData<A extends NetAction> = A extends NetAction
  ? A["type"] extends keyof DataByAction ? DataByAction[A["type"]] : { type: "none" }
  : never;

/** Result of an action. */
export interface ActionResult<A extends NetAction = NetAction> {
  /** What was made or ended. */
  data: ActionData<A>;
  /** What happened, in order. */
  events: NetEvent[];
}
