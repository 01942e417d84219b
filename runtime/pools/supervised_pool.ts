/**
 * Workers that are started, watched, replaced and ended, of whatever kind they are.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import type { RecvOptions, SendOptions } from "../rpc/channel.ts";
import { ChannelClosed } from "../rpc/error.ts";
import { Inbox } from "../rpc/inbox.ts";
import { PoolAlreadyStarted, PoolNotStarted, WorkerCrashed, WorkerError } from "./error.ts";
import { type ListenablePool, POOL_KEYS, type PoolListener, type WorkerMessage } from "./pool.ts";
import { RestartPolicy } from "./restart_policy.ts";

/** One worker, as long as it lives. */
export interface WorkerLink {
  /** Sends it a message. */
  send(key: string, data: unknown, options?: SendOptions): Promise<void>;
  /** Sends it a message together with the others of this tick; throws what is known at once. */
  post(key: string, data: unknown, failed: (error: unknown) => void, options?: SendOptions): void;
  /** Asks it to end; resolves when it has. */
  shutdown(): Promise<void>;
  /** Ends it at once. */
  kill(reason: string): Promise<void> | void;
}

/** What a worker tells the pool. */
export interface LinkEvents {
  /** It has sent a message. */
  message(key: string, data: unknown): void;
  /** It has ended without having been asked to. */
  ended(error: WorkerError): void;
}

/** How the workers of a pool come into being. */
export interface WorkerKind {
  /** Starts a worker; resolves when it is ready. */
  launch(workerId: number, events: LinkEvents): Promise<WorkerLink>;
  /** Workers that end together with this one. */
  endingWith?(workerId: number): readonly number[];
  /** Why no replacement is made for a worker that was ended by force; undefined if one is. */
  refusal?(): string | undefined;
  /** Ends what the workers share, after they have ended. */
  close?(): Promise<void>;
}

/** What a {@linkcode SupervisedPool} is made of. */
export interface SupervisedPoolOptions {
  /** Name of the pool. */
  readonly poolId: string;
  /** Number of its workers. */
  readonly numWorkers: number;
  /** Restarts of a worker allowed in a minute. */
  readonly maxRestarts: number;
  /** Seconds that workers get to finish on close. */
  readonly closeTimeout: number;
}

/** A place for a worker. */
interface Slot {
  readonly workerId: number;
  link: WorkerLink | undefined;
  /** Counts the workers that had this place, so that a late word of an earlier one is recognised. */
  generation: number;
  readonly policy: RestartPolicy;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Why there is no worker. */
  absence: string;
}

/** A pool of workers of one kind. */
export class SupervisedPool implements ListenablePool {
  readonly poolId: string;
  readonly numWorkers: number;
  readonly #kind: WorkerKind;
  readonly #options: SupervisedPoolOptions;
  #slots: Slot[] = [];
  #inbox = new Inbox<WorkerMessage>();
  #listener: PoolListener | undefined;
  #phase: "new" | "starting" | "running" | "closing" = "new";
  #closing: Promise<void> | undefined;
  /** Workers that are starting. */
  readonly #launches = new Set<Promise<void>>();

  /** Creates a pool that is not started. */
  constructor(options: SupervisedPoolOptions, kind: WorkerKind) {
    this.poolId = options.poolId;
    this.numWorkers = options.numWorkers;
    this.#options = options;
    this.#kind = kind;
  }

  get isRunning(): boolean {
    return this.#phase === "running";
  }

  listen(listener: PoolListener): void {
    this.#listener = listener;
  }

  workersEndingWith(workerId: number): readonly number[] {
    return this.#kind.endingWith?.(workerId) ?? [workerId];
  }

  async start(): Promise<void> {
    if (this.#phase !== "new") throw new PoolAlreadyStarted(this.poolId);
    this.#phase = "starting";
    this.#inbox = new Inbox();
    this.#slots = Array.from({ length: this.numWorkers }, (_, workerId) => ({
      workerId,
      link: undefined,
      generation: 0,
      policy: new RestartPolicy(this.#options.maxRestarts),
      timer: undefined,
      absence: "it is starting",
    }));
    const started = await Promise.allSettled(this.#slots.map((slot) => this.#launch(slot)));
    const failed = started.find((result) => result.status === "rejected");
    if (failed) {
      this.#phase = "running";
      await this.close({ timeout: 0 });
      throw failed.reason;
    }
    this.#phase = "running";
  }

  send(workerId: number, key: string, data: unknown, options?: SendOptions): Promise<void> {
    try {
      return this.#linkOf(workerId).send(key, data, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  post(
    workerId: number,
    key: string,
    data: unknown,
    failed: (error: unknown) => void,
    options?: SendOptions,
  ): void {
    try {
      this.#linkOf(workerId).post(key, data, failed, options);
    } catch (error) {
      failed(error);
    }
  }

  // deno-lint-ignore require-await
  async recv(options?: RecvOptions): Promise<WorkerMessage> {
    if (this.#phase !== "closing") this.#assertRunning("receive");
    return this.#inbox.take(options);
  }

  tryRecv(): WorkerMessage | undefined {
    this.#assertRunning("receive");
    return this.#inbox.tryTake();
  }

  async broadcast(key: string, data: unknown): Promise<void> {
    this.#assertRunning("broadcast");
    const sent = await Promise.allSettled(
      this.#slots.map(({ workerId }) => this.send(workerId, key, data)),
    );
    const errors = sent.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, "Several workers got no message");
  }

  async restartWorker(workerId: number, reason: string): Promise<void> {
    this.#assertRunning("restart a worker");
    const slot = this.#slot(workerId);
    const { link } = slot;
    this.#vacate(slot, reason);
    await link?.kill(reason);
    const refusal = this.#kind.refusal?.();
    if (refusal !== undefined) return this.#giveUp(slot, refusal);
    await this.#relaunch(slot);
  }

  close({ timeout = this.#options.closeTimeout }: { timeout?: number } = {}): Promise<void> {
    if (this.#phase === "new") return Promise.resolve();
    return this.#closing ??= this.#close(timeout).finally(() => {
      this.#closing = undefined;
      this.#phase = "new";
    });
  }

  /** Closes the pool. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(timeout: number): Promise<void> {
    this.#phase = "closing";
    this.#inbox.end(new ChannelClosed("the pool was closed"));
    const links = this.#slots.flatMap(({ link }) => link ? [link] : []);
    for (const slot of this.#slots) this.#vacate(slot, "the pool was closed");
    let timer: ReturnType<typeof setTimeout> | undefined;
    const expired = new Promise<void>((resolve) => timer = setTimeout(resolve, timeout * 1000));
    await Promise.all(links.map(async (link) => {
      const ended = link.shutdown().then(() => true, () => false);
      const isEnded = await Promise.race([ended, expired.then(() => false)]);
      if (!isEnded) await link.kill("the pool was closed");
    }));
    clearTimeout(timer);
    await this.#kind.close?.();
    await Promise.allSettled(this.#launches);
  }

  /** Puts a worker in its place, unless the pool ends meanwhile. */
  #launch(slot: Slot): Promise<void> {
    const launch = this.#launchNow(slot).finally(() => this.#launches.delete(launch));
    this.#launches.add(launch);
    return launch;
  }

  async #launchNow(slot: Slot): Promise<void> {
    if (this.#phase !== "starting" && this.#phase !== "running") return;
    const generation = ++slot.generation;
    const { workerId } = slot;
    let earlyEnd: WorkerError | undefined;
    const isCurrent = () => slot.generation === generation;
    const link = await this.#kind.launch(workerId, {
      message: (key, data) => {
        if (isCurrent() || this.#phase === "closing") this.#deliver(workerId, key, data);
      },
      ended: (error) => {
        if (!isCurrent()) return;
        if (slot.link) this.#ended(slot, error);
        else earlyEnd = error;
      },
    });
    if (!isCurrent()) return void await link.kill("it is not needed any more");
    slot.link = link;
    if (earlyEnd) this.#ended(slot, earlyEnd);
  }

  #ended(slot: Slot, error: WorkerError): void {
    const { link } = slot;
    this.#vacate(slot, error instanceof WorkerCrashed ? error.reason : error.message);
    void link?.kill(error.message);
    this.#report(error);
    this.#scheduleRestart(slot);
  }

  #scheduleRestart(slot: Slot): void {
    if (this.#phase === "closing") return;
    const delayMs = slot.policy.next(Date.now());
    if (delayMs === undefined) return this.#giveUp(slot, "restart limit");
    slot.timer = setTimeout(() => void this.#relaunch(slot), delayMs);
  }

  async #relaunch(slot: Slot): Promise<void> {
    try {
      await this.#launch(slot);
    } catch (error) {
      if (this.#phase === "closing" || this.#phase === "new") return;
      this.#vacate(slot, String(error));
      this.#report(
        error instanceof WorkerError
          ? error
          : new WorkerCrashed(this.poolId, slot.workerId, String(error)),
      );
      return this.#scheduleRestart(slot);
    }
    if (this.#phase !== "running" || !slot.link) return;
    if (this.#listener) this.#listener.restarted(slot.workerId);
    else this.#deliver(slot.workerId, POOL_KEYS.WORKER_RESTARTED, null);
  }

  #giveUp(slot: Slot, reason: string): void {
    slot.absence = reason;
    const error = new WorkerCrashed(this.poolId, slot.workerId, reason);
    if (this.#listener) this.#listener.gaveUp(error);
    else this.#inbox.pushError(error);
  }

  /** Takes the worker out of its place; nothing that it still says counts. */
  #vacate(slot: Slot, absence: string): void {
    clearTimeout(slot.timer);
    slot.generation++;
    slot.link = undefined;
    slot.absence = absence;
  }

  #deliver(workerId: number, key: string, data: unknown): void {
    if (this.#listener) this.#listener.message(workerId, key, data);
    else this.#inbox.push({ workerId, key, data });
  }

  #report(error: WorkerError): void {
    if (this.#listener) this.#listener.ended(error);
    else this.#inbox.pushError(error);
  }

  #linkOf(workerId: number): WorkerLink {
    this.#assertRunning("send");
    const { link, absence } = this.#slot(workerId);
    if (link) return link;
    throw new WorkerCrashed(this.poolId, workerId, absence);
  }

  #slot(workerId: number): Slot {
    const slot = this.#slots[workerId];
    if (slot) return slot;
    throw new RangeError(`worker_id ${workerId} out of range [0, ${this.numWorkers})`);
  }

  #assertRunning(action: string): void {
    if (this.#phase !== "running") throw new PoolNotStarted(action, this.poolId);
  }
}

/**
 * Checks a number of workers.
 *
 * @throws {RangeError} If it is no whole number above 0.
 */
export function checkCount(name: string, count: number): number {
  if (Number.isInteger(count) && count > 0) return count;
  throw new RangeError(`\`${name}\` must be a whole number above 0, got ${count}`);
}

/**
 * Splits the reference of a worker function.
 *
 * @throws {InvalidArgumentError} If it names no export.
 */
export function splitWorkerFn(reference: string, base: string): { url: string; name: string } {
  const at = typeof reference === "string" ? reference.lastIndexOf("::") : -1;
  if (at <= 0) {
    throw new InvalidArgumentError(
      `A worker function is named as "./worker.ts::name", got ${Deno.inspect(reference)}`,
    );
  }
  return { url: new URL(reference.slice(0, at), base).href, name: reference.slice(at + 2) };
}
