/**
 * What a subprocess writes, until somebody takes it.
 *
 * @module
 */
import type { OutputEntry } from "./capture_console.ts";

/** Most entries that are kept. */
const maxEntries = 10_000;

/** Options of an {@linkcode OutputBuffer}. */
export interface OutputBufferOptions {
  /** Whether entries are kept at all. */
  readonly keeps: boolean;
  /** Seconds between deliveries. */
  readonly interval: number;
  /** Gets entries, batch by batch. */
  readonly onOutput: ((entries: OutputEntry[]) => void) | undefined;
}

/** Keeps entries, and delivers them in batches. */
export class OutputBuffer {
  readonly #options: OutputBufferOptions;
  #entries: OutputEntry[] = [];
  #dropped = 0;
  #batch: OutputEntry[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Creates an empty buffer. */
  constructor(options: OutputBufferOptions) {
    this.#options = options;
  }

  /** Adds entries; if there are too many, the oldest go. */
  add(entries: readonly OutputEntry[]): void {
    const { keeps, interval, onOutput } = this.#options;
    if (!keeps) return;
    this.#entries.push(...entries);
    if (this.#entries.length > 2 * maxEntries) this.#trim();
    if (!onOutput) return;
    this.#batch.push(...entries);
    this.#timer ??= setTimeout(() => this.deliver(), interval * 1000);
  }

  /** Takes everything. */
  take(): OutputEntry[] {
    this.#trim();
    const entries = this.#entries;
    if (this.#dropped > 0) {
      const { timestamp, isStdout } = entries[0]!;
      entries.unshift({ timestamp, isStdout, text: `(${this.#dropped} dropped)\n` });
    }
    this.#entries = [];
    this.#dropped = 0;
    return entries;
  }

  /** Delivers what has not been delivered. */
  deliver(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length > 0) this.#options.onOutput?.(batch);
  }

  #trim(): void {
    const excess = this.#entries.length - maxEntries;
    if (excess <= 0) return;
    this.#entries.splice(0, excess);
    this.#dropped += excess;
  }
}
