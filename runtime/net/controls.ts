/**
 * Commands to nodes, which arrive as packets at their control ports.
 *
 * @module
 */
import type { EpochId, NetAction, PacketId } from "../../sim/action.ts";
import type { ControlType } from "../schema/signal.ts";
import type { Commit } from "./commit.ts";
import { CommitDraft } from "./commit_draft.ts";
import type { Engine } from "./engine.ts";
import { ControlError, EpochError } from "./error.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { NetNode } from "./net_node.ts";
import { closeNode, initNode } from "./node_lifecycle.ts";
import type { Steps } from "./task.ts";

/** Who learns of commands that failed. */
export interface ControlFailures {
  /** Whether the failure is thrown rather than queued. */
  throwsFailureOf(epoch: LiveEpoch): boolean;
  /** Failures to throw. */
  readonly errors: unknown[];
}

/** One packet at a control port. */
interface Command {
  readonly epoch: LiveEpoch;
  readonly packetId: PacketId;
  readonly type: ControlType;
  /** Whether it is the last of its epoch. */
  isLast: boolean;
}

/** What a command changes, as part of its commit. */
type Effect = Partial<Pick<Commit, "enabled" | "epochCount">> & { actions?: NetAction[] };

/** Carries out all commands that wait for the node of the oldest one, in order of their packets. */
export function* controlRound(engine: Engine, failures: ControlFailures): Steps<void> {
  const { node } = engine.controls.first!;
  const epochs = [...engine.controls].filter((epoch) => epoch.node === node);
  for (const epoch of epochs) engine.controls.remove(epoch);
  yield* runControls(engine, epochs, failures);
}

/** Carries out the commands of control epochs of one node, one after another. */
export function* runControls(
  engine: Engine,
  epochs: readonly LiveEpoch[],
  failures: ControlFailures,
): Steps<void> {
  const live = epochs.filter(({ phase }) => phase === "startable");
  for (const epoch of live) {
    epoch.phase = "running";
    const start = CommitDraft.of("start", engine.clock.now(), epoch);
    start.add({ type: "startEpoch", epochId: epoch.id });
    engine.commit(start);
  }
  for (const command of commandsOf(live)) {
    const { epoch, packetId, isLast } = command;
    let effect: Effect = {};
    let error: EpochError | undefined;
    try {
      effect = yield* carryOut(engine, command);
    } catch (thrown) {
      error = new EpochError({ nodeName: epoch.node.name, epochId: epoch.id }, thrown);
    }
    const queues = error !== undefined && !failures.throwsFailureOf(epoch);
    const commit = CommitDraft.of("control", engine.clock.now(), epoch);
    commit.add({ type: "consumePacket", packetId }, ...effect.actions ?? []);
    if (isLast) commit.add({ type: "finishEpoch", epochId: epoch.id });
    commit.dropped = [packetId];
    commit.enabled = effect.enabled;
    commit.epochCount = effect.epochCount;
    commit.ended = isLast;
    if (queues) commit.exception = error;
    engine.commit(commit);
    if (isLast) {
      engine.epochs.delete(epoch.id);
      engine.actionLogs.takeOf(epoch.id);
    }
    if (effect.enabled) engine.schedule.release(epoch.node);
    if (error && !queues) failures.errors.push(error);
  }
}

function commandsOf(epochs: readonly LiveEpoch[]): Command[] {
  const commands = epochs.flatMap((epoch) =>
    epoch.inSalvo.packets.map(({ portName, packetId }): Command => ({
      epoch,
      packetId,
      type: epoch.node.controls.get(portName)!,
      isLast: false,
    }))
  ).sort((a, b) => a.packetId < b.packetId ? -1 : 1);
  const seen = new Set<LiveEpoch>();
  for (const command of commands.toReversed()) {
    command.isLast = !seen.has(command.epoch);
    seen.add(command.epoch);
  }
  return commands;
}

function* carryOut(engine: Engine, { epoch, packetId, type }: Command): Steps<Effect> {
  const { node } = epoch;
  const value = engine.state.packets.peek(packetId);
  const problem = controlValueProblem(type, value ?? undefined);
  if (problem) throw new ControlError(node.name, type, problem);
  switch (type) {
    case "enable":
      return { enabled: true };
    case "disable":
      return { enabled: false };
    case "set_epoch_count":
      return { epochCount: value as number };
    case "reset_epoch_count":
      return { epochCount: 0 };
    case "cancel_epoch":
      cancelOne(engine, node, value as string);
      return {};
    case "cancel_all_epochs":
      for (const other of engine.inFlight.filter((other) => other.node === node)) {
        engine.cancel(other, `control ${type}`);
      }
      return {};
    case "init_node":
      if (node.initialized) throw new ControlError(node.name, type, "it is initialized already");
      yield* initNode(engine, node);
      return {};
    case "close_node":
      if (!node.initialized) throw new ControlError(node.name, type, "it is not initialized");
      yield* closeNode(engine, node);
      return {};
    case "start_epoch":
      return startEmpty(engine, node);
  }
}

function cancelOne(engine: Engine, node: NetNode, epochId: EpochId): void {
  const epoch = engine.epochs.get(epochId);
  const problem = !epoch
    ? "there is no such epoch"
    : epoch.node !== node
    ? `it is an epoch of node "${epoch.node.name}"`
    : epoch.slot < 0
    ? "it is not running"
    : undefined;
  if (problem) {
    throw new ControlError(
      node.name,
      "cancel_epoch",
      `cannot cancel epoch "${epochId}": ${problem}`,
    );
  }
  engine.cancel(epoch!, "control cancel_epoch");
}

function startEmpty(engine: Engine, node: NetNode): Effect {
  const { sim } = engine.state;
  const isStartable = sim.getStartableEpochs().some((id) => {
    const epoch = engine.epochs.get(id)!;
    return epoch.node === node && !epoch.isControl && epoch.slot < 0;
  });
  if (isStartable) return {};
  if (node.dataPorts.length > 0) {
    throw new ControlError(
      node.name,
      "start_epoch",
      "no epoch is startable, and the node needs packets at its input ports to form one",
    );
  }
  const salvoCondition =
    [...node.config.in_salvo_conditions.keys()].find((name) => !node.controls.has(name)) ??
      "__started_by_control";
  return {
    actions: [{
      type: "createEpoch",
      nodeName: node.name,
      salvo: { salvoCondition, packets: [] },
    }],
  };
}

/** What is wrong with the value of a control, if anything. */
export function controlValueProblem(type: ControlType, value: unknown): string | undefined {
  if (type === "cancel_epoch") {
    return typeof value === "string"
      ? undefined
      : `its value must be the id of an epoch, got ${describe(value)}`;
  }
  if (type === "set_epoch_count") {
    return Number.isInteger(value) && (value as number) >= 0
      ? undefined
      : `its value must be an integer, 0 or more, got ${describe(value)}`;
  }
  return value === undefined ? undefined : `it takes no value, got ${describe(value)}`;
}

function describe(value: unknown): string {
  return value === undefined ? "none" : Deno.inspect(value, { depth: 1 });
}
