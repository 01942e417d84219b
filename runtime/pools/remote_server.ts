/**
 * Serving pools to other machines.
 *
 * @module
 */
import { timingSafeEqual } from "node:crypto";
import { InvalidArgumentError } from "../../sim/error.ts";
import type { PoolPermissions } from "../schema/pool.ts";
import { hello, readHello, REMOTE_PATH, REMOTE_PROTOCOL } from "./remote_protocol.ts";
import { type RegisteredWorker, RemoteSession, type SessionHost } from "./remote_session.ts";

/** Limits of a server. */
export interface RemoteServerLimits {
  /**
   * Clients at a time.
   *
   * @default {16}
   */
  maxSessions?: number;
  /**
   * Workers a client may ask for.
   *
   * @default {navigator.hardwareConcurrency}
   */
  maxProcesses?: number;
  /**
   * Largest message in bytes.
   *
   * @default {268_435_456}
   */
  maxMessageSize?: number;
}

/** Options of a {@linkcode RemotePoolServer}. */
export interface RemotePoolServerOptions {
  /** Secrets that clients may show, of at least 16 characters; needed except on loopback addresses. */
  token?: string | readonly string[] | undefined;
  /** Certificate in PEM; with `key` the server speaks TLS. */
  cert?: string | undefined;
  /** Its private key in PEM. */
  key?: string | undefined;
  /**
   * What the code of workers may do.
   *
   * @default {"none"}
   */
  permissions?: "inherit" | "none" | PoolPermissions | undefined;
  /** Limits. */
  limits?: RemoteServerLimits | undefined;
  /**
   * Origins of web pages that may connect.
   *
   * @default {[]}
   */
  allowOrigins?: readonly string[] | undefined;
  /**
   * Whether clients may end the server.
   *
   * @default {false}
   */
  allowShutdown?: boolean | undefined;
  /**
   * Listen beyond this machine without token or TLS.
   *
   * @default {false}
   */
  insecure?: boolean | undefined;
  /**
   * Seconds for which a client that is cut off may come back.
   *
   * @default {30}
   */
  resumeWindow?: number | undefined;
  /**
   * Seconds of silence after which a client is asked whether it lives.
   *
   * @default {10}
   */
  heartbeatInterval?: number | undefined;
  /**
   * Seconds without a sign of life after which its connection counts as lost.
   *
   * @default {30}
   */
  heartbeatTimeout?: number | undefined;
  /**
   * Folder from which worker functions are named, and which their code may read.
   *
   * @default {Deno.cwd()}
   */
  projectRoot?: string | undefined;
}

/** Where a server listens. */
export interface ListenAddress {
  /**
   * Name or number of the address.
   *
   * @default {"127.0.0.1"}
   */
  hostname?: string;
  /**
   * The port; 0 takes a free one.
   *
   * @default {8080}
   */
  port?: number;
}

/** Wrong tokens that an address may try in a minute. */
const maxBadTries = 10;
/** Shortest token. */
const minTokenLength = 16;
const minuteMs = 60_000;
/** How long a client has to say hello. */
const helloMs = 10_000;

/**
 * Serves pools of subprocesses: one a client, of the worker functions that are registered.
 *
 * @example
 * ```ts ignore
 * const server = new RemotePoolServer({ token: Deno.env.get("POOL_TOKEN") });
 * server.registerWorker("my_worker", "./worker.ts::myWorker");
 * await using running = await server.serveBackground({ port: 8765 });
 * await server.waitForShutdown();
 * ```
 */
export class RemotePoolServer implements AsyncDisposable {
  readonly #options: RemotePoolServerOptions;
  readonly #tokens: readonly Uint8Array[];
  readonly #workers = new Map<string, RegisteredWorker>();
  readonly #sessions = new Map<string, RemoteSession>();
  readonly #ending = new Set<Promise<void>>();
  readonly #badTries = new Map<string, { count: number; until: number }>();
  readonly #shutdown = Promise.withResolvers<void>();
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;

  /**
   * Creates a server that does not listen.
   *
   * @throws {InvalidArgumentError} If a token is too short.
   */
  constructor(options: RemotePoolServerOptions = {}) {
    const { token = [] } = options;
    const tokens = typeof token === "string" ? [token] : [...token];
    if (tokens.some(({ length }) => length < minTokenLength)) {
      throw new InvalidArgumentError(
        `Cannot serve pools: a token must have at least ${minTokenLength} characters`,
      );
    }
    this.#options = options;
    this.#tokens = tokens.map((text) => new TextEncoder().encode(text));
  }

  /** Names of the workers that clients may ask for. */
  get registeredWorkers(): string[] {
    return [...this.#workers.keys()];
  }

  /** The port on which it listens. */
  get port(): number {
    return this.#server!.addr.port;
  }

  /** How many clients there are. */
  get sessionCount(): number {
    return this.#sessions.size;
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
    const { hostname = "127.0.0.1", port = 8080 } = address;
    const { cert, key, insecure = false } = this.#options;
    const isLoopback = hostname === "localhost" || hostname === "::1" ||
      hostname.startsWith("127.");
    const isSafe = this.#tokens.length > 0 && cert !== undefined;
    if (!isLoopback && !isSafe && !insecure) {
      throw new InvalidArgumentError(
        `Cannot serve pools on ${hostname}: beyond this machine that needs a token and TLS ` +
          "(`cert`, `key`); `insecure: true` lets everybody use it",
      );
    }
    this.#server = Deno.serve({
      hostname,
      port,
      ...cert !== undefined && key !== undefined && { cert, key },
      onListen() {},
    } as Deno.ServeTcpOptions, (request, info) => this.#handle(request, info.remoteAddr));
    return this;
  }

  /** Serves until a client asks it to end, or the signal is aborted. */
  async serve(
    address: ListenAddress = {},
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.serveBackground(address);
    const aborted = new Promise<void>((resolve) =>
      signal?.addEventListener("abort", () => resolve(), { once: true })
    );
    await Promise.race([this.#shutdown.promise, aborted]);
    await this.stop();
  }

  /** Waits until a client asks the server to end. */
  waitForShutdown(): Promise<void> {
    return this.#shutdown.promise;
  }

  /** Ends all sessions and stops listening. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const { socket } of sessions) socket?.close(1001, "the server ends");
    await Promise.all(sessions.map((session) => this.#end(session)));
    await Promise.all(this.#ending);
    await server?.shutdown();
  }

  /** Ends the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #handle(request: Request, address: Deno.NetAddr): Response {
    if (new URL(request.url).pathname !== REMOTE_PATH) return new Response(null, { status: 404 });
    const origin = request.headers.get("origin");
    if (origin !== null && !this.#options.allowOrigins?.includes(origin)) {
      return new Response("This origin may not connect", { status: 403 });
    }
    const refusal = this.#checkToken(request, address.hostname);
    if (refusal) return refusal;
    const isUpgrade = request.headers.get("upgrade")?.toLowerCase() === "websocket";
    const protocols = request.headers.get("sec-websocket-protocol")?.split(/\s*,\s*/) ?? [];
    if (!isUpgrade || !protocols.includes(REMOTE_PROTOCOL)) {
      return new Response(`Connect by WebSocket with ${REMOTE_PROTOCOL}`, { status: 426 });
    }
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: REMOTE_PROTOCOL });
    this.#welcome(socket);
    return response;
  }

  #checkToken(request: Request, address: string): Response | undefined {
    if (this.#tokens.length === 0) return undefined;
    const now = Date.now();
    const tries = this.#badTries.get(address);
    if (tries && tries.until > now && tries.count >= maxBadTries) {
      return new Response("Too many wrong tokens", { status: 429 });
    }
    const given = new TextEncoder().encode(
      /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "",
    );
    const matches = this.#tokens.filter((token) =>
      token.byteLength === given.byteLength && timingSafeEqual(token, given)
    );
    if (matches.length > 0) return undefined;
    if (tries && tries.until > now) tries.count++;
    else this.#badTries.set(address, { count: 1, until: now + minuteMs });
    return new Response("Wrong token", { status: 401 });
  }

  /** Waits for the hello of a connection, then makes or resumes its session. */
  #welcome(socket: WebSocket): void {
    socket.binaryType = "arraybuffer";
    let session: RemoteSession | undefined;
    const timer = setTimeout(() => socket.close(1002, "no hello"), helloMs);
    socket.onmessage = ({ data }) => {
      if (session) return session.link.receive(data);
      clearTimeout(timer);
      session = this.#admit(socket, data);
    };
    socket.onclose = (event) => {
      clearTimeout(timer);
      if (!session || session.socket !== socket) return;
      session.socket = undefined;
      session.link.detach();
      if (event.code === 1000 || !this.#sessions.has(session.id)) void this.#end(session);
      else this.#awaitReturn(session);
    };
    socket.onerror = () => {
      // What follows is a close.
    };
  }

  #admit(socket: WebSocket, data: unknown): RemoteSession | undefined {
    const greeting = readHello(data);
    if (typeof greeting === "string") {
      socket.close(1002, greeting);
      return undefined;
    }
    const { sessionId, resumeToken, lastReceived } = greeting;
    let session: RemoteSession;
    if (sessionId === undefined) {
      const { maxSessions = 16 } = this.#options.limits ?? {};
      if (this.#sessions.size >= maxSessions) {
        socket.close(1013, `the server has its ${maxSessions} clients`);
        return undefined;
      }
      session = this.#newSession();
    } else {
      const known = this.#sessions.get(sessionId);
      if (!known || known.resumeToken !== resumeToken) {
        socket.close(4404, "the session is over");
        return undefined;
      }
      session = known;
      clearTimeout(session.timer);
      // The earlier connection may not have noticed that it is dead.
      session.link.detach();
      session.socket?.close();
    }
    session.socket = socket;
    socket.send(hello({
      maxMessageSize: this.#host.maxMessageSize,
      lastReceived: session.link.lastReceived,
      sessionId: session.id,
      resumeToken: session.resumeToken,
    }));
    session.link.attach(socket, lastReceived);
    return session;
  }

  #newSession(): RemoteSession {
    const session: RemoteSession = new RemoteSession(this.#host, (reason, isFatal) => {
      const { socket } = session;
      session.socket = undefined;
      if (isFatal) {
        socket?.close(reason.includes("allowed are") ? 1009 : 1002, reason);
        void this.#end(session);
      } else {
        socket?.close();
        this.#awaitReturn(session);
      }
    });
    this.#sessions.set(session.id, session);
    return session;
  }

  #awaitReturn(session: RemoteSession): void {
    clearTimeout(session.timer);
    const { resumeWindow = 30 } = this.#options;
    session.timer = setTimeout(() => void this.#end(session), resumeWindow * 1000);
  }

  /** Ends a session; the server's own end waits for that. */
  async #end(session: RemoteSession): Promise<void> {
    this.#sessions.delete(session.id);
    const ending = session.close().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    await ending;
  }

  get #host(): SessionHost {
    const { limits = {}, permissions = "none", projectRoot = Deno.cwd() } = this.#options;
    const { maxProcesses = navigator.hardwareConcurrency, maxMessageSize = 268_435_456 } = limits;
    return {
      workers: this.#workers,
      maxProcesses,
      maxMessageSize,
      heartbeatInterval: this.#options.heartbeatInterval ?? 10,
      heartbeatTimeout: this.#options.heartbeatTimeout ?? 30,
      poolOptions: { permissions, projectRoot, max_message_size: maxMessageSize },
      requestShutdown: () => {
        if (!this.#options.allowShutdown) return false;
        this.#shutdown.resolve();
        return true;
      },
    };
  }
}
