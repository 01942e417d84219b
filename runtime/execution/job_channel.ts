/**
 * The function's end of the channel of a job.
 *
 * @module
 */
import {
  checkKey,
  type Message,
  type RecvOptions,
  type RPCChannel,
  type SendOptions,
} from "../rpc/channel.ts";
import { ChannelClosed } from "../rpc/error.ts";
import { Inbox } from "../rpc/inbox.ts";

/** Messages of one job, which travel among those of its worker. */
export class JobChannel implements RPCChannel {
  readonly #inbox = new Inbox<Message>();
  readonly #send: (message: Message | [], options?: SendOptions) => Promise<void>;
  #closed: string | undefined;

  /** Creates an end; `send` sends a message to the other, or that this one is closed. */
  constructor(send: (message: Message | [], options?: SendOptions) => Promise<void>) {
    this.#send = send;
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  async send(key: string, data: unknown, options?: SendOptions): Promise<void> {
    checkKey(key);
    if (this.#closed !== undefined) throw new ChannelClosed(this.#closed);
    await this.#send([key, data], options);
  }

  recv(options?: RecvOptions): Promise<Message> {
    return this.#inbox.take(options);
  }

  tryRecv(): Message | undefined {
    return this.#inbox.tryTake();
  }

  /** Takes what the other end has sent. */
  receive(key: string, data: unknown): void {
    this.#inbox.push([key, data]);
  }

  /** Nothing more comes, and nothing can be sent. */
  end(reason: string): void {
    this.#closed ??= reason;
    this.#inbox.end(new ChannelClosed(reason));
  }

  async close(): Promise<void> {
    const isNew = this.#closed === undefined;
    this.#closed ??= "this end was closed";
    this.#inbox.drop(new ChannelClosed("this end was closed"));
    if (isNew) await this.#send([]);
  }

  /** Closes this end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
