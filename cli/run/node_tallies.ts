/**
 * What the nodes of a running net have done so far, in numbers.
 *
 * @module
 */
import type { EpochLog } from "../../runtime/net/epoch_log.ts";
import type { Net } from "../../runtime/net/net.ts";

/** Counts of one node that has run. */
interface Tally {
  running: number;
  done: number;
  failed: number;
  /** The counts changed since they were last taken. */
  changed: boolean;
}

/** Counts by node, kept while it runs. */
export class NodeTallies {
  /** Nodes that have run, in order of their first epoch. */
  readonly #tallies = new Map<string, Tally>();
  readonly #startedAt = performance.now();
  readonly #net: Net;
  /** Stops counting. */
  readonly stop: () => void;

  /** Begins to count. */
  constructor(net: Net) {
    this.#net = net;
    const stopStarts = net.onEpochStart((node) => void this.#tally(node).running++);
    const stopEnds = net.onEpochEnd((_node, _epoch, log) => this.#countEnd(log));
    this.stop = () => {
      stopStarts();
      stopEnds();
    };
  }

  /** Lines of the nodes that changed since the last call. */
  takeChanged(): string[] {
    const changed = [...this.#tallies].filter(([, tally]) => tally.changed);
    for (const [, tally] of changed) tally.changed = false;
    return changed.map(([name]) => this.#describe(name));
  }

  /** Lines of the nodes, at most so many; those that have something to do first. */
  describe(maxLines: number): string[] {
    const names = [...this.#tallies.keys()];
    if (names.length <= maxLines) return names.map((name) => this.#describe(name));
    const active = names.filter((name) => this.#isActive(name));
    const idle = names.filter((name) => !active.includes(name));
    const chosen = new Set([...active, ...idle].slice(0, maxLines - 1));
    return [
      ...names.filter((name) => chosen.has(name)).map((name) => this.#describe(name)),
      `  … and ${names.length - chosen.size} more nodes`,
    ];
  }

  #isActive(name: string): boolean {
    return this.#tallies.get(name)!.running > 0 || this.#waiting(name) > 0;
  }

  #waiting(nodeName: string): number {
    const { inPorts } = this.#net.graph.node(nodeName)!;
    return inPorts.reduce(
      (sum, { name: portName }) =>
        sum + this.#net.sim.packetCountAt({ type: "inputPort", nodeName, portName }),
      0,
    );
  }

  #describe(name: string): string {
    const { running, done, failed } = this.#tallies.get(name)!;
    const waiting = this.#waiting(name);
    const width = Math.max(...[...this.#tallies.keys()].map((other) => other.length));
    const perSecond = Math.round(done / (performance.now() - this.#startedAt) * 1000);
    return [
      `  ${name.padEnd(width)}  ${done} done`,
      failed > 0 && `${failed} failed`,
      running > 0 && `${running} running`,
      waiting > 0 && `${waiting} waiting`,
      perSecond > 0 && `${perSecond}/s`,
    ].filter(Boolean).join(", ");
  }

  #countEnd({ nodeName, startedAt, outcome }: EpochLog): void {
    const tally = this.#tally(nodeName);
    if (startedAt !== undefined) tally.running--;
    if (outcome === "error") tally.failed++;
    else if (outcome !== "cancelled") tally.done++;
  }

  #tally(name: string): Tally {
    let tally = this.#tallies.get(name);
    if (!tally) this.#tallies.set(name, tally = { running: 0, done: 0, failed: 0, changed: true });
    tally.changed = true;
    return tally;
  }
}
