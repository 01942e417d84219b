/**
 * One attempt of an epoch while it runs: its clock, and what it prints meanwhile.
 *
 * @module
 */
import type { JobObserver, StagedEffects } from "../execution/job.ts";
import { formatEcho, type NodeLogEntry, type PrintEntry } from "../execution/prints.ts";
import type { Worker } from "./allocation.ts";
import { CommitDraft } from "./commit_draft.ts";
import type { Engine } from "./engine.ts";
import { EpochTimeoutError } from "./error.ts";
import type { LiveEpoch } from "./live_epoch.ts";

/** Watches one attempt. As soon as it is over, nothing that the function still does has an effect. */
export class Attempt implements JobObserver {
  /** The worker that got the job. */
  worker: Worker | undefined = undefined;
  cancel: JobObserver["cancel"] = undefined;
  readonly #engine: Engine;
  readonly #epoch: LiveEpoch;
  /** Made when the function asks for it: most never do. */
  #abort: AbortController | undefined = undefined;
  #over = false;
  /** Why it was given up, if it was. */
  #givenUp: { readonly reason: unknown } | undefined = undefined;
  #deadlineMs = Infinity;
  #timer: unknown = undefined;

  /** Creates the watch. */
  constructor(engine: Engine, epoch: LiveEpoch) {
    this.#engine = engine;
    this.#epoch = epoch;
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#givenUp) this.#abort.abort(this.#givenUp.reason);
    }
    return this.#abort.signal;
  }

  started(workerId?: number): void {
    if (workerId !== undefined && !this.#over) this.#epoch.workerId = workerId;
    const { timeout } = this.#epoch.node.settings;
    if (timeout === null || this.#over) return;
    const { clock } = this.#engine;
    this.#deadlineMs = clock.now() + timeout * 1000;
    this.#timer = clock.setTimeout(
      () => this.#epoch.interrupt(this.#timeoutError()),
      timeout * 1000,
    );
  }

  printed(entries: readonly PrintEntry[]): void {
    if (!this.#over) recordPrints(this.#engine, this.#epoch, entries);
  }

  logged(entry: NodeLogEntry): void {
    if (this.#over) return;
    const { events } = this.#engine;
    const { node: { name }, id } = this.#epoch;
    (this.#epoch.logEntries ??= []).push(entry);
    if (events.active) events.emit({ type: "log", nodeName: name, epochId: id, entry });
  }

  yielded(staged: StagedEffects): Promise<void> | void {
    return this.#over ? undefined : commitPart(this.#engine, this.#epoch, staged);
  }

  /**
   * Ends the attempt, whose function has returned.
   *
   * @throws {EpochTimeoutError} If it took too long: what never yields cannot be interrupted.
   */
  end(): void {
    this.#stop();
    if (this.#deadlineMs < Infinity && this.#engine.clock.now() > this.#deadlineMs) {
      throw this.#timeoutError();
    }
  }

  /** Gives the attempt up; the function is told by its signal. */
  giveUp(reason: unknown): void {
    if (this.#over) return;
    this.#stop();
    this.#givenUp = { reason };
    this.#abort?.abort(reason);
    this.cancel?.(reason);
  }

  #stop(): void {
    this.#over = true;
    if (this.worker) this.worker.unfinished--;
    if (this.#timer !== undefined) this.#engine.clock.clearTimeout(this.#timer);
  }

  #timeoutError(): EpochTimeoutError {
    return new EpochTimeoutError(this.#epoch.node.name, this.#epoch.node.settings.timeout!);
  }
}

/** Adds prints to the log of an epoch, and tells and echoes them. */
export function recordPrints(
  { events, onPrint, echo }: Engine,
  epoch: LiveEpoch,
  entries: readonly PrintEntry[],
): void {
  const { node: { name, settings }, id } = epoch;
  if (settings.capture_prints) {
    (epoch.prints ??= []).push(...entries);
    if (events.active) events.emit({ type: "print", nodeName: name, epochId: id, entries });
    if (onPrint.size > 0) onPrint.call(name, name, id, entries);
  }
  if (settings.print_echo_stdout) { for (const entry of entries) echo(formatEcho(name, entry)); }
}

/**
 * Commits what a generator has staged so far, while its epoch goes on; a promise if it should wait
 * for room before it sends more.
 */
function commitPart(
  engine: Engine,
  epoch: LiveEpoch,
  staged: StagedEffects,
): Promise<void> | undefined {
  const commit = CommitDraft.of("yield", engine.clock.now(), epoch);
  const orphans = commit.addStaged(engine, epoch, staged);
  engine.commit(commit);
  epoch.committedPart = true;
  epoch.outSalvoCount += staged.salvos.length;
  epoch.orphanedPacketCount += orphans;
  return engine.isLooping ? engine.streams.wait(epoch) : undefined;
}
