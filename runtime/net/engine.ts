/**
 * The parts of a running net, joined: its state, and the one way in which that changes.
 *
 * @module
 */
import type { EpochId } from "../../sim/action.ts";
import type { Graph } from "../../sim/graph.ts";
import { IdMap } from "../../sim/id_map.ts";
import type { AttemptPlace } from "../execution/context.ts";
import type { NodePool } from "../execution/pool.ts";
import type { LazyValueEvaluator } from "../packets/lazy_value.ts";
import { ActionLogs } from "./action_logs.ts";
import type { Allocator } from "./allocation.ts";
import { CallbackList } from "./callbacks.ts";
import { Calls } from "./calls.ts";
import type { Clock } from "./clock.ts";
import { type AppliedCommit, applyCommit, type Commit } from "./commit.ts";
import type { DeadLetter } from "./dead_letter.ts";
import { CommitDraft } from "./commit_draft.ts";
import type { EpochLog } from "./epoch_log.ts";
import type { AppliedAction } from "./event.ts";
import type { EventStream } from "./event_stream.ts";
import { Feeds } from "./feeds.ts";
import { Fifo } from "./fifo.ts";
import { Interruption, LiveEpoch } from "./live_epoch.ts";
import type { NetNode } from "./net_node.ts";
import { OutputReader } from "./output_reader.ts";
import type { PrintEntry } from "../execution/prints.ts";
import { Schedule } from "./schedule.ts";
import type { NetStorage } from "./net_storage.ts";
import type { NetState } from "./state.ts";
import { StreamRoom } from "./stream_room.ts";
import type { Telemetry } from "./telemetry.ts";
import { Wakeup } from "./wakeup.ts";

/** What an {@linkcode Engine} is made of. */
export interface EngineParts {
  readonly graph: Graph;
  readonly state: NetState;
  readonly nodes: ReadonlyMap<string, NetNode>;
  readonly pools: ReadonlyMap<string, NodePool>;
  readonly allocator: Allocator;
  readonly events: EventStream;
  readonly clock: Clock;
  /** A number from 0 to 1, exclusive. */
  readonly random: () => number;
  /** Receives what is echoed to standard output, line by line. */
  readonly echo: (line: string) => void;
  readonly evaluateLazy: LazyValueEvaluator;
  readonly settings: NetSettings;
  /** Where functions run that are called outside any pool. */
  readonly place: Omit<AttemptPlace, "poolId" | "workerId">;
}

/** The fields of the configuration that count for the net as a whole. */
export interface NetSettings {
  readonly retainEpochLogs: boolean;
  readonly retainNetActionLogs: boolean;
  readonly errorOnUndeclaredOutput: boolean;
  readonly deadLetterQueue: boolean;
  readonly deadLetterPath: string | null;
  readonly deadLetterCallback: ((entry: DeadLetter) => unknown) | null;
  /** Blots out values of environment variables in a text that is written to a file. */
  readonly maskSecrets: (text: string) => string;
}

/** The parts of a running net. Everything that happens in it happens through {@linkcode commit}. */
export class Engine {
  readonly graph: Graph;
  readonly state: NetState;
  readonly nodes: ReadonlyMap<string, NetNode>;
  readonly pools: ReadonlyMap<string, NodePool>;
  readonly allocator: Allocator;
  readonly events: EventStream;
  readonly clock: Clock;
  readonly random: () => number;
  readonly echo: (line: string) => void;
  readonly evaluateLazy: LazyValueEvaluator;
  readonly settings: NetSettings;
  readonly place: EngineParts["place"];

  /** Output queues as users read them. */
  readonly output: OutputReader;
  /** Live epochs. */
  readonly epochs: IdMap<LiveEpoch> = new IdMap();
  /** Startable epochs that carry data. */
  readonly schedule: Schedule = new Schedule();
  /** Startable epochs that carry commands, oldest first. */
  readonly controls: Fifo<LiveEpoch> = new Fifo();
  /** Generators that wait for room to send more. */
  readonly streams: StreamRoom = new StreamRoom(this);
  /** Iterables that are injected as there is room. */
  readonly feeds: Feeds = new Feeds(this);
  /** Those who wait for answers. */
  readonly calls: Calls = new Calls(this);
  /** Whether the loop runs. */
  isLooping = false;
  /** Epochs that were launched and have not ended, in no order. */
  readonly inFlight: LiveEpoch[] = [];
  /** Wakes whoever waits for something to happen. */
  readonly wakeup: Wakeup = new Wakeup();
  /** Nodes of which the init function ran, in that order. */
  readonly initialized: NetNode[] = [];
  /** What init and close functions are given: the `Net`. */
  net: unknown;
  /** What of it is stored. */
  storage: NetStorage | undefined;
  /** Reports to OpenTelemetry, if it is on. */
  telemetry: Telemetry | undefined;
  /** Epochs in flight that wait for a timer, to be tried again. */
  waitingForRetry = 0;

  readonly onEpochStart: CallbackList<[nodeName: string, epochId: EpochId]>;
  readonly onEpochEnd: CallbackList<[nodeName: string, epochId: EpochId, log: EpochLog]>;
  readonly onPrint: CallbackList<
    [nodeName: string, epochId: EpochId, entries: readonly PrintEntry[]]
  >;
  /** What the simulator did, for those who asked. */
  readonly actionLogs: ActionLogs;
  /** Called with each commit that was applied. */
  readonly recorders: Set<(commit: Commit) => void> = new Set();

  /** Called with the actions of each commit and their events. */
  readonly watchers: ((actions: readonly AppliedAction[]) => void)[] = [];
  /** Called with each epoch that is formed. */
  readonly formed: ((epoch: LiveEpoch) => void)[] = [];

  #order = 0;

  /** Joins the parts. */
  constructor(parts: EngineParts) {
    this.graph = parts.graph;
    this.state = parts.state;
    this.nodes = parts.nodes;
    this.pools = parts.pools;
    this.allocator = parts.allocator;
    this.events = parts.events;
    this.clock = parts.clock;
    this.random = parts.random;
    this.echo = parts.echo;
    this.evaluateLazy = parts.evaluateLazy;
    this.settings = parts.settings;
    this.place = parts.place;
    this.output = new OutputReader(
      this.state.queues,
      this.clock,
      (queueName, count) =>
        this.commit(new CommitDraft("take", this.clock.now(), { taken: { queueName, count } }))
          .taken!,
    );
    const failed = (error: unknown) =>
      this.events.warn("callback_failed", `A callback failed: ${error}`);
    this.onEpochStart = new CallbackList(failed);
    this.onEpochEnd = new CallbackList(failed);
    this.onPrint = new CallbackList(failed);
    this.actionLogs = new ActionLogs(this.events, parts.settings.retainNetActionLogs);
  }

  /**
   * Changes the state by one commit, whole or not at all, and tells everybody.
   *
   * @param isChecked Whether it is known that it cannot be refused, so that undoing it need not be
   * prepared for.
   * @throws {CommitError | NetSimError} If it is refused; nothing has changed then.
   */
  commit(commit: Commit, isChecked = false): AppliedCommit {
    const observe = this.events.active || this.watchers.length > 0;
    const applied = applyCommit(this.state, commit, { observe, isChecked });
    for (const id of applied.created) this.#admit(id, commit.at);
    if (this.recorders.size > 0) { for (const record of this.recorders) record(commit); }
    for (const watch of this.watchers) watch(applied.actions);
    if (this.events.active) this.#publish(commit, applied);
    if (commit.queued && this.output.waiting) this.output.serve();
    this.wakeup.wake();
    if (applied.unanswered) this.calls.settle(commit.answered, applied.unanswered);
    return applied;
  }

  /** Mints an id. */
  newId(nowMs: number): string {
    return this.state.ids.mint(nowMs);
  }

  /** Takes a startable epoch up, so that nobody else does. */
  takeUp(epoch: LiveEpoch): void {
    epoch.phase = "launched";
    epoch.slot = this.inFlight.push(epoch) - 1;
    epoch.node.inFlight++;
    epoch.node.startableCount--;
    epoch.node.line?.enter(epoch);
  }

  /** Leaves an epoch that was taken up: it has ended, or goes back among the startable ones. */
  putDown(epoch: LiveEpoch): void {
    const last = this.inFlight.pop()!;
    if (last !== epoch) this.inFlight[last.slot = epoch.slot] = last;
    epoch.slot = -1;
    epoch.task = undefined;
    epoch.node.inFlight--;
    epoch.node.line?.leave(epoch);
    this.streams.leave(epoch);
    this.schedule.release(epoch.node);
    this.wakeup.wake();
  }

  /** Puts every startable epoch back into the schedule, those too that a run had left. */
  rebuildSchedule(): void {
    const epochs = this.state.sim.getStartableEpochs().map((id) => this.epochs.get(id)!);
    this.schedule.rebuild(this.nodes.values(), epochs.filter(isSchedulable));
  }

  /** Asks for an epoch to be cancelled: at once where it waits, else as soon as it does. */
  cancel(epoch: LiveEpoch, reason: unknown): void {
    if (epoch.phase === "ended" || epoch.cancelReason) return;
    epoch.cancelReason = { reason };
    epoch.interrupt(new Interruption(reason));
  }

  #admit(id: EpochId, at: number): void {
    const { nodeName, inSalvo } = this.state.sim.getEpoch(id)!;
    const node = this.nodes.get(nodeName)!;
    const epoch = new LiveEpoch(id, node, inSalvo, at, this.#order++);
    this.epochs.add(epoch);
    for (const tell of this.formed) tell(epoch);
    if (epoch.isControl) this.controls.push(epoch);
    else if (isSchedulable(epoch)) {
      node.startableCount++;
      this.schedule.add(epoch);
    }
  }

  #publish(commit: Commit, applied: AppliedCommit): void {
    const { events } = this;
    if (applied.actions.length > 0) {
      events.emit({
        type: "commit",
        ...commit.epochId !== undefined && { epochId: commit.epochId },
        actions: applied.actions,
      }, commit.at);
    }
    for (const { queueName, packetId } of commit.queued ?? []) {
      events.emit({ type: "queued", queueName, packetId }, commit.at);
    }
    if (commit.attempt) {
      events.emit({
        type: "attemptFailed",
        nodeName: commit.nodeName!,
        epochId: commit.epochId!,
        retryCount: this.state.attempts.get(commit.epochId!)!.length - 1,
        error: commit.attempt.error,
      }, commit.at);
    }
    if (commit.deadLetter) {
      events.emit({ type: "deadLetter", epochId: commit.deadLetter.epochId }, commit.at);
    }
  }
}

/** Packets at a node without a function wait for ever. */
function isSchedulable(epoch: LiveEpoch): boolean {
  return epoch.phase === "startable" && !epoch.isControl &&
    (epoch.node.functions.exec !== null || epoch.inSalvo.packets.length === 0);
}
