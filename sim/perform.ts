/**
 * The effects of all actions but the step: first every check, then every change.
 *
 * @module
 */
import type { DataByAction, EpochId, PacketId } from "./action.ts";
import { findEdge } from "./compiled_graph.ts";
import { copySalvo, EpochRecord } from "./epoch_record.ts";
import * as errors from "./error.ts";
import type { NetEvent, PacketLocation, Salvo } from "./event.ts";
import { INSIDE, OUTPUT, type PacketQueue, PacketRecord } from "./packet_queue.ts";
import type { NodeState, SimState } from "./state.ts";
import { accepts, UNLIMITED } from "./term_program.ts";

/** Where events go; nothing is built if nobody listens. */
export type Events = NetEvent[] | undefined;

/** Makes a packet outside the net, or inside a running epoch. */
export function createPacket(
  state: SimState,
  epochId: EpochId | undefined,
  events: Events,
  at: number,
): DataByAction["createPacket"] {
  const queue = epochId === undefined ? state.outside : runningEpoch(state, epochId).inside;
  const packet = new PacketRecord(mint(state, at));
  if (!state.packets.add(packet)) throw usedId(packet.id);
  state.put(packet, queue);
  events?.push({ type: "packetCreated", timestamp: at, packetId: packet.id });
  return { type: "packet", packetId: packet.id };
}

/** Ends a packet, wherever it is. */
export function endPacket(
  state: SimState,
  packetId: PacketId,
  type: "packetConsumed" | "packetDestroyed",
  events: Events,
  at: number,
): void {
  const packet = state.packets.delete(packetId);
  if (packet === undefined) throw new errors.PacketNotFoundError(packetId);
  if (events !== undefined) {
    const queue = packet.queue!;
    const fromIndex = queue.indexOf(packet);
    events.push({ type, timestamp: at, packetId, location: queue.location, fromIndex });
  }
  state.take(packet);
}

/** Makes a startable epoch running. */
export function startEpoch(
  state: SimState,
  epochId: EpochId,
  events: Events,
  at: number,
): DataByAction["startEpoch"] {
  const epoch = knownEpoch(state, epochId);
  if (epoch.running) throw new errors.EpochNotStartableError(epochId, epoch.node.graph.name);
  state.setRunning(epoch, true);
  events?.push({ type: "epochStarted", timestamp: at, epochId });
  return { type: "startedEpoch", epoch: epoch.snapshot() };
}

/** Ends a running epoch that holds no packets. */
export function finishEpoch(
  state: SimState,
  epochId: EpochId,
  events: Events,
  at: number,
): DataByAction["finishEpoch"] {
  const epoch = runningEpoch(state, epochId);
  const { name, outputs } = epoch.node.graph;
  if (epoch.inside.length > 0) throw new errors.CannotFinishNonEmptyEpochError(epochId, name);
  for (let i = 0; i < epoch.outputs.length; i++) {
    if (epoch.count(i) > 0) {
      throw new errors.UnsentOutputSalvoError(epochId, outputs[i]!.name, name);
    }
  }
  endEpoch(state, epoch, "epochFinished", events, at);
  return { type: "finishedEpoch", epoch: epoch.handOver("finished") };
}

/** Ends an epoch and destroys its packets. */
export function cancelEpoch(
  state: SimState,
  epochId: EpochId,
  events: Events,
  at: number,
): DataByAction["cancelEpoch"] {
  const epoch = knownEpoch(state, epochId);
  const destroyedPackets: PacketId[] = [];
  for (const queue of [epoch.inside, ...epoch.outputs]) {
    for (let packet = queue?.head; packet !== undefined; packet = queue!.head) {
      destroyedPackets.push(packet.id);
      endPacket(state, packet.id, "packetDestroyed", events, at);
    }
  }
  endEpoch(state, epoch, "epochCancelled", events, at);
  const snapshot = epoch.handOver(epoch.running ? "running" : "startable");
  return { type: "cancelledEpoch", epoch: snapshot, destroyedPackets };
}

/** Makes a startable epoch out of chosen packets. */
export function createEpoch(
  state: SimState,
  nodeName: string,
  salvo: Salvo,
  events: Events,
  at: number,
): DataByAction["createEpoch"] {
  const node = state.node(nodeName);
  if (node === undefined) throw new errors.NodeNotFoundError(nodeName);
  const packets = salvo.packets.map(({ portName, packetId }) => {
    const port = node.graph.inputsByName.get(portName);
    if (port === undefined) throw new errors.InputPortNotFoundError(portName, nodeName);
    const packet = knownPacket(state, packetId);
    if (packet.queue !== node.inputs[port.index]) {
      throw new errors.PacketNotAtInputPortError(packetId, portName, nodeName);
    }
    return packet;
  });
  if (packets.length > 1) {
    const seen = new Set<PacketRecord>();
    for (const packet of packets) {
      if (seen.has(packet)) throw new errors.DuplicatePacketInSalvoError(packet.id);
      seen.add(packet);
    }
  }
  const epoch = addEpoch(state, node, copySalvo(salvo), at);
  events?.push({ type: "epochCreated", timestamp: at, epochId: epoch.id });
  for (const packet of packets) movePacket(state, packet, epoch.inside, events, at);
  return { type: "createdEpoch", epoch: epoch.snapshot() };
}

/** Puts a packet that is inside an epoch into one of the epoch's output ports. */
export function loadPacket(
  state: SimState,
  packetId: PacketId,
  portName: string,
  events: Events,
  at: number,
): void {
  const packet = knownPacket(state, packetId);
  const { kind, epoch } = packet.queue!;
  if (kind !== INSIDE) throw new errors.PacketNotInAnyNodeError(packetId);
  const queue = outputPort(epoch!, portName);
  if (!queue.hasRoom) {
    const { name } = epoch!.node.graph;
    throw new errors.OutputPortFullError(portName, epoch!.id, name, queue.capacity);
  }
  movePacket(state, packet, queue, events, at);
}

/** Sends packets from the output ports of an epoch by an output condition. */
export function sendOutputSalvo(
  state: SimState,
  epochId: EpochId,
  salvoCondition: string,
  events: Events,
  at: number,
): void {
  const epoch = knownEpoch(state, epochId);
  const { name: nodeName, outputs, outConditionsByName } = epoch.node.graph;
  const condition = outConditionsByName.get(salvoCondition);
  if (condition === undefined) {
    throw new errors.SalvoConditionNotFoundError(salvoCondition, epochId, nodeName);
  }
  const limited = condition.maxSalvos < UNLIMITED;
  if (limited && epoch.sentCount(condition.index) >= condition.maxSalvos) {
    const { maxSalvos } = condition;
    throw new errors.MaxSalvosExceededError(salvoCondition, epochId, nodeName, maxSalvos);
  }
  if (!accepts(condition.program, epoch)) {
    throw new errors.SalvoConditionNotMetError(salvoCondition, epochId, nodeName);
  }

  let packets: Salvo["packets"] | undefined;
  for (const { port, name: portName, most } of condition.ports) {
    const queue = epoch.outputs[port];
    const edge = outputs[port]!.edge;
    for (let left = Math.min(most, epoch.count(port)); left > 0; left--) {
      const packet = queue!.head!;
      const packetId = packet.id;
      const entry = { portName, packetId };
      // Most salvos are of one packet: `push` onto an empty list would make room for 17.
      if (packets) packets.push(entry);
      else packets = [entry];
      if (edge !== undefined) {
        movePacket(state, packet, state.edges[edge.index]!, events, at);
        continue;
      }
      state.move(packet, state.outside);
      epoch.addOrphan({ packetId, fromPort: portName, salvoCondition });
      events?.push({
        type: "packetOrphaned",
        timestamp: at,
        packetId,
        epochId,
        nodeName,
        portName,
        salvoCondition,
        fromIndex: 0,
      });
    }
  }
  epoch.addOutSalvo({ salvoCondition, packets: packets ?? [] });
  if (limited) epoch.countSent(condition.index, 1);
  events?.push({ type: "outputSalvoTriggered", timestamp: at, epochId, salvoCondition });
}

/** Moves a packet anywhere, except into and out of running epochs. */
export function transportPacket(
  state: SimState,
  packetId: PacketId,
  destination: PacketLocation,
  events: Events,
  at: number,
): void {
  const packet = knownPacket(state, packetId);
  const { kind, epoch } = packet.queue!;
  if ((kind === INSIDE || kind === OUTPUT) && epoch!.running) {
    const { name } = epoch!.node.graph;
    throw new errors.CannotMovePacketFromRunningEpochError(packetId, epoch!.id, name);
  }
  movePacket(state, packet, transportTarget(state, packetId, destination), events, at);
}

function transportTarget(state: SimState, packetId: PacketId, to: PacketLocation): PacketQueue {
  switch (to.type) {
    case "node":
      return epochForTransport(state, packetId, to.epochId).inside;
    case "outputPort":
      return outputPort(epochForTransport(state, packetId, to.epochId), to.portName);
    case "inputPort": {
      const { nodeName, portName } = to;
      const node = state.node(nodeName);
      if (node === undefined) throw new errors.NodeNotFoundError(nodeName);
      const port = node.graph.inputsByName.get(portName);
      if (port === undefined) throw new errors.InputPortNotFoundError(portName, nodeName);
      const queue = node.inputs[port.index]!;
      if (!queue.hasRoom) {
        throw new errors.InputPortFullError(portName, nodeName, queue.capacity);
      }
      return queue;
    }
    case "edge": {
      const edge = findEdge(state.graph, to.edge);
      if (edge === undefined) throw new errors.EdgeNotFoundError(to.edge);
      return state.edges[edge.index]!;
    }
    case "outsideNet":
      return state.outside;
  }
}

function epochForTransport(state: SimState, packetId: PacketId, epochId: EpochId): EpochRecord {
  const epoch = knownEpoch(state, epochId);
  if (!epoch.running) return epoch;
  const { name } = epoch.node.graph;
  throw new errors.CannotMovePacketIntoRunningEpochError(packetId, epochId, name);
}

/** Files a request that the next step resolves. */
export function createRequest(
  state: SimState,
  nodeName: string,
  label: string,
  events: Events,
  at: number,
): void {
  const node = state.node(nodeName)?.graph;
  if (node === undefined) throw new errors.RequestNodeNotFoundError(nodeName);
  state.pendingRequests.push({ node, label });
  events?.push({ type: "requestCreated", timestamp: at, nodeName, label, source: "external" });
}

/** Moves a packet to the end of a queue. */
export function movePacket(
  state: SimState,
  packet: PacketRecord,
  to: PacketQueue,
  events: Events,
  at: number,
): void {
  if (events !== undefined) {
    const from = packet.queue!;
    events.push({
      type: "packetMoved",
      timestamp: at,
      packetId: packet.id,
      from: from.location,
      to: to.location,
      fromIndex: from.indexOf(packet),
    });
  }
  state.move(packet, to);
}

/** Adds a new startable epoch without packets. */
export function addEpoch(state: SimState, node: NodeState, salvo: Salvo, at: number): EpochRecord {
  const epoch = new EpochRecord(mint(state, at), node, state.createdEpochs, salvo);
  if (!state.addEpoch(epoch)) throw usedId(epoch.id);
  state.createdEpochs++;
  return epoch;
}

function endEpoch(
  state: SimState,
  epoch: EpochRecord,
  type: "epochFinished" | "epochCancelled",
  events: Events,
  at: number,
): void {
  const { node, creationIndex } = epoch;
  const { hasToken } = node.graph;
  events?.push({
    type,
    timestamp: at,
    epoch: epoch.snapshot(),
    creationIndex,
    ...(hasToken ? { requestTokenBefore: node.token } : {}),
  });
  state.removeEpoch(epoch);
  if (hasToken) state.setToken(node, true);
}

function mint(state: SimState, at: number): string {
  const id = state.ids.next(at);
  if (typeof id !== "string") throw new TypeError("`newId` must return a string");
  return id;
}

function usedId(id: string): Error {
  return new errors.InvalidArgumentError(
    `Cannot use "${id}" as id: \`newId\` must return an id that is not in use`,
  );
}

function knownPacket(state: SimState, packetId: PacketId): PacketRecord {
  const packet = state.packets.get(packetId);
  if (packet === undefined) throw new errors.PacketNotFoundError(packetId);
  return packet;
}

function knownEpoch(state: SimState, epochId: EpochId): EpochRecord {
  const epoch = state.epochs.get(epochId);
  if (epoch === undefined) throw new errors.EpochNotFoundError(epochId);
  return epoch;
}

function runningEpoch(state: SimState, epochId: EpochId): EpochRecord {
  const epoch = knownEpoch(state, epochId);
  if (!epoch.running) throw new errors.EpochNotRunningError(epochId, epoch.node.graph.name);
  return epoch;
}

function outputPort(epoch: EpochRecord, portName: string): PacketQueue {
  const { name, outputsByName } = epoch.node.graph;
  const port = outputsByName.get(portName);
  if (port === undefined) throw new errors.OutputPortNotFoundError(portName, epoch.id, name);
  return epoch.output(port.index);
}
