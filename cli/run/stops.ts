/**
 * What ends a run before it ends by itself: interrupts and a time limit.
 *
 * @module
 */
import type { Net } from "../../runtime/net/net.ts";
import type { Io } from "../io.ts";

/** Why a run ended early. */
export type EarlyEnd = "timeout" | "SIGINT" | "SIGTERM";

/** Times in ms. */
export interface StopTimes {
  /** After this the run is cancelled; no limit if undefined. */
  readonly timeoutMs: number | undefined;
  /** So long an interrupt waits for running epochs. */
  readonly graceMs: number;
}

/**
 * Ends a run: the first interrupt lets running epochs end, for as long as the grace lasts; the
 * second one, the end of the grace and the time limit cancel them.
 */
export class Stops implements Disposable {
  /** Why the run ended early, if it did. */
  reason: EarlyEnd | undefined;
  readonly #abort = new AbortController();
  readonly #killed = Promise.withResolvers<"killed">();
  readonly #timers: ReturnType<typeof setTimeout>[] = [];
  readonly #stopListening: () => void;
  readonly #io: Io;
  readonly #times: StopTimes;
  #net: Net | undefined;
  #onStop: () => void = () => {};

  /** Starts listening to interrupts; before a net is attached they end the program at once. */
  constructor(io: Io, times: StopTimes) {
    this.#io = io;
    this.#times = times;
    this.#stopListening = io.onInterrupt((signal) => this.#interrupt(signal));
  }

  /** Aborted when running epochs are to be cancelled. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Resolves when nothing is to be waited for any more. */
  get killed(): Promise<"killed"> {
    return this.#killed.promise;
  }

  /** Calls `callback` when the run is to end early; at once if it is already. */
  onStop(callback: () => void): void {
    this.#onStop = callback;
    if (this.reason !== undefined) callback();
  }

  /** Makes the run of this net the one that is ended; its time begins. */
  attach(net: Net): void {
    this.#net = net;
    const { timeoutMs } = this.#times;
    if (timeoutMs === undefined) return;
    this.#after(timeoutMs, () => {
      if (this.reason !== undefined) return;
      this.reason = "timeout";
      this.#onStop();
      this.#cancel();
    });
  }

  /** Stops listening. */
  [Symbol.dispose](): void {
    this.#stopListening();
    this.#timers.forEach(clearTimeout);
  }

  #interrupt(signal: "SIGINT" | "SIGTERM"): void {
    if (this.reason === "SIGINT" || this.reason === "SIGTERM" || !this.#net) {
      this.reason ??= signal;
      this.#abort.abort();
      this.#killed.resolve("killed");
      return;
    }
    this.reason = signal;
    this.#onStop();
    this.#net.pause();
    const { length } = this.#net.runningEpochs;
    const wait = length === 0 ? "" : `: waiting for ${length} running epochs; again ends them`;
    this.#io.err(`Interrupted${wait}\n`);
    this.#after(this.#times.graceMs, () => this.#cancel());
  }

  #cancel(): void {
    this.#abort.abort();
    // A function that does not look at its signal would hold up the end for ever.
    this.#after(this.#times.graceMs, () => this.#killed.resolve("killed"));
  }

  #after(ms: number, callback: () => void): void {
    this.#timers.push(setTimeout(callback, ms));
  }
}
