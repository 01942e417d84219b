/**
 * A Worker of a subprocess, as the process that has started that sees it.
 *
 * @module
 */
import { fromPortable, type Substitute } from "../rpc/portable.ts";
import type { ProcessChannel } from "../rpc/process_channel.ts";
import { within } from "../rpc/within.ts";
import { type CrashDetails, WorkerCrashed, WorkerException } from "./error.ts";
import type { HostNotice } from "./host_protocol.ts";
import type { LinkEvents, WorkerLink } from "./supervised_pool.ts";

/** Seconds that what has been sent before an end is waited for. */
export const lastWords = 1;

/** The process of a {@linkcode HostedWorker}. */
export interface HostProcess {
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  /** Ends it at once. */
  kill(): void;
  /** Ends what is left of a Worker. */
  terminate(workerId: number): void;
}

/** A Worker of a subprocess. */
export class HostedWorker implements WorkerLink {
  /** Resolves when it is ready. */
  readonly ready: Promise<void>;
  readonly #process: HostProcess;
  readonly #poolId: string;
  readonly #workerId: number;
  readonly #events: LinkEvents;
  readonly #readiness = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<void>();
  #channel: ProcessChannel | undefined;
  #isReady = false;
  #isOver = false;

  constructor(process: HostProcess, poolId: string, workerId: number, events: LinkEvents) {
    this.#process = process;
    this.#poolId = poolId;
    this.#workerId = workerId;
    this.#events = events;
    this.ready = this.#readiness.promise;
    this.ready.catch(() => {});
  }

  connect(channel: ProcessChannel): void {
    this.#channel = channel;
  }

  get isConnected(): boolean {
    return this.#channel !== undefined;
  }

  async disconnect(): Promise<void> {
    this.#channel?.abort("the worker has ended");
    await this.#channel?.readToEnd;
  }

  message(key: string, data: unknown): void {
    this.#events.message(key, data);
  }

  send(key: string, data: unknown): Promise<void> {
    return this.#channel!.send(key, data);
  }

  post(key: string, data: unknown, failed: (error: unknown) => void): void {
    this.#channel!.post(key, data, failed);
  }

  async shutdown(): Promise<void> {
    await this.#channel!.close();
    await this.#done.promise;
  }

  /** Ends the whole process, unless the Worker has ended by itself: nothing less stops what spins. */
  async kill(_reason: string): Promise<void> {
    if (this.#isOver) return this.#process.terminate(this.#workerId);
    this.#isOver = true;
    this.#process.kill();
    await this.#process.ended;
    this.#channel?.abort("its process was ended");
  }

  /** It cannot become ready. */
  fail(error: Error): void {
    this.#isOver = true;
    this.#readiness.reject(error);
  }

  async notice(notice: HostNotice[1]): Promise<void> {
    switch (notice.type) {
      case "ready":
        this.#isReady = true;
        return this.#readiness.resolve();
      case "done":
        this.#isOver = true;
        return this.#done.resolve();
      case "failed":
      case "threw": {
        const substitutes = notice.substitutes as readonly Substitute[] | undefined;
        const thrown = fromPortable(notice.error, substitutes);
        return await this.#over(new WorkerException(this.#workerId, thrown));
      }
      case "returned":
        return await this.died("its function returned");
      case "bye":
        return await this.died(`it closed itself with code ${notice.code}`);
      case "died":
        return await this.died(notice.reason);
    }
  }

  /** Its connection is broken. Why it has ended others know better, if it has. */
  async cut(reason: string): Promise<void> {
    if (this.#isOver) return;
    await within(lastWords, Promise.race([this.#process.ended, this.#done.promise])).catch(
      () => {},
    );
    await this.died(`its connection is broken: ${reason}`);
  }

  async died(reason: string, details?: CrashDetails): Promise<void> {
    await this.#over(new WorkerCrashed(this.#poolId, this.#workerId, reason, details));
  }

  async #over(error: WorkerCrashed | WorkerException): Promise<void> {
    this.#done.resolve();
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#isReady) return this.#readiness.reject(error);
    // What it has sent before counts: whether a job had started must be known.
    if (this.#channel) await within(lastWords, this.#channel.readToEnd).catch(() => {});
    this.#channel?.abort(error.message);
    this.#events.ended(error);
  }
}
