/**
 * The one way in which the state of a net changes.
 *
 * @module
 */
import type { EpochId, NetAction, PacketId } from "../../sim/action.ts";
import { RequestUnconnectedPortError } from "../../sim/error.ts";
import type { NetEvent } from "../../sim/event.ts";
import type { ErrorRecord } from "../execution/node_execution_context.ts";
import type { PacketStore } from "../packets/packet_store.ts";
import type { DeadLetter } from "./dead_letter.ts";
import { CommitError, type EpochError } from "./error.ts";
import type { AppliedAction } from "./event.ts";
import type { Answer, Unanswered } from "./origins.ts";
import type { ConsumedOutputPacket } from "./output_queues.ts";
import type { NetState } from "./state.ts";

/** What a commit is about. */
export type CommitType =
  | "step"
  | "inject"
  | "request"
  | "createEpoch"
  | "resolve"
  | "start"
  | "attemptFailed"
  | "yield"
  | "finish"
  | "fail"
  | "cancel"
  | "signal"
  | "control"
  | "node"
  | "take"
  | "discard"
  | "clear";

/** A failed attempt of an epoch that still lives. */
export interface FailedAttempt {
  /** When it failed, in ms UTC. */
  readonly at: number;
  /** How. */
  readonly error: ErrorRecord;
}

/**
 * A change of a net's state, as plain data that says it all.
 *
 * Applying the same commits in the same order to a fresh state gives the same state, ids included.
 */
export interface Commit {
  /** What it is about. */
  readonly type: CommitType;
  /** When, in ms UTC: the time of all its actions. */
  readonly at: number;
  /** The node, if it is about one. */
  readonly nodeName?: string | undefined;
  /** The epoch, if it is about one. */
  readonly epochId?: EpochId | undefined;
  /** What the simulator does, in order. */
  readonly actions: readonly NetAction[];
  /** Ids that the actions hand out, in order; those that are not known before are added. */
  readonly ids: string[];
  /** New packets with their values. */
  readonly values?: readonly (readonly [PacketId, unknown])[] | undefined;
  /** Packets whose lazy value was computed, with the result. */
  readonly resolved?: readonly (readonly [PacketId, unknown])[] | undefined;
  /** Packets that lose their value. */
  readonly dropped?: readonly PacketId[] | undefined;
  /** Packets that leave the net into an output queue. */
  readonly queued?: readonly ConsumedOutputPacket[] | undefined;
  /** The new packet is a call; its answer is caught in an output queue. */
  readonly call?: { readonly queueName: string } | undefined;
  /** Calls that it ends, each by a value or an error. */
  readonly answered?: readonly Answer[] | undefined;
  /** Items that are taken from the front of an output queue. */
  readonly taken?: { readonly queueName: string; readonly count: number } | undefined;
  /** Number of epochs of the node from now on. */
  readonly epochCount?: number | undefined;
  /** Whether the node is enabled from now on. */
  readonly enabled?: boolean | undefined;
  /** An attempt of the epoch failed. */
  readonly attempt?: FailedAttempt | undefined;
  /** The epoch is over: its attempts are forgotten. */
  readonly ended?: boolean | undefined;
  /** A dead letter. */
  readonly deadLetter?: DeadLetter | undefined;
  /** A failure for the exception queue. */
  readonly exception?: EpochError | undefined;
  /** A list that is emptied. */
  readonly cleared?: "deadLetters" | "exceptions" | undefined;
}

/** What a commit brought about. */
export interface AppliedCommit {
  /** Epochs that it made, in order. */
  readonly created: readonly EpochId[];
  /** Whether a step of the simulator moved something. */
  readonly madeProgress: boolean;
  /** Its actions with their events, if that was asked for. */
  readonly actions: readonly AppliedAction[];
  /** What ended a step half-way. The first half counts. */
  readonly stepError?: RequestUnconnectedPortError;
  /** What was taken from an output queue. */
  taken?: ConsumedOutputPacket[];
  /** Calls to which no answer can come any more. */
  unanswered?: readonly Unanswered[];
}

/** Options of {@linkcode applyCommit}. */
export interface ApplyOptions {
  /**
   * Whether the events of the actions are asked for.
   *
   * @default {false}
   */
  readonly observe?: boolean;
  /**
   * Whether it is known that no action will be refused. Otherwise events are recorded for the case
   * that what was done has to be undone.
   *
   * @default {false}
   */
  readonly isChecked?: boolean;
}

/**
 * Applies a commit to the state, whole or not at all.
 *
 * @throws {CommitError} If an action of an epoch's own is refused; the state is as it was.
 * @throws {NetSimError} If another action is refused; the state is as it was.
 */
export function applyCommit(
  state: NetState,
  commit: Commit,
  options: ApplyOptions = {},
): AppliedCommit {
  const applied = applyActions(state, commit, options);
  const { packets, queues } = state;
  if (commit.values) { for (const [id, value] of commit.values) packets.register(id, value); }
  if (commit.resolved) { for (const [id, value] of commit.resolved) replace(packets, id, value); }
  if (commit.queued) queues.append(commit.queued);
  if (commit.dropped) { for (const id of commit.dropped) packets.destroy(id); }
  if (commit.taken) applied.taken = queues.take(commit.taken.queueName, commit.taken.count);
  if (commit.epochCount !== undefined) state.node(commit.nodeName!).epochCount = commit.epochCount;
  if (commit.enabled !== undefined) state.node(commit.nodeName!).enabled = commit.enabled;
  if (commit.attempt) state.addAttempt(commit.epochId!, commit.attempt);
  if (commit.ended) state.forgetAttempts(commit.epochId!);
  if (commit.deadLetter) state.deadLetters.push(commit.deadLetter);
  if (commit.exception) state.exceptions.push(commit.exception);
  if (commit.cleared) state[commit.cleared].clear();
  if (commit.call || state.origins.isTracking) {
    applied.unanswered = state.origins.follow(state.sim, commit, applied.created);
  }
  return applied;
}

function replace(packets: PacketStore, id: PacketId, value: unknown): void {
  packets.take(id);
  packets.register(id, value);
}

/** For the many commits that have nothing to tell, without an array each. */
const none: never[] = [];

function applyActions(
  state: NetState,
  commit: Commit,
  { observe = false, isChecked = false }: ApplyOptions,
): AppliedCommit {
  const { actions, at, ids } = commit;
  const { sim } = state;
  state.ids.plan(ids);
  // One action is atomic by itself; what several have done is undone by their events.
  const isUndoable = actions.length > 1 && !isChecked;
  const events: NetEvent[] | undefined = observe || isUndoable ? [] : undefined;
  const starts: number[] = events ? [] : none;
  let created: readonly EpochId[] = none;
  let madeProgress = false;
  for (const action of actions) {
    if (events) starts.push(events.length);
    try {
      const data = sim.perform(action, events, at);
      if (data.type === "step") {
        madeProgress = data.madeProgress;
        created = data.created;
      } else if (data.type === "createdEpoch") created = [...created, data.epoch.id];
    } catch (error) {
      if (error instanceof RequestUnconnectedPortError) {
        return {
          created,
          madeProgress: true,
          actions: observe ? [{ action, events: error.events }] : none,
          stepError: error,
        };
      }
      undo(state, actions, starts, events);
      throw commit.epochId === undefined ? error : new CommitError(commit.epochId, action, error);
    }
  }
  return {
    created,
    madeProgress,
    actions: observe ? pairUp(actions, starts, events!) : none,
  };
}

function undo(
  { sim }: NetState,
  actions: readonly NetAction[],
  starts: readonly number[],
  events: NetEvent[] | undefined,
): void {
  for (let done = starts.length - 2; done >= 0; done--) {
    sim.undoAction(actions[done]!, events!.slice(starts[done], starts[done + 1]));
  }
}

function pairUp(
  actions: readonly NetAction[],
  starts: readonly number[],
  events: readonly NetEvent[],
): AppliedAction[] {
  return actions.map((action, i) => ({ action, events: events.slice(starts[i], starts[i + 1]) }));
}
