/**
 * A node of a running net: what it was configured as, where its packets go, and what it is doing.
 *
 * @module
 */
import { type NodeLayout, nodeLayout } from "../execution/node_layout.ts";
import type { NodeFuncs } from "../factories/protocol.ts";
import type { ResolvedExecutionConfig, ResolvedNodeConfig } from "../schema/resolved.ts";
import {
  CONTROL_TYPES,
  controlPortName,
  type ControlType,
  SIGNAL_TYPES,
  signalPortName,
  type SignalType,
} from "../schema/signal.ts";
import type { Graph } from "../../sim/graph.ts";
import type { Edge } from "../../sim/graph_spec.ts";
import type { PoolAllocationMethod } from "../schema/node.ts";
import type { Allocator, Worker } from "./allocation.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import { OrderedLine } from "./ordered_line.ts";
import type { OutputQueues } from "./output_queues.ts";
import type { NodeStorage } from "./node_storage.ts";
import type { RateGate } from "./rate_gate.ts";
import type { NodeState } from "./state.ts";

/** Where the packets of an output port go: over an edge, into an output queue, or nowhere. */
export type OutputRoute =
  | { readonly kind: "edge"; readonly edge: Edge }
  | { readonly kind: "queue"; readonly queueName: string }
  | { readonly kind: "nowhere" };

/** What a {@linkcode NetNode} is made of, beside its configuration. */
export interface NetNodeParts {
  readonly functions: NodeFuncs;
  readonly state: NodeState;
  /** Says over which edges its packets go. */
  readonly graph: Graph;
  /** Says which of its ports feed a queue. */
  readonly queues: OutputQueues;
  readonly gate: RateGate | undefined;
  /** Knows the workers of the pools. */
  readonly allocator: Allocator;
  /** What references to code in port types have led to. */
  readonly resolvePortType: (reference: string) => unknown;
}

/** A node of a running net. What may not be lost of it is in its {@linkcode NodeState}. */
export class NetNode {
  readonly name: string;
  readonly config: ResolvedNodeConfig;
  readonly settings: ResolvedExecutionConfig;
  readonly layout: NodeLayout;
  /** What outlives the process. */
  readonly state: NodeState;
  readonly functions: NodeFuncs;
  /** Where the packets of each output port go. */
  readonly routes: ReadonlyMap<string, OutputRoute>;
  /** Whether some output port has no edge. */
  readonly hasLooseEnds: boolean;
  /** Signals that reach somebody, with their ways. */
  readonly signals: ReadonlyMap<SignalType, OutputRoute>;
  /** Control of each control port and condition. */
  readonly controls: ReadonlyMap<string, ControlType>;
  /** Names of the input ports that carry data. */
  readonly dataPorts: readonly string[];
  /** How one of them is chosen. */
  readonly allocationMethod: PoolAllocationMethod;
  /** Most epochs at a time. */
  readonly maxParallel: number;
  /** Keeps its results in order, if it is `ordered`. */
  readonly line: OrderedLine | undefined;
  /** Limits the starts of attempts; shared by the nodes of a group. */
  readonly gate: RateGate | undefined;

  /** Keeps its results, if they are stored. */
  storage: NodeStorage | undefined = undefined;

  /** Whether its init function ran, and its close function not since. */
  initialized = false;
  /** Its init function while it runs. */
  initializing: Promise<unknown> | undefined = undefined;
  /** Epochs that were launched and have not ended. */
  inFlight = 0;

  /** Startable epochs that nobody has taken up. */
  startableCount = 0;
  /** Startable epochs, oldest first: a list linked by `LiveEpoch.next`. */
  firstStartable: LiveEpoch | undefined = undefined;
  /** Last of them. */
  lastStartable: LiveEpoch | undefined = undefined;
  /** Where the node stands in the schedule. */
  standing: "idle" | "ready" | "held" = "idle";
  /** Order of the epoch by which it was put into the heap of ready nodes. */
  readyOrder = 0;

  readonly #allocator: Allocator;
  #workers: readonly Worker[] | undefined;

  /** Creates the node. */
  constructor(config: ResolvedNodeConfig, parts: NetNodeParts) {
    const { graph, queues } = parts;
    this.name = config.name;
    this.config = config;
    this.settings = config.execution_config;
    this.functions = parts.functions;
    this.state = parts.state;
    this.gate = parts.gate;
    const spec = graph.node(config.name)!;
    this.layout = nodeLayout(config, spec, parts.resolvePortType);
    this.routes = new Map(
      spec.outPorts.map(({ name }) => [name, routeOf(this.name, name, graph, queues)]),
    );
    this.hasLooseEnds = [...this.routes.values()].some(({ kind }) => kind !== "edge");
    this.#allocator = parts.allocator;
    this.allocationMethod = this.settings.pool_allocation_method;
    this.line = this.settings.ordered ? new OrderedLine() : undefined;
    this.maxParallel = this.settings.max_parallel_epochs ?? Infinity;
    this.signals = new Map(
      SIGNAL_TYPES.filter((type) => this.settings.signals.includes(type))
        .map((type) => [type, this.routes.get(signalPortName(type))!] as const)
        .filter(([, route]) => route.kind !== "nowhere"),
    );
    this.controls = new Map(
      CONTROL_TYPES.filter((type) => this.settings.controls.includes(type))
        .map((type) => [controlPortName(type), type]),
    );
    this.dataPorts = [...config.in_ports.keys()].filter((name) => !this.controls.has(name));
  }

  /** Workers that may run it. How many a pool has is known when it is started. */
  get workers(): readonly Worker[] {
    return this.#workers ??= this.#allocator.candidates(this.settings.pools);
  }
}

function routeOf(
  nodeName: string,
  portName: string,
  graph: Graph,
  queues: OutputQueues,
): OutputRoute {
  const edge = graph.getEdgeByTail({ nodeName, portType: "output", portName });
  if (edge) return { kind: "edge", edge };
  const queueName = queues.queueOfPort(nodeName, portName);
  return queueName === undefined ? { kind: "nowhere" } : { kind: "queue", queueName };
}
