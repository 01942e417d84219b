/**
 * Queues of packets.
 *
 * @module
 */
import type { PacketId } from "./action.ts";
import type { EpochRecord } from "./epoch_record.ts";
import type { PacketLocation } from "./event.ts";
import type { NodeState } from "./state.ts";

/** A packet of a simulator: one link of the queue in which it is. */
export class PacketRecord {
  readonly id: PacketId;
  queue: PacketQueue | undefined = undefined;
  previous: PacketRecord | undefined = undefined;
  next: PacketRecord | undefined = undefined;

  constructor(id: PacketId) {
    this.id = id;
  }
}

/** What kind of location a queue is. */
export const OUTSIDE = 0, EDGE = 1, INPUT = 2, INSIDE = 3, OUTPUT = 4;

/** One of the five kinds of location. */
export type QueueKind = typeof OUTSIDE | typeof EDGE | typeof INPUT | typeof INSIDE | typeof OUTPUT;

/**
 * The packets at one location, oldest first: a doubly linked list, so that taking a packet out and
 * putting one back costs the same at either end. All queues have one shape, whatever their kind.
 */
export class PacketQueue {
  readonly kind: QueueKind;
  /** How many packets fit. */
  readonly capacity: number;
  /** Number of the edge, or of the port among those of its node and side. */
  readonly index: number;
  /** The location of an edge or input port. */
  readonly #location: PacketLocation | undefined;
  /** The epoch that the location belongs to, if it does. */
  readonly epoch: EpochRecord | undefined;
  /** The node of an input port. */
  node: NodeState | undefined = undefined;
  /** The input port that an edge leads to. */
  target: PacketQueue | undefined = undefined;
  head: PacketRecord | undefined = undefined;
  tail: PacketRecord | undefined = undefined;
  length = 0;

  constructor(
    kind: QueueKind,
    capacity: number,
    index: number,
    location: PacketLocation | undefined,
    epoch: EpochRecord | undefined,
  ) {
    this.kind = kind;
    this.capacity = capacity;
    this.index = index;
    this.#location = location;
    this.epoch = epoch;
  }

  /** Whether another packet fits. */
  get hasRoom(): boolean {
    return this.length < this.capacity;
  }

  /** The location as plain data, for the caller to keep: frozen, or made for this call. */
  get location(): PacketLocation {
    switch (this.kind) {
      case INSIDE:
        return { type: "node", epochId: this.epoch!.id };
      case OUTPUT:
        return {
          type: "outputPort",
          epochId: this.epoch!.id,
          portName: this.epoch!.node.graph.outputs[this.index]!.name,
        };
      default:
        return this.#location!;
    }
  }

  /** Links a packet that is in no queue, in front of `next` or at the end. */
  link(packet: PacketRecord, next: PacketRecord | undefined): void {
    const previous = next === undefined ? this.tail : next.previous;
    packet.queue = this;
    packet.previous = previous;
    packet.next = next;
    if (previous === undefined) this.head = packet;
    else previous.next = packet;
    if (next === undefined) this.tail = packet;
    else next.previous = packet;
    this.length++;
  }

  /** Takes a packet of this queue out of it. */
  unlink(packet: PacketRecord): void {
    const { previous, next } = packet;
    if (previous === undefined) this.head = next;
    else previous.next = next;
    if (next === undefined) this.tail = previous;
    else next.previous = previous;
    packet.queue = undefined;
    packet.previous = undefined;
    packet.next = undefined;
    this.length--;
  }

  /** Index of a packet of this queue, found from whichever end is nearer. */
  indexOf(packet: PacketRecord): number {
    let steps = 0;
    let { previous, next } = packet;
    while (previous !== undefined && next !== undefined) {
      steps++;
      previous = previous.previous;
      next = next.next;
    }
    return previous === undefined ? steps : this.length - 1 - steps;
  }

  /** The packet at an index, or nothing at the end of the queue and beyond. */
  at(index: number): PacketRecord | undefined {
    if (index >= this.length) return undefined;
    const fromHead = index <= this.length / 2;
    let packet = fromHead ? this.head : this.tail;
    for (let i = fromHead ? index : this.length - 1 - index; i > 0; i--) {
      packet = fromHead ? packet!.next : packet!.previous;
    }
    return packet;
  }

  /** Ids of all packets, oldest first. */
  ids(): PacketId[] {
    const ids: PacketId[] = [];
    for (let packet = this.head; packet !== undefined; packet = packet.next) ids.push(packet.id);
    return ids;
  }
}
