/**
 * What a subprocess writes, until somebody takes it.
 *
 * @module
 */
import { BoundedTexts } from "./bounded_texts.ts";
import type { OutputEntry } from "./capture_console.ts";

/** Options of an {@linkcode OutputBuffer}. */
export interface OutputBufferOptions {
  /** Whether entries are kept at all. */
  readonly keeps: boolean;
  /** Seconds between deliveries. */
  readonly interval: number;
  /** Gets entries, batch by batch. */
  readonly onOutput: ((entries: OutputEntry[]) => void) | undefined;
}

/** Keeps the newest entries, and delivers them in batches. */
export class OutputBuffer {
  readonly #options: OutputBufferOptions;
  readonly #kept = new BoundedTexts<OutputEntry>();
  readonly #batch = new BoundedTexts<OutputEntry>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isEnded = false;

  /** Creates an empty buffer. */
  constructor(options: OutputBufferOptions) {
    this.#options = options;
  }

  /** Adds entries; if there are too many, the oldest go. */
  add(entries: readonly OutputEntry[]): void {
    const { keeps, interval, onOutput } = this.#options;
    if (!keeps) return;
    this.#kept.add(entries);
    if (!onOutput) return;
    this.#batch.add(entries);
    if (this.#isEnded) this.deliver();
    else this.#timer ??= setTimeout(() => this.deliver(), interval * 1000);
  }

  /** Takes everything. */
  take(): OutputEntry[] {
    return this.#kept.take();
  }

  /** Delivers what has not been delivered, and from now on everything at once. */
  end(): void {
    this.#isEnded = true;
    this.deliver();
  }

  /** Delivers what has not been delivered. */
  deliver(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#batch.take();
    if (batch.length > 0) this.#options.onOutput?.(batch);
  }
}
