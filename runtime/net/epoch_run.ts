/**
 * The life of one epoch, from being launched to its end.
 *
 * @module
 */
import { EpochCancelled } from "../execution/error.ts";
import type { JobResult, NodeJob, PacketValue, StagedEffects } from "../execution/job.ts";
import { packetsByPort } from "../execution/main_pool.ts";
import { isThenable } from "../execution/thenable.ts";
import { isLazyPacketValue, type LazyPacketValueSpec } from "../packets/lazy_value.ts";
import { Attempt, lazyForQueues } from "./attempt.ts";
import { CommitDraft } from "./commit_draft.ts";
import type { Engine } from "./engine.ts";
import { endEpoch, type EpochResult } from "./epoch_end.ts";
import { NodeHasNoFunctionError } from "./error.ts";
import { attemptFailed, cancelEpoch, failEpoch, refuseEpoch } from "./failure.ts";
import { Interruption, type LiveEpoch } from "./live_epoch.ts";
import { initNode } from "./node_lifecycle.ts";
import type { NodeStorage, StorageVisit } from "./node_storage.ts";
import { waitForRetry } from "./retry_wait.ts";
import type { Steps } from "./task.ts";

/**
 * Runs an epoch that was taken up: attempts, until one succeeds or there are no more, then its end.
 *
 * Whatever happens, the epoch has ended in the simulator when this returns. Only what returns a
 * promise is yielded, so that a synchronous function costs no microtask.
 */
export function* runEpoch(engine: Engine, epoch: LiveEpoch): Steps<EpochResult> {
  try {
    throwIfCancelled(epoch);
    if (isOverLimit(epoch)) return yield* refuseEpoch(engine, epoch);
    for (;;) {
      const attempt = new Attempt(engine, epoch);
      try {
        return yield* makeAttempt(engine, epoch, attempt);
      } catch (thrown) {
        attempt.giveUp(thrown instanceof Interruption ? thrown.reason : thrown);
        if (thrown instanceof Interruption) throw thrown;
        const delayMs = yield* attemptFailed(engine, epoch, thrown);
        throwIfCancelled(epoch);
        if (delayMs === undefined) {
          if (epoch.node.line) yield* epoch.node.line.waitForTurn(epoch);
          return yield* failEpoch(engine, epoch, thrown);
        }
        yield* waitForRetry(engine, epoch, delayMs);
        epoch.retryCount++;
      }
    }
  } catch (thrown) {
    if (thrown instanceof Interruption) return yield* cancelEpoch(engine, epoch);
    throw thrown;
  } finally {
    epoch.visit?.leave();
    engine.putDown(epoch);
  }
}

function* makeAttempt(engine: Engine, epoch: LiveEpoch, attempt: Attempt): Steps<EpochResult> {
  const { node } = epoch;
  const { exec } = node.functions;
  if (!exec && epoch.inSalvo.packets.length > 0) throw new NodeHasNoFunctionError(node.name);
  if (!node.initialized) yield* epoch.interruptible(initNode(engine, node));
  epoch.inputs ??= readInputs(engine, epoch);
  if (epoch.inputs.some(isLazy)) yield* evaluateInputs(engine, epoch, epoch.inputs);
  if (epoch.phase === "launched") {
    if (node.storage) yield* visitStorage(engine, epoch, node.storage);
    if (isOverLimit(epoch)) return yield* refuseEpoch(engine, epoch);
    const told = startEpoch(engine, epoch);
    if (told) yield told;
    const replayed = epoch.visit && (yield* replayEpoch(engine, epoch, epoch.visit));
    if (replayed) return replayed;
  }
  throwIfCancelled(epoch);
  let result = nothing;
  if (exec) {
    const running = dispatch(engine, epoch, attempt);
    result = isThenable(running) ? (yield* epoch.interruptibly(running)) as JobResult : running;
    attempt.end();
  }
  if (result.cancelled) throw new Interruption(new EpochCancelled(node.name, epoch.id));
  throwIfCancelled(epoch);
  if (node.line) yield* node.line.waitForTurn(epoch);
  if (node.hasLooseEnds) yield* evaluateQueued(engine, epoch, result.staged);
  const storing = epoch.visit?.beforeCommit(result.staged, result.isChecked);
  if (storing) yield* storing;
  const endedAt = commitFinish(engine, epoch, result);
  const stored = epoch.visit?.afterCommit();
  if (stored) yield stored;
  const told = endEpoch(engine, epoch, { outcome: "success", endedAt });
  if (told) yield told;
  return { outcome: "success", value: result.value, staged: result.staged };
}

/** What a node without a function does. */
const nothing: JobResult = {
  cancelled: false,
  staged: { actions: [], created: [], createdValues: [], consumed: [], salvos: [] },
  value: undefined,
  isChecked: true,
};

const none: readonly never[] = Object.freeze([]);

function isOverLimit({ counted, node: { settings: { max_epochs }, state } }: LiveEpoch): boolean {
  return max_epochs >= 0 && !counted && state.epochCount >= max_epochs;
}

function throwIfCancelled({ cancelReason }: LiveEpoch): void {
  if (cancelReason) throw new Interruption(cancelReason.reason);
}

function isLazy({ value }: PacketValue): boolean {
  return isLazyPacketValue(value);
}

function readInputs({ state: { packets } }: Engine, { inSalvo }: LiveEpoch): PacketValue[] {
  return inSalvo.packets.map(({ portName, packetId: id }) => ({
    id,
    portName,
    value: packets.peek(id),
  }));
}

/** Computes lazy input values, once for all attempts. */
function* evaluateInputs(
  engine: Engine,
  epoch: LiveEpoch,
  inputs: readonly PacketValue[],
): Steps<void> {
  for (const input of inputs) {
    if (!isLazyPacketValue(input.value)) continue;
    const value = engine.evaluateLazy(input.value, input.id);
    input.value = isThenable(value) ? yield* epoch.interruptibly(value) : value;
    const commit = CommitDraft.of("resolve", engine.clock.now(), epoch);
    commit.resolved = [[input.id, input.value]];
    engine.commit(commit);
  }
}

/** Starts the epoch; a promise if those who are told have to be awaited. */
function startEpoch(engine: Engine, epoch: LiveEpoch): Promise<void> | undefined {
  const { node, id: epochId } = epoch;
  const commit = CommitDraft.of("start", engine.clock.now(), epoch);
  commit.add({ type: "startEpoch", epochId });
  commit.addSignalInside(engine, epoch, "epoch_started");
  commit.epochCount = node.state.epochCount + 1;
  engine.commit(commit);
  epoch.phase = "running";
  epoch.counted = true;
  epoch.startedAt = commit.at;
  const { events, onEpochStart } = engine;
  if (events.active) events.emit({ type: "epochStart", nodeName: node.name, epochId }, commit.at);
  return onEpochStart.size > 0 ? onEpochStart.call(node.name, node.name, epochId) : undefined;
}

/** Has a worker call the function. */
function dispatch(
  engine: Engine,
  epoch: LiveEpoch,
  attempt: Attempt,
): Promise<JobResult> | JobResult {
  const worker = engine.allocator.choose(epoch.node.workers, epoch.node.allocationMethod);
  epoch.poolId = worker.pool.id;
  epoch.workerId = worker.workerId;
  attempt.worker = worker;
  const job = makeJob(engine, epoch);
  const { telemetry } = engine;
  return telemetry
    ? telemetry.inEpoch(epoch.id, () => worker.pool.run(job, worker.workerId, attempt))
    : worker.pool.run(job, worker.workerId, attempt);
}

function makeJob({ state }: Engine, epoch: LiveEpoch): NodeJob {
  const failed = epoch.retryCount > 0 ? state.attempts.get(epoch.id)! : none;
  return {
    epochId: epoch.id,
    nodeName: epoch.node.name,
    packets: packetsByPort(epoch.inSalvo.packets),
    values: epoch.inputs!,
    retryCount: epoch.retryCount,
    retryTimestamps: failed.length > 0 ? failed.map(({ at }) => at) : none,
    retryExceptions: failed.length > 0 ? failed.map(({ error }) => error) : none,
    wantsResult: epoch.wantsResult,
  };
}

/** Computes lazy values that leave the net with this commit: nobody else would. */
function* evaluateQueued(engine: Engine, epoch: LiveEpoch, staged: StagedEffects): Steps<void> {
  for (const packet of lazyForQueues(epoch, staged)) {
    const value = engine.evaluateLazy(packet.value as LazyPacketValueSpec, packet.id);
    packet.value = isThenable(value) ? yield* epoch.interruptibly(value) : value;
  }
}

/** Looks for a stored result; without one the epoch waits for a slot of the rate limit. */
function* visitStorage(engine: Engine, epoch: LiveEpoch, storage: NodeStorage): Steps<void> {
  const visit = epoch.visit ??= yield* storage.visit(engine, epoch);
  throwIfCancelled(epoch);
  if (!visit.isHit) yield* waitForRetry(engine, epoch, 0);
}

/** Commits a stored result in place of calling the function; undefined if there is none that fits. */
function* replayEpoch(
  engine: Engine,
  epoch: LiveEpoch,
  visit: StorageVisit,
): Steps<EpochResult | undefined> {
  if (!visit.isHit) return undefined;
  throwIfCancelled(epoch);
  const { node } = epoch;
  const { outcome } = visit;
  const staged = visit.replay();
  if (node.line) yield* node.line.waitForTurn(epoch);
  if (node.hasLooseEnds) yield* evaluateQueued(engine, epoch, staged);
  let endedAt: number;
  try {
    endedAt = commitFinish(engine, epoch, { staged, isChecked: false });
  } catch (error) {
    visit.replayRefused(error);
    return undefined;
  }
  const told = endEpoch(engine, epoch, { outcome, endedAt });
  if (told) yield told;
  return { outcome, value: undefined, staged };
}

/** Commits all that the function did together with the end of the epoch; returns when that was. */
function commitFinish(
  engine: Engine,
  epoch: LiveEpoch,
  { staged, isChecked }: Pick<JobResult, "staged" | "isChecked">,
): number {
  const commit = CommitDraft.of("finish", engine.clock.now(), epoch);
  const orphans = commit.addStaged(engine, epoch, staged);
  commit.addSignalInside(engine, epoch, "epoch_finished");
  commit.add({ type: "finishEpoch", epochId: epoch.id });
  commit.ended = true;
  engine.commit(commit, isChecked);
  epoch.outSalvoCount += staged.salvos.length;
  epoch.orphanedPacketCount += orphans;
  return commit.at;
}
