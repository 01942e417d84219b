/**
 * Serving WebSockets: who is let in, and the sessions of those who are.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import { CLOSE_CODES, closeReason } from "./websocket_close.ts";
import { WebSocketDoor } from "./websocket_door.ts";
import { type Hello, readHello, SESSION_PARAMETER, WEBSOCKET_PROTOCOL } from "./websocket_hello.ts";
import { type SessionHandlers, WebSocketSession } from "./websocket_session.ts";
import { within } from "./within.ts";

/** How long clients have to answer the end of the server. */
const closeSeconds = 1;

/** Limits of a server. */
export interface WebSocketServerLimits {
  /**
   * Clients at a time.
   *
   * @default {16}
   */
  maxSessions?: number;
  /**
   * Largest message in bytes.
   *
   * @default {268_435_456}
   */
  maxMessageSize?: number;
  /**
   * Seconds that a client has to say what it wants after it has connected.
   *
   * @default {10}
   */
  handshakeTimeout?: number;
}

/** Options of all servers of WebSockets. */
export interface WebSocketServerOptions {
  /** Secrets that clients may show, of at least 16 characters; needed except on loopback addresses. */
  token?: string | readonly string[] | undefined;
  /** Certificate in PEM; with `key` the server speaks TLS. */
  cert?: string | undefined;
  /** Its private key in PEM. */
  key?: string | undefined;
  /**
   * Origins of web pages that may connect.
   *
   * @default {[]}
   */
  allowOrigins?: readonly string[] | undefined;
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
  /** Limits. */
  limits?: WebSocketServerLimits | undefined;
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

/** What a {@linkcode WebSocketServer} serves. */
export interface WebSocketService {
  /** Path of the address. */
  readonly path: string;
  /** Whether clients are to know of everything that has come before it has effects. */
  readonly acknowledgesFirst?: boolean;
  /** Takes a new session. */
  open(session: WebSocketSession): SessionHandlers;
}

/** Serves sessions. */
export class WebSocketServer {
  readonly #service: WebSocketService;
  readonly #options: WebSocketServerOptions;
  readonly #door: WebSocketDoor;
  readonly #sessions = new Map<string, WebSocketSession>();
  readonly #ending = new Set<Promise<void>>();
  /** Connections whose clients have not said hello. */
  readonly #strangers = new Set<WebSocket>();
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;
  #abort = new AbortController();

  /**
   * Creates a server that does not listen.
   *
   * @throws {InvalidArgumentError} If a token is too short, or one of `cert` and `key` is missing.
   */
  constructor(options: WebSocketServerOptions, service: WebSocketService) {
    if ((options.cert === undefined) !== (options.key === undefined)) {
      throw new InvalidArgumentError("Cannot serve: `cert` and `key` go together");
    }
    this.#options = options;
    this.#service = service;
    this.#door = new WebSocketDoor(options);
  }

  /** The port on which it listens; 0 if it does not. */
  get port(): number {
    return this.#server?.addr.port ?? 0;
  }

  /** How many clients there are. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  /**
   * Begins to listen.
   *
   * @throws {InvalidArgumentError} If it does already, or if others could listen in or use it: beyond
   * this machine it needs token and TLS, or `insecure`.
   */
  listen({ hostname = "127.0.0.1", port = 8080 }: ListenAddress): void {
    const { cert, key, insecure = false } = this.#options;
    if (this.#server) throw new InvalidArgumentError("Cannot serve: the server listens already");
    const isLoopback = hostname === "localhost" || hostname === "::1" ||
      /^127\.\d+\.\d+\.\d+$/.test(hostname);
    const isSafe = this.#door.isLocked && cert !== undefined;
    if (!isLoopback && !isSafe && !insecure) {
      throw new InvalidArgumentError(
        `Cannot serve on ${hostname}: beyond this machine that needs a token and TLS ` +
          "(`cert`, `key`); `insecure: true` lets everybody use it",
      );
    }
    this.#abort = new AbortController();
    this.#server = Deno.serve({
      hostname,
      port,
      ...cert !== undefined && { cert, key },
      signal: this.#abort.signal,
      onListen() {},
    } as Deno.ServeTcpOptions, (request, info) => this.#handle(request, info.remoteAddr));
  }

  /** Ends all sessions and stops listening. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const down = server?.shutdown();
    for (const socket of this.#strangers) socket.close(CLOSE_CODES.GOING_AWAY, "the server ends");
    for (const session of this.#sessions.values()) {
      void session.close(CLOSE_CODES.GOING_AWAY, "the server ends");
    }
    await Promise.all(this.#ending);
    // A client that does not answer the close is not waited for.
    if (down) await within(closeSeconds, down).catch(() => this.#abort.abort());
    await down;
  }

  get #limits(): Required<WebSocketServerLimits> {
    const { maxSessions = 16, maxMessageSize = 268_435_456, handshakeTimeout = 10 } =
      this.#options.limits ?? {};
    return { maxSessions, maxMessageSize, handshakeTimeout };
  }

  #handle(request: Request, address: Deno.NetAddr): Response {
    if (!this.#server) return new Response("The server ends", { status: 503 });
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== this.#service.path) return new Response(null, { status: 404 });
    const refusal = this.#door.refusal(request, address.hostname, Date.now());
    if (refusal) return refusal;
    const isKnown = this.#sessions.has(searchParams.get(SESSION_PARAMETER) ?? "");
    const { maxSessions } = this.#limits;
    if (!isKnown && this.#sessions.size + this.#strangers.size >= maxSessions) {
      return new Response(`The server has its ${maxSessions} clients`, { status: 503 });
    }
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: WEBSOCKET_PROTOCOL });
    this.#welcome(socket);
    return response;
  }

  /** Waits for the hello of a connection, then makes or resumes its session. */
  #welcome(socket: WebSocket): void {
    socket.binaryType = "arraybuffer";
    this.#strangers.add(socket);
    const forget = () => {
      clearTimeout(timer);
      this.#strangers.delete(socket);
    };
    const timer = setTimeout(() => {
      forget();
      socket.close(CLOSE_CODES.PROTOCOL, "no hello came");
    }, this.#limits.handshakeTimeout * 1000);
    socket.onmessage = ({ data }) => {
      if (!this.#strangers.has(socket)) return;
      forget();
      this.#admit(socket, data);
    };
    socket.onclose = forget;
    socket.onerror = () => {
      // What follows is a close.
    };
  }

  #admit(socket: WebSocket, data: unknown): void {
    const greeting = readHello(data);
    if (typeof greeting === "string") {
      return socket.close(CLOSE_CODES.PROTOCOL, closeReason(greeting));
    }
    if (greeting.sessionId === undefined) {
      return this.#newSession(greeting).attach(socket, greeting);
    }
    const known = this.#sessions.get(greeting.sessionId);
    if (known?.belongsTo(greeting)) return known.attach(socket, greeting);
    socket.close(CLOSE_CODES.SESSION_OVER, "the session is over");
  }
  #newSession(greeting: Hello): WebSocketSession {
    const { maxMessageSize } = this.#limits;
    const { heartbeatInterval = 10, heartbeatTimeout = 30, resumeWindow = 30 } = this.#options;
    const session = new WebSocketSession({
      maxMessageSize,
      heartbeatInterval,
      heartbeatTimeout,
      resumeWindow,
      acknowledgesFirst: this.#service.acknowledgesFirst ?? false,
    }, greeting);
    const handlers = this.#service.open(session);
    session.handle({
      deliver: (key, data) => handlers.deliver(key, data),
      ended: (error) => {
        this.#sessions.delete(session.id);
        return handlers.ended(error);
      },
    });
    this.#sessions.set(session.id, session);
    const over = session.over.finally(() => this.#ending.delete(over));
    this.#ending.add(over);
    return session;
  }
}
