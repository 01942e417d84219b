/**
 * What everybody is told when an epoch has ended.
 *
 * @module
 */
import type { StagedEffects } from "../execution/job.ts";
import { errorRecord } from "../execution/error_record.ts";
import type { Engine } from "./engine.ts";
import { EpochLog, type EpochOutcome } from "./epoch_log.ts";
import type { EpochError } from "./error.ts";
import type { LiveEpoch } from "./live_epoch.ts";

/** How the work on an epoch ended. */
export interface EpochResult {
  readonly outcome: EpochOutcome;
  /** The failure, if it was one. */
  readonly error?: EpochError | undefined;
  /** Whether the failure is to be thrown: it was neither queued nor handled. */
  readonly propagates?: boolean;
  /** Whether the failure left by the node's error port. */
  readonly handled?: boolean;
  /** What the function returned. */
  readonly value?: unknown;
  /** What the function staged and the commit applied. */
  readonly staged?: StagedEffects;
}

/** What an {@linkcode endEpoch} needs to know beside the epoch. */
export interface EpochEnd {
  readonly outcome: EpochOutcome;
  readonly endedAt: number;
  /** What made it fail. */
  readonly cause?: unknown;
  readonly destroyed?: number;
}

/** Tells all who listen that an epoch has ended; a promise if some of them have to be awaited. */
export function endEpoch(
  engine: Engine,
  epoch: LiveEpoch,
  end: EpochEnd,
): Promise<void> | undefined {
  epoch.phase = "ended";
  engine.epochs.delete(epoch.id);
  const { events, onEpochEnd } = engine;
  if (!events.active && onEpochEnd.size === 0) return undefined;
  const log = epochLog(engine, epoch, end);
  events.emit({ type: "epochEnd", log }, end.endedAt);
  const { name } = epoch.node;
  return onEpochEnd.call(name, name, epoch.id, log);
}

function epochLog(engine: Engine, epoch: LiveEpoch, end: EpochEnd): EpochLog {
  const { outcome, endedAt, cause, destroyed } = end;
  const { node, inSalvo: { packets } } = epoch;
  const failure = cause === undefined ? undefined : errorRecord(cause);
  const { factory } = node.config;
  return new EpochLog({
    epochId: epoch.id,
    nodeName: node.name,
    createdAt: epoch.createdAt,
    startedAt: epoch.startedAt,
    endedAt,
    outcome,
    error: failure?.message,
    errorType: failure?.type,
    errorTraceback: failure?.stack,
    poolId: epoch.poolId,
    workerId: epoch.workerId,
    retryCount: epoch.retryCount,
    inSalvoPorts: [...new Set(packets.map(({ portName }) => portName))],
    inSalvoPacketCount: packets.length,
    outSalvoCount: epoch.outSalvoCount,
    orphanedPacketCount: epoch.orphanedPacketCount,
    destroyedPacketCount: destroyed,
    factory: typeof factory === "string" ? factory : undefined,
    netActions: engine.actionLogs.takeOf(epoch.id),
    nodeLogEntries: epoch.logEntries,
    logs: epoch.prints?.map(({ timestamp, text }) => ({ timestamp, message: text })),
  });
}
