/**
 * What must hold of the state of a simulator, worked out the slow way.
 */
import { assert, assertEquals } from "@std/assert";
import { evaluateTerm, type GraphSpec } from "@netrun/netrun/sim";
import { compiledGraph } from "../../sim/compiled_graph.ts";
import type { EpochRecord } from "../../sim/epoch_record.ts";
import { Graph } from "../../sim/graph.ts";
import type { PacketQueue, PacketRecord } from "../../sim/packet_queue.ts";
import { SimState } from "../../sim/state.ts";
import { isBlocked } from "../../sim/step.ts";

/** A state whose ids are `x1`, `x2`, …. */
export function newState(spec: GraphSpec, skipEmptySalvos = false): SimState {
  let ids = 0;
  return new SimState(compiledGraph(new Graph(spec)), { next: () => `x${++ids}` }, skipEmptySalvos);
}

/** Everything in a state that an action can change, except how many ids were used. */
export function describeState(state: SimState): unknown {
  return {
    outside: state.outside.ids(),
    edges: state.edges.map((edge) => edge.ids()),
    nodes: state.nodes.map(({ inputs, waiting, token }) => ({
      inputs: inputs.map((port) => port.ids()),
      waiting,
      token,
    })),
    epochs: epochsInOrder(state).map((epoch) => ({
      ...epoch.snapshot(),
      inside: epoch.inside.ids(),
      outputs: epoch.node.graph.outputs.map(({ index }) => epoch.outputs[index]?.ids() ?? []),
      sent: epoch.node.graph.outConditions.map(({ index, maxSalvos }) =>
        maxSalvos < 10 ? epoch.sentCount(index) : undefined
      ),
    })),
    startable: state.startableIds(),
    requests: state.pendingRequests.map(({ node, label }) => [node.name, label]),
    startupRequestsSent: state.startupRequestsSent,
  };
}

/** Whether a step would change nothing, worked out from the graph without any index. */
export function isBlockedBySpec(state: SimState, spec: GraphSpec): boolean {
  if (state.pendingRequests.length > 0) return false;
  const startup = spec.nodes.some((node) => node.dependencyRequest?.triggers.includes("onStartup"));
  if (startup && !state.startupRequestsSent) return false;
  for (const [i, { target }] of spec.edges.entries()) {
    const node = state.node(target.nodeName)!;
    const { index, capacity } = node.graph.inputsByName.get(target.portName)!;
    if (state.edges[i]!.length > 0 && node.count(index) < capacity) return false;
  }
  for (const node of spec.nodes) {
    const ports = new Map(node.inPorts!.map((port, i) => [port.name, { ...port, i }]));
    const nodeState = state.node(node.name)!;
    const count = (name: string) => nodeState.inputs[ports.get(name)!.i]!.length;
    if (![...ports.keys()].some((name) => count(name) > 0)) continue;
    if (nodeState.token) return false;
    for (const condition of node.inSalvoConditions!) {
      if (condition.manual) continue;
      const takes = condition.ports.some((port) =>
        count(port.portName) > 0 && (port.count.type === "all" || port.count.count > 0)
      );
      if (state.skipEmptySalvos && !takes) continue;
      if (evaluateTerm(condition.term, count, (name) => ports.get(name)!.slots!)) return false;
    }
  }
  return true;
}

/** Checks everything that must hold of a state, whatever was done to it. */
export function checkInvariants(state: SimState, spec: GraphSpec): void {
  const seen = new Set<PacketRecord>();
  for (const queue of allQueues(state)) checkQueue(queue, seen);
  assertEquals(state.packets.size, seen.size);
  for (const packet of seen) assert(state.packets.get(packet.id) === packet);
  for (const node of state.nodes) {
    assertEquals(node.waiting, node.inputs.reduce((sum, port) => sum + port.length, 0));
    assert(!node.token || node.graph.hasToken);
  }
  assertEquals(
    state.startableIds(),
    epochsInOrder(state).filter((epoch) => !epoch.running).map((epoch) => epoch.id),
  );
  assertEquals(isBlocked(state), isBlockedBySpec(state, spec));
}

/** Checks that no input port holds more than fits. */
export function checkCapacities(state: SimState): void {
  for (const node of state.nodes) {
    for (const port of node.inputs) assert(port.length <= port.capacity);
  }
}

function checkQueue(queue: PacketQueue, seen: Set<PacketRecord>): void {
  let previous: PacketRecord | undefined;
  let index = 0;
  for (let packet = queue.head; packet !== undefined; packet = packet.next) {
    assert(!seen.has(packet), `packet ${packet.id} is in two places`);
    seen.add(packet);
    assert(packet.queue === queue && packet.previous === previous);
    assertEquals(queue.indexOf(packet), index);
    assert(queue.at(index) === packet);
    previous = packet;
    index++;
  }
  assert(queue.tail === previous);
  assertEquals(queue.length, index);
}

function* allQueues(state: SimState): Generator<PacketQueue> {
  yield state.outside;
  yield* state.edges;
  for (const node of state.nodes) yield* node.inputs;
  for (const epoch of state.epochs.values()) {
    yield epoch.inside;
    for (const queue of epoch.outputs) if (queue !== undefined) yield queue;
  }
}

function epochsInOrder(state: SimState): EpochRecord[] {
  return [...state.epochs.values()].sort((a, b) => a.creationIndex - b.creationIndex);
}
