/**
 * Pools of workers on another machine.
 *
 * @module
 */
import type { RecvOptions } from "../rpc/channel.ts";
import { ChannelBroken, ChannelClosed, ConnectError, RecvTimeout } from "../rpc/error.ts";
import { Inbox } from "../rpc/inbox.ts";
import { ReliableLink } from "../rpc/reliable_link.ts";
import type { OutputEntry } from "./capture_console.ts";
import { PoolAlreadyStarted, PoolNotStarted, WorkerCrashed, type WorkerError } from "./error.ts";
import { type ListenablePool, POOL_KEYS, type PoolListener, type WorkerMessage } from "./pool.ts";
import { openSocket, type RemoteConnection } from "./remote_connection.ts";
import { type CreatePoolRequest, REMOTE_KEYS as KEYS, type RemoteNode } from "./remote_protocol.ts";

/** Options of a {@linkcode RemotePoolClient}: the fields of a pool's configuration. */
export interface RemotePoolClientOptions {
  /** Address of the server, such as `ws://host:8765`. */
  url: string;
  /** Name of the worker to ask for; needed for `start`. */
  worker_name?: string | null;
  /**
   * Number of subprocesses.
   *
   * @default {1}
   */
  num_processes?: number;
  /**
   * Number of Workers in each.
   *
   * @default {1}
   */
  threads_per_process?: number;
  /** Bearer token. */
  token?: string | null;
  /** PEM file of a certificate authority. */
  ca_cert?: string | null;
  /**
   * Seconds of silence after which the server is asked whether it lives.
   *
   * @default {10}
   */
  heartbeat_interval?: number;
  /**
   * Seconds without a sign of life after which the connection counts as lost.
   *
   * @default {30}
   */
  heartbeat_timeout?: number;
  /**
   * Connect again after a loss.
   *
   * @default {true}
   */
  reconnect?: boolean;
  /**
   * Seconds within which the pool must be there.
   *
   * @default {30}
   */
  start_timeout?: number;
  /**
   * Largest message in bytes.
   *
   * @default {268_435_456}
   */
  max_message_size?: number;
  /**
   * Name of the pool.
   *
   * @default {"pool"}
   */
  poolId?: string;
  /** What is to be said of nodes of the server's configuration. */
  nodes?: Record<string, RemoteNode>;
}

/** Waits between attempts to connect again: from so long up to so long. */
const firstWaitMs = 500;
const longestWaitMs = 15_000;
/** Attempts to connect again before the workers are given up. */
const maxAttempts = 10;

interface Request {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** A pool on a server: the client's own, shared with nobody. */
export class RemotePoolClient implements ListenablePool {
  readonly poolId: string;
  readonly #options: RemotePoolClientOptions;
  readonly #requests = new Map<number, Request>();
  #requestCount = 0;
  #inbox = new Inbox<WorkerMessage>();
  #listener: PoolListener | undefined;
  #connection: RemoteConnection | undefined;
  #link: ReliableLink | undefined;
  #session: { readonly id: string; readonly resumeToken: string } | undefined;
  #request: Omit<CreatePoolRequest, "id"> | undefined;
  #numWorkers = 0;
  #isClosed = false;
  #waiting: { timer: ReturnType<typeof setTimeout>; wake(): void } | undefined;

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
    return this.#numWorkers > 0 && this.#link !== undefined && !this.#isClosed;
  }

  listen(listener: PoolListener): void {
    this.#listener = listener;
  }

  workersEndingWith(workerId: number): readonly number[] {
    const threads = this.#request?.threads_per_process ?? 1;
    const first = workerId - workerId % threads;
    return Array.from({ length: threads }, (_, i) => first + i);
  }

  async start(): Promise<void> {
    if (this.isRunning) throw new PoolAlreadyStarted(this.poolId);
    this.#isClosed = false;
    this.#inbox = new Inbox();
    const { worker_name, num_processes = 1, threads_per_process = 1, start_timeout = 30 } =
      this.#options;
    const started = (async () => {
      if (!this.#link) await this.#connect();
      await this.createPool(worker_name ?? "execution_manager", {
        num_processes,
        threads_per_process,
      });
    })();
    try {
      await within(start_timeout, started, "pool");
    } catch (error) {
      started.catch(() => {});
      await this.close();
      throw error;
    }
  }

  /**
   * Asks for workers; an earlier pool of this client is replaced.
   *
   * @throws {PoolError} If the server does not have or allow them; the connection stays usable.
   */
  async createPool(
    worker_name: string,
    counts: { num_processes?: number; threads_per_process?: number } = {},
  ): Promise<void> {
    const { num_processes = 1, threads_per_process = 1 } = counts;
    const { nodes } = this.#options;
    const request = {
      worker_name,
      num_processes,
      threads_per_process,
      pool_id: this.poolId,
      ...nodes && { nodes },
    };
    const { num_workers } = await this.#ask(KEYS.CREATE_POOL, request) as { num_workers: number };
    this.#request = request;
    this.#numWorkers = num_workers;
  }

  async send(worker_id: number, key: string, data: unknown): Promise<void> {
    this.#assertRunning("send");
    if (!(worker_id >= 0 && worker_id < this.#numWorkers)) {
      throw new RangeError(`worker_id ${worker_id} out of range [0, ${this.#numWorkers})`);
    }
    await this.#link!.send(KEYS.SEND, { worker_id, key, data });
  }

  // deno-lint-ignore require-await
  async recv(options?: RecvOptions): Promise<WorkerMessage> {
    if (this.#numWorkers === 0) throw new PoolNotStarted("receive", this.poolId);
    return this.#inbox.take(options);
  }

  tryRecv(): WorkerMessage | undefined {
    this.#assertRunning("receive");
    return this.#inbox.tryTake();
  }

  async broadcast(key: string, data: unknown): Promise<void> {
    this.#assertRunning("broadcast");
    for (let id = 0; id < this.#numWorkers; id++) await this.send(id, key, data);
  }

  async restartWorker(worker_id: number, reason: string): Promise<void> {
    await this.#ask(KEYS.RESTART_WORKER, { worker_id, reason });
  }

  /** Returns and forgets what a process on the server has written. */
  async flushStdout(
    process_idx: number,
    { timeout = 30 }: { timeout?: number } = {},
  ): Promise<OutputEntry[]> {
    const answer = this.#ask(KEYS.FLUSH_STDOUT, { process_idx });
    return await within(timeout, answer, "answer") as OutputEntry[];
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
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting?.wake();
    this.#inbox.end(new ChannelClosed("the pool was closed"));
    await this.#link?.send(KEYS.CLOSE, {}).catch(() => {});
    this.#forget(new ChannelClosed("the pool was closed"));
    await this.#connection?.close();
    this.#connection = undefined;
    this.#numWorkers = 0;
  }

  /** Closes the pool. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Opens a new session. */
  async #connect(): Promise<void> {
    const { heartbeat_interval = 10, heartbeat_timeout = 30, max_message_size = 268_435_456 } =
      this.#options;
    const link: ReliableLink = new ReliableLink({
      maxMessageSize: max_message_size,
      heartbeatInterval: heartbeat_interval,
      heartbeatTimeout: heartbeat_timeout,
      deliver: (key, data) => this.#received(key, data as never),
      lost: (reason, isFatal) => void this.#lost(link, reason, isFatal),
    });
    const connection = await this.#open(link, undefined);
    this.#link = link;
    this.#session = connection.session;
  }

  async #open(link: ReliableLink, session: RemoteConnection["session"] | undefined) {
    const connection = await openSocket({
      ...this.#options,
      lastReceived: link.lastReceived,
      session,
      received: (data) => link.receive(data),
      closed: (reason) => {
        if (this.#connection !== connection) return;
        link.detach();
        void this.#lost(link, reason, false);
      },
    });
    this.#connection = connection;
    link.attach(connection.socket, connection.lastReceived);
    connection.release();
    return connection;
  }

  /** The connection is lost: goes on with the session, or if that is over with a new one. */
  async #lost(link: ReliableLink, reason: string, isFatal: boolean): Promise<void> {
    if (this.#isClosed || this.#link !== link) return;
    const lost = this.#connection;
    this.#connection = undefined;
    void lost?.close();
    const { reconnect = true } = this.#options;
    let session = isFatal || !reconnect ? undefined : this.#session;
    if (!session) this.#sessionLost(reason);
    for (let attempt = 0; reconnect && attempt < maxAttempts && !this.#isClosed; attempt++) {
      const waitMs = Math.min(firstWaitMs * 2 ** attempt, longestWaitMs);
      if (attempt > 0) await this.#wait(waitMs * (0.75 + Math.random() / 2));
      if (this.#isClosed) return;
      try {
        if (session) return void await this.#open(link, session);
        await this.#connect();
        const { num_workers } = await this.#ask(KEYS.CREATE_POOL, this.#request) as {
          num_workers: number;
        };
        for (let id = 0; id < num_workers; id++) this.#restarted(id);
        return;
      } catch (error) {
        const isOver = session && error instanceof ConnectError &&
          error.message.includes("the session is over");
        if (!isOver) continue;
        session = undefined;
        this.#sessionLost("connection lost");
        attempt = -1;
      }
    }
    if (this.#isClosed) return;
    if (session) this.#sessionLost("connection lost");
    for (let id = 0; id < this.#numWorkers; id++) {
      const error = new WorkerCrashed(this.poolId, id, `connection lost: ${reason}`);
      this.#listener?.gaveUp(error);
    }
    this.#inbox.end(new ChannelBroken(`connection lost: ${reason}`));
  }

  /** The workers of the session are lost with it. */
  #sessionLost(reason: string): void {
    this.#forget(new ChannelBroken(reason));
    for (let id = 0; id < this.#numWorkers; id++) {
      const error = new WorkerCrashed(this.poolId, id, "connection lost");
      if (this.#listener) this.#listener.ended(error, true);
      else this.#inbox.pushError(error);
    }
  }

  #forget(error: Error): void {
    this.#link?.close(error);
    this.#link = undefined;
    this.#session = undefined;
    for (const { reject } of this.#requests.values()) reject(error);
    this.#requests.clear();
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting = undefined;
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#waiting = { timer, wake };
    });
  }

  async #ask(key: string, request: object | undefined): Promise<unknown> {
    if (!this.#link) throw new PoolNotStarted("ask the server", this.poolId);
    const id = ++this.#requestCount;
    const answer = new Promise((resolve, reject) => this.#requests.set(id, { resolve, reject }));
    answer.catch(() => {});
    await this.#link.send(key, { ...request, id });
    return await answer;
  }

  #received(key: string, data: never): void {
    switch (key) {
      case KEYS.RECV: {
        const { worker_id, key: inner, data: value } = data as {
          worker_id: number;
          key: string;
          data: unknown;
        };
        if (this.#listener) return this.#listener.message(worker_id, inner, value);
        return this.#inbox.push({ workerId: worker_id, key: inner, data: value });
      }
      case KEYS.ANSWER: {
        const { id, result, error } = data as { id: number; result?: unknown; error?: unknown };
        const request = this.#requests.get(id);
        this.#requests.delete(id);
        if (error !== undefined) return request?.reject(error);
        return request?.resolve(result);
      }
      case KEYS.ENDED: {
        const { error } = data as { error: WorkerError };
        if (this.#listener) return this.#listener.ended(error);
        return this.#inbox.pushError(error);
      }
      case KEYS.RESTARTED:
        return this.#restarted((data as { worker_id: number }).worker_id);
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

  #assertRunning(action: string): void {
    if (!this.isRunning) throw new PoolNotStarted(action, this.poolId);
  }
}

async function within<T>(seconds: number, promise: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RecvTimeout(seconds, what)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
