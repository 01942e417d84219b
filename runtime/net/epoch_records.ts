/**
 * The epochs of a net as records: those that live, and those that ended where they are retained.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import type { Epoch, OrphanedPacket, Salvo } from "../../sim/event.ts";
import type { Engine } from "./engine.ts";
import type { EpochLog, LogLine } from "./epoch_log.ts";
import type { LoggedEpoch } from "./net_logs.ts";

/** How an epoch stands. */
export type EpochState = "Startable" | "Running" | "Finished" | "Cancelled";

/** All that is known of an epoch. */
export interface EpochRecord extends LoggedEpoch {
  /** How it stands. */
  readonly state: EpochState;
  /** What it was made of. */
  readonly inSalvo: Salvo;
  /** What it has sent, oldest first. */
  readonly outSalvos: readonly Salvo[];
  /** What it has sent through ports without an edge. */
  readonly orphanedPackets: readonly OrphanedPacket[];
  /** Packets that were destroyed with it. */
  readonly destroyedPackets: readonly PacketId[];
  /** When it was formed, in ms UTC. */
  readonly createdAt: number;
  /** When it started, if it did, in ms UTC. */
  readonly startedAt?: number | undefined;
  /** When it ended, if it has, in ms UTC. */
  readonly endedAt?: number | undefined;
  /** Whether it was cancelled, or failed. */
  readonly wasCancelled: boolean;
  /** Whether its output came from the cache. */
  readonly wasCacheHit: boolean;
}

/** Keeps the records of a net's epochs. */
export class EpochRecords {
  readonly #engine: Engine;
  readonly #ended = new Map<EpochId, EpochRecord>();
  readonly #logs: EpochLog[] = [];

  /** Creates the records; `retain` keeps epochs that have ended. */
  constructor(engine: Engine, retain: boolean) {
    this.#engine = engine;
    if (!retain) return;
    /** Epochs whose end was committed and not told yet, with what was destroyed. */
    const ending = new Map<EpochId, { epoch: Epoch; destroyed: PacketId[] }>();
    engine.events.subscribe((event) => {
      if (event.type === "epochEnd") {
        const end = ending.get(event.log.epochId);
        ending.delete(event.log.epochId);
        this.#logs.push(event.log);
        if (end) this.#ended.set(end.epoch.id, endedRecord(end.epoch, end.destroyed, event.log));
      } else if (event.type === "commit") {
        for (const { events } of event.actions) {
          const last = events.at(-1);
          if (last?.type !== "epochFinished" && last?.type !== "epochCancelled") continue;
          const destroyed = events.flatMap((event) =>
            event.type === "packetDestroyed" ? [event.packetId] : []
          );
          if (!engine.epochs.get(last.epoch.id)?.isControl) {
            ending.set(last.epoch.id, { epoch: last.epoch, destroyed });
          }
        }
      }
    });
  }

  /** Logs of the epochs that have ended, in that order; a copy. */
  get logs(): EpochLog[] {
    return [...this.#logs];
  }

  /** All epochs, in order of creation. */
  list(): EpochRecord[] {
    const live = [...this.#engine.epochs.values()].map((epoch): EpochRecord => {
      const { outSalvos, orphanedPackets } = this.#engine.state.sim.getEpoch(epoch.id)!;
      return {
        epochId: epoch.id,
        nodeName: epoch.node.name,
        poolId: epoch.poolId,
        workerId: epoch.workerId,
        state: epoch.phase === "running" ? "Running" : "Startable",
        inSalvo: epoch.inSalvo,
        outSalvos,
        orphanedPackets,
        destroyedPackets: [],
        createdAt: epoch.createdAt,
        startedAt: epoch.startedAt,
        logs: (epoch.prints ?? []).map(({ timestamp, text }): LogLine => ({
          timestamp,
          message: text,
        })),
        wasCancelled: false,
        wasCacheHit: false,
      };
    });
    return [...this.#ended.values(), ...live]
      .sort((a, b) => a.epochId < b.epochId ? -1 : 1);
  }
}

function endedRecord(epoch: Epoch, destroyedPackets: PacketId[], log: EpochLog): EpochRecord {
  const { inSalvo, outSalvos, orphanedPackets } = epoch;
  const { epochId, nodeName, poolId, workerId, createdAt, startedAt, endedAt, logs } = log;
  const wasCancelled = log.outcome === "error" || log.outcome === "cancelled";
  return {
    epochId,
    nodeName,
    poolId,
    workerId,
    state: wasCancelled ? "Cancelled" : "Finished",
    inSalvo,
    outSalvos,
    orphanedPackets,
    destroyedPackets,
    createdAt,
    startedAt,
    endedAt,
    logs,
    wasCancelled,
    wasCacheHit: log.wasCacheHit,
  };
}
