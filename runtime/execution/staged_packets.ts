/**
 * The packets of one attempt.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";

/** A packet of an attempt, and what the function has done with it. */
export interface StagedPacket {
  readonly id: PacketId;
  value: unknown;
  state: "inside" | "consumed" | "loaded" | "sent";
  readonly isInput: boolean;
}

/** From this number on packets are looked up in a map. */
const few = 8;

/** Packets by id. Most attempts have one or two: a list is then faster than a map. */
export class StagedPackets {
  #list: StagedPacket[] = [];
  #map: Map<PacketId, StagedPacket> | undefined = undefined;

  /** The packet of that id. */
  get(id: PacketId): StagedPacket | undefined {
    if (this.#map) return this.#map.get(id);
    for (const packet of this.#list) if (packet.id === id) return packet;
    return undefined;
  }

  /** Adds a packet, whose id is new. */
  add(packet: StagedPacket): void {
    this.#list.push(packet);
    if (this.#map) this.#map.set(packet.id, packet);
    else if (this.#list.length > few) this.#map = this.#mapped();
  }

  /** Forgets the packets that were made here and sent: they belong to others now. */
  forgetSent(): void {
    this.#list = this.#list.filter(({ state, isInput }) => state !== "sent" || isInput);
    this.#map = this.#list.length > few ? this.#mapped() : undefined;
  }

  #mapped(): Map<PacketId, StagedPacket> {
    return new Map(this.#list.map((packet) => [packet.id, packet]));
  }
}
