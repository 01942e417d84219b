/**
 * Conditions that fire when everything upstream is done.
 *
 * @module
 */
import { evaluateTerm, type SalvoConditionSpec } from "../../sim/condition.ts";
import type { GraphNode } from "../../sim/graph_spec.ts";
import type { Engine } from "./engine.ts";
import { formEpoch, packetsFor, waitingAt, type WaitingPacket } from "./manual_epoch.ts";
import type { NetNode } from "./net_node.ts";
import type { Run } from "./run.ts";

/** A node with conditions that only fire when nothing else can happen. */
interface QuietNode {
  readonly node: NetNode;
  readonly spec: GraphNode;
  readonly conditions: readonly SalvoConditionSpec[];
  /** Those of the conditions that fire at the end of a run even with nothing. */
  readonly empty: readonly SalvoConditionSpec[];
  /** Names of the nodes that can reach it over ordinary ports. */
  readonly upstream: ReadonlySet<string>;
}

interface Candidate {
  readonly quiet: QuietNode;
  readonly condition: SalvoConditionSpec;
  readonly packets: WaitingPacket[];
}

/** Fires conditions that wait until nothing upstream is left to do, those furthest upstream first. */
export class QuietConditions {
  readonly #engine: Engine;
  readonly #nodes: readonly QuietNode[];

  /** Collects the conditions of a net. */
  constructor(engine: Engine) {
    this.#engine = engine;
    this.#nodes = [...engine.nodes.values()].flatMap((node) => {
      const spec = engine.graph.node(node.name)!;
      const { pairing } = node.functions;
      const conditions = spec.inSalvoConditions.filter(({ name, manual }) =>
        manual && name !== pairing?.pair
      );
      if (conditions.length === 0) return [];
      const isEmptyPort = (name: string) => {
        const gather = node.config.in_ports.get(name)?.gather;
        return gather != null && "until" in gather && gather.empty;
      };
      const empty = conditions.filter(({ ports }) =>
        ports.some(({ portName }) => isEmptyPort(portName))
      );
      return [{ node, spec, conditions, empty, upstream: upstreamOf(engine, node.name) }];
    });
  }

  /** Fires what holds, at most one condition a node; whether there was any. */
  fire(run: Run): boolean {
    return this.#fire(run, (quiet) => {
      for (const condition of quiet.conditions) {
        if (!this.#holds(quiet, condition)) continue;
        const packets = packetsFor(this.#engine, quiet.node, condition);
        if (packets.length > 0) return { quiet, condition, packets };
      }
      return undefined;
    });
  }

  /** At the end of a run: fires what has not fired in it and may fire with nothing. */
  fireEmpty(run: Run): boolean {
    return this.#fire(run, (quiet) => {
      const condition = quiet.empty.find((condition) => !run.fired.has(condition));
      return condition &&
        { quiet, condition, packets: packetsFor(this.#engine, quiet.node, condition) };
    });
  }

  #fire(run: Run, candidateOf: (quiet: QuietNode) => Candidate | undefined): boolean {
    if (this.#nodes.length === 0) return false;
    const candidates = this.#nodes
      .filter(({ node }) => run.kind.includes?.(node.name) ?? true)
      .flatMap((quiet) => candidateOf(quiet) ?? []);
    const first = candidates.filter((candidate, index) =>
      !candidates.some((other, otherIndex) =>
        other !== candidate && isBefore(other, otherIndex, candidate, index)
      )
    );
    for (const { quiet: { node }, condition, packets } of first) {
      run.fired.add(condition);
      formEpoch(this.#engine, node, condition.name, packets);
    }
    return first.length > 0;
  }

  #holds({ node, spec }: QuietNode, { term }: SalvoConditionSpec): boolean {
    const slots = (name: string) => spec.inPorts.find((port) => port.name === name)!.slots;
    return evaluateTerm(term, (port) => waitingAt(this.#engine, node.name, port), slots);
  }
}

/** Whether `a` has to fire before `b`: it is upstream, or on one cycle with `b` and declared first. */
function isBefore(a: Candidate, indexOfA: number, b: Candidate, indexOfB: number): boolean {
  if (!b.quiet.upstream.has(a.quiet.node.name)) return false;
  return !a.quiet.upstream.has(b.quiet.node.name) || indexOfA < indexOfB;
}

function upstreamOf({ graph, nodes }: Engine, name: string): ReadonlySet<string> {
  const upstream = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const portName of nodes.get(next)!.dataPorts) {
      const port = { nodeName: next, portType: "input", portName } as const;
      for (const { source: { nodeName } } of graph.getEdgesByHead(port)) {
        if (!upstream.has(nodeName)) upstream.add(nodeName), open.push(nodeName);
      }
    }
  }
  return upstream;
}
