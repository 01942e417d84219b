/**
 * Delivering what a running job prints in batches.
 *
 * @module
 */
import type { PrintEntry } from "./prints.ts";

/** Seconds between deliveries, where nothing else is said. */
export const defaultPrintInterval = 0.1;
/** Entries after which a batch is delivered in any case. */
const mostEntries = 10_000;

/** What measures the time between deliveries. */
export interface PrintClock {
  /** Calls `callback` after so many ms. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Forgets it. */
  clearTimeout(timer: unknown): void;
}

/** Options of {@linkcode PrintBatches}. */
export interface PrintBatchesOptions {
  /** Seconds that the first entry of a batch waits for others; 0 delivers each at once. */
  readonly interval: number;
  /** Entries after which a batch is delivered early; null leaves that to memory. */
  readonly maxEntries: number | null;
  /** Gets a batch. */
  readonly deliver: (entries: readonly PrintEntry[]) => void;
  /**
   * What measures the time.
   *
   * @default {globalThis}
   */
  readonly clock?: PrintClock;
}

/** Collects entries, and delivers them when the first has waited long enough, or there are enough. */
export class PrintBatches {
  readonly #options: PrintBatchesOptions;
  readonly #clock: PrintClock;
  readonly #limit: number;
  #entries: PrintEntry[] = [];
  #timer: unknown = undefined;

  /** Creates a collection. */
  constructor(options: PrintBatchesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? globalThis as unknown as PrintClock;
    this.#limit = Math.min(options.maxEntries ?? mostEntries, mostEntries);
  }

  /** Adds entries. */
  add(entries: readonly PrintEntry[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      if (this.#entries.length >= this.#limit) this.flush();
    }
    if (this.#options.interval === 0) return this.flush();
    if (this.#entries.length === 0 || this.#timer !== undefined) return;
    this.#timer = this.#clock.setTimeout(() => this.flush(), this.#options.interval * 1000);
  }

  /** Delivers what has not been delivered. */
  flush(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#entries.length === 0) return;
    const batch = this.#entries;
    this.#entries = [];
    this.#options.deliver(batch);
  }
}
