/**
 * Keeping what programs write without letting it grow for ever.
 *
 * @module
 */

/** Something that was written, and when. */
export interface TextEntry {
  /** When it was written, in ms UTC. */
  timestamp: number;
  /** What was written. */
  text: string;
}

const maxEntries = 10_000;
/** In characters. */
const maxSize = 16_777_216;

/**
 * Keeps the newest entries: at most 10,000, and at most 16,777,216 characters unless one alone is
 * longer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const texts = new BoundedTexts();
 * texts.add(Array.from({ length: 10_003 }, (_, i) => ({ timestamp: i, text: `line ${i}\n` })));
 * assertEquals(texts.entries.slice(0, 2), [
 *   { timestamp: 3, text: "(3 dropped)\n" },
 *   { timestamp: 3, text: "line 3\n" },
 * ]);
 * ```
 */
export class BoundedTexts<Entry extends TextEntry = TextEntry> {
  #entries: Entry[] = [];
  #size = 0;
  #dropped = 0;

  /** Adds entries; if there are too many, the oldest go. */
  add(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#size += entry.text.length;
      // Not at each entry: then each would cost as much as all that are kept.
      if (this.#entries.length > 2 * maxEntries || this.#size > 2 * maxSize) this.#trim();
    }
  }

  /** What is kept; in front of it, if some are missing, one that tells how many. */
  get entries(): Entry[] {
    this.#trim();
    if (this.#dropped === 0) return [...this.#entries];
    return [{ ...this.#entries[0]!, text: `(${this.#dropped} dropped)\n` }, ...this.#entries];
  }

  /** Takes everything. */
  take(): Entry[] {
    const { entries } = this;
    this.#entries = [];
    this.#size = this.#dropped = 0;
    return entries;
  }

  #trim(): void {
    let excess = 0;
    while (
      this.#entries.length - excess > maxEntries ||
      this.#size > maxSize && excess < this.#entries.length - 1
    ) this.#size -= this.#entries[excess++]!.text.length;
    this.#entries.splice(0, excess);
    this.#dropped += excess;
  }
}
