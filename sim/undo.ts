/**
 * Undo: events are reversed from the last to the first, all of them or none.
 *
 * @module
 */
import type { EpochId, PacketId } from "./action.ts";
import { checkLocation } from "./check_action.ts";
import { copyOrphan, copySalvo, EpochRecord } from "./epoch_record.ts";
import { UndoNotFoundError, UndoStateMismatchError } from "./error.ts";
import type { Epoch, NetEvent, PacketLocation } from "./event.ts";
import { type PacketQueue, PacketRecord } from "./packet_queue.ts";
import { describe, requireObject, requireString } from "./shape.ts";
import type { NodeState, SimState } from "./state.ts";

type EventOf<T extends NetEvent["type"]> = Extract<NetEvent, { type: T }>;

/**
 * Reverses the events of an action.
 *
 * @throws {UndoError} If the state is not the one after these events; then nothing has changed.
 */
export function undoEvents(state: SimState, events: readonly NetEvent[]): void {
  const undo = new Undo(state);
  try {
    for (let i = events.length - 1; i >= 0; i--) undo.reverse(events[i]!);
  } catch (error) {
    undo.rollBack();
    throw error;
  }
}

/** An undo under way. Whatever it changes, it notes how to change it back. */
class Undo {
  readonly #state: SimState;
  readonly #rollback: (() => void)[] = [];

  constructor(state: SimState) {
    this.#state = state;
  }

  /** Changes everything back. */
  rollBack(): void {
    for (const change of this.#rollback.reverse()) change();
  }

  /** Reverses one event, or throws and changes nothing. */
  reverse(event: NetEvent): void {
    requireObject(event, "An event");
    switch (event.type) {
      case "packetCreated":
        return this.#removePacket(this.#packet(event.packetId));
      case "packetConsumed":
      case "packetDestroyed":
        return this.#revivePacket(event);
      case "packetMoved":
        return this.#movePacketBack(event);
      case "packetOrphaned":
        return this.#fetchOrphan(event);
      case "epochCreated":
        return this.#removeEpoch(this.#epoch(event.epochId));
      case "epochStarted":
        return this.#unstartEpoch(this.#epoch(event.epochId));
      case "epochFinished":
      case "epochCancelled":
        return this.#restoreEpoch(event);
      case "outputSalvoTriggered":
        return this.#dropOutSalvo(this.#epoch(event.epochId));
      case "requestCreated":
        return this.#withdrawRequest(event);
      case "requestCascadeResolved":
        return this.#reopenRequest(event);
      case "inputSalvoTriggered":
      case "requestEpochCreated":
        return;
      default:
        throw new TypeError(
          `Cannot undo an event of type ${describe((event as { type: unknown }).type)}`,
        );
    }
  }

  #removePacket(packet: PacketRecord): void {
    const state = this.#state;
    const queue = packet.queue!;
    const { next } = packet;
    state.remove(packet);
    this.#rollback.push(() => {
      state.packets.add(packet);
      state.put(packet, queue, next);
    });
  }

  #revivePacket(event: EventOf<"packetConsumed" | "packetDestroyed">): void {
    const { packetId, fromIndex } = event;
    const state = this.#state;
    requireString(packetId, "The `packetId` of an event");
    if (state.packets.get(packetId) !== undefined) {
      throw new UndoStateMismatchError({ packetId }, `packet "${packetId}" exists`);
    }
    const queue = this.#queue(packetId, event.location);
    checkIndex(packetId, fromIndex, queue.length);
    const packet = new PacketRecord(packetId);
    state.packets.add(packet);
    state.put(packet, queue, queue.at(fromIndex));
    this.#rollback.push(() => state.remove(packet));
  }

  #movePacketBack({ packetId, from, to, fromIndex }: EventOf<"packetMoved">): void {
    const packet = this.#packet(packetId);
    checkLocation(to, "The location in an event");
    if (packet.queue !== this.#state.queueAt(to)) {
      throw new UndoStateMismatchError(
        { packetId },
        `packet "${packetId}" is not where it was moved to`,
      );
    }
    this.#putBack(packet, this.#queue(packetId, from), fromIndex);
  }

  #fetchOrphan({ packetId, epochId, portName, fromIndex }: EventOf<"packetOrphaned">): void {
    const packet = this.#packet(packetId);
    if (packet.queue !== this.#state.outside) {
      throw new UndoStateMismatchError({ packetId }, `packet "${packetId}" is not outside the net`);
    }
    const { orphanedPackets } = this.#epoch(epochId);
    this.#putBack(
      packet,
      this.#queue(packetId, { type: "outputPort", epochId, portName }),
      fromIndex,
    );
    const index = orphanedPackets.findLastIndex((orphan) => orphan.packetId === packetId);
    const dropped = index < 0 ? [] : orphanedPackets.splice(index, 1);
    this.#rollback.push(() => orphanedPackets.splice(index, 0, ...dropped));
  }

  #putBack(packet: PacketRecord, queue: PacketQueue, index: number): void {
    const state = this.#state;
    const present = packet.queue!;
    const { next } = packet;
    checkIndex(packet.id, index, queue === present ? queue.length - 1 : queue.length);
    state.take(packet);
    state.put(packet, queue, queue.at(index));
    this.#rollback.push(() => {
      state.take(packet);
      state.put(packet, present, next);
    });
  }

  #removeEpoch(epoch: EpochRecord): void {
    const epochId = epoch.id;
    if (epoch.holdsPackets) {
      throw new UndoStateMismatchError({ epochId }, `epoch "${epochId}" still holds packets`);
    }
    this.#state.removeEpoch(epoch);
    this.#rollback.push(() => this.#state.addEpoch(epoch));
  }

  #unstartEpoch(epoch: EpochRecord): void {
    const epochId = epoch.id;
    if (!epoch.running) {
      throw new UndoStateMismatchError({ epochId }, `epoch "${epochId}" is not running`);
    }
    this.#state.setRunning(epoch, false);
    this.#rollback.push(() => this.#state.setRunning(epoch, true));
  }

  #restoreEpoch(event: EventOf<"epochFinished" | "epochCancelled">): void {
    const state = this.#state;
    const { epoch: snapshot, requestTokenBefore, creationIndex } = event;
    requireObject(snapshot, "The epoch of an event");
    const epochId = snapshot.id;
    if (state.epochs.get(epochId) !== undefined) {
      throw new UndoStateMismatchError({ epochId }, `epoch "${epochId}" exists`);
    }
    const node = state.node(snapshot.nodeName);
    if (node === undefined) {
      const reason = `node "${snapshot.nodeName}" of epoch "${epochId}" is not in the graph`;
      throw new UndoNotFoundError({ epochId }, reason);
    }
    // Events that were written elsewhere may lack the index: then the epoch counts as the newest.
    const epoch = fromSnapshot(snapshot, node, creationIndex ?? state.createdEpochs++);
    state.addEpoch(epoch);
    this.#rollback.push(() => state.removeEpoch(epoch));
    if (requestTokenBefore !== undefined) this.#setToken(node, requestTokenBefore);
  }

  #dropOutSalvo(epoch: EpochRecord): void {
    const epochId = epoch.id;
    const salvo = epoch.outSalvos.pop();
    if (salvo === undefined) {
      throw new UndoStateMismatchError({ epochId }, `epoch "${epochId}" has sent no salvo`);
    }
    countSalvo(epoch, salvo.salvoCondition, -1);
    this.#rollback.push(() => {
      epoch.outSalvos.push(salvo);
      countSalvo(epoch, salvo.salvoCondition, 1);
    });
  }

  #withdrawRequest({ nodeName, label, source }: EventOf<"requestCreated">): void {
    const state = this.#state;
    const { pendingRequests } = state;
    const index = pendingRequests.findLastIndex((request) =>
      request.node.name === nodeName && request.label === label
    );
    if (index >= 0) {
      const withdrawn = pendingRequests.splice(index, 1);
      this.#rollback.push(() => pendingRequests.splice(index, 0, ...withdrawn));
    }
    const node = state.node(nodeName);
    if (source === "onNoSalvoTriggered" && node?.graph.hasToken) this.#setToken(node, true);
    if (source === "onStartup") {
      const before = state.startupRequestsSent;
      state.startupRequestsSent = false;
      this.#rollback.push(() => state.startupRequestsSent = before);
    }
  }

  #reopenRequest({ nodeName, label }: EventOf<"requestCascadeResolved">): void {
    const { pendingRequests } = this.#state;
    const node = this.#state.node(nodeName)?.graph;
    if (node === undefined) {
      throw new TypeError(`Cannot undo a request of node ${describe(nodeName)}: there is none`);
    }
    pendingRequests.unshift({ node, label });
    this.#rollback.push(() => pendingRequests.shift());
  }

  #setToken(node: NodeState, token: boolean): void {
    const before = node.token;
    this.#state.setToken(node, token);
    this.#rollback.push(() => this.#state.setToken(node, before));
  }

  #packet(packetId: PacketId): PacketRecord {
    const packet = this.#state.packets.get(requireString(packetId, "The `packetId` of an event"));
    if (packet !== undefined) return packet;
    throw new UndoNotFoundError({ packetId }, `there is no packet "${packetId}"`);
  }

  #epoch(epochId: EpochId): EpochRecord {
    const epoch = this.#state.epochs.get(requireString(epochId, "The `epochId` of an event"));
    if (epoch !== undefined) return epoch;
    throw new UndoNotFoundError({ epochId }, `there is no epoch "${epochId}"`);
  }

  /** The queue to which a packet goes back. */
  #queue(packetId: PacketId, location: PacketLocation): PacketQueue {
    let queue: PacketQueue | undefined;
    checkLocation(location, "The location in an event");
    if (location.type === "node" || location.type === "outputPort") {
      const epoch = this.#epoch(location.epochId);
      if (location.type === "node") return epoch.inside;
      const port = epoch.node.graph.outputsByName.get(location.portName);
      queue = port && epoch.output(port.index);
    } else {
      queue = this.#state.queueAt(location);
    }
    if (queue !== undefined) return queue;
    const reason = `the graph has no location ${JSON.stringify(location)} for packet "${packetId}"`;
    throw new UndoNotFoundError({ packetId }, reason);
  }
}

function checkIndex(packetId: PacketId, index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index <= length) return;
  const reason =
    `packet "${packetId}" was at index ${index} of a queue that has ${length} packets now`;
  throw new UndoStateMismatchError({ packetId }, reason);
}

function fromSnapshot(snapshot: Epoch, node: NodeState, creationIndex: number): EpochRecord {
  const epoch = new EpochRecord(snapshot.id, node, creationIndex, copySalvo(snapshot.inSalvo));
  epoch.running = snapshot.state === "running";
  for (const salvo of snapshot.outSalvos) {
    epoch.outSalvos.push(copySalvo(salvo));
    countSalvo(epoch, salvo.salvoCondition, 1);
  }
  for (const orphan of snapshot.orphanedPackets) epoch.orphanedPackets.push(copyOrphan(orphan));
  return epoch;
}

function countSalvo(epoch: EpochRecord, salvoCondition: string, change: 1 | -1): void {
  const condition = epoch.node.graph.outConditionsByName.get(salvoCondition);
  if (condition !== undefined) epoch.countSent(condition.index, change);
}
