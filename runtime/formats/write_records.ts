/**
 * Writing records as bytes, one after another.
 *
 * @module
 */
import { RecordFormatError } from "./error.ts";
import type { RecordFormat } from "./format.ts";
import { toJsonText } from "./json_text.ts";
import { tableEncoder } from "./write_table.ts";

/** How to write records. */
export interface RecordEncoderOptions {
  /** The format. */
  format: RecordFormat;
  /** Name of the file, for errors. */
  source: string;
  /**
   * Of `csv` and `tsv`: the columns, if they are written already. By default the keys of the first
   * record, written before it.
   */
  columns?: readonly string[] | undefined;
}

/** Turns records into the bytes of a file: those of each record in order, then those of the end. */
export interface RecordEncoder {
  /**
   * The bytes of one more record.
   *
   * @throws {RecordFormatError} If the format cannot hold it; the file is as before then.
   */
  encode(record: unknown): Uint8Array;
  /** The bytes after the last record. */
  end(): Uint8Array;
}

/**
 * Makes an encoder of a format.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const encoder = await recordEncoder({ format: "csv", source: "out.csv" });
 * const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
 * assertEquals(text(encoder.encode({ id: 7, note: "a, b" })), 'id,note\n7,"a, b"\n');
 * assertEquals(text(encoder.encode({ note: null, id: 8 })), "8,\n");
 * ```
 */
export async function recordEncoder(options: RecordEncoderOptions): Promise<RecordEncoder> {
  const { format, source } = options;
  switch (format) {
    case "csv":
    case "tsv":
      return await tableEncoder({ format, source, columns: options.columns });
    case "jsonl":
      return textEncoder((record) => `${jsonOf(record, source)}\n`);
    case "json":
      return arrayEncoder(source);
    case "lines":
      return textEncoder((record) => `${lineOf(record, source)}\n`);
    case "text":
      return textEncoder((record) => plainText(record, source));
    case "bytes":
      return { encode: (record) => bytesOf(record, source), end: () => new Uint8Array() };
  }
}

const utf8 = new TextEncoder();

/** An encoder whose file has nothing after the last record. */
function textEncoder(toText: (record: unknown) => string): RecordEncoder {
  return { encode: (record) => utf8.encode(toText(record)), end: () => new Uint8Array() };
}

/** One array with an element a line. */
function arrayEncoder(source: string): RecordEncoder {
  let before = "[\n";
  return {
    encode(record) {
      const text = jsonOf(record, source);
      const bytes = utf8.encode(`${before}${text}`);
      before = ",\n";
      return bytes;
    },
    end: () => utf8.encode(before === "[\n" ? "[]\n" : "\n]\n"),
  };
}

function jsonOf(record: unknown, source: string): string {
  try {
    return toJsonText(record);
  } catch (cause) {
    throw new RecordFormatError(
      { source },
      `a record cannot be written as JSON: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
}

function messageOf(error: unknown): string {
  // Of a cycle, the first line says it; the others draw it.
  return (error as Error).message.split("\n", 1)[0]!;
}

/** Texts as they are, other values as JSON. */
function plainText(record: unknown, source: string): string {
  return typeof record === "string" ? record : jsonOf(record, source);
}

function lineOf(record: unknown, source: string): string {
  const text = plainText(record, source);
  if (!/[\n\r]/.test(text)) return text;
  throw new RecordFormatError(
    { source },
    "a record holds a line break, which format `lines` cannot hold; use `jsonl`",
  );
}

function bytesOf(record: unknown, source: string): Uint8Array {
  if (record instanceof Uint8Array) return record;
  if (typeof record === "string") return utf8.encode(record);
  throw new RecordFormatError(
    { source },
    `format \`bytes\` takes Uint8Array or text, got ${record === null ? "null" : typeof record}`,
  );
}
