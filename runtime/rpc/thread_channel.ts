/**
 * Channels between the main thread and a Worker.
 *
 * @module
 */
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
  unpackMessage,
} from "./outbox.ts";
import { fromPortable } from "./portable.ts";

/** What messages are posted to: a `Worker`, a `MessagePort`, or the scope of a Worker. */
export interface PostTarget {
  /** Posts a structured clone. */
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** What the other end posts: messages, as one text if all are texts, or null for its end. */
export type ThreadPost = PackedMessage[] | string | null;

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
  #closed: Error | undefined;

  /**
   * Creates an end.
   *
   * @param deliver Gets what arrives at once, instead of `recv`.
   * @param maxMessageSize Largest message in bytes, as far as that is known without writing it down.
   */
  constructor(
    target: PostTarget,
    deliver?: (key: string, data: unknown) => void,
    maxMessageSize: number = Infinity,
  ) {
    this.#target = target;
    this.#deliver = deliver;
    this.#maxMessageSize = maxMessageSize;
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  send(key: string, data: unknown, options?: SendOptions): Promise<void> {
    try {
      checkKey(key);
      if (this.#closed) throw this.#closed;
      const message = packMessage(key, data, this.#maxMessageSize);
      return this.#outbox.add(message, options?.transfer);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  post(key: string, data: unknown, failed: (error: unknown) => void, options?: SendOptions): void {
    checkKey(key);
    if (this.#closed) throw this.#closed;
    const message = packMessage(key, data, this.#maxMessageSize);
    this.#outbox.push({ message, transfer: options?.transfer, written: ignore, failed });
  }

  flush(): undefined {
    this.#outbox.flush();
  }

  sendNow(key: string, data: unknown): void {
    if (this.#closed) throw this.#closed;
    this.#outbox.flush();
    this.#target.postMessage([packMessage(key, data)], []);
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
    if (post === null) {
      this.#closed ??= new ChannelClosed("the other end was closed");
      return this.#inbox.end(new ChannelClosed("the other end was closed"));
    }
    const messages: PackedMessage[] = typeof post === "string" ? JSON.parse(post) : post;
    for (const message of messages) {
      const [key, data, substitutes] = unpackMessage(message);
      const value = fromPortable(data, substitutes);
      if (this.#deliver) this.#deliver(key, value);
      else this.#inbox.push([key, value]);
    }
  }

  /** Ends the channel because what carries it is gone. */
  break(reason: string): void {
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

  #postAll(batch: Outgoing[]): void {
    const messages: PackedMessage[] = [];
    let transfers: Transferable[] = none;
    for (const { message, transfer } of batch) {
      messages.push(message);
      if (transfer) transfers = transfers.concat(transfer);
    }
    this.#target.postMessage(joinTexts(messages) ?? messages, transfers);
    for (const { written } of batch) written();
  }
}

const none: Transferable[] = [];

function ignore(): void {}
