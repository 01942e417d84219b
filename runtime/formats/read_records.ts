/**
 * Reading records from bytes, one after another.
 *
 * @module
 */
import { RecordFormatError } from "./error.ts";
import { formatOfPath, type RecordFormat } from "./format.ts";
import { readLines } from "./read_lines.ts";

/** How to read records. */
export interface ReadRecordsOptions {
  /** The format. */
  format: RecordFormat;
  /** Name of the file, for errors. */
  source: string;
  /**
   * Of `csv` and `tsv`, turn texts into numbers and booleans where these print as the same text.
   *
   * @default {false}
   */
  cast?: boolean | undefined;
}

/**
 * Reads the records in a stream of bytes, as they are asked for. Ending the iteration early closes
 * the stream.
 *
 * Memory does not grow with the input, except for `json`, `text` and `bytes`, which are read whole.
 *
 * @throws {RecordFormatError} If a record is malformed, with file and line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const input = new Blob(["id,note\n7,\"two\nlines\"\n"]).stream();
 * const records = await Array.fromAsync(
 *   readRecords(input, { format: "csv", source: "notes.csv", cast: true }),
 * );
 * assertEquals(records, [{ id: 7, note: "two\nlines" }]);
 * ```
 */
export async function* readRecords(
  input: ReadableStream<Uint8Array>,
  options: ReadRecordsOptions,
): AsyncGenerator<unknown> {
  const { format, source } = options;
  switch (format) {
    case "csv":
    case "tsv": {
      // Loaded when used: most nets read no such file.
      const { readTable } = await import("./read_table.ts");
      yield* readTable(input, { format, source, cast: options.cast ?? false });
      return;
    }
    case "jsonl":
      for await (const { text, line } of readLines(input, source)) {
        if (text.trim() !== "") yield parseJson(text, { source, line });
      }
      return;
    case "lines":
      for await (const { text } of readLines(input, source)) yield text;
      return;
    case "json": {
      const value = parseJson(await readText(input), { source });
      if (Array.isArray(value)) yield* value;
      else yield value;
      return;
    }
    case "text":
      yield await readText(input);
      return;
    case "bytes":
      yield new Uint8Array(await new Response(toBody(input)).arrayBuffer());
  }
}

/**
 * Reads the records of a file.
 *
 * @param path Path of the file.
 * @param options The format, where the extension does not say it, and `cast`.
 * @throws {RecordFormatError} If a record is malformed, with file and line.
 * @throws {InvalidArgumentError} If the format is not known.
 * @throws {Deno.errors.NotFound} If there is no such file.
 */
export async function* readRecordsOfFile(
  path: string,
  options: Partial<Pick<ReadRecordsOptions, "format" | "cast">> = {},
): AsyncGenerator<unknown> {
  const format = options.format ?? formatOfPath(path);
  const file = await Deno.open(path);
  try {
    yield* readRecords(file.readable, { format, source: path, cast: options.cast });
  } finally {
    try {
      file.close();
    } catch {
      // Reading to the end, or ending early, has closed it.
    }
  }
}

/** All of a stream as text, without a byte order mark. */
async function readText(input: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(toBody(input)).text();
}

/** The stream as a body; the types of the platform want its buffers to be of the plain kind. */
function toBody(input: ReadableStream<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return input as ReadableStream<Uint8Array<ArrayBuffer>>;
}

function parseJson(text: string, place: { source: string; line?: number }): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RecordFormatError(place, `is no JSON: ${(cause as Error).message}`, { cause });
  }
}
