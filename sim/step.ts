/**
 * The step: one pass over what is ready, in four phases.
 *
 * @module
 */
import type { EpochId } from "./action.ts";
import type { CompiledCondition, CompiledNode } from "./compiled_graph.ts";
import { RequestUnconnectedPortError } from "./error.ts";
import { addEpoch, type Events, movePacket } from "./perform.ts";
import { findSources } from "./request_walk.ts";
import type { Salvo } from "./event.ts";
import type { PacketQueue } from "./packet_queue.ts";
import type { NodeState, PendingRequest, SimState } from "./state.ts";
import { accepts } from "./term_program.ts";

/** What a step did. */
export interface Step {
  /** Whether a packet moved or an epoch was created. */
  madeProgress: boolean;
  /** The epochs made, in order. */
  readonly created: EpochId[];
}

/** Whether a step would change nothing. */
export function isBlocked(state: SimState): boolean {
  return state.pendingRequests.length === 0 &&
    (state.startupRequestsSent || state.graph.startupNodes.length === 0) &&
    !state.readyEdges.some((index) => canDeliver(state.edges[index]!)) &&
    !state.readyNodes.some((index) => {
      const node = state.nodes[index]!;
      return node.waiting > 0 &&
        (node.token || firstSatisfied(node, state.skipEmptySalvos) !== undefined);
    });
}

/**
 * Makes one pass.
 *
 * @throws {RequestUnconnectedPortError} If a request fails; the first three phases stay done.
 */
export function runStep(state: SimState, events: Events, at: number): Step {
  const step: Step = { madeProgress: false, created: [] };
  deliverFromEdges(state, step, events, at);
  const unsatisfied = triggerInputSalvos(state, step, events, at);
  fileRequests(state, unsatisfied, events, at);
  resolveRequests(state, step, events, at);
  return step;
}

/** Phase 1: every edge delivers its head, if there is room. */
function deliverFromEdges(state: SimState, step: Step, events: Events, at: number): void {
  const due = state.readyEdges.takeAll();
  for (let i = 0; i < due; i++) {
    const index = state.readyEdges.taken(i);
    const edge = state.edges[index]!;
    if (!canDeliver(edge)) continue;
    movePacket(state, edge.head!, edge.target!, events, at);
    step.madeProgress = true;
    if (canDeliver(edge)) state.readyEdges.add(index);
  }
}

function canDeliver(edge: PacketQueue): boolean {
  return edge.length > 0 && edge.target!.hasRoom;
}

/** Phase 2: every node with waiting packets triggers a salvo, if it can; returns the others. */
function triggerInputSalvos(
  state: SimState,
  step: Step,
  events: Events,
  at: number,
): readonly NodeState[] {
  const unsatisfied: NodeState[] = [];
  const due = state.readyNodes.takeAll();
  let i = 0;
  try {
    for (; i < due; i++) {
      const node = state.nodes[state.readyNodes.taken(i)]!;
      if (node.waiting === 0) continue;
      const condition = firstSatisfied(node, state.skipEmptySalvos);
      if (condition === undefined) {
        unsatisfied.push(node);
      } else {
        triggerSalvo(state, node, condition, step, events, at);
        if (node.waiting > 0) state.readyNodes.add(node.graph.index);
      }
    }
  } finally {
    // Nodes are left only if the caller's id source has thrown.
    for (; i < due; i++) state.readyNodes.add(state.readyNodes.taken(i));
  }
  return unsatisfied;
}

function triggerSalvo(
  state: SimState,
  node: NodeState,
  condition: CompiledCondition,
  step: Step,
  events: Events,
  at: number,
): void {
  const salvoCondition = condition.name;
  const packets = nextPackets(node, condition);
  const epoch = addEpoch(state, node, { salvoCondition, packets }, at);
  step.madeProgress = true;
  step.created.push(epoch.id);
  events?.push(
    { type: "inputSalvoTriggered", timestamp: at, epochId: epoch.id, salvoCondition },
    { type: "epochCreated", timestamp: at, epochId: epoch.id },
  );
  for (const { port, most } of condition.ports) {
    const queue = node.inputs[port]!;
    for (let left = Math.min(most, queue.length); left > 0; left--) {
      movePacket(state, queue.head!, epoch.inside, events, at);
    }
  }
}

/** The packets that a condition takes, in that order. */
function nextPackets({ inputs }: NodeState, { ports }: CompiledCondition): Salvo["packets"] {
  let packets: Salvo["packets"] | undefined;
  for (const { port, name: portName, most } of ports) {
    const queue = inputs[port]!;
    let packet = queue.head;
    for (let left = Math.min(most, queue.length); left > 0; left--, packet = packet!.next) {
      const entry = { portName, packetId: packet!.id };
      // Most salvos are of one packet: `push` onto an empty list would make room for 17.
      if (packets) packets.push(entry);
      else packets = [entry];
    }
  }
  return packets ?? [];
}

/** Phase 3: requests that nodes file by themselves. */
function fileRequests(
  state: SimState,
  unsatisfied: readonly NodeState[],
  events: Events,
  at: number,
): void {
  const file = (node: CompiledNode, source: "onStartup" | "onNoSalvoTriggered") => {
    const label = node.requestLabel;
    state.pendingRequests.push({ node, label });
    events?.push({ type: "requestCreated", timestamp: at, nodeName: node.name, label, source });
  };
  if (!state.startupRequestsSent && state.graph.startupNodes.length > 0) {
    state.startupRequestsSent = true;
    for (const node of state.graph.startupNodes) file(node, "onStartup");
  }
  for (const node of unsatisfied) {
    if (!node.token) continue;
    state.setToken(node, false);
    file(node.graph, "onNoSalvoTriggered");
  }
}

/** Phase 4: all requests are walked before the first epoch is made. */
function resolveRequests(state: SimState, step: Step, events: Events, at: number): void {
  const requests = state.pendingRequests;
  if (requests.length === 0) return;
  state.pendingRequests = [];
  for (const { node } of requests) {
    const { unconnected } = findSources(state.graph, node);
    if (unconnected === undefined) continue;
    const { nodeName, portName } = unconnected;
    throw new RequestUnconnectedPortError(nodeName, portName, events ?? []);
  }
  for (const { node, label } of requests) {
    events?.push({
      type: "requestCascadeResolved",
      timestamp: at,
      nodeName: node.name,
      sourceNodes: findSources(state.graph, node).sources.map((source) => source.name),
      label,
    });
  }
  for (const { node: source, label } of distinctStarts(state, requests)) {
    const salvo = { salvoCondition: "__request__", packets: [] };
    const epoch = addEpoch(state, state.nodes[source.index]!, salvo, at);
    step.madeProgress = true;
    step.created.push(epoch.id);
    const nodeName = source.name;
    events?.push(
      { type: "epochCreated", timestamp: at, epochId: epoch.id },
      { type: "requestEpochCreated", timestamp: at, epochId: epoch.id, nodeName, label },
    );
  }
}

/** The distinct pairs of source and label, in order of first appearance. */
function distinctStarts(state: SimState, requests: readonly PendingRequest[]): PendingRequest[] {
  const starts: PendingRequest[] = [];
  const sourcesByLabel = new Map<string, Set<CompiledNode>>();
  for (const { node, label } of requests) {
    let started = sourcesByLabel.get(label);
    if (started === undefined) sourcesByLabel.set(label, started = new Set());
    for (const source of findSources(state.graph, node).sources) {
      if (started.has(source)) continue;
      started.add(source);
      starts.push({ node: source, label });
    }
  }
  return starts;
}

/** The first condition that would trigger. */
function firstSatisfied(
  node: NodeState,
  skipEmptySalvos: boolean,
): CompiledCondition | undefined {
  for (const condition of node.graph.inConditions) {
    if (
      accepts(condition.program, node) && (!skipEmptySalvos || takesPackets(node, condition))
    ) return condition;
  }
  return undefined;
}

function takesPackets(node: NodeState, condition: CompiledCondition): boolean {
  return condition.ports.some(({ port, most }) => most > 0 && node.count(port) > 0);
}
