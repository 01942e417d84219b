/**
 * One client of a server of WebSockets, as long as it is there or may come back.
 *
 * @module
 */
import { ChannelBroken, ChannelClosed } from "./error.ts";
import { ReliableLink, type ReliableLinkOptions } from "./reliable_link.ts";
import { CLOSE_CODES, closeReason, isFinal } from "./websocket_close.ts";
import { type Hello, hello } from "./websocket_hello.ts";
import { isSameSecret } from "./websocket_door.ts";
import { within } from "./within.ts";

/** What is behind a session. */
export interface SessionHandlers {
  /** Gets what the client sends; it may send more when a returned promise resolves. */
  deliver(key: string, data: unknown): Promise<void> | void;
  /** The session is over: the last word about it. */
  ended(error: ChannelClosed | ChannelBroken): Promise<void> | void;
}

/** What a session has of its server. */
export interface SessionOptions extends
  Pick<
    ReliableLinkOptions,
    "maxMessageSize" | "heartbeatInterval" | "heartbeatTimeout" | "acknowledgesFirst"
  > {
  /** Seconds for which a client that is cut off may come back. */
  readonly resumeWindow: number;
}

/** How long what is still to be written is waited for. */
const flushSeconds = 10;

/** A session. */
export class WebSocketSession {
  /** What it is called. */
  readonly id: string = crypto.randomUUID();
  /** Carries the messages. */
  readonly link: ReliableLink;
  /** Resolves when it is over, and what was behind it has ended. */
  readonly over: Promise<void>;
  readonly #options: SessionOptions;
  readonly #resumeToken: string = crypto.randomUUID() + crypto.randomUUID();
  readonly #over = Promise.withResolvers<void>();
  readonly #resumes: boolean;
  #handlers: SessionHandlers | undefined;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  /** Creates a session without a connection. */
  constructor(options: SessionOptions, { resumes = false }: Hello) {
    this.#options = options;
    this.#resumes = resumes && options.resumeWindow > 0;
    this.over = this.#over.promise;
    this.link = new ReliableLink({
      ...options,
      deliver: (key, data) => this.#handlers?.deliver(key, data),
      lost: (reason, closeCode) => this.#lost(reason, closeCode),
    });
  }

  /** Whether nothing more comes of it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Says what is behind it. */
  handle(handlers: SessionHandlers): void {
    this.#handlers = handlers;
  }

  /** Whether a client that says so is the one that this session belongs to. */
  belongsTo({ resumeToken = "" }: Hello): boolean {
    return this.#resumes && !this.#isOver && isSameSecret(this.#resumeToken, resumeToken);
  }

  /** Goes on over a connection whose client has said hello. */
  attach(socket: WebSocket, { lastReceived, maxMessageSize }: Hello): void {
    clearTimeout(this.#timer);
    // The earlier connection may not have noticed that it is dead.
    const earlier = this.#socket;
    this.link.detach();
    this.#socket = socket;
    earlier?.close();
    socket.onmessage = ({ data }) => this.link.receive(data);
    socket.onclose = ({ code, reason }) => this.#disconnected(socket, code, reason);
    socket.send(hello({
      maxMessageSize: this.#options.maxMessageSize,
      lastReceived: this.link.lastReceived,
      sessionId: this.id,
      resumeToken: this.#resumeToken,
      resumeWindow: this.#options.resumeWindow,
    }));
    this.link.attach(socket, lastReceived, maxMessageSize);
  }

  /** Ends it: at once, or, if nothing is wrong, when everything is written. */
  async close(code: number = CLOSE_CODES.NORMAL, reason: string = ""): Promise<void> {
    if (!this.#isOver && code === CLOSE_CODES.NORMAL) {
      await within(flushSeconds, this.link.flushed()).catch(() => {});
    }
    this.#end(new ChannelClosed("this end was closed"), code, reason);
    await this.over;
  }

  #lost(reason: string, closeCode: number | undefined): void {
    if (closeCode !== undefined) return this.#end(new ChannelBroken(reason), closeCode, reason);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    this.#awaitReturn(reason);
  }

  #disconnected(socket: WebSocket, code: number, reason: string): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.link.detach();
    if (code === CLOSE_CODES.NORMAL) {
      return this.#end(new ChannelClosed("the other end was closed"), code, reason);
    }
    const text = reason || `the connection ended (${code})`;
    if (isFinal(code)) return this.#end(new ChannelBroken(text), code, reason);
    this.#awaitReturn(text);
  }

  #awaitReturn(reason: string): void {
    const end = () => this.#end(new ChannelBroken(reason), CLOSE_CODES.SESSION_OVER, reason);
    if (!this.#resumes) return end();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(end, this.#options.resumeWindow * 1000);
  }

  #end(error: ChannelClosed | ChannelBroken, code: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.link.close(error);
    this.#socket?.close(code, closeReason(reason));
    this.#socket = undefined;
    void (async () => {
      try {
        await this.#handlers?.ended(error);
      } catch {
        // It is over all the same, and nobody is left to be told.
      }
      this.#over.resolve();
    })();
  }
}
