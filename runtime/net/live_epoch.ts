/**
 * An epoch from the moment it is formed until it has ended.
 *
 * @module
 */
import type { EpochId } from "../../sim/action.ts";
import type { Salvo } from "../../sim/event.ts";
import type { PacketValue } from "../execution/job.ts";
import type { NodeLogEntry, PrintEntry } from "../execution/prints.ts";
import { BoundedTexts } from "../pools/bounded_texts.ts";
import type { Steps } from "./task.ts";
import type { NetNode } from "./net_node.ts";
import type { StorageVisit } from "./node_storage.ts";

/** How an epoch stands: `launched` is taken up but not started in the simulator. */
export type EpochPhase = "startable" | "launched" | "running" | "ended";

/** Thrown where an epoch waits, to take it out of its wait. */
export class Interruption {
  /** Creates an interruption for the reason of `LiveEpoch.cancelReason`. */
  constructor(readonly reason: unknown) {}
}

/** A live epoch. What may not be lost of it is in the simulator; the rest can be made anew. */
export class LiveEpoch {
  readonly id: EpochId;
  readonly node: NetNode;
  readonly inSalvo: Salvo;
  /** When it was formed, in ms UTC. */
  readonly createdAt: number;
  /** Number of the epoch in the order of creation. */
  readonly order: number;
  phase: EpochPhase = "startable";
  /** When it started, in ms UTC. */
  startedAt: number | undefined = undefined;
  /** The next startable epoch of the node. */
  next: LiveEpoch | undefined = undefined;

  /** Pool and worker of the last attempt. */
  poolId: string | undefined = undefined;
  workerId: number | undefined = undefined;
  /** Attempts that were made again. */
  retryCount = 0;
  /** Whether its failure is thrown by the run instead of being queued. */
  propagates = true;
  /** Whether the epoch counts for `max_epochs` already. */
  counted = false;
  /** Whether a part of its output was committed: then it is not tried again. */
  committedPart = false;
  /** Whether somebody wants to know what its function returns. */
  wantsResult = false;
  logEntries: NodeLogEntry[] | undefined = undefined;
  outSalvoCount = 0;
  /** How many of them the simulator no longer knows of. */
  forgottenSalvos = 0;
  orphanedPacketCount = 0;

  /** Its input packets with their values, as soon as they are gathered. */
  inputs: readonly PacketValue[] | undefined = undefined;

  /** What storage has for it, once that was looked up. */
  visit: StorageVisit | undefined = undefined;

  /** Why it is to be cancelled from outside; undefined if it is not. */
  cancelReason: { readonly reason: unknown } | undefined = undefined;
  /** The work on it. */
  task: { interrupt(error: unknown): void } | undefined = undefined;
  /** Whether it waits for something that may be cut short. */
  isInterruptible = false;
  /** Its place among the epochs in flight. */
  slot = -1;

  #prints: BoundedTexts<PrintEntry> | undefined = undefined;

  /** Creates an epoch that was just formed. */
  constructor(id: EpochId, node: NetNode, inSalvo: Salvo, createdAt: number, order: number) {
    this.id = id;
    this.node = node;
    this.inSalvo = inSalvo;
    this.createdAt = createdAt;
    this.order = order;
  }

  /** What it has printed; of very much only the end. Undefined if it has printed nothing. */
  get prints(): PrintEntry[] | undefined {
    return this.#prints?.entries;
  }

  /** Adds to what it has printed. */
  addPrints(entries: readonly PrintEntry[]): void {
    (this.#prints ??= new BoundedTexts()).add(entries);
  }

  /** Forgets what it has printed. */
  clearPrints(): void {
    this.#prints = undefined;
  }

  /** Whether it carries a command to its node instead of data. */
  get isControl(): boolean {
    return this.node.controls.has(this.inSalvo.salvoCondition);
  }

  /** Throws `error` where the work on it waits, if that wait may be cut short. */
  interrupt(error: unknown): void {
    if (this.isInterruptible) this.task?.interrupt(error);
  }

  /** Waits for a promise, out of which the epoch may be taken. */
  *interruptibly<T>(promise: PromiseLike<T>): Steps<T> {
    // If it is cancelled already nobody waits, and a rejection harms nobody.
    if (this.cancelReason) promise.then(undefined, () => {});
    return (yield* this.interruptible(wait(promise))) as T;
  }

  /** Does work during which the epoch may be taken out of its waits. */
  *interruptible<T>(steps: Steps<T>): Steps<T> {
    if (this.cancelReason) throw new Interruption(this.cancelReason.reason);
    this.isInterruptible = true;
    try {
      return yield* steps;
    } finally {
      this.isInterruptible = false;
    }
  }
}

function* wait(promise: PromiseLike<unknown>): Steps<unknown> {
  return yield promise;
}
