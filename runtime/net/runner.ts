/**
 * The calls that run a net: one at a time, in the foreground or the background.
 *
 * @module
 */
import { errorRecord } from "../execution/error_record.ts";
import type { Engine } from "./engine.ts";
import { IterationLimitError, NetStateError, SyncUnsupportedError } from "./error.ts";
import { NetActionLog } from "./net_action_log.ts";
import { Loop } from "./loop.ts";
import { Run, type RunKind, type RunOptions, type RunReason, type RunResult } from "./run.ts";
import type { TargetInputSalvo } from "./target_input_salvo.ts";
import type { Targets } from "./targets.ts";
import { runAsync, runSync } from "./task.ts";

/** Options of `startBackground`. */
export interface BackgroundOptions extends Pick<RunOptions, "onError"> {
  /**
   * Whether SIGINT ends the loop after what is in flight has ended.
   *
   * @default {true}
   */
  sigint?: boolean;
}

/** Options of `runToTargets`. */
export interface TargetOptions extends RunOptions {
  /** Most rounds; no limit if left out. */
  maxIterations?: number;
}

interface BackgroundRun {
  readonly run: Run;
  readonly ended: Promise<RunResult>;
}

/** Runs a net, at most one run at a time. */
export class Runner {
  readonly loop: Loop;
  /** Why the last run ended; undefined before the first, and after one that failed. */
  lastReason: RunReason | undefined;
  readonly #engine: Engine;
  #current: Run | undefined;
  /** Settles when the run in progress has ended. */
  #ended: PromiseWithResolvers<void> | undefined;
  #background: BackgroundRun | undefined;

  /** Creates the runner of a net. */
  constructor(engine: Engine) {
    this.#engine = engine;
    this.loop = new Loop(engine);
  }

  /** Whether a run is in progress. */
  get isRunning(): boolean {
    return this.#current !== undefined;
  }

  /** Runs until nothing can happen. */
  run(options: RunOptions): Promise<RunResult> {
    const run = this.#begin(options, {});
    return this.#watch(run, () => runAsync(this.loop.rounds(run)));
  }

  /** Runs what leads to the targets and returns what has reached them. */
  async runToTargets(targets: Targets, options: TargetOptions): Promise<TargetInputSalvo[]> {
    const { maxIterations, ...rest } = options;
    const run = this.#begin(rest, {
      scope: targets.isUpstream,
      includes: targets.includes,
      maxRounds: maxIterations,
    });
    try {
      await this.#watch(run, () => runAsync(this.loop.rounds(run)));
    } finally {
      this.#engine.rebuildSchedule();
    }
    const salvos = targets.collect();
    if (run.exhausted) throw new IterationLimitError(maxIterations!, salvos);
    return salvos;
  }

  /** Makes one step, and runs what it made startable. */
  step(options: RunOptions): Promise<RunResult> {
    const run = this.#begin(options, {});
    return this.#watch(run, () => runAsync(this.loop.singleStep(run)));
  }

  /** Runs until nothing can happen, without ever waiting. */
  runSync(options: Pick<RunOptions, "onError" | "collect">): RunResult {
    const run = this.#begin(options, { sync: true });
    const stop = this.#collect(run);
    try {
      const reason = runSync(this.loop.rounds(run), mustWait);
      void this.#engine.actionLogs.flush();
      return this.#end(run, reason);
    } finally {
      stop();
      this.#leave();
    }
  }

  /** Starts the loop as a task. */
  startBackground({ sigint = true, onError }: BackgroundOptions): void {
    if (this.#current) throw alreadyRunning();
    const run = this.#begin(onError === undefined ? {} : { onError }, { background: true });
    const interrupt = () => this.#stopRun(run);
    if (sigint) Deno.addSignalListener("SIGINT", interrupt);
    const ended = this.#watch(run, () => runAsync(this.loop.rounds(run)))
      .finally(() => sigint && Deno.removeSignalListener("SIGINT", interrupt));
    // A failure belongs to the next call that waits.
    ended.catch(() => {});
    this.#background = { run, ended };
  }

  /** Resolves when nothing can happen any more, and ends the background loop. */
  async waitUntilBlocked(): Promise<RunResult> {
    const background = this.#requireBackground();
    background.run.endsWhenStill = true;
    this.#engine.wakeup.wake();
    return await this.#outcome(background);
  }

  /** Resolves when the background loop was ended otherwise. */
  async waitUntilStopped(): Promise<RunResult> {
    return await this.#outcome(this.#requireBackground());
  }

  /**
   * Runs on until nothing can happen any more, at most so many seconds.
   *
   * @throws What the run throws.
   */
  async drain(seconds: number): Promise<void> {
    const { clock } = this.#engine;
    const expired = Promise.withResolvers<void>();
    const timer = clock.setTimeout(expired.resolve, seconds * 1000);
    const ended = this.#untilBlocked();
    ended.catch(() => {});
    try {
      await Promise.race([ended, expired.promise]);
    } finally {
      clock.clearTimeout(timer);
    }
  }

  /** Lets what is in flight end and then ends the run in progress. */
  stop(): void {
    if (this.#current) this.#stopRun(this.#current);
  }

  async #untilBlocked(): Promise<void> {
    if (!this.#current) await this.run({});
    else if (this.#background?.run === this.#current) await this.waitUntilBlocked();
    else await this.#ended!.promise;
  }

  #stopRun(run: Run): void {
    run.stopped = true;
    this.#engine.wakeup.wake();
  }

  #requireBackground(): BackgroundRun {
    if (this.#background) return this.#background;
    throw new NetStateError("Cannot wait: no background loop was started; call startBackground()");
  }

  async #outcome(background: BackgroundRun): Promise<RunResult> {
    try {
      return await background.ended;
    } finally {
      if (this.#background === background) this.#background = undefined;
    }
  }

  #begin(options: RunOptions, kind: RunKind): Run {
    if (this.#current) throw alreadyRunning();
    this.#engine.isLooping = true;
    this.#ended = Promise.withResolvers();
    return this.#current = new Run(options, kind);
  }

  #leave(error?: unknown): void {
    this.#current = undefined;
    this.#engine.isLooping = false;
    this.#engine.streams.resumeAll();
    this.#engine.calls.end(error);
    this.#ended?.resolve();
  }

  async #watch(run: Run, start: () => Promise<RunReason>): Promise<RunResult> {
    const { signal } = run.options;
    const wake = () => this.#engine.wakeup.wake();
    const stop = this.#collect(run);
    signal?.addEventListener("abort", wake, { once: true });
    run.onPhase = (phase) => this.#tell(phase);
    run.enter("running");
    this.lastReason = undefined;
    let failure: unknown;
    try {
      const reason = await start();
      await this.#engine.actionLogs.flush();
      return this.#end(run, reason);
    } catch (error) {
      failure = error;
      const { events } = this.#engine;
      if (events.active) events.emit({ type: "state", phase: "failed", error: errorRecord(error) });
      throw error;
    } finally {
      signal?.removeEventListener("abort", wake);
      stop();
      this.#leave(failure);
    }
  }

  #end(run: Run, reason: RunReason): RunResult {
    this.lastReason = reason;
    run.throwErrors();
    if (reason === "blocked" || reason === "paused") run.enter(reason);
    else this.#tell("stopped", reason);
    const { madeProgress, netActions, epochLogs } = run;
    return { madeProgress, netActions, epochLogs, reason };
  }

  #tell(phase: "running" | "blocked" | "paused" | "stopped", reason?: string): void {
    const { events } = this.#engine;
    if (events.active) {
      events.emit({ type: "state", phase, ...reason !== undefined && { reason } });
    }
  }

  /** Collects the logs of a run, if it asks for them; returns what ends that. */
  #collect(run: Run): () => void {
    if (!run.options.collect) return () => {};
    return this.#engine.events.subscribe((event) => {
      if (event.type === "epochEnd") run.epochLogs.push(event.log);
      else if (event.type === "commit") {
        const { timestamp, epochId } = event;
        for (const action of event.actions) {
          run.netActions.push(NetActionLog.of(action, timestamp, epochId));
        }
      }
    });
  }
}

function alreadyRunning(): NetStateError {
  return new NetStateError(
    "Cannot run the net: it is running already; wait for that run, or inject into it",
  );
}

function mustWait(): SyncUnsupportedError {
  return new SyncUnsupportedError(
    "The run would have to wait, for a rate limit or for work that was started elsewhere; " +
      "use the asynchronous calls",
  );
}
