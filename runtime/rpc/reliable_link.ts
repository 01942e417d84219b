/**
 * Messages over WebSockets: in order, once, bounded, and beyond the end of a connection.
 *
 * @module
 */
import { type WireMessage, wireMessage } from "./outbox.ts";
import { decodeMessages, encodeMessages } from "./codec.ts";
import { type ChannelBroken, ChannelClosed, MessageTooLarge } from "./error.ts";
import { Outbox, type Outgoing } from "./outbox.ts";
import { fromPortable } from "./portable.ts";

/** Kinds of frames; the first byte of each. */
const DATA = 1;
const ACK = 2;
const PING = 3;
const PONG = 4;

/** Frame header of a part of a message: kind, whether more follows, number, length of the whole. */
const headerSize = 10;
/** Largest part: Deno's WebSocket refuses frames of 64 MiB. */
const partSize = 1 << 20;
/** Bytes that may be under way. */
const windowSize = 8 << 20;
/** Bytes after which the receiver says how far it is. */
const ackSize = 1 << 18;
/** It says so at the latest after so long. */
const ackMs = 50;

/** Options of a {@linkcode ReliableLink}. */
export interface ReliableLinkOptions {
  /** Largest message in bytes. */
  readonly maxMessageSize: number;
  /** Seconds of silence after which the other end is asked whether it lives. */
  readonly heartbeatInterval: number;
  /** Seconds without a frame after which the connection counts as lost. */
  readonly heartbeatTimeout: number;
  /** Gets what arrives. */
  readonly deliver: (key: string, data: unknown) => void;
  /** The connection is lost, or the other end has sent what it must not. */
  readonly lost: (reason: string, isFatal: boolean) => void;
}

/** A message until the other end has it. */
interface Unacknowledged {
  readonly number: number;
  readonly bytes: Uint8Array;
  written: (() => void)[] | undefined;
}

/** One end of a link, which outlives its connections. */
export class ReliableLink {
  readonly #options: ReliableLinkOptions;
  readonly #outbox: Outbox = new Outbox((batch) => this.#queue(batch));
  #socket: WebSocket | undefined;
  #closed: Error | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #lastFrameAt = 0;

  /** Messages that are not acknowledged, oldest first. */
  #queueOut: Unacknowledged[] = [];
  #sentCount = 0;
  /** Index of the message that is being sent, and how much of it is. */
  #at = 0;
  #offset = 0;
  /** Bytes of this connection. */
  #sentBytes = 0;
  #ackedBytes = 0;

  #lastReceived = 0;
  #receivedBytes = 0;
  #saidBytes = 0;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  #part: { readonly number: number; readonly bytes: Uint8Array; filled: number } | undefined;

  /** Creates an end without a connection. */
  constructor(options: ReliableLinkOptions) {
    this.#options = options;
  }

  /** Number of the last message that has arrived. */
  get lastReceived(): number {
    return this.#lastReceived;
  }

  /** Sends a message; resolves when it is written. */
  // deno-lint-ignore require-await
  async send(key: string, data: unknown): Promise<void> {
    if (this.#closed) throw this.#closed;
    return this.#outbox.add(wireMessage(key, data));
  }

  /** Goes on over a connection, from the message behind `lastAcknowledged`. */
  attach(socket: WebSocket, lastAcknowledged: number): void {
    this.#socket = socket;
    this.#acknowledge(lastAcknowledged);
    this.#at =
      this.#offset =
      this.#sentBytes =
      this.#ackedBytes =
        0;
    this.#receivedBytes = this.#saidBytes = 0;
    this.#part = undefined;
    this.#lastFrameAt = Date.now();
    const { heartbeatInterval, heartbeatTimeout } = this.#options;
    const checkMs = Math.min(heartbeatInterval, heartbeatTimeout / 2) * 1000;
    this.#heartbeat = setInterval(() => {
      const silentMs = Date.now() - this.#lastFrameAt;
      if (silentMs > heartbeatTimeout * 1000) this.#lose("the other end is silent", false);
      else if (silentMs >= checkMs / 2) this.#frame(Uint8Array.of(PING));
    }, checkMs);
    this.#pump();
  }

  /** Leaves the connection; messages are kept for the next one. */
  detach(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#socket = undefined;
  }

  /** Ends the link: what has not been sent never is. */
  close(error: Error = new ChannelClosed()): void {
    this.detach();
    this.#closed ??= error;
    this.#queueOut = [];
  }

  /** Takes a binary frame of the connection. */
  receive(data: unknown): void {
    this.#lastFrameAt = Date.now();
    if (!(data instanceof ArrayBuffer) || data.byteLength === 0) {
      return this.#lose("a frame is no binary one", true);
    }
    const view = new DataView(data);
    switch (view.getUint8(0)) {
      case PING:
        return this.#frame(Uint8Array.of(PONG));
      case PONG:
        return;
      case ACK:
        if (data.byteLength < 13) return this.#lose("a frame is too short", true);
        this.#ackedBytes = view.getFloat64(5);
        this.#acknowledge(view.getUint32(1));
        return this.#pump();
      case DATA:
        return this.#received(data, view);
      default:
        return this.#lose("a frame is of an unknown kind", true);
    }
  }

  #queue(batch: Outgoing[]): void {
    if (this.#closed) {
      for (const { failed } of batch) failed(this.#closed);
      return;
    }
    const limit = this.#options.maxMessageSize;
    const bytes = encodeMessages(batch.map(({ message }) => message));
    if (bytes.byteLength > limit) {
      if (batch.length > 1) { for (const outgoing of batch) this.#queue([outgoing]); }
      else batch[0]!.failed(new MessageTooLarge(bytes.byteLength, limit));
      return;
    }
    const number = ++this.#sentCount;
    this.#queueOut.push({ number, bytes, written: batch.map(({ written }) => written) });
    this.#pump();
  }

  /** Sends as much as may be under way. */
  #pump(): void {
    while (this.#socket && this.#at < this.#queueOut.length) {
      if (this.#sentBytes - this.#ackedBytes >= windowSize) return;
      const message = this.#queueOut[this.#at]!;
      const { number, bytes } = message;
      const part = bytes.subarray(this.#offset, this.#offset + partSize);
      const frame = new Uint8Array(headerSize + part.byteLength);
      const view = new DataView(frame.buffer);
      this.#offset += part.byteLength;
      const isLast = this.#offset >= bytes.byteLength;
      view.setUint8(0, DATA);
      view.setUint8(1, isLast ? 0 : 1);
      view.setUint32(2, number);
      view.setUint32(6, bytes.byteLength);
      frame.set(part, headerSize);
      this.#frame(frame);
      this.#sentBytes += frame.byteLength;
      if (!isLast) continue;
      for (const written of message.written ?? []) written();
      message.written = undefined;
      this.#at++;
      this.#offset = 0;
    }
  }

  #acknowledge(number: number): void {
    let count = 0;
    while (count < this.#queueOut.length && this.#queueOut[count]!.number <= number) count++;
    if (count === 0) return;
    this.#queueOut.splice(0, count);
    this.#at = Math.max(0, this.#at - count);
  }

  #received(data: ArrayBuffer, view: DataView): void {
    if (data.byteLength <= headerSize) return this.#lose("a frame is too short", true);
    const number = view.getUint32(2);
    const size = view.getUint32(6);
    const { maxMessageSize } = this.#options;
    if (size > maxMessageSize) {
      return this.#lose(`a message of ${size} bytes came, allowed are ${maxMessageSize}`, true);
    }
    const bytes = new Uint8Array(data, headerSize);
    this.#receivedBytes += data.byteLength;
    if (this.#part?.number !== number) {
      this.#part = { number, bytes: new Uint8Array(size), filled: 0 };
    }
    const part = this.#part!;
    if (part.filled + bytes.byteLength > part.bytes.byteLength) {
      return this.#lose("a message is longer than it said", true);
    }
    part.bytes.set(bytes, part.filled);
    part.filled += bytes.byteLength;
    const isLast = view.getUint8(1) === 0;
    if (isLast) {
      this.#part = undefined;
      if (part.filled !== part.bytes.byteLength) {
        return this.#lose("a message is shorter than it said", true);
      }
      // What came before the connection was lost comes again.
      if (number === this.#lastReceived + 1) {
        this.#lastReceived = number;
        if (!this.#arrived(part.bytes)) return;
      } else if (number > this.#lastReceived) return this.#lose("a message is missing", true);
    }
    if (this.#receivedBytes - this.#saidBytes >= ackSize) this.#sayReceived();
    else this.#ackTimer ??= setTimeout(() => this.#sayReceived(), ackMs);
  }

  #arrived(bytes: Uint8Array): boolean {
    let messages: WireMessage[];
    try {
      messages = decodeMessages(bytes);
    } catch (error) {
      this.#lose((error as ChannelBroken).reason, true);
      return false;
    }
    for (const [key, data, substitutes] of messages) {
      this.#options.deliver(key, fromPortable(data, substitutes));
    }
    return true;
  }

  #sayReceived(): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#saidBytes = this.#receivedBytes;
    const frame = new Uint8Array(13);
    const view = new DataView(frame.buffer);
    view.setUint8(0, ACK);
    view.setUint32(1, this.#lastReceived);
    view.setFloat64(5, this.#receivedBytes);
    this.#frame(frame);
  }

  #frame(frame: Uint8Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  #lose(reason: string, isFatal: boolean): void {
    this.detach();
    this.#options.lost(reason, isFatal);
  }
}
