/**
 * A function's job on its way through an {@linkcode ExecutionManager}.
 *
 * @module
 */
import { BoundedTexts } from "../pools/bounded_texts.ts";
import type { RPCChannel } from "../rpc/channel.ts";
import { RPCError } from "../rpc/error.ts";
import { Job, type JobAnswer } from "./dispatched_job.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { JobAborted } from "./error.ts";
import { ExecutionManagerProtocolKeys as KEYS } from "./job_protocol.ts";
import { PrintBatches } from "./print_batches.ts";
import type { PrintEntry } from "./prints.ts";
import type { JobResult, RunOptions, SubmittedJobInfo } from "./run_options.ts";

/** Where a job runs, and how it is to be watched. */
export interface RunPlace {
  /** Name of the pool. */
  readonly poolId: string;
  /** Gives the job to the workers of the pool. */
  readonly dispatcher: Dispatcher;
  /** Workers that may do it; undefined if all may. */
  readonly candidates: ReadonlySet<number> | undefined;
  /** Seconds between deliveries of what it prints. */
  readonly printInterval: number;
}

/** A function's job. */
export class RunJob extends Job {
  readonly answered = Promise.withResolvers<JobAnswer>();
  /** Key or reference of the function. */
  readonly func: string;
  override readonly candidates: ReadonlySet<number> | undefined;
  override readonly transfer: Transferable[] | undefined;
  readonly #place: RunPlace;
  readonly #options: RunOptions;
  readonly #submitted = Date.now();
  /** Made when it prints: most never do. */
  #prints: BoundedTexts<PrintEntry> | undefined;
  readonly #batches: PrintBatches | undefined;
  #started: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  /** Creates a job; `func` is its function as workers know it. */
  constructor(msgId: string, func: string, options: RunOptions, place: RunPlace) {
    super(msgId);
    this.func = func;
    this.candidates = place.candidates;
    this.transfer = options.transfer;
    this.#options = options;
    this.#place = place;
    const { onPrint } = options;
    this.#batches = onPrint && new PrintBatches({
      interval: place.printInterval,
      maxEntries: null,
      deliver: (entries) => this.#orGiveUp(() => onPrint(entries)),
    });
  }

  /** Nobody waits for it any more. */
  giveUp(reason: unknown): void {
    this.#place.dispatcher.cancel(this, reason);
    this.reject(reason);
  }

  message(): unknown[] {
    const { args = [], kwargs = null, sendChannel } = this.#options;
    return [this.msgId, this.func, this.msgId, sendChannel !== undefined, args, kwargs];
  }

  started(at: number): void {
    this.#started = at;
    const { timeout, func, sendChannel } = this.#options;
    if (sendChannel) void this.#forward(sendChannel);
    if (timeout === undefined) return;
    const late = () =>
      this.giveUp(new JobAborted(func, this.msgId, `it did not end within ${timeout} s`));
    this.#timer = setTimeout(late, timeout * 1000);
  }

  told(key: string, data: unknown): void {
    if (key === KEYS.UP_PRINT_BUFFER) {
      const entries = data as PrintEntry[];
      (this.#prints ??= new BoundedTexts()).add(entries);
      this.#batches?.add(entries);
    } else if (key === KEYS.CHANNEL) {
      const { sendChannel } = this.#options;
      if (data === undefined) return void sendChannel?.close();
      const [innerKey, value] = data as [string, unknown];
      // Whoever has closed the other end does not want it.
      sendChannel?.send(innerKey, value).catch(() => {});
    }
  }

  resolve(answer: JobAnswer): void {
    this.#batches?.flush();
    this.answered.resolve(answer);
  }

  reject(error: unknown): void {
    this.#batches?.flush();
    this.answered.reject(error);
  }

  /** It is over: lets go of everything. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    void this.#options.sendChannel?.close();
  }

  /** What is known of it while it is not settled. */
  info(): SubmittedJobInfo {
    return {
      runId: this.msgId,
      timestampUtcSubmitted: this.#submitted,
      ...this.#started !== undefined && { timestampUtcStarted: this.#started },
      funcImportPathOrKey: this.#options.func,
      poolId: this.#place.poolId,
      workerId: this.workerId,
    };
  }

  /** What became of it. */
  result({ started, completed, convertedToStr, value }: JobAnswer): JobResult {
    return {
      timestampUtcSubmitted: this.#submitted,
      timestampUtcStarted: started,
      timestampUtcCompleted: completed,
      funcImportPathOrKey: this.#options.func,
      poolId: this.#place.poolId,
      workerId: this.workerId,
      convertedToStr,
      result: value,
      printBuffer: this.#prints?.entries ?? [],
    };
  }

  /** Sends the function what arrives on its channel, and at last that it is closed. */
  async #forward(channel: RPCChannel): Promise<void> {
    const { dispatcher } = this.#place;
    try {
      for (;;) {
        let message: unknown[];
        try {
          message = await channel.recv();
        } catch (error) {
          if (!(error instanceof RPCError)) throw error;
          message = [];
        }
        if (this.#isOver) return;
        await dispatcher.tell(this, KEYS.CHANNEL, [this.msgId, ...message]);
        if (message.length === 0) return;
      }
    } catch (error) {
      // A worker that has ended takes its jobs along; a message without a copy fails this one.
      if (!this.#isOver) this.giveUp(error);
    }
  }

  #orGiveUp(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.giveUp(error);
    }
  }
}
