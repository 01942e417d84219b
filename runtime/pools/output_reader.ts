/**
 * Reading what a subprocess writes past the console.
 *
 * @module
 */
import type { OutputEntry } from "./capture_console.ts";

/** Reads one stream; markers in it are taken out. */
export class OutputReader {
  /** Resolves at the end of the stream. */
  readonly done: Promise<void>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #isStdout: boolean;
  readonly #found: (entry: OutputEntry) => void;
  readonly #markers = new Map<string, () => void>();
  #rest = "";

  /** Begins to read; `found` gets what comes. */
  constructor(
    stream: ReadableStream<Uint8Array>,
    isStdout: boolean,
    found: (entry: OutputEntry) => void,
  ) {
    this.#reader = stream.getReader();
    this.#isStdout = isStdout;
    this.#found = found;
    this.done = this.#read();
  }

  /** Waits for a marker, which begins with a zero character and ends with a line end. */
  waitFor(marker: string): Promise<void> {
    return new Promise((resolve) => this.#markers.set(marker, resolve));
  }

  /** Stops reading. */
  cancel(): void {
    this.#reader.cancel().catch(() => {});
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        this.#add(value ? decoder.decode(value, { stream: true }) : decoder.decode());
        if (done) break;
      }
    } catch {
      // The stream was given up.
    }
    this.#emit(this.#rest);
    this.#rest = "";
    for (const resolve of this.#markers.values()) resolve();
    this.#markers.clear();
  }

  #add(text: string): void {
    let rest = this.#rest + text;
    this.#rest = "";
    for (const [marker, resolve] of this.#markers) {
      const at = rest.indexOf(marker);
      if (at < 0) continue;
      this.#emit(rest.slice(0, at));
      rest = rest.slice(at + marker.length);
      this.#markers.delete(marker);
      resolve();
    }
    const zero = this.#markers.size > 0 ? rest.lastIndexOf("\u0000") : -1;
    const isPartOfMarker = zero >= 0 &&
      [...this.#markers.keys()].some((marker) => marker.startsWith(rest.slice(zero)));
    if (isPartOfMarker) {
      this.#rest = rest.slice(zero);
      rest = rest.slice(0, zero);
    }
    this.#emit(rest);
  }

  #emit(text: string): void {
    if (text === "") return;
    this.#found({ timestamp: Date.now(), isStdout: this.#isStdout, text });
  }
}
