/**
 * Pools of workers on another machine.
 *
 * @module
 */
import type { RecvOptions } from "../rpc/channel.ts";
import { ChannelBroken, ChannelClosed } from "../rpc/error.ts";
import { Inbox } from "../rpc/inbox.ts";
import type { WireMessage } from "../rpc/outbox.ts";
import { pause, SessionClient } from "../rpc/websocket_client.ts";
import { within } from "../rpc/within.ts";
import type { OutputEntry } from "./capture_console.ts";
import { PoolAlreadyStarted, PoolError, PoolNotStarted } from "./error.ts";
import { WorkerCrashed, WorkerError } from "./error.ts";
import { type ListenablePool, POOL_KEYS, type PoolListener, type WorkerMessage } from "./pool.ts";
import type { RemotePoolClientOptions, RemotePoolShape } from "./remote_options.ts";
import {
  type CreatePoolRequest,
  laneOf,
  type PoolCreated,
  REMOTE_KEYS as KEYS,
  REMOTE_PATH,
  type SendRequest,
} from "./remote_protocol.ts";
import { RemoteRequests } from "./remote_requests.ts";

/** Waits between attempts to open a new session: from so long up to so long. */
const firstWaitMs = 500;
const longestWaitMs = 15_000;
/** Attempts before the workers are given up. */
const maxAttempts = 10;

/** A pool on a server: the client's own, shared with nobody. */
export class RemotePoolClient implements ListenablePool {
  readonly poolId: string;
  readonly #options: RemotePoolClientOptions;
  readonly #requests = new RemoteRequests();
  #inbox = new Inbox<WorkerMessage>();
  #listener: PoolListener | undefined;
  #session: SessionClient | undefined;
  #request: Omit<CreatePoolRequest, "id"> | undefined;
  #generations: number[] = [];
  #numWorkers = 0;
  #isRenewing = false;
  #closing = new AbortController();

  /** Creates a client that is not connected. */
  constructor(options: RemotePoolClientOptions) {
    this.#options = options;
    this.poolId = options.poolId ?? "pool";
  }

  /**
   * Connects to a server.
   *
   * @throws {ConnectError} If that is not possible.
   */
  static async connect(
    url: string,
    options: Omit<RemotePoolClientOptions, "url"> = {},
  ): Promise<RemotePoolClient> {
    const client = new RemotePoolClient({ ...options, url });
    await client.#connect();
    return client;
  }

  get numWorkers(): number {
    return this.#numWorkers;
  }

  get isRunning(): boolean {
    return this.#numWorkers > 0 && this.#session !== undefined;
  }

  listen(listener: PoolListener): void {
    this.#listener = listener;
  }

  workersEndingWith(workerId: number): readonly number[] {
    const threads = this.#threads;
    const first = workerId - workerId % threads;
    return Array.from({ length: threads }, (_, i) => first + i);
  }

  async start(): Promise<void> {
    if (this.isRunning) throw new PoolAlreadyStarted(this.poolId);
    this.#closing = new AbortController();
    this.#inbox = new Inbox();
    const { worker_name, start_timeout = 30 } = this.#options;
    const started = this.createPool(worker_name ?? "execution_manager", this.#options);
    try {
      await within(start_timeout, started, "pool");
    } catch (error) {
      started.catch(() => {});
      await this.close();
      throw error;
    }
  }

  /**
   * Asks for workers. An earlier pool of this client is replaced: its workers are reported as ended.
   *
   * @throws {PoolError} If the server does not have or allow them; the connection stays usable.
   */
  async createPool(worker_name: string, shape: RemotePoolShape = {}): Promise<void> {
    const { num_processes = 1, threads_per_process = 1, all_cores = false } = shape;
    const { redirect_output, buffer_output } = shape;
    const { nodes, code_check = "off" } = this.#options;
    const request = {
      worker_name,
      num_processes,
      threads_per_process,
      all_cores,
      ...redirect_output !== undefined && { redirect_output },
      ...buffer_output !== undefined && { buffer_output },
      code_check,
      pool_id: this.poolId,
      ...nodes && { nodes },
    };
    if (!this.#session) await this.#connect();
    const created = await this.#create(request);
    // A server that takes its place has to have as many.
    this.#request = { ...request, all_cores: false, num_processes: created.num_processes };
    for (const difference of created.differences) this.#options.onDifference?.(difference);
  }

  async send(worker_id: number, key: string, data: unknown): Promise<void> {
    this.#assertStarted("send");
    if (!(worker_id >= 0 && worker_id < this.#numWorkers)) {
      throw new RangeError(`worker_id ${worker_id} out of range [0, ${this.#numWorkers})`);
    }
    const generation = this.#generations[worker_id]!;
    const request: SendRequest = { worker_id, generation, key, data };
    try {
      if (!this.#session) throw new ChannelBroken("connection lost");
      await this.#session.link.send(KEYS.SEND, request, this.#lane(worker_id));
    } catch (error) {
      if (!(error instanceof ChannelClosed || error instanceof ChannelBroken)) throw error;
      throw new WorkerCrashed(this.poolId, worker_id, "connection lost");
    }
  }

  post(worker_id: number, key: string, data: unknown, failed: (error: unknown) => void): void {
    this.send(worker_id, key, data).catch(failed);
  }

  // deno-lint-ignore require-await
  async recv(options?: RecvOptions): Promise<WorkerMessage> {
    this.#assertStarted("receive");
    return this.#inbox.take(options);
  }

  tryRecv(): WorkerMessage | undefined {
    this.#assertStarted("receive");
    return this.#inbox.tryTake();
  }

  async broadcast(key: string, data: unknown): Promise<void> {
    this.#assertStarted("broadcast");
    const sent = await Promise.allSettled(
      Array.from({ length: this.#numWorkers }, (_, id) => this.send(id, key, data)),
    );
    const errors = sent.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, "Several workers got no message");
  }

  async restartWorker(worker_id: number, reason: string): Promise<void> {
    await this.#ask(KEYS.RESTART_WORKER, { worker_id, reason }, this.#lane(worker_id));
  }

  /**
   * Returns and forgets what a process on the server has written.
   *
   * @throws {RecvTimeout} If the server does not answer within `timeout` seconds.
   */
  async flushStdout(
    process_idx: number,
    { timeout = 30 }: { timeout?: number } = {},
  ): Promise<OutputEntry[]> {
    const entries = await within(timeout, this.#ask(KEYS.FLUSH_STDOUT, { process_idx }));
    return this.#local(entries as OutputEntry[]);
  }

  /** As {@linkcode flushStdout}, for all processes by number. */
  async flushAllStdout(
    { timeout = 30 }: { timeout?: number } = {},
  ): Promise<Map<number, OutputEntry[]>> {
    const entries = await within(timeout, this.#ask(KEYS.FLUSH_ALL_STDOUT, {}));
    return new Map(
      Array.from(entries as Map<number, OutputEntry[]>, ([i, list]) => [i, this.#local(list)]),
    );
  }

  /**
   * Asks the server to end.
   *
   * @throws {RecvTimeout} If it does not answer within `timeout` seconds.
   * @throws {PoolError} If clients may not end it.
   */
  async requestShutdown({ timeout = 10 }: { timeout?: number } = {}): Promise<void> {
    await within(timeout, this.#ask(KEYS.REQUEST_SHUTDOWN, {}), "acknowledgement");
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    const error = new ChannelClosed("the pool was closed");
    this.#inbox.end(error);
    this.#requests.fail(error);
    this.#numWorkers = 0;
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  /** Closes the pool. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Opens a new session. */
  async #connect(): Promise<void> {
    const { signal } = this.#closing;
    const session: SessionClient = await SessionClient.open({
      reconnect: true,
      ...this.#options,
      path: REMOTE_PATH,
      deliver: (key, data) => this.#received(key, data as never),
      ended: (error, unacknowledged) => {
        if (this.#session === session) this.#sessionLost(error, unacknowledged);
      },
    });
    if (signal.aborted) return await session.close();
    this.#session = session;
  }

  async #create(request: Omit<CreatePoolRequest, "id">): Promise<PoolCreated> {
    const created = await this.#ask(KEYS.CREATE_POOL, request) as PoolCreated;
    this.#numWorkers = created.num_workers;
    // One that has been replaced since is known already.
    this.#generations = Array.from(
      created.generations,
      (generation, id) => Math.max(generation || 0, this.#generations[id] ?? 0),
    );
    return created;
  }

  /** The workers of the session are lost with it, and what they may have begun. */
  #sessionLost(error: ChannelClosed | ChannelBroken, unacknowledged: readonly WireMessage[]): void {
    this.#session = undefined;
    this.#requests.fail(error);
    const unsent = unacknowledged.filter(([key]) => key === KEYS.SEND)
      .map(([, data]) => data as SendRequest);
    const reason = error instanceof ChannelBroken ? error.reason : "the server has ended it";
    if (this.#isRenewing || !this.#request) return;
    this.#generations = [];
    for (let id = 0; id < this.#numWorkers; id++) {
      const crash = new WorkerCrashed(this.poolId, id, `connection lost: ${reason}`);
      const own = unsent.filter(({ worker_id }) => worker_id === id).map(({ data }) => data);
      if (this.#listener) this.#listener.ended(crash, own);
      else this.#inbox.pushError(crash);
    }
    this.#isRenewing = true;
    void this.#renew(this.#request, reason).finally(() => this.#isRenewing = false);
  }

  /** Opens a session in the place of one that is lost. */
  async #renew(request: Omit<CreatePoolRequest, "id">, reason: string): Promise<void> {
    const { signal } = this.#closing;
    const { reconnect = true } = this.#options;
    let waitMs = firstWaitMs;
    let obstacle = reason;
    for (let attempt = 0; reconnect && attempt < maxAttempts; attempt++) {
      if (attempt > 0) await pause(waitMs, signal);
      if (signal.aborted) return;
      waitMs = Math.min(waitMs * 2, longestWaitMs);
      try {
        if (!this.#session) await this.#connect();
        const { num_workers } = await this.#create(request);
        for (let id = 0; id < num_workers; id++) this.#restarted(id);
        return;
      } catch (error) {
        if (signal.aborted) return;
        obstacle = error instanceof Error ? error.message : String(error);
        // It does not have or allow these workers, and will not.
        if (isRefusal(error)) break;
      }
    }
    for (let id = 0; id < this.#numWorkers; id++) {
      const crash = new WorkerCrashed(this.poolId, id, `connection lost: ${obstacle}`);
      this.#listener?.gaveUp(crash);
    }
    this.#inbox.end(new ChannelBroken(`connection lost: ${obstacle}`));
  }

  async #ask(key: string, request: object, lane = 0): Promise<unknown> {
    const session = this.#session;
    if (!session) throw new PoolNotStarted("ask the server", this.poolId);
    return await this.#requests.ask((id) => session.link.send(key, { ...request, id }, lane));
  }

  #received(key: string, data: never): void {
    switch (key) {
      case KEYS.RECV: {
        const { worker_id, key: inner, data: sent } = data as {
          worker_id: number;
          key: string;
          data: unknown;
        };
        const offsetMs = this.#session?.clockOffsetMs ?? 0;
        const { translate } = this.#options;
        const value = translate && offsetMs !== 0 ? translate(inner, sent, offsetMs) : sent;
        if (this.#listener) return this.#listener.message(worker_id, inner, value);
        return this.#inbox.push({ workerId: worker_id, key: inner, data: value });
      }
      case KEYS.ANSWER:
        return this.#requests.answered(data);
      case KEYS.ENDED: {
        const { error } = data as { error: WorkerError };
        if (this.#listener) return this.#listener.ended(error);
        return this.#inbox.pushError(error);
      }
      case KEYS.RESTARTED: {
        const { worker_id, generation } = data as { worker_id: number; generation: number };
        this.#generations[worker_id] = generation;
        return this.#restarted(worker_id);
      }
      case KEYS.GAVE_UP: {
        const { error } = data as { error: WorkerError };
        if (this.#listener) return this.#listener.gaveUp(error);
        return this.#inbox.pushError(error);
      }
    }
  }

  #restarted(workerId: number): void {
    if (this.#listener) this.#listener.restarted(workerId);
    else this.#inbox.push({ workerId, key: POOL_KEYS.WORKER_RESTARTED, data: null });
  }

  #local(entries: OutputEntry[]): OutputEntry[] {
    const offsetMs = this.#session?.clockOffsetMs ?? 0;
    return entries.map((entry) => ({ ...entry, timestamp: entry.timestamp - offsetMs }));
  }

  get #threads(): number {
    return this.#request?.threads_per_process ?? 1;
  }

  #lane(workerId: number): number {
    return laneOf(workerId, this.#threads);
  }

  #assertStarted(action: string): void {
    if (this.#numWorkers === 0) throw new PoolNotStarted(action, this.poolId);
  }
}

/** Whether the server does not have or allow what was asked for. */
function isRefusal(error: unknown): boolean {
  return error instanceof PoolError &&
    !(error instanceof WorkerError || error instanceof PoolNotStarted);
}
