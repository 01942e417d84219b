/**
 * Where an epoch and storage meet: a stored result is looked for before the function is called, and
 * what the function did is stored when it is committed.
 *
 * @module
 */
import type { StagedEffects } from "../execution/job.ts";
import type { Engine } from "./engine.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { Steps } from "./task.ts";

/** Keeps results of one node. */
export interface NodeStorage {
  /**
   * Looks for the result of an epoch whose inputs are gathered, as soon as no other epoch is at work
   * on the same. Whatever it throws fails the attempt.
   */
  visit(engine: Engine, epoch: LiveEpoch): Steps<StorageVisit>;
}

/** An epoch at storage, from looking up to its end. */
export interface StorageVisit {
  /** How the epoch ends if it is replayed. */
  readonly outcome: "cache_hit" | "file_storage_hit";
  /** Whether there is a stored result. */
  readonly isHit: boolean;
  /** What the stored result does to packets, to be committed. */
  replay(): StagedEffects;
  /** The stored result could not be committed: the node has changed. */
  replayRefused(error: unknown): void;
  /**
   * The function, a generator, has staged this, which is about to be committed while it goes on. What
   * is thrown fails the attempt.
   */
  beforePart(staged: StagedEffects): void;
  /** The function has staged this, which is about to be committed. What is thrown fails the attempt. */
  beforeCommit(staged: StagedEffects, isChecked: boolean): Steps<void> | undefined;
  /** That was committed; a promise if it has to be waited for. Does not throw. */
  afterCommit(): Promise<void> | undefined;
  /** The epoch has ended, in whatever way. */
  leave(): void;
}
