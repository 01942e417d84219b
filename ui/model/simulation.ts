/**
 * Playing through a net without running its code: packets and epochs move by hand, and back again.
 *
 * @module
 */
import type { NetAction } from "../../sim/action.ts";
import { evaluateTerm, type SalvoConditionSpec, type Term } from "../../sim/condition.ts";
import type { Epoch, NetEvent } from "../../sim/event.ts";
import type { Edge, GraphNode, GraphSpec } from "../../sim/graph.ts";
import { NetSim } from "../../sim/net_sim.ts";

/** What a node does when its epochs are finished by rule. */
export type FinishRule =
  /** As many packets on every output port as the epoch has inputs, but one at least. */
  | { readonly type: "pass" }
  /** This many packets on every output port. */
  | { readonly type: "count"; readonly count: number }
  /** No packet. */
  | { readonly type: "drop" };

/** What an input port still waits for. */
export interface TermState {
  /** The part of the term in words of the port. */
  readonly text: string;
  /** Whether it holds now. */
  readonly holds: boolean;
}

interface Done {
  readonly label: string;
  readonly actions: { readonly action: NetAction; readonly events: readonly NetEvent[] }[];
}

/** A net in the simulator with everything that was done to it. */
export class Simulation {
  /** The simulator. */
  readonly sim: NetSim;
  readonly #done: Done[] = [];
  readonly #running = new Set<string>();

  /** Starts with an empty net. */
  constructor(graph: GraphSpec) {
    let id = 0;
    this.sim = new NetSim(graph, { newId: () => `${++id}`, now: () => id });
  }

  /** What can be undone, the last first; undefined if nothing. */
  get lastLabel(): string | undefined {
    return this.#done.at(-1)?.label;
  }

  /** How many steps were made. */
  get length(): number {
    return this.#done.length;
  }

  /** Puts packets at an input port. */
  inject(nodeName: string, portName: string, count = 1): void {
    this.#do(`Inject at ${nodeName}.${portName}`, (act) => {
      for (let i = 0; i < count; i++) {
        const { packetId } = act({ type: "createPacket" }) as { packetId: string };
        const destination = { type: "inputPort", nodeName, portName } as const;
        act({ type: "transportPacketToLocation", packetId, destination });
      }
    });
  }

  /** Makes one step: edges deliver, epochs form. Returns whether anything moved. */
  step(): boolean {
    if (this.sim.isBlocked()) return false;
    this.#do("Step", (act) => act({ type: "runStep" }));
    return true;
  }

  /** Makes steps until nothing moves any more. */
  runUntilBlocked(): void {
    if (this.sim.isBlocked()) return;
    this.#do("Run until blocked", (act) => {
      for (let i = 0; i < 10_000 && !this.sim.isBlocked(); i++) act({ type: "runStep" });
    });
  }

  /** Starts an epoch for a node that starts by nothing. */
  startSource(nodeName: string): void {
    this.#do(`Start ${nodeName}`, (act) => {
      const condition = this.node(nodeName)?.inSalvoConditions.find(({ ports }) =>
        ports.length === 0
      );
      act({
        type: "createEpoch",
        nodeName,
        salvo: { salvoCondition: condition?.name ?? "manual", packets: [] },
      });
    });
  }

  /** Makes an epoch by a condition that steps pass over, out of what it takes now. */
  fire(nodeName: string, condition: SalvoConditionSpec): void {
    this.#do(`Fire ${nodeName}`, (act) => {
      const packets = condition.ports.flatMap(({ portName, count }) => {
        const ids = this.sim.getPacketsAtLocation({ type: "inputPort", nodeName, portName });
        return (count.type === "all" ? ids : ids.slice(0, count.count))
          .map((packetId) => ({ portName, packetId }));
      });
      act({ type: "createEpoch", nodeName, salvo: { salvoCondition: condition.name, packets } });
    });
  }

  /** Starts an epoch that is startable. */
  start(epochId: string): void {
    this.#do("Start epoch", (act) => {
      act({ type: "startEpoch", epochId });
      this.#running.add(epochId);
    });
  }

  /** Runs an epoch to its end by a rule: takes its packets, makes new ones, sends what may be sent. */
  finish(epochId: string, rule: FinishRule): void {
    const epoch = this.sim.getEpoch(epochId);
    if (!epoch) return;
    this.#do(`Finish ${epoch.nodeName}`, (act) => {
      if (epoch.state === "startable") act({ type: "startEpoch", epochId });
      const inside = this.sim.getPacketsAtLocation({ type: "node", epochId });
      for (const packetId of inside) act({ type: "consumePacket", packetId });
      const node = this.node(epoch.nodeName);
      const count = rule.type === "drop"
        ? 0
        : rule.type === "count"
        ? rule.count
        : Math.max(1, inside.length);
      for (const { name: portName } of node?.outPorts ?? []) {
        if (portName.startsWith("__")) continue;
        for (let i = 0; i < count; i++) {
          const { packetId } = act({ type: "createPacket", epochId }) as { packetId: string };
          act({ type: "loadPacketIntoOutputPort", packetId, portName });
        }
      }
      this.#send(node, epochId, act);
      act({ type: "finishEpoch", epochId });
    });
  }

  /** Sends what the output conditions allow, and drops what they leave. */
  #send(
    node: GraphNode | undefined,
    epochId: string,
    act: (action: NetAction) => unknown,
  ): void {
    const loaded = (portName: string) =>
      this.sim.getPacketsAtLocation({ type: "outputPort", epochId, portName });
    for (const condition of node?.outSalvoConditions ?? []) {
      const isReady = evaluateTerm(
        condition.term,
        (port) => loaded(port).length,
        (port) => node!.outPorts.find(({ name }) => name === port)!.slots,
      );
      const hasAny = condition.ports.some(({ portName }) => loaded(portName).length > 0);
      if (isReady && hasAny) {
        act({ type: "sendOutputSalvo", epochId, salvoCondition: condition.name });
      }
    }
    for (const { name } of node?.outPorts ?? []) {
      for (const packetId of loaded(name)) act({ type: "destroyPacket", packetId });
    }
  }

  /** Ends an epoch without sending anything. */
  cancel(epochId: string): void {
    this.#do("Cancel epoch", (act) => act({ type: "cancelEpoch", epochId }));
  }

  /** Takes back the last step, whatever it was. */
  undo(): boolean {
    const last = this.#done.pop();
    if (!last) return false;
    for (const { action, events } of last.actions.toReversed()) this.sim.undoAction(action, events);
    return true;
  }

  /** A node of the graph. */
  node(name: string): GraphNode | undefined {
    return this.sim.graph.node(name);
  }

  /** Startable epochs, oldest first. */
  startable(): Epoch[] {
    return this.sim.getStartableEpochs().flatMap((id) => this.sim.getEpoch(id) ?? []);
  }

  /** Running epochs, oldest first. */
  running(): Epoch[] {
    return [...this.#running].flatMap((id) => {
      const epoch = this.sim.getEpoch(id);
      return epoch?.state === "running" ? [epoch] : [];
    });
  }

  /** Packets that wait at an input port. */
  waitingAt(nodeName: string, portName: string): number {
    return this.sim.packetCountAt({ type: "inputPort", nodeName, portName });
  }

  /** Packets on an edge. */
  onEdge(edge: Edge): number {
    return this.sim.packetCountAt({ type: "edge", edge });
  }

  /** Packets that left the net. */
  outside(): number {
    return this.sim.packetCountAt({ type: "outsideNet" });
  }

  /** What each input condition of a node asks for, and which parts of it hold. */
  whyWaiting(nodeName: string): { condition: string; parts: TermState[] }[] {
    const node = this.node(nodeName);
    return (node?.inSalvoConditions ?? []).map((condition) => ({
      condition: condition.name,
      parts: partsOf(condition).map((part) => ({
        text: termWords(part),
        holds: evaluateTerm(
          part,
          (port) => this.waitingAt(nodeName, port),
          (port) => node!.inPorts.find(({ name }) => name === port)!.slots,
        ),
      })),
    }));
  }

  #do(label: string, steps: (act: (action: NetAction) => unknown) => void): void {
    const actions: Done["actions"] = [];
    try {
      steps((action) => {
        const { data, events } = this.sim.doAction(action);
        actions.push({ action, events });
        return data;
      });
    } catch (error) {
      for (const { action, events } of actions.toReversed()) this.sim.undoAction(action, events);
      throw error;
    }
    this.#done.push({ label, actions });
  }
}

/** The parts of a condition that must all hold. */
function partsOf({ term }: SalvoConditionSpec): Term[] {
  return term.type === "and" ? term.terms : [term];
}

const WORDS: Readonly<Record<string, string>> = {
  empty: "is empty",
  full: "is full",
  nonEmpty: "is non-empty",
  nonFull: "is not full",
  equals: "=",
  lessThan: "<",
  greaterThan: ">",
  equalsOrLessThan: "≤",
  equalsOrGreaterThan: "≥",
};

/** A term in words. */
export function termWords(term: Term): string {
  switch (term.type) {
    case "port": {
      const { state } = term;
      const words = WORDS[state.type]!;
      return "value" in state
        ? `${term.portName} ${words} ${state.value}`
        : `${term.portName} ${words}`;
    }
    case "not":
      return `not (${termWords(term.term)})`;
    case "and":
    case "or":
      return term.terms.map(termWords).join(` ${term.type} `);
    default:
      return term.type === "true" ? "always" : "never";
  }
}
