/**
 * Bringing together packets of several ports that have the same key.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import type { PacketLocation } from "../../sim/event.ts";
import type { Pairing, PairingKey } from "../factories/protocol.ts";
import type { Engine } from "./engine.ts";
import type { AppliedAction } from "./event.ts";
import { formEpoch, type WaitingPacket } from "./manual_epoch.ts";
import type { NetNode } from "./net_node.ts";

/** A node that pairs, with its packets that have found no partners yet. */
interface PairingNode {
  readonly node: NetNode;
  readonly pairing: Pairing;
  /** Packets by key, then by port, oldest first. */
  readonly waiting: Map<PairingKey, Map<string, Set<PacketId>>>;
  /** The key of each of them. */
  readonly keys: Map<PacketId, PairingKey>;
}

/** Reads the keys of packets as they arrive, and forms epochs of those that belong together. */
export class Pairings {
  readonly #engine: Engine;
  readonly #nodes: ReadonlyMap<string, PairingNode>;
  #arrived: Map<PacketId, WaitingPacket & { readonly to: PairingNode }> = new Map();

  /** Collects the nodes of a net that pair. */
  constructor(engine: Engine) {
    this.#engine = engine;
    this.#nodes = new Map(
      [...engine.nodes.values()].flatMap((node) => {
        const { pairing } = node.functions;
        const waiting = new Map();
        return pairing ? [[node.name, { node, pairing, waiting, keys: new Map() }] as const] : [];
      }),
    );
    if (this.#nodes.size === 0) return;
    engine.watchers.push((actions) => this.#watch(actions));
  }

  /** Forms the epochs for which all packets have come; whether there were any. */
  fire(): boolean {
    let hasFired = false;
    for (const [packetId, { to, portName }] of this.#arrived) {
      this.#arrived.delete(packetId);
      hasFired = this.#arrive(to, portName, packetId) || hasFired;
    }
    return hasFired;
  }

  #watch(actions: readonly AppliedAction[]): void {
    for (const { events } of actions) {
      for (const event of events) {
        if (event.type === "packetMoved") {
          this.#leave(event.packetId, event.from);
          this.#enter(event.packetId, event.to);
        } else if (event.type === "packetDestroyed") this.#leave(event.packetId, event.location);
      }
    }
  }

  #enter(packetId: PacketId, location: PacketLocation): void {
    if (location.type !== "inputPort") return;
    const { nodeName, portName } = location;
    const to = this.#nodes.get(nodeName);
    if (to?.node.dataPorts.includes(portName)) {
      this.#arrived.set(packetId, { to, portName, packetId });
    }
  }

  /** A packet goes, whether into an epoch or not: nobody can be paired with it any more. */
  #leave(packetId: PacketId, location: PacketLocation): void {
    if (location.type !== "inputPort") return;
    this.#arrived.delete(packetId);
    const from = this.#nodes.get(location.nodeName);
    const key = from?.keys.get(packetId);
    if (!from || key === undefined) return;
    from.keys.delete(packetId);
    const byPort = from.waiting.get(key)!;
    const packets = byPort.get(location.portName)!;
    packets.delete(packetId);
    if (packets.size === 0) byPort.delete(location.portName);
    if (byPort.size === 0) from.waiting.delete(key);
  }

  #arrive(
    { node, pairing, waiting, keys }: PairingNode,
    portName: string,
    packetId: PacketId,
  ): boolean {
    const key = pairing.keyOf(portName, this.#engine.state.packets.peek(packetId));
    if (key === undefined) {
      // Alone it fails, and says why.
      formEpoch(this.#engine, node, pairing.pair, [{ portName, packetId }]);
      return true;
    }
    let byPort = waiting.get(key);
    if (!byPort) waiting.set(key, byPort = new Map());
    let packets = byPort.get(portName);
    if (!packets) byPort.set(portName, packets = new Set());
    packets.add(packetId);
    keys.set(packetId, key);
    if (byPort.size < node.dataPorts.length) return false;
    const pair = node.dataPorts.map((port) => {
      const [oldest] = byPort.get(port)!;
      return { portName: port, packetId: oldest! };
    });
    formEpoch(this.#engine, node, pairing.pair, pair);
    return true;
  }
}
