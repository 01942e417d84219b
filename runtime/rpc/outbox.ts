/**
 * Messages on their way out: those of one tick travel together.
 *
 * @module
 */
import { MessageTooLarge } from "./error.ts";
import { type Portable, type Substitute, toPortable } from "./portable.ts";
import type { ViewPolicy } from "./survey.ts";

/** A message as it travels. */
export type WireMessage =
  | [key: string, data: unknown]
  | [key: string, data: unknown, substitutes: readonly Substitute[]];

/** A message as it travels among others: as JSON, if that says it all, because it is faster. */
export type PackedMessage = WireMessage | string;

/** A message that is to be written, and who is told about that. */
export interface Outgoing {
  readonly message: PackedMessage;
  readonly transfer: readonly Transferable[] | undefined;
  written(): void;
  failed(error: unknown): void;
}

/**
 * Prepares a message; `key` names it where the data cannot be copied.
 *
 * @throws {MessageTooLarge} If it takes about more than `limit` bytes.
 */
export function wireMessage(key: string, data: unknown, limit: number = Infinity): WireMessage {
  return messageOf(key, portable(key, data, limit));
}

/** As {@linkcode wireMessage}, for messages that travel among others. */
export function packMessage(
  key: string,
  data: unknown,
  limit: number = Infinity,
  views: ViewPolicy = "cut",
): PackedMessage {
  return packed(key, portable(key, data, limit, views));
}

/** As {@linkcode packMessage}; with what of the message can be moved instead of copied. */
export function packMovable(
  key: string,
  data: unknown,
  limit: number,
): { message: PackedMessage; transfer: Transferable[] | undefined } {
  const prepared = portable(key, data, limit, "move");
  return { message: packed(key, prepared), transfer: prepared.moved };
}

function packed(key: string, prepared: Portable): PackedMessage {
  return prepared.isText ? JSON.stringify([key, prepared.value]) : messageOf(key, prepared);
}

function portable(key: string, data: unknown, limit: number, views?: ViewPolicy): Portable {
  const prepared = toPortable(data, `message "${key}"`, views);
  if (prepared.size > limit) throw new MessageTooLarge(prepared.size, limit);
  return prepared;
}

function messageOf(key: string, { value, substitutes }: Portable): WireMessage {
  return substitutes ? [key, value, substitutes] : [key, value];
}

/** A packed message as it was before. */
export function unpackMessage(message: PackedMessage): WireMessage {
  return typeof message === "string" ? JSON.parse(message) : message;
}

/** Several messages as one text, if all are texts. */
export function joinTexts(messages: readonly PackedMessage[]): string | undefined {
  for (const message of messages) if (typeof message !== "string") return undefined;
  return `[${messages.join(",")}]`;
}

/** Collects the messages of one tick. */
export class Outbox {
  #pending: Outgoing[] = [];
  #scheduled = false;
  readonly #write: (batch: Outgoing[]) => void;

  /** Creates an outbox; `write` gets all messages of a tick, in order. */
  constructor(write: (batch: Outgoing[]) => void) {
    this.#write = write;
  }

  /** Adds a message; resolves when it is written. */
  add(message: PackedMessage, transfer?: readonly Transferable[]): Promise<void> {
    return new Promise((written, failed) => this.push({ message, transfer, written, failed }));
  }

  /** Adds a message. */
  push(outgoing: Outgoing): void {
    this.#pending.push(outgoing);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Writes what has been added so far. */
  flush(): void {
    if (this.#pending.length === 0) return;
    const batch = this.#pending;
    this.#pending = [];
    this.#write(batch);
  }
}
