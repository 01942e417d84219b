/**
 * Channels between tasks of one thread.
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
import { ChannelClosed } from "./error.ts";
import { Inbox } from "./inbox.ts";

/** One end of a channel through memory: values pass by reference. */
export class AsyncChannel implements WorkerChannel {
  readonly #inbox = new Inbox<Message>();
  #peer: AsyncChannel | undefined;
  #closed: string | undefined;

  /** Joins two ends that are not joined yet. */
  static join(first: AsyncChannel, second: AsyncChannel): void {
    first.#peer = second;
    second.#peer = first;
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  // deno-lint-ignore require-await
  async send(key: string, data: unknown, _options?: SendOptions): Promise<void> {
    checkKey(key);
    this.sendNow(key, data);
  }

  sendNow(key: string, data: unknown): void {
    if (this.#closed !== undefined) throw new ChannelClosed(this.#closed);
    this.#peer!.#inbox.push([key, data]);
  }

  post(key: string, data: unknown): void {
    checkKey(key);
    this.sendNow(key, data);
  }

  flush(): undefined {}

  async listen(listener: (key: string, data: unknown) => void): Promise<never> {
    for (;;) listener(...await this.recv());
  }

  recv(options?: RecvOptions): Promise<Message> {
    return this.#inbox.take(options);
  }

  tryRecv(): Message | undefined {
    return this.#inbox.tryTake();
  }

  close(): Promise<void> {
    if (this.#closed === undefined) {
      this.#peer!.#endedByPeer();
      this.#closed = "this end was closed";
    }
    this.#inbox.drop(new ChannelClosed("this end was closed"));
    return Promise.resolve();
  }

  /** Closes this end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #endedByPeer(): void {
    this.#closed ??= "the other end was closed";
    this.#inbox.end(new ChannelClosed("the other end was closed"));
  }
}

/**
 * Creates both ends of a channel through memory.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const [here, there] = createAsyncChannelPair();
 * await here.send("greet", "hello");
 * assertEquals(await there.recv(), ["greet", "hello"]);
 * await here.close();
 * ```
 */
export function createAsyncChannelPair(): [AsyncChannel, AsyncChannel] {
  const pair: [AsyncChannel, AsyncChannel] = [new AsyncChannel(), new AsyncChannel()];
  AsyncChannel.join(...pair);
  return pair;
}
