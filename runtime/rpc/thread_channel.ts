/**
 * Channels between the main thread and a Worker.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import {
  checkKey,
  type Message,
  type RecvOptions,
  type SendOptions,
  type WorkerChannel,
} from "./channel.ts";
import { ChannelBroken, ChannelClosed } from "./error.ts";
import { Inbox } from "./inbox.ts";
import {
  joinTexts,
  Outbox,
  type Outgoing,
  type PackedMessage,
  packMessage,
  packMovable,
  unpackMessage,
} from "./outbox.ts";
import { fromPortable } from "./portable.ts";
import type { SharedTexts } from "./shared_texts.ts";

/** What messages are posted to: a `Worker`, a `MessagePort`, or the scope of a Worker. */
export interface PostTarget {
  /** Posts a structured clone. */
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/**
 * What the other end posts: messages, as one text if all are texts; 0 if there are texts in shared
 * memory; or null for its end.
 */
export type ThreadPost = readonly unknown[] | string | 0 | null;

/** Whether something that was posted is a channel's. */
export function isThreadPost(post: unknown): post is ThreadPost {
  return post === null || post === 0 || typeof post === "string" || Array.isArray(post);
}

/** Options of a {@linkcode ThreadChannel}. */
export interface ThreadChannelOptions {
  /** Gets what arrives at once, instead of `recv`. */
  deliver?: (key: string, data: unknown) => void;
  /** Largest message in bytes, as far as that is known without writing it down. */
  maxMessageSize?: number;
  /** Where texts are left for the other end. */
  outgoing?: SharedTexts | undefined;
  /** Where the other end leaves texts. */
  incoming?: SharedTexts | undefined;
}

/**
 * One end of a channel over `postMessage`.
 *
 * Whoever owns the target hands what arrives to {@linkcode ThreadChannel.receive}.
 */
export class ThreadChannel implements WorkerChannel {
  readonly #target: PostTarget;
  readonly #inbox = new Inbox<Message>();
  readonly #outbox: Outbox = new Outbox((batch) => this.#post(batch));
  readonly #deliver: ((key: string, data: unknown) => void) | undefined;
  readonly #maxMessageSize: number;
  readonly #outgoing: SharedTexts | undefined;
  readonly #incoming: SharedTexts | undefined;
  #closed: Error | undefined;

  /** Creates an end. */
  constructor(target: PostTarget, options: ThreadChannelOptions = {}) {
    this.#target = target;
    this.#deliver = options.deliver;
    this.#maxMessageSize = options.maxMessageSize ?? Infinity;
    this.#outgoing = options.outgoing;
    this.#incoming = options.incoming;
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  send(key: string, data: unknown, options?: SendOptions): Promise<void> {
    try {
      checkKey(key);
      if (this.#closed) throw this.#closed;
      const { message, transfer } = this.#pack(key, data, options);
      return this.#outbox.add(message, transfer);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  post(key: string, data: unknown, failed: (error: unknown) => void, options?: SendOptions): void {
    checkKey(key);
    if (this.#closed) throw this.#closed;
    const { message, transfer } = this.#pack(key, data, options);
    this.#outbox.push({ message, transfer, written: ignore, failed });
  }

  flush(): undefined {
    this.#outbox.flush();
  }

  sendNow(key: string, data: unknown): void {
    if (this.#closed) throw this.#closed;
    this.#outbox.flush();
    this.#transmit([packMessage(key, data)], none);
  }

  listen(listener: (key: string, data: unknown) => void): Promise<never> {
    return this.#inbox.listen(([key, data]) => listener(key, data));
  }

  recv(options?: RecvOptions): Promise<Message> {
    return this.#inbox.take(options);
  }

  tryRecv(): Message | undefined {
    return this.#inbox.tryTake();
  }

  /** Takes what the other end has posted. */
  receive(post: ThreadPost): void {
    if (post === 0) return this.#takeTexts();
    this.takeAllTexts();
    if (post === null) {
      this.#closed ??= new ChannelClosed("the other end was closed");
      return this.#inbox.end(new ChannelClosed("the other end was closed"));
    }
    this.#incoming?.sawPost();
    if (typeof post === "string") this.#takeText(post);
    else this.#takeMessages(post as PackedMessage[]);
  }

  /** Takes all that the other end has left, before something is looked at that it has posted. */
  takeAllTexts(): void {
    while (this.#incoming?.take(this.#takeText)) { /* Until there are no more. */ }
  }

  /** Takes what is there; the other end, which may add to it for ever, must not hold up everything. */
  readonly #takeTexts = (): void => {
    if (this.#incoming?.take(this.#takeText)) setImmediate(this.#takeTexts);
  };

  readonly #takeText = (text: string): void => this.#takeMessages(JSON.parse(text));

  #takeMessages(messages: readonly PackedMessage[]): void {
    for (const message of messages) {
      const [key, data, substitutes] = unpackMessage(message);
      const value = fromPortable(data, substitutes);
      if (this.#deliver) this.#deliver(key, value);
      else this.#inbox.push([key, value]);
    }
  }

  /** Ends the channel because what carries it is gone. */
  break(reason: string): void {
    this.takeAllTexts();
    const error = new ChannelBroken(reason);
    this.#closed ??= error;
    this.#inbox.end(error);
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#outbox.flush();
      this.#target.postMessage(null, []);
      this.#closed = new ChannelClosed("this end was closed");
    }
    this.#inbox.drop(new ChannelClosed("this end was closed"));
    return Promise.resolve();
  }

  /** Closes this end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #pack(
    key: string,
    data: unknown,
    options: SendOptions | undefined,
  ): Pick<Outgoing, "message" | "transfer"> {
    const limit = this.#maxMessageSize;
    const transfer = options?.transfer;
    return transfer
      ? { message: packMessage(key, data, limit), transfer }
      : packMovable(key, data, limit);
  }

  #post(batch: Outgoing[]): void {
    if (this.#closed) {
      for (const { failed } of batch) failed(this.#closed);
      return;
    }
    try {
      this.#postAll(batch);
    } catch {
      // One of them has no copy after all: then it alone fails.
      for (const outgoing of batch) {
        try {
          this.#postAll([outgoing]);
        } catch (error) {
          outgoing.failed(error);
        }
      }
    }
  }

  #transmit(messages: PackedMessage[], transfers: Transferable[]): void {
    const text = joinTexts(messages);
    const written = text === undefined || transfers.length > 0
      ? "full"
      : this.#outgoing?.write(text) ?? "full";
    if (written === "first") this.#target.postMessage(0, none);
    if (written !== "full") return;
    this.#target.postMessage(text ?? messages, transfers);
    this.#outgoing?.posted();
  }

  #postAll(batch: Outgoing[]): void {
    const messages: PackedMessage[] = [];
    let transfers: Transferable[] = none;
    for (const { message, transfer } of batch) {
      messages.push(message);
      if (transfer) transfers = transfers.concat(transfer);
    }
    this.#transmit(messages, transfers);
    for (const { written } of batch) written();
  }
}

const none: Transferable[] = [];

function ignore(): void {}
