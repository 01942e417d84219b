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
import { Outbox, type Outgoing, type WireMessage, wireMessage } from "./outbox.ts";
import { fromPortable } from "./portable.ts";

/** What messages are posted to: a `Worker`, a `MessagePort`, or the scope of a Worker. */
export interface PostTarget {
  /** Posts a structured clone. */
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** What the other end posts: messages, or null for its end. */
export type ThreadPost = WireMessage[] | null;

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
  #closed: Error | undefined;

  /**
   * Creates an end.
   *
   * @param deliver Gets what arrives at once, instead of `recv`.
   */
  constructor(target: PostTarget, deliver?: (key: string, data: unknown) => void) {
    this.#target = target;
    this.#deliver = deliver;
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  send(key: string, data: unknown, options?: SendOptions): Promise<void> {
    try {
      checkKey(key);
      if (this.#closed) throw this.#closed;
      return this.#outbox.add(wireMessage(key, data), options?.transfer);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  sendNow(key: string, data: unknown): void {
    if (this.#closed) throw this.#closed;
    this.#outbox.flush();
    this.#target.postMessage([wireMessage(key, data)], []);
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
    for (const [key, data, substitutes] of post) {
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
    const transfer = batch.flatMap(({ transfer }) => transfer ?? []);
    this.#target.postMessage(batch.map(({ message }) => message), transfer);
    for (const { written } of batch) written();
  }
}
