/**
 * Everything about a net that can be watched, read and fetched.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import type { Graph } from "../../sim/graph.ts";
import type { NetSim } from "../../sim/net_sim.ts";
import type { NetConfig } from "../config/net_config.ts";
import type { NetCache } from "../storage/net_cache.ts";
import type { PrintEntry } from "../execution/prints.ts";
import type { ReadonlyPacketStore } from "../packets/packet_store.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import type { NetActionsCallback } from "./action_logs.ts";
import type { Commit } from "./commit.ts";
import type { DeadLetter } from "./dead_letter.ts";
import type { Engine } from "./engine.ts";
import type { EpochLog } from "./epoch_log.ts";
import { type EpochRecord, EpochRecords } from "./epoch_records.ts";
import type { EpochError } from "./error.ts";
import type { EventCallback } from "./event_stream.ts";
import { nodeNamed } from "./inject.ts";
import * as inspection from "./inspection.ts";
import type { NetActionLog } from "./net_action_log.ts";
import { NetLogs } from "./net_logs.ts";
import type { ConsumedOutputPacket, OutputQueueSelector } from "./output_queues.ts";
import type { GetOutputOptions, OutputOptions, WithMetadata } from "./output_reader.ts";

/** For which node a callback is called; for all if left out. */
export interface NodeFilter {
  /** Name of the node. */
  node?: string;
}

/** What may be asked of the simulator of a net without changing it. */
export type ReadonlySim = Pick<
  NetSim,
  | "graph"
  | "getPacket"
  | "getEpoch"
  | "getStartableEpochs"
  | "packetCountAt"
  | "getPacketsAtLocation"
  | "isBlocked"
>;

/** The part of a `Net` that watches, reads and fetches: nothing here makes anything run. */
export class NetView {
  /** The configuration as it was given, not resolved. */
  readonly config: NetConfig;
  /** What the nodes printed; of epochs that have ended only with `retain_epoch_logs`. */
  readonly logs: NetLogs;
  readonly #engine: Engine;
  readonly #epochs: EpochRecords;

  /** Creates the view of a net. */
  constructor(engine: Engine, config: NetConfig) {
    this.config = config;
    this.#engine = engine;
    this.#epochs = new EpochRecords(engine, engine.settings.retainEpochLogs);
    this.logs = new NetLogs(() => this.#epochs.list(), engine.echo);
  }

  // Observing

  /** Calls `callback` when an epoch starts, and waits for it. Returns what removes it. */
  onEpochStart(
    callback: (nodeName: string, epochId: EpochId) => unknown,
    filter: NodeFilter = {},
  ): () => void {
    return this.#engine.onEpochStart.add(callback, filter);
  }

  /** Calls `callback` when an epoch has ended, and waits for it. Returns what removes it. */
  onEpochEnd(
    callback: (nodeName: string, epochId: EpochId, log: EpochLog) => unknown,
    filter: NodeFilter = {},
  ): () => void {
    return this.#engine.onEpochEnd.add(callback, filter);
  }

  /** Calls `callback` with what node functions print, as they print. Returns what removes it. */
  onPrint(
    callback: (nodeName: string, epochId: EpochId, entries: readonly PrintEntry[]) => unknown,
    filter: NodeFilter = {},
  ): () => void {
    return this.#engine.onPrint.add(callback, filter);
  }

  /** Calls `callback` about once a round with what the simulator did, and waits for it. */
  onNetActions(callback: NetActionsCallback): () => void {
    return this.#engine.actionLogs.add(callback);
  }

  /** Calls `callback` with every event, in order, and does not wait. Returns what removes it. */
  onEvent(callback: EventCallback): () => void {
    return this.#engine.events.subscribe(callback);
  }

  /** Calls `callback` with every commit: those alone, applied in order, give the net's state. */
  onCommit(callback: (commit: Commit) => void): () => void {
    this.#engine.recorders.add(callback);
    return () => this.#engine.recorders.delete(callback);
  }

  // Output queues

  /**
   * Waits for the next packet of a queue and takes it.
   *
   * @throws {OutputTimeoutError} If none comes within `timeout` seconds.
   */
  getOutput(
    queue: OutputQueueSelector,
    options: WithMetadata<GetOutputOptions>,
  ): Promise<ConsumedOutputPacket>;
  /** Waits for the next packet of a queue, takes it, and returns its value. */
  getOutput(queue: OutputQueueSelector, options?: GetOutputOptions): Promise<unknown>;
  getOutput(queue: OutputQueueSelector, options?: GetOutputOptions): Promise<unknown> {
    return this.#engine.output.getOutput(queue, options);
  }

  /** Takes the next packet of a queue; undefined if it is empty. */
  tryGetOutput(
    queue: OutputQueueSelector,
    options: WithMetadata<OutputOptions>,
  ): ConsumedOutputPacket | undefined;
  /** Takes the next packet of a queue and returns its value; undefined if the queue is empty. */
  tryGetOutput(queue: OutputQueueSelector, options?: OutputOptions): unknown;
  tryGetOutput(queue: OutputQueueSelector, options?: OutputOptions): unknown {
    return this.#engine.output.tryGetOutput(queue, options);
  }

  /** Takes everything out of a queue. */
  flushOutputQueue(
    queue: OutputQueueSelector,
    options: WithMetadata<OutputOptions>,
  ): ConsumedOutputPacket[];
  /** Takes everything out of a queue and returns the values. */
  flushOutputQueue(queue: OutputQueueSelector, options?: OutputOptions): unknown[];
  flushOutputQueue(queue: OutputQueueSelector, options?: OutputOptions): unknown[] {
    return this.#engine.output.flushOutputQueue(queue, options);
  }

  /** Takes everything out of all queues; empty ones are left out. */
  flushAllOutputQueues(options: WithMetadata<OutputOptions>): Map<string, ConsumedOutputPacket[]>;
  /** Takes everything out of all queues and returns the values; empty ones are left out. */
  flushAllOutputQueues(options?: OutputOptions): Map<string, unknown[]>;
  flushAllOutputQueues(options?: OutputOptions): Map<string, unknown[]> {
    return this.#engine.output.flushAllOutputQueues(options);
  }

  /** What waits in a queue, oldest first; it stays there. */
  peekOutputQueue(
    queue: OutputQueueSelector,
    options: WithMetadata<OutputOptions>,
  ): ConsumedOutputPacket[];
  /** The values that wait in a queue, oldest first; they stay there. */
  peekOutputQueue(queue: OutputQueueSelector, options?: OutputOptions): unknown[];
  peekOutputQueue(queue: OutputQueueSelector, options?: OutputOptions): unknown[] {
    return this.#engine.output.peekOutputQueue(queue, options);
  }

  /** The packets of a queue as they come, until the net is closed. */
  outputs(
    queue: OutputQueueSelector,
    options: WithMetadata<Omit<GetOutputOptions, "timeout">>,
  ): AsyncIterableIterator<ConsumedOutputPacket>;
  /** The values of a queue as they come, until the net is closed. */
  outputs(
    queue: OutputQueueSelector,
    options?: Omit<GetOutputOptions, "timeout">,
  ): AsyncIterableIterator<unknown>;
  outputs(
    queue: OutputQueueSelector,
    options?: Omit<GetOutputOptions, "timeout">,
  ): AsyncIterableIterator<unknown> {
    return this.#engine.output.outputs(queue, options);
  }

  /** Whether a packet waits in a queue. */
  hasOutput(queue: OutputQueueSelector): boolean {
    return this.#engine.output.hasOutput(queue);
  }

  /** How many packets wait in a queue. */
  outputCount(queue: OutputQueueSelector): number {
    return this.#engine.output.outputCount(queue);
  }

  /** Names of the output queues, in order. */
  listOutputQueues(): string[] {
    return this.#engine.state.queues.names;
  }

  // Stored results

  /** Results of epochs that are kept, so that they need not be computed again. */
  get cache(): NetCache {
    return this.#engine.storage!.cache;
  }

  // Looking

  /** The graph. */
  get graph(): Graph {
    return this.#engine.graph;
  }

  /** Where packets are and which epochs there are. */
  get sim(): ReadonlySim {
    return this.#engine.state.sim;
  }

  /** The values of the packets. */
  get packets(): ReadonlyPacketStore {
    return this.#engine.state.packets;
  }

  /** Epochs that live; with `retain_epoch_logs` also those that have ended. */
  get epochs(): EpochRecord[] {
    return this.#epochs.list();
  }

  /** Logs of the epochs that have ended, with `retain_epoch_logs`. */
  get epochLogs(): EpochLog[] {
    return this.#epochs.logs;
  }

  /** What the simulator did, with `retain_net_action_logs`. */
  get netActionLog(): NetActionLog[] {
    return this.#engine.actionLogs.retained;
  }

  /** Epochs that failed for good, oldest first. */
  get deadLetterQueue(): DeadLetter[] {
    return this.#engine.state.deadLetters.toArray();
  }

  /** Failures that were not thrown, oldest first. */
  get exceptionQueue(): EpochError[] {
    return this.#engine.state.exceptions.toArray();
  }

  /** Epochs that run, oldest first. */
  get runningEpochs(): inspection.RunningEpoch[] {
    return inspection.runningEpochs(this.#engine);
  }

  /** Ids of the epochs that can be started, oldest first. */
  getStartableEpochs(): EpochId[] {
    return inspection.startableEpochs(this.#engine).map(({ id }) => id);
  }

  /** Whether nothing can happen without something from outside. */
  isBlocked(): boolean {
    return inspection.isBlocked(this.#engine);
  }

  /** A node as resolved. */
  getNodeConfig(name: string): ResolvedNodeConfig {
    return nodeNamed(this.#engine, name).config;
  }

  /** What a node is doing. */
  nodeState(name: string): inspection.NodeStatus {
    return inspection.nodeState(this.#engine, name);
  }

  /** The edges that hold packets. */
  edgeState(): inspection.EdgeStatus[] {
    return inspection.edgeState(this.#engine);
  }

  /** Packets that wait at an input port, oldest first. */
  getPacketsAtPort(node: string, port: string): PacketId[] {
    return inspection.packetsAtPort(this.#engine, node, port);
  }

  /** Packets that wait at each input port of a node. */
  getPacketsAtAllPorts(node: string): Map<string, PacketId[]> {
    return inspection.packetsAtAllPorts(this.#engine, node);
  }

  /** Packets inside an epoch, oldest first. */
  getPacketsInEpoch(epochId: EpochId): PacketId[] {
    return this.#engine.state.sim.getPacketsAtLocation({ type: "node", epochId });
  }

  /** All that can be seen, as JSON. */
  snapshot(): inspection.NetSnapshot {
    return inspection.snapshot(this.#engine);
  }
}
