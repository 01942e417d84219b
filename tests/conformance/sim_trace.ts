/**
 * Replays recorded runs of the simulator.
 */
import { assertEquals } from "@std/assert";
import {
  type Edge,
  type EpochId,
  type GraphSpec,
  type NetAction,
  type NetEvent,
  NetSim,
  NetSimError,
  type PacketId,
  type PacketLocation,
} from "@netrun/netrun/sim";

/** First line of a recorded run. */
export interface TraceHeader {
  format: "netrun-sim-trace";
  version: 1;
  name: string;
  graph: GraphSpec;
}

/** An action of a recorded run; `runUntilBlocked` and `undo` are methods of the simulator. */
type TraceAction = NetAction | { type: "runUntilBlocked" } | { type: "undo"; of: number };

/** Every further line. */
export interface TraceLine {
  i: number;
  action: TraceAction;
  ok?: { data: unknown; events: unknown[] };
  error?: Record<string, unknown>;
  state: TraceState;
}

type QueueEntry = (string | PacketId[])[];

interface TraceState {
  queues: QueueEntry[];
  epochs: [id: string, nodeName: string, state: string][];
  startable: string[];
  blocked: boolean;
}

/** Reads a file of gzipped JSON lines. */
export async function readJsonLines(url: URL): Promise<unknown[]> {
  const file = await Deno.open(url);
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .text();
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** A run under way: the simulator, and what the recording calls its ids. */
export class TraceRun {
  readonly #sim: NetSim;
  readonly #names = new Map<string, string>();
  readonly #ids = new Map<string, string>();
  readonly #packets: PacketId[] = [];
  readonly #epochs: EpochId[] = [];
  readonly #done = new Map<number, { action: NetAction; events: NetEvent[] }>();

  constructor(graph: GraphSpec) {
    this.#sim = new NetSim(graph);
  }

  /** Does the action of a line and compares the outcome and the state with it. */
  check(line: TraceLine): void {
    const action = this.#withIds(line.action);
    let outcome: object;
    try {
      const { data, events } = this.#do(line.i, action);
      this.#learnNames(events);
      outcome = { ok: { data: withoutCreated(data), events: withoutExtras(events) } };
    } catch (error) {
      if (!(error instanceof NetSimError)) throw error;
      const { message: _, events, ...details } = error.toJSON();
      if (events !== undefined) this.#learnNames(events as NetEvent[]);
      const withEvents = events === undefined
        ? {}
        : { events: withoutExtras(events as NetEvent[]) };
      outcome = { error: { ...details, ...withEvents } };
    }
    const { i: _, action: __, ...expected } = line;
    assertEquals<unknown>(this.#withNames({ ...outcome, state: this.#state() }), expected);
  }

  #do(i: number, action: TraceAction): { data: unknown; events: NetEvent[] } {
    if (action.type === "undo") {
      const { action: undone, events } = this.#done.get(action.of)!;
      this.#sim.undoAction(undone, events);
      return { data: { type: "none" }, events: [] };
    }
    if (action.type === "runUntilBlocked") {
      const events = this.#sim.runUntilBlocked();
      this.#done.set(i, { action: { type: "runStep" }, events });
      return { data: { type: "none" }, events };
    }
    const result = this.#sim.doAction(action);
    this.#done.set(i, { action, events: result.events });
    return result;
  }

  #learnNames(events: readonly NetEvent[]): void {
    for (const event of events) {
      if (event.type === "packetCreated") {
        this.#name(event.packetId, `p${this.#packets.push(event.packetId)}`);
      } else if (event.type === "epochCreated" || event.type === "inputSalvoTriggered") {
        if (this.#names.has(event.epochId)) continue;
        this.#name(event.epochId, `e${this.#epochs.push(event.epochId)}`);
      }
    }
  }

  #name(id: string, name: string): void {
    this.#names.set(id, name);
    this.#ids.set(name, id);
  }

  #withNames(value: unknown): unknown {
    return JSON.parse(
      JSON.stringify(value),
      (_, inner) => typeof inner === "string" ? this.#names.get(inner) ?? inner : inner,
    );
  }

  /** An action with ids instead of names, which only stand in the fields of ids. */
  #withIds(action: TraceAction): TraceAction {
    return JSON.parse(JSON.stringify(action), (key, value) => {
      if (key !== "packetId" && key !== "epochId") return value;
      if (/^[pe]X/.test(value) && !this.#ids.has(value)) this.#name(crypto.randomUUID(), value);
      return this.#ids.get(value);
    });
  }

  #state(): TraceState {
    const sim = this.#sim;
    const queues: QueueEntry[] = [];
    const present = new Map<PacketId, PacketLocation>();
    const add = (location: PacketLocation, ...key: string[]) => {
      const ids = sim.getPacketsAtLocation(location);
      assertEquals(sim.packetCountAt(location), ids.length);
      for (const id of ids) present.set(id, location);
      if (ids.length > 0) queues.push([...key, ids]);
    };
    add({ type: "outsideNet" }, "outside");
    for (const edge of sim.graph.edges as readonly Edge[]) {
      add({ type: "edge", edge }, "edge", edge.source.nodeName, edge.source.portName);
    }
    for (const { name: nodeName, inPorts } of sim.graph.nodes) {
      for (const { name: portName } of inPorts) {
        add({ type: "inputPort", nodeName, portName }, "in", nodeName, portName);
      }
    }
    const epochs: TraceState["epochs"] = [];
    for (const epochId of this.#epochs) {
      const epoch = sim.getEpoch(epochId);
      if (epoch === undefined) continue;
      epochs.push([epochId, epoch.nodeName, epoch.state]);
      add({ type: "node", epochId }, "node", epochId);
      for (const { name: portName } of sim.graph.node(epoch.nodeName)!.outPorts) {
        add({ type: "outputPort", epochId, portName }, "out", epochId, portName);
      }
    }
    for (const id of this.#packets) {
      const location = present.get(id);
      assertEquals(sim.getPacket(id), location && { id, location });
    }
    return { queues, epochs, startable: sim.getStartableEpochs(), blocked: sim.isBlocked() };
  }
}

/** Events without the fields that recordings lack. */
function withoutExtras(events: readonly NetEvent[]): unknown[] {
  return events.map((event) => {
    const { timestamp: _, creationIndex: __, ...rest } = event as NetEvent & {
      creationIndex?: number;
    };
    return rest;
  });
}

function withoutCreated(data: unknown): unknown {
  const { created: _, ...rest } = data as { created?: unknown };
  return rest;
}
