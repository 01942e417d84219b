/**
 * The scheduler: what happens next in a net.
 *
 * @module
 */
import { CommitDraft } from "./commit_draft.ts";
import { controlRound } from "./controls.ts";
import type { Engine } from "./engine.ts";
import { runEpoch } from "./epoch_run.ts";
import { SyncUnsupportedError } from "./error.ts";
import { EventLoopTurns } from "./event_loop_turns.ts";
import { Limits } from "./limits.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import { MaxWait } from "./max_wait.ts";
import { Pairings } from "./pairings.ts";
import { QuietConditions } from "./quiet_conditions.ts";
import type { Run, RunReason } from "./run.ts";
import { runSync, startTask, type Steps } from "./task.ts";

/** Something that may go on when all else is still; returns whether it did anything. */
export type StillStage = (run: Run) => boolean;

/** Moves packets, launches epochs and waits, round by round. */
export class Loop {
  readonly #engine: Engine;
  readonly #limits: Limits;
  readonly #maxWait: MaxWait;
  readonly #pairings: Pairings;
  readonly #turns = new EventLoopTurns();
  /** The epochs of one round; kept, so that a round needs no array of its own. */
  readonly #batch: LiveEpoch[] = [];
  /** While the net is paused packets move, but no epoch is launched. */
  paused = false;
  /** What may go on when nothing else does, in this order. */
  readonly whenStill: StillStage[];

  /** Creates the scheduler of a net. */
  constructor(engine: Engine) {
    this.#engine = engine;
    this.#limits = new Limits(engine);
    this.#maxWait = new MaxWait(engine);
    this.#pairings = new Pairings(engine);
    const quiet = new QuietConditions(engine);
    this.whenStill = [
      () => engine.streams.resumeAll(),
      () => engine.feeds.pumpStill(),
      (run) => !engine.feeds.isOpen && quiet.fire(run),
      () => engine.calls.rejectHopeless(),
      (run) => !engine.feeds.isOpen && !run.kind.background && quiet.fireEmpty(run),
    ];
  }

  /** Runs until nothing can happen any more, or until the run is ended otherwise. */
  *rounds(run: Run): Steps<RunReason> {
    const engine = this.#engine;
    for (;;) {
      if (!run.kind.sync && this.#turns.isDue()) yield this.#turns.take();
      const told = engine.actionLogs.flush();
      if (told) yield told;
      if (run.aborted) run.cancelAll(engine, run.options.signal!.reason);
      const stepped = this.#step(run);
      const fed = this.#mayLaunch(run) && engine.feeds.pump();
      const moved = this.#formEpochs(run) || stepped || fed;
      if (engine.controls.length > 0 && run.startsEpochs) {
        yield* controlRound(engine, run);
        continue;
      }
      const launched = this.#mayLaunch(run) && this.#launchEligible(run);
      const resumed = engine.streams.resumeWhereRoom();
      if (moved || launched) run.countRound();
      else if (resumed || engine.inFlight.length > engine.streams.size) {
        yield this.#wait(this.#nextTimeMs());
      } else {
        const ending = this.#ending(run);
        if (ending && engine.streams.size === 0) return ending;
        const nextTimeMs = this.#nextTimeMs();
        if (nextTimeMs === undefined && run.startsEpochs && this.#goOn(run)) continue;
        const mayEnd = !run.kind.background || run.endsWhenStill;
        if (nextTimeMs === undefined && mayEnd && !engine.feeds.isWaiting) return "blocked";
        if (nextTimeMs === undefined) run.enter(this.paused ? "paused" : "blocked");
        yield this.#wait(nextTimeMs);
      }
    }
  }

  /** One step of the simulator; then all that may be launched, to its end. */
  *singleStep(run: Run): Steps<RunReason> {
    const engine = this.#engine;
    const stepped = this.#step(run);
    run.madeProgress = this.#formEpochs(run) || stepped;
    while (engine.controls.length > 0 && run.startsEpochs) yield* controlRound(engine, run);
    if (this.#mayLaunch(run) && this.#launchEligible(run)) run.madeProgress = true;
    while (engine.inFlight.length > 0) {
      if (run.aborted) run.cancelAll(engine, run.options.signal!.reason);
      if (engine.inFlight.length === engine.streams.size) engine.streams.resumeAll();
      yield this.#wait(undefined);
    }
    return this.#ending(run) ?? "blocked";
  }

  /** One step of the simulator, as a commit; whether anything moved. */
  #step(run: Run): boolean {
    const engine = this.#engine;
    if (engine.state.sim.isBlocked()) return false;
    const step = new CommitDraft("step", engine.clock.now());
    step.add({ type: "runStep" });
    const { madeProgress, stepError } = engine.commit(step);
    if (stepError) run.errors.push(stepError);
    return madeProgress;
  }

  /** Forms epochs that the simulator leaves to the net; whether there were any. */
  #formEpochs(run: Run): boolean {
    if (!run.startsEpochs) return false;
    const paired = this.#pairings.fire();
    return this.#maxWait.fire() || paired;
  }

  /** Lets the first go on that can when all is still. */
  #goOn(run: Run): boolean {
    // While it is paused epochs in flight may end, but nothing new may form.
    return this.paused ? this.#engine.streams.resumeAll() : this.whenStill.some((go) => go(run));
  }

  /** When time alone lets something happen, in ms UTC. */
  #nextTimeMs(): number | undefined {
    const opensAtMs = this.#limits.opensAtMs();
    const dueAtMs = this.#maxWait.dueAtMs();
    return opensAtMs === undefined || (dueAtMs !== undefined && dueAtMs < opensAtMs)
      ? dueAtMs
      : opensAtMs;
  }

  #mayLaunch(run: Run): boolean {
    return run.startsEpochs && !this.paused && !run.stopped && !run.aborted &&
      run.errors.length === 0;
  }

  /** Launches together all that may be launched, oldest first; whether there was anything. */
  #launchEligible(run: Run): boolean {
    const engine = this.#engine;
    this.#limits.releaseOpened();
    const batch = this.#batch;
    const decide = (epoch: LiveEpoch) => this.#decide(epoch, run);
    for (;;) {
      const epoch = engine.schedule.next(decide);
      if (!epoch) break;
      if (!epoch.node.storage) epoch.node.gate?.tryStart(engine.clock.now());
      epoch.propagates = run.throwsFailureOf(epoch);
      engine.takeUp(epoch);
      batch.push(epoch);
    }
    if (batch.length === 0) return false;
    for (const epoch of batch) this.#launch(epoch, run);
    batch.length = 0;
    return true;
  }

  #decide(epoch: LiveEpoch, { kind: { scope } }: Run): "launch" | "hold" | "leave" {
    if (scope && !scope(epoch)) return "leave";
    return this.#limits.mayLaunch(epoch.node) ? "launch" : "hold";
  }

  #launch(epoch: LiveEpoch, run: Run): void {
    const engine = this.#engine;
    const steps = runEpoch(engine, epoch);
    if (run.kind.sync) {
      run.settle(engine, runSync(steps, () => waitRefused(epoch.node.name)));
      return;
    }
    epoch.task = startTask(
      steps,
      (result) => run.settle(engine, result),
      (error) => run.errors.push(error),
    );
  }

  /** Why a run with nothing in flight ends though something might still be launched. */
  #ending(run: Run): RunReason | undefined {
    if (run.aborted) return "aborted";
    if (run.stopped || run.errors.length > 0) return "stopped";
    if (this.paused && (!run.kind.background || run.endsWhenStill)) return "paused";
    return undefined;
  }

  /** Waits until something happens, or until a time in ms. */
  async #wait(untilMs: number | undefined): Promise<void> {
    const { clock, wakeup, inFlight } = this.#engine;
    const happened = wakeup.wait();
    const timer = untilMs === undefined
      ? undefined
      : clock.setTimeout(() => wakeup.wake(), Math.max(0, untilMs - clock.now()));
    // Only timers can bring the net forward: a virtual clock may jump to the next one.
    const waitsForTimers = inFlight.length === this.#engine.waitingForRetry;
    if (waitsForTimers && (inFlight.length > 0 || timer !== undefined)) clock.idle?.();
    await happened;
    if (timer !== undefined) clock.clearTimeout(timer);
  }
}

function waitRefused(nodeName: string): SyncUnsupportedError {
  return new SyncUnsupportedError(
    `Node "${nodeName}" has to be waited for: its function, one of its callbacks or a lazy value ` +
      "returned a promise; use the asynchronous calls",
  );
}
