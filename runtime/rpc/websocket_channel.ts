/**
 * Channels between machines.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import { checkKey, type Message, type RecvOptions, type RPCChannel } from "./channel.ts";
import type { SendOptions } from "./channel.ts";
import { ChannelBroken, ChannelClosed } from "./error.ts";
import { Inbox } from "./inbox.ts";
import type { ReliableLink } from "./reliable_link.ts";
import { CLOSE_CODES } from "./websocket_close.ts";
import { SessionClient, type WebSocketClientOptions } from "./websocket_client.ts";
import {
  type ListenAddress,
  WebSocketServer,
  type WebSocketServerOptions,
} from "./websocket_server.ts";
import { within } from "./within.ts";

/** Path of the endpoint of a server of channels. */
const CHANNEL_PATH = "/v1/channel";

/** How long the end of a server waits for handlers whose channels are closed. */
const handlerSeconds = 5;

/** What is behind an end of a channel. */
interface ChannelSession {
  readonly link: ReliableLink;
  close(code?: number, reason?: string): Promise<void>;
}

/** A message, and who is told that it is taken. */
interface Received {
  readonly message: Message;
  taken(): void;
}

/** An end of a channel, and what its session tells it. */
interface ChannelEnd {
  readonly channel: WebSocketChannel;
  readonly handlers: {
    deliver(key: string, data: unknown): Promise<void>;
    ended(error: ChannelClosed | ChannelBroken): void;
  };
  /** Says what is behind it. */
  join(session: ChannelSession): void;
  /** Closes it, and says why. */
  close(code: number, reason: string): Promise<void>;
}

let newEnd: () => ChannelEnd;

/** One end of a channel over a WebSocket; {@linkcode connect} and {@linkcode serve} make them. */
export class WebSocketChannel implements RPCChannel {
  readonly #inbox = new Inbox<Received>();
  #session: ChannelSession | undefined;
  #closed: Error | undefined;

  private constructor() {}

  static {
    newEnd = () => {
      const channel = new WebSocketChannel();
      return {
        channel,
        handlers: {
          deliver: (key, data) => channel.#received(key, data),
          ended: (error) => channel.#ended(error),
        },
        join: (session) => void (channel.#session = session),
        close: (code, reason) => channel.#close(code, reason),
      };
    };
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  async send(key: string, data: unknown, { signal }: SendOptions = {}): Promise<void> {
    checkKey(key);
    signal?.throwIfAborted();
    if (this.#closed) throw this.#closed;
    const sent = this.#session!.link.send(key, data);
    if (!signal) return await sent;
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await Promise.race([sent, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  async recv(options?: RecvOptions): Promise<Message> {
    const { message, taken } = await this.#inbox.take(options);
    taken();
    return message;
  }

  tryRecv(): Message | undefined {
    const received = this.#inbox.tryTake();
    received?.taken();
    return received?.message;
  }

  async close(): Promise<void> {
    await this.#close(CLOSE_CODES.NORMAL, "");
  }

  /** Closes this end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(code: number, reason: string): Promise<void> {
    this.#inbox.drop(new ChannelClosed("this end was closed"));
    this.#closed ??= new ChannelClosed("this end was closed");
    await this.#session!.close(code, reason);
  }

  /** Resolves when the message is taken: what nobody takes, the other end stops sending. */
  #received(key: string, data: unknown): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#inbox.isEnded) resolve();
    else this.#inbox.push({ message: [key, data], taken: resolve });
    return promise;
  }

  #ended(error: ChannelClosed | ChannelBroken): void {
    this.#closed ??= error;
    this.#inbox.end(error);
  }
}

/**
 * Opens a channel to a server of channels.
 *
 * @param url Its address, such as `ws://127.0.0.1:8765` or `wss://host:8765`.
 * @param options What to show and how long to wait. With `reconnect` the channel outlives a lost
 * connection for as long as the server keeps it; without, which is the default, it is broken then.
 * @returns The channel; disposing it closes it.
 * @throws {ConnectError} If the server cannot be reached, or refuses.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { connectChannel, serveBackground } from "@netrun/netrun/pools";
 *
 * await using server = await serveBackground(async (channel) => {
 *   for (;;) {
 *     const [key, data] = await channel.recv();
 *     await channel.send(key, `${data}, too`);
 *   }
 * }, { port: 0 });
 * await using channel = await connectChannel(`ws://127.0.0.1:${server.port}`);
 * await channel.send("greet", "hello");
 * assertEquals(await channel.recv(), ["greet", "hello, too"]);
 * ```
 */
export async function connectChannel(
  url: string,
  options: WebSocketClientOptions = {},
): Promise<WebSocketChannel> {
  const { channel, handlers, join } = newEnd();
  join(await SessionClient.open({ ...options, ...handlers, url, path: CHANNEL_PATH }));
  return channel;
}

/** {@linkcode connectChannel} by the name that goes with `await using`. */
export const connect: typeof connectChannel = connectChannel;

/** Does what a channel is there for; the channel is closed when it returns or throws. */
export type ChannelHandler = (channel: WebSocketChannel) => Promise<void> | void;

/** Options of a server of channels. */
export interface ServeChannelsOptions extends WebSocketServerOptions, ListenAddress {
  /** Ends the server. */
  signal?: AbortSignal | undefined;
  /**
   * Told what handlers throw, but for the end of their channels.
   *
   * @default {console.error}
   */
  onError?: (error: unknown) => void;
}

/** A server of channels. */
export interface ChannelServer extends AsyncDisposable {
  /** The port on which it listens. */
  readonly port: number;
  /** How many channels there are. */
  readonly channelCount: number;
  /** Resolves when it has ended. */
  readonly finished: Promise<void>;
  /** Closes all channels and stops listening. */
  stop(): Promise<void>;
}

/**
 * Serves channels, one call of `handler` each.
 *
 * @param handler When it returns, or its channel is closed, the channel ends in order; when it throws
 * anything else, the other end gets a `ChannelBroken`.
 * @returns The server, which listens; disposing it stops it.
 * @throws {InvalidArgumentError} If others could listen in or use it: beyond this machine it needs
 * token and TLS, or `insecure`.
 */
export async function serveBackground(
  handler: ChannelHandler,
  options: ServeChannelsOptions = {},
): Promise<ChannelServer> {
  const { signal, onError = console.error, ...rest } = options;
  if (typeof handler !== "function") {
    throw new InvalidArgumentError(`Cannot serve channels: a handler is needed, got ${handler}`);
  }
  signal?.throwIfAborted();
  const running = new Set<Promise<void>>();
  const server = new WebSocketServer(rest, {
    path: CHANNEL_PATH,
    open(session) {
      const end = newEnd();
      end.join(session);
      const run = handle(end, handler, onError).finally(() => running.delete(run));
      running.add(run);
      return end.handlers;
    },
  });
  const finished = Promise.withResolvers<void>();
  let stopping: Promise<void> | undefined;
  const stop = () =>
    stopping ??= (async () => {
      signal?.removeEventListener("abort", stop);
      await server.stop();
      await within(handlerSeconds, Promise.all(running)).catch(() => {});
      finished.resolve();
    })();
  signal?.addEventListener("abort", stop, { once: true });
  server.listen(rest);
  return await Promise.resolve({
    get port() {
      return server.port;
    },
    get channelCount() {
      return server.sessionCount;
    },
    finished: finished.promise,
    stop,
    [Symbol.asyncDispose]: stop,
  });
}

/** As {@linkcode serveBackground}, until `signal` is aborted. */
export async function serve(
  handler: ChannelHandler,
  options: ServeChannelsOptions = {},
): Promise<void> {
  await using server = await serveBackground(handler, options);
  await server.finished;
}

async function handle(
  { channel, close }: ChannelEnd,
  handler: ChannelHandler,
  onError: (error: unknown) => void,
): Promise<void> {
  try {
    // The session has its connection when it is opened.
    await Promise.resolve();
    await handler(channel);
  } catch (error) {
    // A handler that loops ends by the end of its channel.
    if (!(error instanceof ChannelClosed)) {
      if (!(error instanceof ChannelBroken && channel.isClosed)) onError(error);
      return await close(CLOSE_CODES.FAILED, "its handler has thrown");
    }
  }
  await channel.close();
}
