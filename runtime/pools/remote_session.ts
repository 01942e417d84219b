/**
 * One client of a server of pools: its pool, as long as it is there or may come back.
 *
 * @module
 */
import { ReliableLink } from "../rpc/reliable_link.ts";
import { PoolError } from "./error.ts";
import { MultiprocessPool, type MultiprocessPoolOptions } from "./multiprocess_pool.ts";
import { type CreatePoolRequest, REMOTE_KEYS as KEYS, type RemoteNode } from "./remote_protocol.ts";

/** A worker function that clients may ask for. */
export interface RegisteredWorker {
  /** The function, such as `./worker.ts::echo`. */
  readonly fn: string;
  /** Messages that every worker is sent before it gets any of the client. */
  readonly prelude?: (
    poolId: string,
    nodes: Readonly<Record<string, RemoteNode>>,
  ) => Promise<[key: string, data: unknown][]>;
  /** Told of each message between the client and a worker. */
  readonly observe?: (direction: "down" | "up", key: string, data: unknown) => void;
}

/** What a session has of its server. */
export interface SessionHost {
  readonly workers: ReadonlyMap<string, RegisteredWorker>;
  readonly maxProcesses: number;
  readonly maxMessageSize: number;
  readonly heartbeatInterval: number;
  readonly heartbeatTimeout: number;
  readonly poolOptions: MultiprocessPoolOptions;
  /** Asks the server to end; false if clients may not. */
  requestShutdown(): boolean;
}

/** A session. */
export class RemoteSession {
  readonly id: string = crypto.randomUUID();
  readonly resumeToken: string = crypto.randomUUID() + crypto.randomUUID();
  readonly link: ReliableLink;
  /** Ends the session if the client does not come back. */
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Its connection, while there is one. */
  socket: WebSocket | undefined;
  readonly #host: SessionHost;
  #pool: MultiprocessPool | undefined;
  #work: Promise<void> = Promise.resolve();
  #isClosed = false;
  #closing: Promise<void> | undefined;

  /** Creates a session without a connection; `lost` is told when that breaks. */
  constructor(host: SessionHost, lost: (reason: string, isFatal: boolean) => void) {
    this.#host = host;
    this.link = new ReliableLink({
      maxMessageSize: host.maxMessageSize,
      heartbeatInterval: host.heartbeatInterval,
      heartbeatTimeout: host.heartbeatTimeout,
      deliver: (key, data) => this.#received(key, data as never),
      lost,
    });
  }

  /** Ends the session and its pool. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.timer);
    this.link.close();
    await this.#work;
    await this.#pool?.close({ timeout: 0 });
  }

  #received(key: string, data: never): void {
    switch (key) {
      case KEYS.SEND: {
        const { worker_id, key: inner, data: value } = data as {
          worker_id: number;
          key: string;
          data: unknown;
        };
        const { observe } = this.#registered ?? {};
        observe?.("down", inner, value);
        // A worker that cannot be reached has ended, and the client is told.
        return void this.#pool?.send(worker_id, inner, value).catch(() => {});
      }
      case KEYS.CREATE_POOL:
        return this.#answer(data, () => this.#createPool(data));
      case KEYS.RESTART_WORKER: {
        const { worker_id, reason } = data as { worker_id: number; reason: string };
        return this.#answer(data, () => this.#started.restartWorker(worker_id, String(reason)));
      }
      case KEYS.FLUSH_STDOUT: {
        const { process_idx } = data as { process_idx: number };
        return this.#answer(data, () => this.#started.flushStdout(process_idx));
      }
      case KEYS.REQUEST_SHUTDOWN:
        return this.#answer(data, () => {
          if (this.#host.requestShutdown()) return Promise.resolve();
          throw new PoolError("PoolError", "Clients may not end this server (`allowShutdown`)");
        });
      case KEYS.CLOSE:
        return void this.close();
    }
  }

  /** Does what was asked for, one thing after another, and says what came of it. */
  #answer(request: { id: number }, action: () => Promise<unknown>): void {
    this.#work = this.#work.then(async () => {
      const { id } = request;
      try {
        await this.link.send(KEYS.ANSWER, { id, result: await action() });
      } catch (error) {
        await this.link.send(KEYS.ANSWER, { id, error }).catch(() => {});
      }
    });
  }

  #registered: RegisteredWorker | undefined;

  get #started(): MultiprocessPool {
    if (this.#pool) return this.#pool;
    throw new PoolError("PoolError", "There is no pool yet: ask for one first");
  }

  async #createPool(request: CreatePoolRequest): Promise<{ num_workers: number }> {
    const { worker_name, num_processes, threads_per_process, nodes = {} } = request;
    const { workers, maxProcesses, poolOptions } = this.#host;
    const registered = workers.get(worker_name);
    if (!registered) {
      const known = [...workers.keys()].join(", ") || "none";
      throw new PoolError(
        "PoolError",
        `The server has no worker "${worker_name}"; there are ${known}`,
      );
    }
    for (const count of [num_processes, threads_per_process]) {
      if (Number.isInteger(count) && count > 0) continue;
      throw new PoolError("PoolError", `Numbers of workers must be above 0, got ${count}`);
    }
    if (num_processes * threads_per_process > maxProcesses) {
      throw new PoolError(
        "PoolError",
        `The server allows ${maxProcesses} workers a client, asked for were ` +
          `${num_processes * threads_per_process}`,
      );
    }
    await this.#pool?.close({ timeout: 0 });
    const prelude = await registered.prelude?.(String(request.pool_id), nodes) ?? [];
    const pool = new MultiprocessPool(registered.fn, {
      ...poolOptions,
      num_processes,
      threads_per_process,
    });
    const greet = async (workerId: number) => {
      for (const [key, data] of prelude) await pool.send(workerId, key, data);
    };
    const send = (key: string, data: unknown) => {
      this.link.send(key, data).catch(() => {});
    };
    pool.listen({
      message: (worker_id, key, data) => {
        registered.observe?.("up", key, data);
        this.link.send(KEYS.RECV, { worker_id, key, data }).catch(() => {});
      },
      ended: (error) => send(KEYS.ENDED, { error }),
      restarted: (worker_id) =>
        void greet(worker_id).then(() => send(KEYS.RESTARTED, { worker_id }), () => {}),
      gaveUp: (error) => send(KEYS.GAVE_UP, { error }),
    });
    await pool.start();
    this.#pool = pool;
    this.#registered = registered;
    if (this.#isClosed) await pool.close({ timeout: 0 });
    for (let id = 0; id < pool.numWorkers; id++) await greet(id);
    return { num_workers: pool.numWorkers };
  }
}
