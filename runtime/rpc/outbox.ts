/**
 * Messages on their way out: those of one tick travel together.
 *
 * @module
 */
import { type Portable, type Substitute, toPortable } from "./portable.ts";

/** A message as it travels. */
export type WireMessage =
  | [key: string, data: unknown]
  | [key: string, data: unknown, substitutes: readonly Substitute[]];

/** A message that is to be written, and who waits for that. */
export interface Outgoing {
  readonly message: WireMessage;
  readonly transfer: readonly Transferable[] | undefined;
  written(): void;
  failed(error: unknown): void;
}

/** Prepares a message; `key` names it where the data cannot be copied. */
export function wireMessage(key: string, data: unknown): WireMessage {
  const { value, substitutes }: Portable = toPortable(data, `message "${key}"`);
  return substitutes ? [key, value, substitutes] : [key, value];
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
  add(message: WireMessage, transfer?: readonly Transferable[]): Promise<void> {
    return new Promise((written, failed) => {
      this.#pending.push({ message, transfer, written, failed });
      if (this.#scheduled) return;
      this.#scheduled = true;
      queueMicrotask(() => this.flush());
    });
  }

  /** Writes what has been added so far. */
  flush(): void {
    this.#scheduled = false;
    if (this.#pending.length === 0) return;
    const batch = this.#pending;
    this.#pending = [];
    this.#write(batch);
  }
}
