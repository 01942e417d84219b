/**
 * What a simulator tells: events, and the packets, salvos and epochs in them.
 *
 * @module
 */
import type { EpochId, PacketId } from "./action.ts";
import type { Edge } from "./graph.ts";

/** Where a packet is. */
export type PacketLocation =
  /** Inside an epoch. */
  | { type: "node"; epochId: EpochId }
  /** Waiting at an input port; all epochs of the node share it. */
  | { type: "inputPort"; nodeName: string; portName: string }
  /** Loaded into an epoch's own copy of an output port. */
  | { type: "outputPort"; epochId: EpochId; portName: string }
  /** In transit. */
  | { type: "edge"; edge: Edge }
  /** Not injected yet, extracted, or orphaned. */
  | { type: "outsideNet" };

/** A packet and where it is. */
export interface Packet {
  /** The packet. */
  id: PacketId;
  /** Where it is. */
  location: PacketLocation;
}

/** Packets that travelled together. */
export interface Salvo {
  /** Name of the condition that let them go. */
  salvoCondition: string;
  /** The packets, port by port, oldest first. */
  packets: { portName: string; packetId: PacketId }[];
}

/** A packet that was sent through an output port without an edge. */
export interface OrphanedPacket {
  /** The packet. */
  packetId: PacketId;
  /** The output port. */
  fromPort: string;
  /** The output condition that let it go. */
  salvoCondition: string;
}

/** One execution of a node: a snapshot, never changed by later actions. */
export interface Epoch {
  /** Id of the epoch. */
  id: EpochId;
  /** The node that runs. */
  nodeName: string;
  /** What the epoch was made of. */
  inSalvo: Salvo;
  /** What the epoch has sent, oldest first. */
  outSalvos: Salvo[];
  /** How far the epoch is. */
  state: "startable" | "running" | "finished";
  /** What the epoch has sent through ports without an edge. */
  orphanedPackets: OrphanedPacket[];
}

/** Who asked for the sources of a node: an action, or one of the node's triggers. */
export type RequestSource = "external" | "onStartup" | "onNoSalvoTriggered";

/** What every event has. `timestamp` is in milliseconds UTC, the same for all events of an action. */
export interface NetEventBase {
  /** Time of the action, in milliseconds UTC. */
  timestamp: number;
}

/**
 * Something that happened. The events of an action suffice to undo it.
 *
 * `fromIndex` is the packet's index in its queue immediately before the event.
 */
export type NetEvent =
  & NetEventBase
  & (
    /** A packet was made, outside the net or inside an epoch. */
    | { type: "packetCreated"; packetId: PacketId }
    /** A packet was ended: as intended, or not. */
    | {
      type: "packetConsumed" | "packetDestroyed";
      packetId: PacketId;
      location: PacketLocation;
      fromIndex: number;
    }
    /** A packet went to the end of another queue, or of its own. */
    | {
      type: "packetMoved";
      packetId: PacketId;
      from: PacketLocation;
      to: PacketLocation;
      fromIndex: number;
    }
    /** A packet was sent through a port without an edge, and is outside the net now. */
    | {
      type: "packetOrphaned";
      packetId: PacketId;
      epochId: EpochId;
      nodeName: string;
      portName: string;
      salvoCondition: string;
      fromIndex: number;
    }
    /** An epoch was made, or is running from now on. */
    | { type: "epochCreated" | "epochStarted"; epochId: EpochId }
    /** An epoch was ended. */
    | {
      type: "epochFinished" | "epochCancelled";
      /** The epoch before the action. */
      epoch: Epoch;
      /** How many epochs the simulator had made before this one: undo restores its place by it. */
      creationIndex: number;
      /** Whether the node held its request token; only for nodes that have one. */
      requestTokenBefore?: boolean;
    }
    /** A condition let packets go: into a new epoch, or out of one. */
    | {
      type: "inputSalvoTriggered" | "outputSalvoTriggered";
      epochId: EpochId;
      salvoCondition: string;
    }
    /** A request waits for the next step to resolve it. */
    | { type: "requestCreated"; nodeName: string; label: string; source: RequestSource }
    /** A request led to these sources; to none if no dependency edge leads to the node. */
    | { type: "requestCascadeResolved"; nodeName: string; sourceNodes: string[]; label: string }
    /** A request started a source: its epoch has no packets. */
    | { type: "requestEpochCreated"; epochId: EpochId; nodeName: string; label: string }
  );
