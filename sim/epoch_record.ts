/**
 * Live epochs, and the snapshots that are handed out.
 *
 * @module
 */
import type { EpochId } from "./action.ts";
import type { Epoch, OrphanedPacket, Salvo } from "./event.ts";
import { INSIDE, OUTPUT, PacketQueue } from "./packet_queue.ts";
import type { NodeState } from "./state.ts";
import { UNLIMITED } from "./term_program.ts";

/** A live epoch of a simulator. */
export class EpochRecord {
  readonly id: EpochId;
  readonly node: NodeState;
  /** How many epochs were created before this one. */
  readonly creationIndex: number;
  readonly inSalvo: Salvo;
  outSalvos: Salvo[] = [];
  orphanedPackets: OrphanedPacket[] = [];
  /** The packets inside the epoch. */
  readonly inside: PacketQueue;
  /** The epoch's copies of the output ports: each is made when a packet is first put there. */
  outputs: (PacketQueue | undefined)[];
  /** Number of salvos sent, by index of the output condition; nothing before the first. */
  #sent: number[] | undefined = undefined;
  running = false;
  /** Neighbours in the list of startable epochs. */
  previous: EpochRecord | undefined = undefined;
  next: EpochRecord | undefined = undefined;

  constructor(id: EpochId, node: NodeState, creationIndex: number, inSalvo: Salvo) {
    this.id = id;
    this.node = node;
    this.creationIndex = creationIndex;
    this.inSalvo = inSalvo;
    this.outputs = node.noOutputs;
    this.inside = new PacketQueue(INSIDE, UNLIMITED, 0, undefined, this);
  }

  /** The epoch's copy of an output port. */
  output(index: number): PacketQueue {
    const { noOutputs, graph: { outputs: ports } } = this.node;
    if (this.outputs === noOutputs) this.outputs = noOutputs.slice();
    return this.outputs[index] ??= new PacketQueue(
      OUTPUT,
      ports[index]!.capacity,
      index,
      undefined,
      this,
    );
  }

  /** How many packets are at an output port. */
  count(port: number): number {
    return this.outputs[port]?.length ?? 0;
  }

  /** How many salvos of an output condition the epoch has sent. */
  sentCount(condition: number): number {
    return this.#sent?.[condition] ?? 0;
  }

  /** Counts a salvo of an output condition: 1 for one sent, -1 for one undone. */
  countSent(condition: number, change: 1 | -1): void {
    const sent = this.#sent ??= new Array(this.node.graph.outConditions.length).fill(0);
    sent[condition]! += change;
  }

  /** Takes note of a salvo that was sent. Most epochs send one: `push` would make room for 17. */
  addOutSalvo(salvo: Salvo): void {
    if (this.outSalvos.length === 0) this.outSalvos = [salvo];
    else this.outSalvos.push(salvo);
  }

  /** Takes note of a packet that left by a port without an edge. */
  addOrphan(orphan: OrphanedPacket): void {
    if (this.orphanedPackets.length === 0) this.orphanedPackets = [orphan];
    else this.orphanedPackets.push(orphan);
  }

  /** Forgets what was sent first, until at most so many records of each kind are left. */
  forgetSent(keep: number): void {
    this.outSalvos.splice(0, this.outSalvos.length - keep);
    this.orphanedPackets.splice(0, this.orphanedPackets.length - keep);
  }

  /** Whether any packet is inside the epoch or at one of its output ports. */
  get holdsPackets(): boolean {
    return this.inside.length > 0 || this.outputs.some((queue) => (queue?.length ?? 0) > 0);
  }

  /** A copy that later actions do not change, and whose changes change nothing. */
  snapshot(state: Epoch["state"] = this.running ? "running" : "startable"): Epoch {
    return {
      id: this.id,
      nodeName: this.node.graph.name,
      inSalvo: copySalvo(this.inSalvo),
      outSalvos: copyAll(this.outSalvos, copySalvo),
      state,
      orphanedPackets: copyAll(this.orphanedPackets, copyOrphan),
    };
  }

  /** The epoch with its own records instead of copies: for one that is gone from the state. */
  handOver(state: Epoch["state"]): Epoch {
    const { id, inSalvo, outSalvos, orphanedPackets } = this;
    return { id, nodeName: this.node.graph.name, inSalvo, outSalvos, state, orphanedPackets };
  }
}

/** Copies a salvo, without anything that is not part of one. */
export function copySalvo({ salvoCondition, packets }: Salvo): Salvo {
  // `map` makes a list of just that size: one that is filled by `push` has room for 17.
  return { salvoCondition, packets: copyAll(packets, copyPacket) };
}

function copyPacket({ portName, packetId }: Salvo["packets"][number]): Salvo["packets"][number] {
  return { portName, packetId };
}

/** Copies a record of an orphan, without anything that is not part of one. */
export function copyOrphan({ packetId, fromPort, salvoCondition }: OrphanedPacket): OrphanedPacket {
  return { packetId, fromPort, salvoCondition };
}

/** Most often there is nothing to copy: then `map` would cost more than the rest of a snapshot. */
function copyAll<T>(items: readonly T[], copy: (item: T) => T): T[] {
  return items.length === 0 ? [] : items.map(copy);
}
