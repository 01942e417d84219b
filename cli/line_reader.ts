/**
 * Reading lines one at a time, as they are typed.
 *
 * @module
 */

/** Reads lines from a stream; disposing it lets go of the stream. */
export class LineReader implements Disposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  /** Starts reading; nothing is read before it is asked for. */
  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next line without its end; undefined at the end of the stream. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      const { done, value } = await this.#reader.read();
      if (done) {
        const line = this.#rest === "" ? undefined : this.#rest;
        this.#rest = "";
        return line;
      }
      this.#rest += value;
    }
  }

  /** Lets go of the stream. */
  [Symbol.dispose](): void {
    this.#reader.cancel().catch(() => {});
  }
}
