/**
 * What a server of pools does for one client: its pool, as long as the client is there.
 *
 * @module
 */
import type { ReliableLink } from "../rpc/reliable_link.ts";
import type { SessionHandlers } from "../rpc/websocket_session.ts";
import { PoolError, WorkerCrashed } from "./error.ts";
import { MultiprocessPool, type MultiprocessPoolOptions } from "./multiprocess_pool.ts";
import {
  type CodeDifference,
  type CreatePoolRequest,
  laneOf,
  type PoolCreated,
  REMOTE_KEYS as KEYS,
  type RemoteNode,
  type SendRequest,
} from "./remote_protocol.ts";

/** What becomes of a client's message: it goes to the worker as it is here, or is answered. */
export type Admission =
  | { readonly pass: unknown }
  | { readonly answer: readonly [key: string, data: unknown] };

/** A worker function that clients may ask for. */
export interface RegisteredWorker {
  /** The function, such as `./worker.ts::echo`. */
  readonly fn: string;
  /** Messages that every worker is sent before it gets any of the client. */
  readonly prelude?: (
    poolId: string,
    nodes: Readonly<Record<string, RemoteNode>>,
  ) => Promise<[key: string, data: unknown][]>;
  /** Finds nodes whose code differs from what a client says of them. */
  readonly compare?: (
    nodes: Readonly<Record<string, RemoteNode>>,
  ) => Promise<CodeDifference[]>;
  /** Looks at what a client sends to a worker; for each session a new one. */
  readonly admission?: () => (key: string, data: unknown) => Admission;
  /** Told of each message between the client and a worker. */
  readonly observe?: (direction: "down" | "up", key: string, data: unknown) => void;
}

/** What a session has of its server. */
export interface SessionHost {
  readonly workers: ReadonlyMap<string, RegisteredWorker>;
  readonly maxProcesses: number;
  readonly poolOptions: MultiprocessPoolOptions;
  /** Whether clients may end the server. */
  readonly allowShutdown: boolean;
  /** Says that a client wants the server to end. */
  readonly shutdown: () => void;
}

/** Room for what stands around a worker's message, in bytes. */
const envelopeSize = 1024;

/** In the place of the generation of a worker that takes no messages; it equals nothing. */
const nobody = NaN;

/** What is behind a session. */
export class RemoteSession implements SessionHandlers {
  readonly #host: SessionHost;
  readonly #link: ReliableLink;
  readonly #close: () => void;
  #pool: MultiprocessPool | undefined;
  #registered: RegisteredWorker | undefined;
  #admit: ((key: string, data: unknown) => Admission) | undefined;
  #generation = 0;
  /** Which worker it is that has a number now. */
  #generations: number[] = [];
  /** Workers that are told what they have to know. */
  readonly #greetings = new Map<number, Promise<void>>();
  #work: Promise<void> = Promise.resolve();
  #isOver = false;

  /** Creates it; `close` ends the session. */
  constructor(host: SessionHost, link: ReliableLink, close: () => void) {
    this.#host = host;
    this.#link = link;
    this.#close = close;
  }

  /** Ends the pool. */
  async ended(): Promise<void> {
    this.#isOver = true;
    await this.#work;
    await this.#pool?.close({ timeout: 0 });
  }

  deliver(key: string, data: unknown): void {
    if (typeof data !== "object" || data === null) throw new TypeError(`${key} has no data`);
    switch (key) {
      case KEYS.SEND:
        return this.#send(data as SendRequest);
      case KEYS.CREATE_POOL:
        return this.#answer(
          data,
          () => this.#inTurn(() => this.#createPool(data as CreatePoolRequest)),
        );
      case KEYS.RESTART_WORKER: {
        const { worker_id, reason } = data as { worker_id: number; reason: string };
        const restart = () => this.#restart(worker_id, String(reason));
        return this.#answer(data, () => this.#inTurn(restart), worker_id);
      }
      case KEYS.FLUSH_STDOUT: {
        const { process_idx } = data as { process_idx: number };
        return this.#answer(data, () => this.#started.flushStdout(process_idx));
      }
      case KEYS.FLUSH_ALL_STDOUT:
        return this.#answer(data, () => this.#started.flushAllStdout());
      case KEYS.REQUEST_SHUTDOWN:
        return void this.#requestShutdown(data);
      case KEYS.CLOSE:
        return this.#close();
      default:
        return this.#answer(data, () => {
          throw new PoolError("PoolError", `The server does not know the request "${key}"`);
        });
    }
  }

  #send({ worker_id, generation, key, data }: SendRequest): void {
    const pool = this.#pool;
    // What was for a worker that has ended, the client has been told of.
    if (!pool || generation !== this.#generations[worker_id]) return;
    this.#registered?.observe?.("down", key, data);
    const admission = this.#admit?.(key, data) ?? { pass: data };
    if ("answer" in admission) return this.#told(worker_id, ...admission.answer);
    pool.send(worker_id, key, admission.pass).catch(() => {
      // It has just ended, and the client is told.
    });
  }

  async #requestShutdown(request: object): Promise<void> {
    const { allowShutdown, shutdown } = this.#host;
    if (!allowShutdown) {
      return this.#answer(request, () => {
        throw new PoolError("PoolError", "Clients may not end this server (`allowShutdown`)");
      });
    }
    const { id } = request as { id?: number };
    // The acknowledgement leaves before the connection is closed.
    await this.#link.send(KEYS.ANSWER, { id }).catch(() => {});
    shutdown();
  }

  /** Does what was asked for, and says what came of it. */
  #answer(request: object, action: () => unknown, workerId?: number): void {
    const { id } = request as { id?: number };
    void (async () => {
      const lane = this.#lane(workerId);
      try {
        await this.#link.send(KEYS.ANSWER, { id, result: await action() }, lane);
      } catch (error) {
        this.#say(KEYS.ANSWER, { id, error }, workerId);
      }
    })();
  }

  /** Does it when everything that came before is done. */
  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#work.then(action);
    this.#work = result.then(() => {}, () => {});
    return result;
  }

  get #started(): MultiprocessPool {
    if (this.#pool) return this.#pool;
    throw new PoolError("PoolError", "There is no pool yet: ask for one first");
  }

  async #restart(workerId: number, reason: string): Promise<void> {
    const pool = this.#started;
    if (workerId in this.#generations) this.#generations[workerId] = nobody;
    await pool.restartWorker(workerId, reason);
    await this.#greetings.get(workerId);
  }

  async #createPool(request: CreatePoolRequest): Promise<PoolCreated> {
    const registered = this.#registeredWorker(request.worker_name);
    const { threads_per_process, nodes = {}, code_check = "off" } = request;
    const num_processes = this.#checkCounts(request);
    const differences = code_check === "off" ? [] : await registered.compare?.(nodes) ?? [];
    if (code_check === "refuse" && differences.length > 0) throw refusal(differences);
    const prelude = await registered.prelude?.(String(request.pool_id), nodes) ?? [];
    await this.#endPool();
    const pool = new MultiprocessPool(registered.fn, {
      ...this.#host.poolOptions,
      poolId: String(request.pool_id),
      num_processes,
      threads_per_process,
      // What a worker may send, its client takes.
      max_message_size: Math.max(1, this.#link.limit - envelopeSize),
      redirect_output: request.redirect_output ?? true,
      buffer_output: request.buffer_output ?? true,
    });
    this.#pool = pool;
    this.#registered = registered;
    this.#admit = registered.admission?.();
    this.#listen(pool, prelude, registered);
    try {
      await pool.start();
    } catch (error) {
      this.#pool = undefined;
      throw error;
    }
    const generation = ++this.#generation;
    const workers = Array.from({ length: pool.numWorkers }, async (_, id) => {
      await greet(pool, id, prelude);
      this.#generations[id] ??= generation;
    });
    // One that has ended meanwhile is reported, and replaced.
    await Promise.allSettled(workers);
    return {
      num_workers: pool.numWorkers,
      num_processes,
      generations: [...this.#generations],
      differences,
    };
  }

  #listen(
    pool: MultiprocessPool,
    prelude: readonly [string, unknown][],
    { observe }: RegisteredWorker,
  ): void {
    pool.listen({
      message: (workerId, key, data) => {
        observe?.("up", key, data);
        this.#told(workerId, key, data);
      },
      ended: (error) => {
        const { workerId } = error;
        this.#generations[workerId] = nobody;
        this.#say(KEYS.ENDED, { error }, workerId);
      },
      restarted: (workerId) => {
        const greeting = greet(pool, workerId, prelude).then(() => {
          const generation = this.#generations[workerId] = ++this.#generation;
          this.#say(KEYS.RESTARTED, { worker_id: workerId, generation }, workerId);
        });
        // If it ends meanwhile, that is told.
        this.#greetings.set(workerId, greeting.catch(() => {}));
      },
      gaveUp: (error) => this.#say(KEYS.GAVE_UP, { error }, error.workerId),
    });
  }

  /** Ends the pool, of which nothing more comes, to make room for another one. */
  async #endPool(): Promise<void> {
    const pool = this.#pool;
    if (!pool) return;
    this.#pool = undefined;
    this.#generations = [];
    await pool.close({ timeout: 0 });
    for (let id = 0; id < pool.numWorkers; id++) {
      this.#say(KEYS.ENDED, { error: new WorkerCrashed(pool.poolId, id, "the pool was replaced") });
    }
  }

  #registeredWorker(name: string): RegisteredWorker {
    const { workers } = this.#host;
    const registered = workers.get(name);
    if (registered) return registered;
    const known = [...workers.keys()].join(", ") || "none";
    throw new PoolError("PoolError", `The server has no worker "${name}"; there are ${known}`);
  }

  /** The number of processes. */
  #checkCounts({ num_processes, threads_per_process, all_cores }: CreatePoolRequest): number {
    const { maxProcesses } = this.#host;
    const count = all_cores === true
      ? Math.max(
        1,
        Math.floor(
          Math.min(navigator.hardwareConcurrency, maxProcesses) /
            threads_per_process,
        ),
      )
      : num_processes;
    for (const each of [count, threads_per_process]) {
      if (Number.isInteger(each) && each > 0) continue;
      throw new PoolError("PoolError", `Numbers of workers must be above 0, got ${each}`);
    }
    const asked = count * threads_per_process;
    if (asked <= maxProcesses) return count;
    throw new PoolError(
      "PoolError",
      `The server allows ${maxProcesses} workers a client (\`maxProcesses\`), asked for were ${asked}`,
    );
  }

  #told(workerId: number, key: string, data: unknown): void {
    this.#say(KEYS.RECV, { worker_id: workerId, key, data }, workerId);
  }

  #say(key: string, data: unknown, workerId?: number): void {
    this.#link.send(key, data, this.#lane(workerId)).catch(() => {
      // The session is over.
    });
  }

  #lane(workerId: number | undefined): number {
    if (workerId === undefined) return 0;
    return laneOf(workerId, this.#pool?.threadsPerProcess ?? 1);
  }
}

/** The client has asked not to run where the code differs. */
function refusal(differences: readonly CodeDifference[]): PoolError {
  const list = differences.map(({ message }) => message).join("; ");
  return new PoolError(
    "PoolError",
    `The server's code is not the same as here: ${list}. Bring both to the same state, or set ` +
      '`code_check` of the pool to "warn" or "off"',
  );
}

/** Tells a worker what it has to know before anything of the client. */
async function greet(
  pool: MultiprocessPool,
  workerId: number,
  prelude: readonly [string, unknown][],
): Promise<void> {
  for (const [key, data] of prelude) await pool.send(workerId, key, data);
}
