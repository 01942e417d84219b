/**
 * Running one epoch or one node by hand, outside the schedule.
 *
 * @module
 */
import type { EpochId, NetAction, PacketId } from "../../sim/action.ts";
import { evaluateTerm } from "../../sim/condition.ts";
import {
  EpochNotFoundError,
  EpochNotStartableError,
  InvalidArgumentError,
} from "../../sim/error.ts";
import type { JobObserver, PacketValue } from "../execution/job.ts";
import { packetsByPort, runJobHere } from "../execution/main_pool.ts";
import { formatEcho, type NodeLogEntry, type PrintEntry } from "../execution/prints.ts";
import { runControls } from "./controls.ts";
import type { Engine } from "./engine.ts";
import type { EpochResult } from "./epoch_end.ts";
import { runEpoch } from "./epoch_run.ts";
import { NodeHasNoFunctionError } from "./error.ts";
import { createEpoch, nodeNamed } from "./inject.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { NetNode } from "./net_node.ts";
import { initNode } from "./node_lifecycle.ts";
import { settled, type Steps, subtask } from "./task.ts";

/** How an epoch went that was run by hand. */
export interface NodeExecutionResult {
  /** What the function returned. */
  readonly funcResult: unknown;
  /** Whether the epoch was cancelled. */
  readonly cancelled: boolean;
  /** Why it failed, if it did and that was neither thrown nor queued. */
  readonly exception: Error | null;
  /** What the function did to packets, in order, as actions of the simulator. */
  readonly deferredActions: readonly NetAction[];
  /** What it printed. */
  readonly printBuffer: readonly PrintEntry[];
  /** Its structured log entries. */
  readonly structuredLogBuffer: readonly NodeLogEntry[];
  /** Packets that it made. */
  readonly createdPackets: readonly PacketId[];
  /** Packets that it consumed. */
  readonly consumedPackets: readonly PacketId[];
}

/** Values by port: what a node is given or gives by hand. */
export type PortInputs = Readonly<Record<string, readonly unknown[]>>;

/**
 * Runs a startable epoch at once; null if its rate limit forbids that, or its failure was queued.
 *
 * @throws {EpochNotFoundError} If there is no such epoch.
 * @throws {EpochNotStartableError} If it runs already.
 * @throws {EpochError} If it fails and the node propagates failures.
 */
export function* executeEpoch(engine: Engine, id: EpochId): Steps<NodeExecutionResult | null> {
  const epoch = engine.epochs.get(id);
  if (!epoch) throw new EpochNotFoundError(id);
  const { node } = epoch;
  if (epoch.phase !== "startable") throw new EpochNotStartableError(id, node.name);
  if (epoch.isControl) {
    const errors: unknown[] = [];
    yield* runControls(engine, [epoch], {
      errors,
      throwsFailureOf: () => node.settings.propagate_exceptions,
    });
    if (errors.length > 0) throw errors[0];
    return resultOf(epoch, { outcome: "success" });
  }
  if (!node.functions.exec && epoch.inSalvo.packets.length > 0) {
    throw new NodeHasNoFunctionError(node.name);
  }
  if (node.gate && !node.storage && !node.gate.tryStart(engine.clock.now())) return null;
  epoch.propagates = node.settings.propagate_exceptions;
  epoch.wantsResult = true;
  engine.takeUp(epoch);
  const result = yield* subtask(runEpoch(engine, epoch), (task) => epoch.task = task);
  if (result.propagates) throw result.error;
  return result.error && !result.handled ? null : resultOf(epoch, result);
}

/**
 * Forms one epoch of all these inputs and runs it at once, as {@linkcode executeEpoch} does.
 *
 * @throws {InvalidArgumentError} If no input condition holds for these inputs.
 */
export function* executeNode(
  engine: Engine,
  nodeName: string,
  inputs: PortInputs,
): Steps<NodeExecutionResult | null> {
  const node = nodeNamed(engine, nodeName);
  if (!node.functions.exec) throw new NodeHasNoFunctionError(nodeName);
  const given = Object.entries(inputs);
  const condition = satisfiedCondition(engine, node, inputs);
  yield* initNode(engine, node);
  return yield* executeEpoch(engine, createEpoch(engine, nodeName, condition, given));
}

/** What a function is told, and who hears of it, when it runs outside the net. */
export interface OutsideOptions extends Partial<Pick<JobObserver, "printed" | "logged">> {
  /** How many attempts have failed before, as the function is told. */
  readonly retryCount?: number;
}

/** Calls a node's function with these inputs, outside the net; what it loads comes back by port. */
export function* executeOutside(
  engine: Engine,
  nodeName: string,
  inputs: PortInputs,
  options: OutsideOptions = {},
): Steps<Record<string, unknown[]>> {
  const node = nodeNamed(engine, nodeName);
  const { retryCount = 0, logged = () => {}, printed = echoing(engine, node) } = options;
  const { exec } = node.functions;
  if (!exec) throw new NodeHasNoFunctionError(nodeName);
  yield* initNode(engine, node);
  const at = engine.clock.now();
  const values: PacketValue[] = Object.entries(inputs).flatMap(([portName, list]) =>
    list.map((value) => ({ id: engine.newId(at), portName, value }))
  );
  const job = {
    epochId: engine.newId(at),
    nodeName,
    packets: packetsByPort(values.map(({ id, portName }) => ({ portName, packetId: id }))),
    values,
    retryCount,
    retryTimestamps: [],
    retryExceptions: [],
  };
  const loaded = new Map<PacketId, string>();
  const valueOf = new Map(values.map(({ id, value }) => [id, value]));
  const collect: JobObserver["yielded"] = ({ actions, created, createdValues }) => {
    for (const [i, id] of created.entries()) valueOf.set(id, createdValues[i]);
    for (const action of actions) {
      if (action.type === "loadPacketIntoOutputPort") loaded.set(action.packetId, action.portName);
    }
  };
  const place = { ...engine.place, poolId: "main", workerId: 0 };
  const observer: JobObserver = {
    signal: new AbortController().signal,
    started() {},
    logged,
    printed,
    yielded: collect,
  };
  const result = yield* settled(runJobHere({ layout: node.layout, exec }, job, place, observer));
  collect(result.staged);
  const outputs: Record<string, unknown[]> = Object.create(null);
  for (const [id, portName] of loaded) (outputs[portName] ??= []).push(valueOf.get(id));
  return outputs;
}

/** Echoes what a node prints, if it may. */
function echoing({ echo }: Engine, { name, settings }: NetNode): JobObserver["printed"] {
  return (entries) => {
    if (!settings.print_echo_stdout) return;
    for (const entry of entries) echo(formatEcho(name, entry));
  };
}

/** Name of the first input condition that holds for so many packets at each port. */
function satisfiedCondition(engine: Engine, node: NetNode, inputs: PortInputs): string {
  const { inSalvoConditions, inPorts } = engine.graph.node(node.name)!;
  const slots = new Map(inPorts.map(({ name, slots }) => [name, slots]));
  const count = (port: string) => Object.hasOwn(inputs, port) ? inputs[port]!.length : 0;
  const condition = inSalvoConditions.find(({ name, term }) =>
    !node.controls.has(name) && evaluateTerm(term, count, (port) => slots.get(port)!)
  );
  if (condition) return condition.name;
  // A node that is only controlled has no condition of its own, and needs no packets.
  if (node.dataPorts.length === 0) return "__executed__";
  const given = Object.entries(inputs).map(([port, { length }]) => `${length} at "${port}"`);
  throw new InvalidArgumentError(
    `Cannot execute node "${node.name}": none of its input conditions holds for ` +
      (given.length > 0 ? given.join(", ") : "no packets"),
  );
}

function resultOf(epoch: LiveEpoch, { outcome, value, staged, error }: EpochResult) {
  return {
    funcResult: value,
    cancelled: outcome === "cancelled",
    exception: error ?? null,
    deferredActions: staged?.actions ?? [],
    printBuffer: epoch.prints ?? [],
    structuredLogBuffer: epoch.logEntries ?? [],
    createdPackets: staged?.created ?? [],
    consumedPackets: staged?.consumed ?? [],
  };
}
