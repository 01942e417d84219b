/**
 * Ports that let go of fewer packets than their condition waits for, after some time.
 *
 * @module
 */
import { evaluateTerm, type SalvoConditionSpec, type Slots } from "../../sim/condition.ts";
import type { Engine } from "./engine.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import { formEpoch, packetsFor, waitingAt } from "./manual_epoch.ts";
import type { NetNode } from "./net_node.ts";

/** So many packets that every comparison with "at least" holds. */
const enough = 2 ** 30;

interface PatientPort {
  readonly node: NetNode;
  readonly portName: string;
  readonly waitMs: number;
  /** Conditions that take from the port. */
  readonly conditions: readonly SalvoConditionSpec[];
  readonly slots: (portName: string) => Slots;
  /** Since when packets wait that nobody took from; undefined while none do. */
  sinceMs: number | undefined;
  /** The time is over, but no condition held: that is looked at in every round from then on. */
  isOver: boolean;
}

/** Watches the ports with `max_wait`. */
export class MaxWait {
  readonly #engine: Engine;
  readonly #ports: readonly PatientPort[];

  /** Collects the ports of a net. */
  constructor(engine: Engine) {
    this.#engine = engine;
    this.#ports = [...engine.nodes.values()].flatMap((node) =>
      [...node.config.in_ports].flatMap(([portName, { gather }]) => {
        if (gather === null || !("max_wait" in gather)) return [];
        const { inPorts, inSalvoConditions } = engine.graph.node(node.name)!;
        return [{
          node,
          portName,
          waitMs: gather.max_wait * 1000,
          conditions: inSalvoConditions.filter(({ ports, manual }) =>
            !manual && ports.some((port) => port.portName === portName)
          ),
          slots: (name: string) => inPorts.find((port) => port.name === name)!.slots,
          sinceMs: undefined,
          isOver: false,
        }];
      })
    );
    if (this.#ports.length > 0) engine.formed.push((epoch) => this.#taken(epoch));
  }

  /** Forms the epochs that have waited long enough; whether there were any. */
  fire(): boolean {
    let hasFired = false;
    for (const port of this.#ports) hasFired = this.#fire(port) || hasFired;
    return hasFired;
  }

  /** When the next port has waited long enough, in ms UTC; undefined if none waits. */
  dueAtMs(): number | undefined {
    let due: number | undefined;
    for (const { sinceMs, waitMs, isOver } of this.#ports) {
      if (sinceMs === undefined || isOver) continue;
      due = Math.min(due ?? Infinity, sinceMs + waitMs);
    }
    return due;
  }

  /** An epoch was formed: the ports that it took from begin to wait anew. */
  #taken({ node, inSalvo: { packets } }: LiveEpoch): void {
    for (const port of this.#ports) {
      if (port.node !== node || !packets.some(({ portName }) => portName === port.portName)) {
        continue;
      }
      port.sinceMs = undefined;
      port.isOver = false;
    }
  }

  #fire(port: PatientPort): boolean {
    const { node, portName, waitMs } = port;
    if (waitingAt(this.#engine, node.name, portName) === 0) {
      port.sinceMs = undefined;
      port.isOver = false;
      return false;
    }
    const nowMs = this.#engine.clock.now();
    port.sinceMs ??= nowMs;
    if (nowMs < port.sinceMs + waitMs) return false;
    port.isOver = true;
    // As if so many packets waited here that the port is no hindrance.
    const count = (name: string) =>
      name === portName ? enough : waitingAt(this.#engine, node.name, name);
    const condition = port.conditions.find(({ term }) => evaluateTerm(term, count, port.slots));
    if (!condition) return false;
    formEpoch(this.#engine, node, condition.name, packetsFor(this.#engine, node, condition));
    return true;
  }
}
