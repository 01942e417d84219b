/**
 * Channels between processes: frames over two connections, one a direction.
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
import { decodeMessages, encodeMessages, encodeTexts } from "./codec.ts";
import { ChannelBroken, ChannelClosed, MessageTooLarge } from "./error.ts";
import { Inbox } from "./inbox.ts";
import { Outbox, type Outgoing, packMessage } from "./outbox.ts";
import { fromPortable } from "./portable.ts";

/** A frame is its length in four bytes, then so many bytes. A length of 0 says that this end closes. */
const headerSize = 4;
/** What is read at once; larger frames are read into memory of their own. */
const chunkSize = 65_536;

/** What a connection has to be able to do. */
export interface ByteConnection {
  /** Reads some bytes; null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Writes some bytes. */
  write(bytes: Uint8Array): Promise<number>;
  /** Closes it. */
  close(): void;
}

/** Options of a {@linkcode ProcessChannel}. */
export interface ProcessChannelOptions {
  /** Where frames are read. */
  input: ByteConnection;
  /** Where frames are written. */
  output: ByteConnection;
  /** Largest message in bytes. */
  maxMessageSize: number;
  /** Gets what arrives at once, instead of `recv`. */
  deliver?: (key: string, data: unknown) => void;
  /** Told when nothing more arrives: the last error if the connection broke. */
  ended?: (error: ChannelBroken | undefined) => void;
  /** Whether keys may begin with `__`: what is sent is ours alone. */
  sendsReserved?: boolean;
  /** Sends what must leave at once; without it `sendNow` sends like `send`. */
  sendNow?: (key: string, data: unknown) => void;
}

/** One end of a channel over connections. */
export class ProcessChannel implements WorkerChannel {
  /** Resolves when the other end sends nothing more. */
  readonly readToEnd: Promise<void>;
  readonly #options: ProcessChannelOptions;
  readonly #inbox = new Inbox<Message>();
  readonly #outbox: Outbox = new Outbox((batch) => this.#write(batch));
  /** What is to be written after what is being written. */
  #pending: Outgoing[] = [];
  /** Resolves when everything is written; undefined if it is. */
  #writing: Promise<void> | undefined;
  /** Where small frames are put together. */
  readonly #frame = new Uint8Array(chunkSize);
  #closed: Error | undefined;

  /** Creates an end, which begins to read. */
  constructor(options: ProcessChannelOptions) {
    this.#options = options;
    this.readToEnd = this.#read();
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  send(key: string, data: unknown, _options?: SendOptions): Promise<void> {
    try {
      if (!this.#options.sendsReserved) checkKey(key);
      if (this.#closed) throw this.#closed;
      return this.#outbox.add(packMessage(key, data, Infinity, "keep"));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  post(key: string, data: unknown, failed: (error: unknown) => void): void {
    if (!this.#options.sendsReserved) checkKey(key);
    if (this.#closed) throw this.#closed;
    const message = packMessage(key, data, Infinity, "keep");
    this.#outbox.push({ message, transfer: undefined, written: ignore, failed });
  }

  flush(): Promise<void> | undefined {
    this.#outbox.flush();
    return this.#writing;
  }

  listen(listener: (key: string, data: unknown) => void): Promise<never> {
    return this.#inbox.listen(([key, data]) => listener(key, data));
  }

  sendNow(key: string, data: unknown): void {
    if (this.#options.sendNow) return this.#options.sendNow(key, data);
    this.send(key, data).catch(() => {});
  }

  recv(options?: RecvOptions): Promise<Message> {
    return this.#inbox.take(options);
  }

  tryRecv(): Message | undefined {
    return this.#inbox.tryTake();
  }

  async close(): Promise<void> {
    this.#inbox.drop(new ChannelClosed("this end was closed"));
    if (this.#closed) return;
    this.#outbox.flush();
    this.#closed = new ChannelClosed("this end was closed");
    await this.#writing;
    const { output } = this.#options;
    await writeAll(output, new Uint8Array(headerSize)).catch(() => {});
    output.close();
  }

  /** Closes this end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Gives both connections up at once. */
  abort(reason: string): void {
    this.#end(new ChannelBroken(reason));
    for (const connection of [this.#options.input, this.#options.output]) {
      try {
        connection.close();
      } catch {
        // It is closed already.
      }
    }
  }

  #write(batch: Outgoing[]): void {
    if (this.#closed) {
      for (const { failed } of batch) failed(this.#closed);
    } else if (this.#writing) {
      this.#pending = this.#pending.length === 0 ? batch : this.#pending.concat(batch);
    } else this.#writing = this.#writeAll(batch);
  }

  /** Writes a batch, and what has been added meanwhile, until nothing is left. */
  async #writeAll(batch: Outgoing[]): Promise<void> {
    for (let next = batch; next.length > 0; next = this.#pending) {
      this.#pending = [];
      await this.#writeBatch(next);
    }
    this.#writing = undefined;
  }

  async #writeBatch(batch: Outgoing[]): Promise<void> {
    const limit = this.#options.maxMessageSize;
    const messages = batch.map(({ message }) => message);
    try {
      const end = encodeTexts(messages, this.#frame, headerSize);
      const bytes = end === undefined
        ? encodeMessages(messages)
        : this.#frame.subarray(headerSize, end);
      if (bytes.byteLength <= limit) {
        await this.#writeFrame(bytes);
        for (const { written } of batch) written();
      } else if (batch.length > 1) {
        for (const outgoing of batch) await this.#writeBatch([outgoing]);
      } else batch[0]!.failed(new MessageTooLarge(bytes.byteLength, limit));
    } catch (cause) {
      const error = new ChannelBroken("writing to it failed", { cause });
      for (const { failed } of batch) failed(error);
      this.#end(error);
    }
  }

  async #writeFrame(bytes: Uint8Array): Promise<void> {
    const { output } = this.#options;
    const frame = this.#frame;
    const size = headerSize + bytes.byteLength;
    new DataView(frame.buffer).setUint32(0, bytes.byteLength);
    if (size <= frame.length) {
      if (bytes.buffer !== frame.buffer) frame.set(bytes, headerSize);
      return await writeAll(output, frame.subarray(0, size));
    }
    await writeAll(output, frame.subarray(0, headerSize));
    await writeAll(output, bytes);
  }

  async #read(): Promise<void> {
    const { ended } = this.#options;
    try {
      const isOrderly = await this.#readFrames();
      const error = isOrderly
        ? new ChannelClosed("the other end was closed")
        : new ChannelBroken("the connection ended");
      this.#end(error);
      ended?.(isOrderly ? undefined : error as ChannelBroken);
    } catch (cause) {
      const error = cause instanceof ChannelBroken
        ? cause
        : new ChannelBroken("reading from it failed", { cause });
      this.#end(error);
      ended?.(error);
    } finally {
      try {
        this.#options.input.close();
      } catch {
        // It is closed already.
      }
    }
  }

  /** Reads until the other end closes; false if it ends without having said so. */
  async #readFrames(): Promise<boolean> {
    const { input, maxMessageSize } = this.#options;
    const buffer = new Uint8Array(chunkSize);
    let start = 0;
    let end = 0;
    for (;;) {
      while (end - start >= headerSize) {
        const size = new DataView(buffer.buffer, start).getUint32(0);
        if (size === 0) return true;
        if (size > maxMessageSize) {
          throw new ChannelBroken(`a message of ${size} bytes came, allowed are ${maxMessageSize}`);
        }
        const from = start + headerSize;
        if (end - from >= size) {
          this.#arrived(buffer.subarray(from, from + size), false);
          start = from + size;
          continue;
        }
        if (headerSize + size <= buffer.length) break;
        const bytes = new Uint8Array(size);
        bytes.set(buffer.subarray(from, end));
        if (!await readFully(input, bytes, end - from)) return false;
        this.#arrived(bytes, true);
        start = end = 0;
      }
      if (start > 0) {
        buffer.copyWithin(0, start, end);
        end -= start;
        start = 0;
      }
      const count = await input.read(buffer.subarray(end));
      if (count === null) return false;
      end += count;
    }
  }

  #arrived(bytes: Uint8Array, isOwn: boolean): void {
    for (const [key, data, substitutes] of decodeMessages(bytes, isOwn)) {
      const value = fromPortable(data, substitutes);
      if (this.#options.deliver) this.#options.deliver(key, value);
      else this.#inbox.push([key, value]);
    }
  }

  #end(error: Error): void {
    this.#closed ??= error;
    this.#inbox.end(error);
  }
}

function ignore(): void {}

async function writeAll(connection: ByteConnection, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.byteLength) {
    written += await connection.write(written === 0 ? bytes : bytes.subarray(written));
  }
}

/** Fills the rest of `bytes`; false if the connection ends before. */
export async function readFully(
  connection: ByteConnection,
  bytes: Uint8Array,
  from: number = 0,
): Promise<boolean> {
  let filled = from;
  while (filled < bytes.byteLength) {
    const count = await connection.read(bytes.subarray(filled));
    if (count === null) return false;
    filled += count;
  }
  return true;
}
