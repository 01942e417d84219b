/**
 * Following a text file that grows.
 *
 * @module
 */

const CHUNK_BYTES = 1 << 20;

/** The lines of a file that another program adds to: each read gives those that were completed since. */
export class LineTail {
  readonly #path: string;
  #offset = 0;

  /** Creates one that has read nothing yet. */
  constructor(path: string) {
    this.#path = path;
  }

  /** The lines that are complete and were not read before. A file that was begun anew is read again. */
  *read(): Generator<string> {
    using file = Deno.openSync(this.#path);
    if (file.statSync().size < this.#offset) this.#offset = 0;
    file.seekSync(this.#offset, Deno.SeekMode.Start);
    const chunk = new Uint8Array(CHUNK_BYTES);
    let bytes = new Uint8Array();
    for (let count; (count = file.readSync(chunk)) !== null;) {
      const joined = new Uint8Array(bytes.length + count);
      joined.set(bytes);
      joined.set(chunk.subarray(0, count), bytes.length);
      const end = joined.lastIndexOf(10) + 1;
      this.#offset += end;
      bytes = joined.slice(end);
      if (end > 0) yield* new TextDecoder().decode(joined.subarray(0, end - 1)).split("\n");
    }
  }
}
