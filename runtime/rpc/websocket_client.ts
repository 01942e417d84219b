/**
 * A client's end of a session over WebSockets, which outlives its connections.
 *
 * @module
 */
import { ChannelBroken, ChannelClosed, ConnectError } from "./error.ts";
import type { WireMessage } from "./outbox.ts";
import { ReliableLink } from "./reliable_link.ts";
import { CLOSE_CODES } from "./websocket_close.ts";
import { type Connection, openConnection, SessionOver } from "./websocket_connection.ts";
import { within } from "./within.ts";

/** Options of all who connect to a server; the names are those of a pool's configuration. */
export interface WebSocketClientOptions {
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
  /** Connect again after a loss. */
  reconnect?: boolean;
  /**
   * Largest message in bytes.
   *
   * @default {268_435_456}
   */
  max_message_size?: number;
}

/** What a session is opened with. */
export interface SessionClientOptions extends WebSocketClientOptions {
  readonly url: string;
  /** Path of the server's endpoint. */
  readonly path: string;
  /** Gets what the server sends; it may send more when a returned promise resolves. */
  readonly deliver: (key: string, data: unknown) => Promise<void> | void;
  /**
   * Told when the session is over, if not by its own close.
   *
   * @param unacknowledged What the server has not got.
   */
  readonly ended: (
    error: ChannelClosed | ChannelBroken,
    unacknowledged: readonly WireMessage[],
  ) => void;
}

/** Waits between attempts to connect again: from so long up to so long. */
const firstWaitMs = 500;
const longestWaitMs = 15_000;
/** How long what is still to be written is waited for. */
const flushSeconds = 10;

/** Endings that the server means. */
const finalCodes: readonly number[] = Object.values(CLOSE_CODES);

/** A session. */
export class SessionClient {
  /** Carries the messages. */
  readonly link: ReliableLink;
  readonly #options: SessionClientOptions;
  readonly #closing = new AbortController();
  #connection: Connection | undefined;
  /** What the server has said last. */
  #known!: Pick<Connection, "session" | "greeting" | "clockOffsetMs">;
  #isOpened = false;
  #isOver = false;
  /** Why it is over although nobody has it yet. */
  #earlyEnd: ChannelClosed | ChannelBroken | undefined;

  private constructor(options: SessionClientOptions) {
    this.#options = options;
    this.link = new ReliableLink({
      maxMessageSize: options.max_message_size ?? 268_435_456,
      heartbeatInterval: options.heartbeat_interval ?? 10,
      heartbeatTimeout: options.heartbeat_timeout ?? 30,
      deliver: options.deliver,
      lost: (reason, closeCode) => this.#lost(reason, closeCode),
    });
  }

  /**
   * Opens a session.
   *
   * @throws {ConnectError} If the server cannot be reached, or refuses.
   */
  static async open(options: SessionClientOptions): Promise<SessionClient> {
    const session = new SessionClient(options);
    await session.#connect();
    if (session.#earlyEnd) throw new ConnectError(options.url, session.#earlyEnd.message);
    session.#isOpened = true;
    return session;
  }

  /** How far the server's clock is ahead of ours, in ms. */
  get clockOffsetMs(): number {
    return this.#known.clockOffsetMs;
  }

  /** Whether nothing more comes of it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Ends it: at once, or, if nothing is wrong, when everything is written. */
  async close(code: number = CLOSE_CODES.NORMAL, reason: string = ""): Promise<void> {
    if (this.#isOver) return;
    this.#closing.abort();
    if (code === CLOSE_CODES.NORMAL && this.#connection) {
      await within(flushSeconds, this.link.flushed()).catch(() => {});
    }
    this.#isOver = true;
    this.link.close(new ChannelClosed("this end was closed"));
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close(code, reason);
  }

  async #connect(): Promise<void> {
    const { link } = this;
    const { url, path, token = null, ca_cert = null, reconnect = false } = this.#options;
    const connection = await openConnection({
      url,
      path,
      token,
      caCert: ca_cert,
      maxMessageSize: this.#options.max_message_size ?? 268_435_456,
      lastReceived: link.lastReceived,
      session: this.#known?.session,
      resumes: reconnect,
      received: (data) => {
        if (this.#connection === connection) link.receive(data);
      },
      closed: (code, reason) => {
        if (this.#connection !== connection) return;
        link.detach();
        this.#disconnected(code, reason);
      },
    });
    if (this.#isOver || this.#closing.signal.aborted) {
      return await connection.close(CLOSE_CODES.NORMAL);
    }
    this.#known = connection;
    this.#connection = connection;
    const { lastReceived, maxMessageSize } = connection.greeting;
    link.attach(connection.socket, lastReceived, maxMessageSize);
    connection.release();
  }

  #lost(reason: string, closeCode: number | undefined): void {
    const connection = this.#connection;
    this.#connection = undefined;
    void connection?.close(closeCode, reason);
    if (closeCode !== undefined) return this.#end(new ChannelBroken(reason));
    void this.#resume(reason);
  }

  #disconnected(code: number, reason: string): void {
    this.#connection = undefined;
    if (code === CLOSE_CODES.NORMAL) {
      return this.#end(new ChannelClosed("the other end was closed"));
    }
    if (code === CLOSE_CODES.GOING_AWAY) return this.#end(new ChannelClosed("the server ends"));
    if (finalCodes.includes(code)) return this.#end(new ChannelBroken(reason));
    void this.#resume(reason);
  }

  /** Tries to go on, as long as the server keeps the session. */
  async #resume(reason: string): Promise<void> {
    const { resumeWindow = 0 } = this.#known.greeting;
    const { reconnect = false } = this.#options;
    const over = Date.now() + resumeWindow * 1000;
    let waitMs = firstWaitMs;
    while (reconnect && Date.now() < over) {
      try {
        if (this.#closing.signal.aborted) return;
        return await this.#connect();
      } catch (error) {
        if (error instanceof SessionOver || !(error instanceof ConnectError)) break;
      }
      await this.#pause(Math.min(waitMs, Math.max(0, over - Date.now())));
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
    if (!this.#closing.signal.aborted) this.#end(new ChannelBroken(reason));
  }

  #end(error: ChannelClosed | ChannelBroken): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const unacknowledged = this.link.close(error);
    if (this.#isOpened) this.#options.ended(error, unacknowledged);
    else this.#earlyEnd = error;
  }

  #pause(ms: number): Promise<void> {
    return pause(ms, this.#closing.signal);
  }
}

/** Waits about so long, or until the signal is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  // Clients that have lost the same server do not all come back at once.
  const timer = setTimeout(resolve, ms * (0.75 + Math.random() / 2));
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
