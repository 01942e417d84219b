/**
 * Ordered messages between two ends.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";

/** A message: what it is about, and its data. */
export type Message = [key: string, data: unknown];

/** Options of `send`. */
export interface SendOptions {
  /** Memory that is moved instead of copied, where that is possible; the sender loses it. */
  transfer?: Transferable[];
  /** Gives up waiting until the message is written. */
  signal?: AbortSignal;
}

/** Options of `recv`. */
export interface RecvOptions {
  /** Seconds to wait; for ever if left out. */
  timeout?: number;
  /** Gives up waiting; throws its reason. */
  signal?: AbortSignal;
}

/**
 * One end of a channel: messages arrive at the other end whole, once, and in order.
 *
 * When the other end closes, what it has sent is still received, then {@linkcode ChannelClosed} is
 * thrown. Closing this end drops what was not received.
 */
export interface RPCChannel extends AsyncDisposable {
  /**
   * Sends a message; resolves when it is written.
   *
   * @throws {ChannelClosed | ChannelBroken} If it cannot be sent any more.
   * @throws {NotSerializableError} If the data has no copy; nothing is sent then.
   * @throws {MessageTooLarge} If it is larger than allowed; nothing is sent then.
   * @throws {InvalidArgumentError} If `key` begins with `__`.
   */
  send(key: string, data: unknown, options?: SendOptions): Promise<void>;
  /**
   * Waits for the next message. Those who wait are served in order.
   *
   * @throws {RecvTimeout} If none comes in time.
   * @throws {ChannelClosed | ChannelBroken} If none can come any more.
   */
  recv(options?: RecvOptions): Promise<Message>;
  /** The next message, or undefined if there is none yet. */
  tryRecv(): Message | undefined;
  /** Closes this end; does nothing if it is closed. */
  close(): Promise<void>;
  /** Whether nothing can be sent any more. */
  readonly isClosed: boolean;
}

/** A channel between a worker and those who give it work. */
export interface WorkerChannel extends RPCChannel {
  /**
   * Sends a message, without a promise: it leaves together with the others of this tick.
   *
   * @param failed Told if it cannot be written after all.
   * @throws What {@linkcode RPCChannel.send} throws, as far as that is known at once.
   */
  post(key: string, data: unknown, failed: (error: unknown) => void, options?: SendOptions): void;
  /** Writes what was sent so far, at once; a promise if that takes longer than this call. */
  flush(): Promise<void> | undefined;
  /**
   * Sends a message that must leave although the code that sends it may never yield again. Of several
   * such messages the order is kept, but they may arrive behind ordinary ones sent later.
   */
  sendNow(key: string, data: unknown): void;
  /**
   * Hands over what has arrived and what arrives, at once and in order, instead of `recv`.
   *
   * @returns A promise that rejects, as `recv` would, when nothing more can come.
   */
  listen(listener: (key: string, data: unknown) => void): Promise<never>;
}

/** Keys that channels use themselves. */
export const CHANNEL_KEYS = {
  SHUTDOWN: "__rpc:shutdown",
  ERROR: "__rpc:error",
  BROKEN: "__rpc:broken",
} as const;

/**
 * Refuses keys that are reserved.
 *
 * @throws {InvalidArgumentError} If the key begins with `__`.
 */
export function checkKey(key: string): void {
  if (typeof key === "string" && !key.startsWith("__")) return;
  throw new InvalidArgumentError(
    `Cannot send a message with key ${
      JSON.stringify(key)
    }: keys are texts that do not begin with "__"`,
  );
}
