/**
 * Serving pools to other machines.
 *
 * @module
 */
import { CLOSE_CODES } from "../rpc/websocket_close.ts";
import {
  type ListenAddress,
  WebSocketServer,
  type WebSocketServerLimits,
  type WebSocketServerOptions,
} from "../rpc/websocket_server.ts";
import type { PoolPermissions } from "../schema/pool.ts";
import { REMOTE_PATH } from "./remote_protocol.ts";
import { type RegisteredWorker, RemoteSession, type SessionHost } from "./remote_session.ts";

/** Limits of a server of pools. */
export interface RemoteServerLimits extends WebSocketServerLimits {
  /**
   * Workers a client may ask for.
   *
   * @default {navigator.hardwareConcurrency}
   */
  maxProcesses?: number;
}

/** Options of a {@linkcode RemotePoolServer}. */
export interface RemotePoolServerOptions extends WebSocketServerOptions {
  /**
   * What the code of workers may do.
   *
   * @default {"none"}
   */
  permissions?: "inherit" | "none" | PoolPermissions | undefined;
  /** Limits. */
  limits?: RemoteServerLimits | undefined;
  /**
   * Whether clients may end the server.
   *
   * @default {false}
   */
  allowShutdown?: boolean | undefined;
  /**
   * Folder from which worker functions are named, and which their code may read.
   *
   * @default {Deno.cwd()}
   */
  projectRoot?: string | undefined;
}

/**
 * Serves pools of subprocesses: one a client, of the worker functions that are registered.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RemotePoolClient, RemotePoolServer } from "@netrun/netrun/pools";
 *
 * const projectRoot = await Deno.makeTempDir();
 * await Deno.writeTextFile(
 *   `${projectRoot}/worker.ts`,
 *   `export async function double(channel) {
 *     for (;;) {
 *       const [key, n] = await channel.recv();
 *       await channel.send(key, 2 * n);
 *     }
 *   }`,
 * );
 * const server = new RemotePoolServer({ projectRoot });
 * server.registerWorker("double", "./worker.ts::double");
 * await using running = await server.serveBackground({ port: 0 });
 *
 * await using client = await RemotePoolClient.connect(`ws://127.0.0.1:${running.port}`);
 * await client.createPool("double", { num_processes: 1 });
 * await client.send(0, "n", 21);
 * assertEquals(await client.recv(), { workerId: 0, key: "n", data: 42 });
 * await Deno.remove(projectRoot, { recursive: true });
 * ```
 */
export class RemotePoolServer implements AsyncDisposable {
  readonly #options: RemotePoolServerOptions;
  readonly #workers = new Map<string, RegisteredWorker>();
  readonly #server: WebSocketServer;
  readonly #shutdown = Promise.withResolvers<void>();

  /**
   * Creates a server that does not listen.
   *
   * @throws {InvalidArgumentError} If a token is too short, or one of `cert` and `key` is missing.
   */
  constructor(options: RemotePoolServerOptions = {}) {
    this.#options = options;
    const host = this.#host();
    this.#server = new WebSocketServer(options, {
      path: REMOTE_PATH,
      // What a client knows to have come counts as begun if the connection is lost for good.
      acknowledgesFirst: true,
      open: (session) =>
        new RemoteSession(host, session.link, () => void session.close(CLOSE_CODES.NORMAL)),
    });
  }

  /** Names of the workers that clients may ask for. */
  get registeredWorkers(): string[] {
    return [...this.#workers.keys()];
  }

  /** The port on which it listens; 0 if it does not. */
  get port(): number {
    return this.#server.port;
  }

  /** How many clients there are. */
  get sessionCount(): number {
    return this.#server.sessionCount;
  }

  /** Lets clients ask for workers that run this function, such as `./worker.ts::echo`. */
  registerWorker(name: string, fn: string, more: Omit<RegisteredWorker, "fn"> = {}): void {
    this.#workers.set(name, { fn, ...more });
  }

  /**
   * Begins to listen; disposing what this returns ends it.
   *
   * @throws {InvalidArgumentError} If others could listen in or use it: beyond this machine it needs
   * token and TLS, or `insecure`.
   */
  // deno-lint-ignore require-await
  async serveBackground(address: ListenAddress = {}): Promise<this> {
    this.#server.listen(address);
    return this;
  }

  /** Serves until a client asks it to end, or the signal is aborted. */
  async serve(
    address: ListenAddress = {},
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<void> {
    signal?.throwIfAborted();
    await this.serveBackground(address);
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    signal?.addEventListener("abort", abort, { once: true });
    await Promise.race([this.#shutdown.promise, aborted.promise]);
    signal?.removeEventListener("abort", abort);
    await this.stop();
  }

  /** Waits until a client asks the server to end. */
  waitForShutdown(): Promise<void> {
    return this.#shutdown.promise;
  }

  /** Ends all sessions, with what runs for them, and stops listening. */
  async stop(): Promise<void> {
    await this.#server.stop();
  }

  /** Ends the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #host(): SessionHost {
    const { limits = {}, permissions = "none", projectRoot = Deno.cwd() } = this.#options;
    const { maxProcesses = navigator.hardwareConcurrency } = limits;
    return {
      workers: this.#workers,
      maxProcesses,
      poolOptions: { permissions, projectRoot },
      allowShutdown: this.#options.allowShutdown ?? false,
      shutdown: () => this.#shutdown.resolve(),
    };
  }
}
