/**
 * Messages over WebSockets: in order, once, bounded, and beyond the end of a connection.
 *
 * Messages travel in numbered frames. The sender keeps a frame until the other end has it, so that
 * on a new connection both go on where the old one stopped.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import { decodeMessages, encodeMessages } from "./codec.ts";
import { ChannelBroken, ChannelClosed, MessageTooLarge } from "./error.ts";
import { ackFrame, dataFrame, FRAME_KINDS, readAckFrame, readDataFrame } from "./link_frame.ts";
import { Outbox, type Outgoing, packMessage, unpackMessage, type WireMessage } from "./outbox.ts";
import { fromPortable } from "./portable.ts";
import { CLOSE_CODES } from "./websocket_close.ts";

/** Largest part: Deno's WebSocket refuses frames of 64 MiB. */
const partSize = 1 << 20;
/** Bytes that may be under way. */
const windowSize = 8 << 20;
/** Bytes after which the receiver says how far it is. */
const ackSize = 1 << 18;
/** It says so at the latest after so long. */
const ackMs = 50;

/** Turns of the event loop that the word of what has come gets to be written. */
const maxTurns = 100;

/** Options of a {@linkcode ReliableLink}. */
export interface ReliableLinkOptions {
  /** Largest message in bytes. */
  readonly maxMessageSize: number;
  /** Seconds of silence after which the other end is asked whether it lives. */
  readonly heartbeatInterval: number;
  /** Seconds without a frame after which the connection counts as lost. */
  readonly heartbeatTimeout: number;
  /**
   * Whether to say that something has come before it is delivered, so that the other end knows of
   * everything that may have had effects.
   */
  readonly acknowledgesFirst?: boolean;
  /** Gets what arrives; if it returns a promise, the other end may send more when that resolves. */
  readonly deliver: (key: string, data: unknown) => Promise<void> | void;
  /** The connection is lost; with a close code if the other end has sent what it must not. */
  readonly lost: (reason: string, closeCode?: number) => void;
}

/** Messages that travel as one. */
interface Batch {
  readonly bytes: Uint8Array;
  readonly outgoing: readonly Outgoing[];
}

/** Messages that keep their order; different lanes take turns. */
interface Lane {
  readonly id: number;
  readonly outbox: Outbox;
  readonly queue: Batch[];
  /** How much of the first batch is sent. */
  offset: number;
}

/** A frame until the other end has it. */
interface SentFrame {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What is complete with this frame. */
  readonly completes: Batch | undefined;
}

/** One end of a link, which outlives its connections. */
export class ReliableLink {
  readonly #options: ReliableLinkOptions;
  readonly #lanes = new Map<number, Lane>();
  /** Lanes that have something to send, the next one first. */
  readonly #ready: Lane[] = [];
  #socket: WebSocket | undefined;
  #closed: Error | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  #lastFrameAt = 0;
  /** The other end takes no larger message. */
  #peerLimit = Infinity;

  /** Frames that are not acknowledged, oldest first. */
  #sent: SentFrame[] = [];
  #frameCount = 0;
  #sentBytes = 0;
  #consumedThere = 0;
  #flushed: PromiseWithResolvers<void> | undefined;

  #lastReceived = 0;
  #consumedBytes = 0;
  #saidBytes = 0;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  /** Messages that are delivered when the other end is told that they have come. */
  #acknowledged: Uint8Array[] = [];
  /** Batches that have come whole and were not taken, and bytes that came while there were some. */
  #untaken = 0;
  #held = 0;
  /** Messages that have not come whole, by lane. */
  readonly #parts = new Map<number, { readonly bytes: Uint8Array; filled: number }>();

  /** Creates an end without a connection. */
  constructor(options: ReliableLinkOptions) {
    this.#options = options;
  }

  /** Number of the last frame that has come. */
  get lastReceived(): number {
    return this.#lastReceived;
  }

  /** Largest message that both ends take, in bytes. */
  get limit(): number {
    return Math.min(this.#options.maxMessageSize, this.#peerLimit);
  }

  /**
   * Sends a message; resolves when it is written.
   *
   * @param lane Messages of one lane keep their order, those of different lanes take turns.
   */
  // deno-lint-ignore require-await
  async send(key: string, data: unknown, lane: number = 0): Promise<void> {
    if (this.#closed) throw this.#closed;
    return this.#lane(lane).outbox.add(packMessage(key, data, this.limit));
  }

  /** Resolves when everything is written. */
  async flushed(): Promise<void> {
    for (const { outbox } of this.#lanes.values()) outbox.flush();
    if (this.#closed || this.#ready.length === 0) return;
    await (this.#flushed ??= Promise.withResolvers()).promise;
  }

  /**
   * Goes on over a connection.
   *
   * @param lastAcknowledged Number of the last frame that the other end has.
   * @param peerLimit Largest message that it takes.
   */
  attach(socket: WebSocket, lastAcknowledged: number, peerLimit: number): void {
    this.#socket = socket;
    this.#peerLimit = peerLimit;
    this.#acknowledge(lastAcknowledged);
    // What was said last on the earlier connection may be lost.
    if (this.#lastReceived > 0) this.#sayReceived();
    for (const { bytes } of this.#sent) this.#frame(bytes);
    this.#startHeartbeat();
    this.#pump();
  }

  /** Leaves the connection; messages are kept for the next one. */
  detach(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#socket = undefined;
  }

  /**
   * Ends the link: what has not been sent never is.
   *
   * @returns The messages that the other end has not acknowledged.
   */
  close(error: Error = new ChannelClosed()): WireMessage[] {
    this.detach();
    if (this.#closed) return [];
    for (const { outbox } of this.#lanes.values()) outbox.flush();
    this.#closed = error;
    const waiting = Array.from(this.#lanes.values(), ({ queue }) => queue).flat();
    for (const { outgoing } of waiting) for (const { failed } of outgoing) failed(error);
    const sent = this.#sent.flatMap(({ completes }) => completes ?? []);
    this.#sent = [];
    this.#ready.length = 0;
    this.#lanes.clear();
    this.#flushed?.resolve();
    return [...sent, ...waiting].flatMap(({ outgoing }) =>
      outgoing.map(({ message }) => unpackMessage(message))
    );
  }

  /** Takes a binary frame of the connection. */
  receive(data: unknown): void {
    this.#lastFrameAt = Date.now();
    if (!(data instanceof ArrayBuffer) || data.byteLength === 0) {
      return this.#refuse("a frame is no binary one");
    }
    switch (new Uint8Array(data)[0]) {
      case FRAME_KINDS.PING:
        return this.#frame(Uint8Array.of(FRAME_KINDS.PONG));
      case FRAME_KINDS.PONG:
        return;
      case FRAME_KINDS.ACK:
        return this.#receivedAck(data);
      case FRAME_KINDS.DATA:
        return this.#received(data);
      default:
        return this.#refuse("a frame is of an unknown kind");
    }
  }

  #startHeartbeat(): void {
    clearInterval(this.#heartbeat);
    const { heartbeatInterval, heartbeatTimeout } = this.#options;
    const checkMs = Math.min(heartbeatInterval, heartbeatTimeout / 2) * 1000;
    let checkedAt = this.#lastFrameAt = Date.now();
    this.#heartbeat = setInterval(() => {
      const now = Date.now();
      // If this thread was busy, frames of that time are only read after this.
      const wasBusy = now - checkedAt > 2 * checkMs;
      checkedAt = now;
      const silentMs = now - this.#lastFrameAt;
      if (silentMs > heartbeatTimeout * 1000 && !wasBusy) this.#lose("the other end is silent");
      else if (silentMs >= checkMs / 2) this.#frame(Uint8Array.of(FRAME_KINDS.PING));
    }, checkMs);
  }

  #lane(id: number): Lane {
    let lane = this.#lanes.get(id);
    if (!lane) {
      const outbox = new Outbox((outgoing) => this.#queue(id, outgoing));
      lane = { id, outbox, queue: [], offset: 0 };
      this.#lanes.set(id, lane);
    }
    return lane;
  }

  #queue(id: number, outgoing: readonly Outgoing[]): void {
    if (this.#closed) {
      for (const { failed } of outgoing) failed(this.#closed);
      return;
    }
    const limit = this.limit;
    const bytes = encodeMessages(outgoing.map(({ message }) => message));
    if (bytes.byteLength > limit) {
      if (outgoing.length > 1) { for (const each of outgoing) this.#queue(id, [each]); }
      else outgoing[0]!.failed(new MessageTooLarge(bytes.byteLength, limit));
      return;
    }
    const lane = this.#lane(id);
    if (lane.queue.length === 0) this.#ready.push(lane);
    lane.queue.push({ bytes, outgoing });
    this.#pump();
  }

  /** Sends as much as may be under way, a frame of each lane in turn. */
  #pump(): void {
    while (this.#socket && this.#sentBytes - this.#consumedThere < windowSize) {
      const lane = this.#ready.shift();
      if (!lane) break;
      this.#sendPart(lane);
      if (lane.queue.length > 0) this.#ready.push(lane);
    }
    if (this.#flushed && this.#ready.length === 0) {
      this.#flushed.resolve();
      this.#flushed = undefined;
    }
  }

  #sendPart(lane: Lane): void {
    const batch = lane.queue[0]!;
    const { bytes, outgoing } = batch;
    const part = bytes.subarray(lane.offset, lane.offset + partSize);
    lane.offset += part.byteLength;
    const isLast = lane.offset >= bytes.byteLength;
    const number = ++this.#frameCount;
    const size = bytes.byteLength;
    const frame = dataFrame({ number, hasMore: !isLast, lane: lane.id, size, part });
    this.#sentBytes += frame.byteLength;
    this.#sent.push({ number, bytes: frame, completes: isLast ? batch : undefined });
    this.#frame(frame);
    if (!isLast) return;
    lane.queue.shift();
    lane.offset = 0;
    for (const { written } of outgoing) written();
  }

  #acknowledge(number: number): void {
    let count = 0;
    while (count < this.#sent.length && this.#sent[count]!.number <= number) count++;
    if (count > 0) this.#sent.splice(0, count);
  }

  #receivedAck(data: ArrayBuffer): void {
    const ack = readAckFrame(data);
    if (!ack) return this.#refuse("an acknowledgement makes no sense");
    this.#acknowledge(ack.number);
    this.#consumedThere = Math.max(this.#consumedThere, ack.consumed);
    this.#pump();
  }

  #received(data: ArrayBuffer): void {
    const frame = readDataFrame(data);
    if (!frame) return this.#refuse("a frame is too short");
    const { number, lane, size, hasMore, part: bytes } = frame;
    // What came before the connection was lost may come again.
    if (number <= this.#lastReceived) return;
    if (number !== this.#lastReceived + 1) return this.#refuse("a frame is missing");
    const { maxMessageSize, acknowledgesFirst } = this.#options;
    if (size > maxMessageSize) {
      const reason = `a message of ${size} bytes came, allowed are ${maxMessageSize}`;
      return this.#refuse(reason, CLOSE_CODES.TOO_LARGE);
    }
    const part = this.#parts.get(lane) ?? { bytes: new Uint8Array(size), filled: 0 };
    if (part.filled + bytes.byteLength > part.bytes.byteLength) {
      return this.#refuse("a message is longer than it said");
    }
    part.bytes.set(bytes, part.filled);
    part.filled += bytes.byteLength;
    this.#lastReceived = number;
    if (hasMore) {
      this.#parts.set(lane, part);
      // A message may be larger than the window; but none is begun while others wait to be taken.
      if (this.#untaken > 0) this.#held += data.byteLength;
      else this.#consumed(data.byteLength);
      return;
    }
    this.#parts.delete(lane);
    if (part.filled !== part.bytes.byteLength) {
      return this.#refuse("a message is shorter than it said");
    }
    if (!acknowledgesFirst) return this.#arrived(part.bytes, data.byteLength);
    this.#consumedBytes += data.byteLength;
    this.#sayReceived();
    this.#acknowledged.push(part.bytes);
    if (this.#acknowledged.length === 1) this.#deliverAcknowledged();
  }

  /** Delivers what has come when it is written that it has: a WebSocket writes after this turn. */
  #deliverAcknowledged(turns: number = 0): void {
    setImmediate(() => {
      const isWritten = turns > 0 && !this.#socket?.bufferedAmount;
      if (!isWritten && turns < maxTurns && !this.#closed) {
        return this.#deliverAcknowledged(turns + 1);
      }
      const arrived = this.#acknowledged;
      this.#acknowledged = [];
      for (const bytes of arrived) if (!this.#closed) this.#arrived(bytes, 0);
    });
  }

  #arrived(bytes: Uint8Array, frameSize: number): void {
    const taken: Promise<void>[] = [];
    try {
      for (const [key, data, substitutes] of decodeMessages(bytes)) {
        const delivered = this.#options.deliver(key, fromPortable(data, substitutes));
        if (delivered) taken.push(delivered);
      }
    } catch (error) {
      return this.#refuse(
        error instanceof ChannelBroken ? error.reason : `a message makes no sense: ${error}`,
      );
    }
    if (taken.length === 0) return this.#consumed(frameSize);
    this.#untaken++;
    void Promise.allSettled(taken).then(() => {
      const held = --this.#untaken === 0 ? this.#held : 0;
      this.#held -= held;
      this.#consumed(frameSize + held);
    });
  }

  /** The other end may send so many bytes more. */
  #consumed(byteCount: number): void {
    this.#consumedBytes += byteCount;
    if (!this.#socket || byteCount === 0) return;
    if (this.#consumedBytes - this.#saidBytes >= ackSize) this.#sayReceived();
    else this.#ackTimer ??= setTimeout(() => this.#sayReceived(), ackMs);
  }

  #sayReceived(): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#saidBytes = this.#consumedBytes;
    this.#frame(ackFrame({ number: this.#lastReceived, consumed: this.#consumedBytes }));
  }

  #frame(frame: Uint8Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  #refuse(reason: string, closeCode: number = CLOSE_CODES.PROTOCOL): void {
    this.#lose(reason, closeCode);
  }

  #lose(reason: string, closeCode?: number): void {
    this.detach();
    this.#options.lost(reason, closeCode);
  }
}
