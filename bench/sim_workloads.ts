/**
 * The workloads on which simulators are compared, driven through the public API alone.
 *
 * `sim-rust/` runs the same ones on the published crate.
 *
 * @module
 */
import {
  type Edge,
  edge,
  type EpochId,
  type GraphSpec,
  NetSim,
  type NodeSpec,
  type PacketId,
  salvoCondition,
  type SalvoPort,
  type Slots,
  term,
} from "@netrun/netrun/sim";

/** Names of the workloads. */
export const WORKLOADS = ["pipeline", "pipeline-bulk", "idle", "queue", "fan"] as const;

/** Name of a workload. */
export type Workload = typeof WORKLOADS[number];

/** What one run of a workload took. */
export interface Run {
  epochs: number;
  seconds: number;
}

/** A simulator on which a workload is run, as often as one likes: each run leaves it empty. */
export class WorkloadRunner {
  readonly buildSeconds: number;
  readonly #sim: NetSim;
  readonly #first: Edge;
  readonly #bulk: boolean;

  constructor(workload: Workload, size: number) {
    const spec = graphOf(workload, size);
    const start = performance.now();
    this.#sim = new NetSim(spec);
    this.buildSeconds = (performance.now() - start) / 1000;
    this.#first = spec.edges[0]!;
    this.#bulk = workload === "pipeline-bulk" || workload === "queue";
  }

  /** Sends that many packets through: one after the other, or all at once. */
  run(packets: number): Run {
    const start = performance.now();
    let epochs = 0;
    for (let i = 0; i < packets; i++) {
      inject(this.#sim, this.#first);
      if (!this.#bulk) epochs += drain(this.#sim);
    }
    if (this.#bulk) epochs += drain(this.#sim);
    return { epochs, seconds: (performance.now() - start) / 1000 };
  }
}

/** Puts a new packet on an edge. */
export function inject(sim: NetSim, edge: Edge): PacketId {
  const { data: { packetId } } = sim.doAction({ type: "createPacket" });
  const destination = { type: "edge", edge } as const;
  sim.doAction({ type: "transportPacketToLocation", packetId, destination });
  return packetId;
}

/** Runs all epochs, and those that they cause, until nothing can happen any more. */
export function drain(sim: NetSim): number {
  for (let epochs = 0;;) {
    sim.runUntilBlocked();
    const ids = sim.getStartableEpochs();
    if (ids.length === 0) return epochs;
    for (const epochId of ids) runEpoch(sim, epochId);
    epochs += ids.length;
  }
}

/** Consumes what the epoch was made of, sends a new packet through each output port, finishes. */
function runEpoch(sim: NetSim, epochId: EpochId): void {
  const { epoch } = sim.doAction({ type: "startEpoch", epochId }).data;
  for (const { packetId } of epoch.inSalvo.packets) {
    sim.doAction({ type: "consumePacket", packetId });
  }
  const { outPorts } = sim.graph.node(epoch.nodeName)!;
  for (const { name: portName } of outPorts) {
    const { data: { packetId } } = sim.doAction({ type: "createPacket", epochId });
    sim.doAction({ type: "loadPacketIntoOutputPort", packetId, portName });
  }
  if (outPorts.length > 0) {
    sim.doAction({ type: "sendOutputSalvo", epochId, salvoCondition: "send" });
  }
  sim.doAction({ type: "finishEpoch", epochId });
}

/** The graph of a workload. Its first edge is the one into which packets are put. */
export function graphOf(workload: Workload, size: number): GraphSpec {
  const source = node("src", [], ["out"]);
  const first = (target: string) => edge("src", "out", target, "in");
  switch (workload) {
    case "pipeline":
    case "pipeline-bulk": {
      const { nodes, edges } = chain("n", size);
      return { nodes: [source, ...nodes], edges: [first("n0"), ...edges] };
    }
    case "idle": {
      const busy = chain("n", 10);
      const idle = chain("idle", size, true);
      return {
        nodes: [source, ...busy.nodes, ...idle.nodes],
        edges: [first("n0"), ...busy.edges, ...idle.edges],
      };
    }
    case "queue":
      return {
        nodes: [source, node("n0", ["in"], [], { type: "finite", capacity: 1 })],
        edges: [first("n0")],
      };
    case "fan": {
      const indices = Array.from({ length: size }, (_, i) => i);
      return {
        nodes: [
          source,
          node("split", ["in"], indices.map((i) => `o${i}`)),
          ...indices.map((i) => node(`n${i}`, ["in"], ["out"])),
          node("join", indices.map((i) => `i${i}`), []),
        ],
        edges: [
          first("split"),
          ...indices.flatMap((i) => [
            edge("split", `o${i}`, `n${i}`, "in"),
            edge(`n${i}`, "out", "join", `i${i}`),
          ]),
        ],
      };
    }
  }
}

/** A chain of nodes; the last has an output port only if `open`. */
function chain(prefix: string, length: number, open = false): GraphSpec {
  const name = (i: number) => `${prefix}${i}`;
  return {
    nodes: Array.from(
      { length },
      (_, i) => node(name(i), ["in"], open || i < length - 1 ? ["out"] : []),
    ),
    edges: Array.from(
      { length: Math.max(0, length - 1) },
      (_, i) => edge(name(i), "out", name(i + 1), "in"),
    ),
  };
}

/** A node that takes one packet from each input port and sends all of every output port. */
function node(name: string, inputs: string[], outputs: string[], slots?: Slots): NodeSpec {
  const allNonEmpty = (ports: string[]) =>
    term.and(...ports.map((port) => term.port(port, "nonEmpty")));
  return {
    name,
    inPorts: inputs.map((name) => (slots === undefined ? { name } : { name, slots })),
    outPorts: outputs.map((name) => ({ name })),
    inSalvoConditions: inputs.length === 0 ? [] : [salvoCondition({
      name: "receive",
      ports: inputs.map((portName): SalvoPort => ({
        portName,
        count: { type: "count", count: 1 },
      })),
      term: allNonEmpty(inputs),
    })],
    outSalvoConditions: outputs.length === 0 ? [] : [salvoCondition({
      name: "send",
      ports: outputs,
      term: allNonEmpty(outputs),
      maxSalvos: { type: "infinite" },
    })],
  };
}
