/**
 * What becomes of an attempt that failed.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import { errorRecord } from "../execution/error_record.ts";
import { packetsByPort } from "../execution/main_pool.ts";
import type { ErrorRecord } from "../execution/node_execution_context.ts";
import { formatPrint } from "../execution/prints.ts";
import { recordPrints } from "./attempt.ts";
import { CommitDraft } from "./commit_draft.ts";
import type { DeadLetter } from "./dead_letter.ts";
import type { Engine } from "./engine.ts";
import { endEpoch, type EpochResult } from "./epoch_end.ts";
import { EpochError, EpochTimeoutError, MaxEpochsExceeded } from "./error.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import { retryDelayMs } from "./retry_policy.ts";
import { reportFailure } from "./failure_report.ts";
import { settled, type Steps } from "./task.ts";

/** What an `on_node_failure` function is told about the attempt that failed. */
export interface NodeFailureContext {
  /** The epoch. */
  readonly epochId: EpochId;
  /** Its node. */
  readonly nodeName: string;
  /** How many attempts were made again before this one. */
  readonly retryCount: number;
  /** What the attempt failed with. */
  readonly exception: unknown;
  /** When the attempts failed, this one included, in ms UTC. */
  readonly retryTimestamps: readonly number[];
  /** How the attempts failed, this one included. */
  readonly retryExceptions: readonly ErrorRecord[];
  /** Ids of the input packets by port, in salvo order. */
  readonly inputSalvo: Readonly<Record<string, readonly PacketId[]>>;
  /** Pool of the attempt; null if it came to none, or was given up. */
  readonly poolId: string | null;
  /** Worker of the attempt; null if it came to none, or was given up. */
  readonly workerId: number | null;
  /** Prints into the log of the epoch. */
  print(...args: unknown[]): void;
}

/** Records a failed attempt; returns the wait before the next one in ms, undefined if it was the last. */
export function* attemptFailed(
  engine: Engine,
  epoch: LiveEpoch,
  thrown: unknown,
): Steps<number | undefined> {
  const { node } = epoch;
  const at = engine.clock.now();
  const commit = CommitDraft.of("attemptFailed", at, epoch);
  commit.attempt = { at, error: errorRecord(thrown) };
  engine.commit(commit);
  yield* tellFailureFunction(engine, epoch, thrown);
  if (epoch.committedPart) return undefined;
  return retryDelayMs(node.settings, epoch.retryCount, thrown, engine.random());
}

function* tellFailureFunction(
  engine: Engine,
  epoch: LiveEpoch,
  thrown: unknown,
): Steps<void> {
  const { node } = epoch;
  const { onFailure } = node.functions;
  if (!onFailure) return;
  const attempts = engine.state.attempts.get(epoch.id)!;
  const wasGivenUp = thrown instanceof EpochTimeoutError;
  const context: NodeFailureContext = {
    epochId: epoch.id,
    nodeName: node.name,
    retryCount: epoch.retryCount,
    exception: thrown,
    retryTimestamps: attempts.map(({ at }) => at),
    retryExceptions: attempts.map(({ error }) => error),
    inputSalvo: packetsByPort(epoch.inSalvo.packets),
    poolId: wasGivenUp ? null : epoch.poolId ?? null,
    workerId: wasGivenUp ? null : epoch.workerId ?? null,
    print: (...args) => {
      const entry = { timestamp: engine.clock.now(), text: formatPrint(args) };
      recordPrints(engine, epoch, [entry]);
    },
  };
  try {
    yield* settled(onFailure(context));
  } catch (error) {
    engine.events.warn(
      "failure_function_failed",
      `on_node_failure of node "${node.name}" failed itself: ${error}`,
      node.name,
    );
  }
}

/** Ends an epoch whose attempts are used up. */
export function* failEpoch(
  engine: Engine,
  epoch: LiveEpoch,
  thrown: unknown,
): Steps<EpochResult> {
  const { node, id: epochId } = epoch;
  const { state, settings } = engine;
  const { poolId, workerId, retryCount } = epoch;
  const error = new EpochError(
    { nodeName: node.name, epochId, poolId, workerId, retryCount },
    thrown,
  );
  const draft = CommitDraft.of("fail", engine.clock.now(), epoch);
  addEndSignal(engine, draft, epoch, "epoch_failed", errorRecord(thrown).message);
  const deadLetter = makeDeadLetter(engine, epoch, error);
  const destroyed = draft.addCancel(engine, epoch);
  const handled = addErrorPacket(engine, draft, epoch, deadLetter, thrown);
  const isOfCall = !handled && draft.addCallFailure(engine, epoch, error);
  const propagates = !handled && !isOfCall && epoch.propagates;
  const queues = !handled && !isOfCall && !propagates;
  const kept = !handled && settings.deadLetterQueue;
  if (kept && state.deadLetters.isJustFull) warnFull(engine, "dead_letters_full", "dead letters");
  if (queues && state.exceptions.isJustFull) {
    warnFull(engine, "exceptions_full", "exceptions");
  }
  if (!epoch.counted) draft.epochCount = node.state.epochCount + 1;
  if (kept) draft.deadLetter = deadLetter;
  if (queues) draft.exception = error;
  draft.ended = true;
  engine.commit(draft);
  const end = { outcome: "error", endedAt: draft.at, cause: thrown, destroyed } as const;
  yield* settled(endEpoch(engine, epoch, end));
  if (!handled) yield* reportFailure(engine, epoch, deadLetter, error);
  return { outcome: "error", error, propagates, handled };
}

/** Ends an epoch that must not run, because its node has used up its `max_epochs`. */
export function* refuseEpoch(engine: Engine, epoch: LiveEpoch): Steps<EpochResult> {
  const { node, id: epochId } = epoch;
  const { max_epochs } = node.settings;
  const error = new EpochError(
    { nodeName: node.name, epochId },
    new MaxEpochsExceeded(node.name, max_epochs),
  );
  const draft = CommitDraft.of("cancel", engine.clock.now(), epoch);
  addEndSignal(engine, draft, epoch, "epoch_cancelled");
  const destroyed = draft.addCancel(engine, epoch);
  const isOfCall = draft.addCallFailure(engine, epoch, error);
  const propagates = !isOfCall && epoch.propagates;
  draft.epochCount = node.state.epochCount + 1;
  if (!isOfCall && !propagates) draft.exception = error;
  draft.ended = true;
  engine.commit(draft);
  yield* settled(endEpoch(engine, epoch, { outcome: "cancelled", endedAt: draft.at, destroyed }));
  return { outcome: "cancelled", error, propagates };
}

/** Ends an epoch that was cancelled, by its own function or from outside. */
export function* cancelEpoch(engine: Engine, epoch: LiveEpoch): Steps<EpochResult> {
  const { node } = epoch;
  const draft = CommitDraft.of("cancel", engine.clock.now(), epoch);
  addEndSignal(engine, draft, epoch, "epoch_cancelled");
  const destroyed = draft.addCancel(engine, epoch);
  if (!epoch.counted) draft.epochCount = node.state.epochCount + 1;
  draft.ended = true;
  engine.commit(draft);
  yield* settled(endEpoch(engine, epoch, { outcome: "cancelled", endedAt: draft.at, destroyed }));
  return { outcome: "cancelled" };
}

/** Signals the end: from inside while the epoch runs, else from outside. */
function addEndSignal(
  engine: Engine,
  draft: CommitDraft,
  epoch: LiveEpoch,
  signal: "epoch_failed" | "epoch_cancelled",
  message?: string,
): void {
  if (epoch.phase === "running") draft.addSignalInside(engine, epoch, signal, message);
  else draft.addSignalOutside(engine, epoch.node, signal, epoch.id, message);
}

function makeDeadLetter(engine: Engine, epoch: LiveEpoch, error: EpochError): DeadLetter {
  const { packets: store, attempts: failed } = engine.state;
  const { packets } = epoch.inSalvo;
  const attempts = failed.get(epoch.id) ?? [];
  const known = new Map(epoch.inputs?.map(({ id, value }) => [id, value]));
  const values = packetsByPort(packets);
  for (const port of Object.keys(values)) {
    values[port] = values[port]!.map((id) =>
      known.has(id) ? known.get(id) : store.peek(id)
    ) as never;
  }
  return {
    epochId: epoch.id,
    nodeName: epoch.node.name,
    salvoCondition: epoch.inSalvo.salvoCondition,
    error,
    retryCount: epoch.retryCount,
    retryTimestamps: attempts.map(({ at }) => at),
    retryExceptions: attempts.map(({ error }) => error),
    packets: packetsByPort(packets),
    values,
    poolId: epoch.poolId ?? null,
    workerId: epoch.workerId ?? null,
  };
}

/** Lets the failure leave by the node's error port; false if that leads nowhere. */
function addErrorPacket(
  engine: Engine,
  draft: CommitDraft,
  epoch: LiveEpoch,
  { values, retryCount }: DeadLetter,
  thrown: unknown,
): boolean {
  const { node, id } = epoch;
  const { error_port } = node.settings;
  const route = error_port === null ? undefined : node.routes.get(error_port);
  if (!route || route.kind === "nowhere") return false;
  const { type, message, code } = errorRecord(thrown);
  draft.addOutside(engine, node, error_port!, route, {
    error: { type, message, ...code !== undefined && { code } },
    inputs: values,
    node_name: node.name,
    epoch_id: id,
    retry_count: retryCount,
  }, id);
  return true;
}

function warnFull(engine: Engine, code: string, what: string): void {
  engine.events.warn(code, `There are too many ${what}: from now on the oldest are forgotten`);
}
