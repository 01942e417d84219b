/**
 * Writing a file of records so that nobody ever sees half of it.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import { formatOfPath, type RecordFormat } from "./format.ts";
import { type RecordEncoder, recordEncoder } from "./write_records.ts";

/** How to write a file of records. */
export interface RecordFileOptions {
  /** The format; by default the extension says it. */
  format?: RecordFormat | undefined;
  /** Add to what the file holds, at once, instead of replacing it at the end. @default {false} */
  append?: boolean | undefined;
}

/** A file that is being written. */
interface OpenFile {
  file: Deno.FsFile;
  path: string;
  encoder: RecordEncoder;
}

/**
 * A file that records are written to, one after another.
 *
 * Unless it appends, it writes to `PATH.<pid>.part` and renames that to `PATH` on {@linkcode commit}.
 * Nothing is created before the first record.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/orders.jsonl`;
 * const file = new RecordFile(path);
 * await file.write({ id: 1 });
 * await file.commit();
 * assertEquals(await Deno.readTextFile(path), '{"id":1}\n');
 * ```
 */
export class RecordFile {
  /** Path of the file that there will be. */
  readonly path: string;
  readonly #format: RecordFormat;
  readonly #append: boolean;
  #opening: Promise<OpenFile> | undefined;

  /**
   * Prepares a file, touching nothing yet.
   *
   * @throws {InvalidArgumentError} If the format is not known, or cannot be appended to.
   */
  constructor(path: string, { format, append = false }: RecordFileOptions = {}) {
    this.path = path;
    this.#format = format ?? formatOfPath(path);
    this.#append = append;
    if (append && this.#format === "json") {
      throw new InvalidArgumentError(
        `Cannot append to ${path}: a \`json\` file is one value; use \`jsonl\``,
      );
    }
  }

  /**
   * Writes one more record.
   *
   * @throws {RecordFormatError} If the format cannot hold it; the file is as before then.
   * @throws {Error} If the file cannot be opened or written.
   */
  async write(record: unknown): Promise<void> {
    this.#opening ??= this.#open().catch((error) => {
      // What stood in the way may be gone at the next attempt.
      this.#opening = undefined;
      throw error;
    });
    const { file, encoder } = await this.#opening;
    writeAll(file, encoder.encode(record));
  }

  /** Writes the end, and puts the file in its place. Without a record nothing happens. */
  async commit(): Promise<void> {
    const open = await this.#takeOpen();
    if (open === undefined) return;
    const { file, path, encoder } = open;
    try {
      writeAll(file, encoder.end());
      if (path !== this.path) file.syncSync();
    } finally {
      file.close();
    }
    if (path !== this.path) await Deno.rename(path, this.path);
  }

  /**
   * Closes the file without putting it in its place.
   *
   * @returns Path of the part that stays; undefined if there is none.
   */
  async leave(): Promise<string | undefined> {
    const open = await this.#takeOpen();
    open?.file.close();
    return open === undefined || open.path === this.path ? undefined : open.path;
  }

  /** The open file, which is then no longer ours; undefined if there is none. */
  async #takeOpen(): Promise<OpenFile | undefined> {
    const opening = this.#opening;
    this.#opening = undefined;
    return await opening?.catch(() => undefined);
  }

  async #open(): Promise<OpenFile> {
    const [format, source] = [this.#format, this.path];
    const columns = this.#append ? await columnsOf(this.path, format) : undefined;
    const encoder = await recordEncoder({ format, source, columns });
    if (!this.#append) return { ...openPart(this.path), encoder };
    const file = Deno.openSync(this.path, { create: true, append: true });
    return { file, path: this.path, encoder };
  }
}

/** Opens a part of the file that nobody else writes. */
function openPart(target: string): { file: Deno.FsFile; path: string } {
  for (let attempt = 1;; attempt++) {
    const path = `${target}.${Deno.pid}${attempt === 1 ? "" : `.${attempt}`}.part`;
    try {
      return { file: Deno.openSync(path, { write: true, createNew: true }), path };
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** The columns that a table has already; undefined if it is empty or no table. */
async function columnsOf(
  path: string,
  format: RecordFormat,
): Promise<readonly string[] | undefined> {
  if (format !== "csv" && format !== "tsv") return undefined;
  const { readTableColumns } = await import("./read_table.ts");
  try {
    return await readTableColumns((await Deno.open(path)).readable, format, path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}
