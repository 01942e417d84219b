/**
 * One attempt of an epoch while it runs: its clock, and what it prints meanwhile.
 *
 * @module
 */
import type { JobObserver, PacketValue, StagedEffects } from "../execution/job.ts";
import { defaultPrintInterval, PrintBatches } from "../execution/print_batches.ts";
import { formatEcho, type NodeLogEntry, type PrintEntry } from "../execution/prints.ts";
import { isLazyPacketValue, type LazyPacketValueSpec } from "../packets/lazy_value.ts";
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
  /** What was printed elsewhere, and not told yet. */
  #prints: PrintBatches | undefined = undefined;

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
    if (this.#over) return;
    const poolInterval = this.worker!.pool.printInterval;
    if (poolInterval === undefined) return recordPrints(this.#engine, this.#epoch, entries);
    this.#prints ??= this.#batches(poolInterval);
    this.#prints.add(entries);
  }

  logged(entry: NodeLogEntry): void {
    if (this.#over) return;
    const { events } = this.#engine;
    const { node: { name }, id } = this.#epoch;
    (this.#epoch.logEntries ??= []).push(entry);
    if (events.active) events.emit({ type: "log", nodeName: name, epochId: id, entry });
  }

  yielded(staged: StagedEffects): Promise<void> | void {
    if (this.#over) return undefined;
    const lazy = lazyForQueues(this.#epoch, staged);
    if (lazy.length > 0) return this.#commitComputed(staged, lazy);
    return commitPart(this.#engine, this.#epoch, staged);
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

  async #commitComputed(staged: StagedEffects, lazy: readonly PacketValue[]): Promise<void> {
    for (const packet of lazy) {
      const { value, id } = packet;
      packet.value = await this.#engine.evaluateLazy(value as LazyPacketValueSpec, id);
    }
    if (!this.#over) await commitPart(this.#engine, this.#epoch, staged);
  }

  #stop(): void {
    this.#prints?.flush();
    this.#over = true;
    if (this.worker) this.worker.unfinished--;
    if (this.#timer !== undefined) this.#engine.clock.clearTimeout(this.#timer);
  }

  #batches(poolInterval: number): PrintBatches {
    const { print_flush_interval, print_buffer_max_size } = this.#epoch.node.settings;
    return new PrintBatches({
      interval: print_flush_interval === defaultPrintInterval ? poolInterval : print_flush_interval,
      maxEntries: print_buffer_max_size,
      clock: this.#engine.clock,
      deliver: (entries) => recordPrints(this.#engine, this.#epoch, entries),
    });
  }

  #timeoutError(): EpochTimeoutError {
    return new EpochTimeoutError(this.#epoch.node.name, this.#epoch.node.settings.timeout!);
  }
}

const none: readonly never[] = Object.freeze([]);

/** Packets that leave the net with these effects while their values are still to be computed. */
export function lazyForQueues(
  { node: { hasLooseEnds, routes } }: LiveEpoch,
  { salvos }: StagedEffects,
): readonly PacketValue[] {
  if (!hasLooseEnds) return none;
  let found: PacketValue[] | undefined;
  for (const { packets } of salvos) {
    for (const packet of packets) {
      if (!isLazyPacketValue(packet.value)) continue;
      if (routes.get(packet.portName)!.kind === "queue") (found ??= []).push(packet);
    }
  }
  return found ?? none;
}

/** Adds prints to the log of an epoch, and tells and echoes them. */
export function recordPrints(
  { events, onPrint, echo }: Engine,
  epoch: LiveEpoch,
  entries: readonly PrintEntry[],
): void {
  const { node: { name, settings }, id } = epoch;
  if (settings.capture_prints) {
    epoch.addPrints(entries);
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
  epoch.visit?.beforePart(staged);
  const commit = CommitDraft.of("yield", engine.clock.now(), epoch);
  const orphans = commit.addStaged(engine, epoch, staged);
  engine.commit(commit);
  epoch.committedPart = true;
  epoch.outSalvoCount += staged.salvos.length;
  epoch.orphanedPacketCount += orphans;
  forgetOldSalvos(engine, epoch);
  return engine.isLooping ? engine.streams.wait(epoch) : undefined;
}

/** So many of the salvos that a generator has sent are remembered, at least. */
const minSalvosKept = 1000;

/** A generator may send without end: unless all is to be retained, only the latest is remembered. */
function forgetOldSalvos({ state, settings }: Engine, epoch: LiveEpoch): void {
  if (settings.retainEpochLogs || settings.retainNetActionLogs) return;
  if (epoch.outSalvoCount - epoch.forgottenSalvos < 2 * minSalvosKept) return;
  state.sim.forgetSent(epoch.id, minSalvosKept);
  epoch.forgottenSalvos = epoch.outSalvoCount - minSalvosKept;
}
