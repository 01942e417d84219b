/**
 * Writing tables: `csv` and `tsv`.
 *
 * @module
 */
import { RecordFormatError } from "./error.ts";
import { toJsonText } from "./json_text.ts";
import type { RecordEncoder, RecordEncoderOptions } from "./write_records.ts";

/**
 * An encoder of tables: the keys of the first record, or the stated columns, are the columns of all.
 *
 * Texts, numbers and booleans are written as they print, dates as ISO text, null and undefined as
 * nothing, other values as JSON.
 */
export async function tableEncoder(
  { format, source, columns }: RecordEncoderOptions,
): Promise<RecordEncoder> {
  // Loaded when used: most nets write no such file.
  const { stringify } = await import("csv-stringify/sync");
  const utf8 = new TextEncoder();
  const delimiter = format === "tsv" ? "\t" : ",";
  const row = (fields: readonly string[]) =>
    // An empty field that is alone on its line would read as no row at all.
    stringify([fields], { delimiter, quoted_empty: fields.length === 1 });
  return {
    encode(record) {
      const entries = entriesOf(record, source);
      const known = columns ?? entries.map(([key]) => key);
      const fields = fieldsOf(entries, known, source);
      const text = columns === undefined ? row(known) + row(fields) : row(fields);
      columns = known;
      return utf8.encode(text);
    },
    end: () => new Uint8Array(),
  };
}

function entriesOf(record: unknown, source: string): [string, unknown][] {
  if (record instanceof Map) return [...record].map(([key, value]) => [String(key), value]);
  if (typeof record === "object" && record !== null && !Array.isArray(record)) {
    return Object.entries(record);
  }
  throw new RecordFormatError(
    { source },
    `a row must be an object by column, got ${Array.isArray(record) ? "an array" : String(record)}`,
  );
}

/** The fields of a row in the order of the columns. */
function fieldsOf(
  entries: readonly [string, unknown][],
  columns: readonly string[],
  source: string,
): string[] {
  const values = new Map(entries);
  const unknown = columns.length === values.size && columns.every((column) => values.has(column))
    ? undefined
    : entries.find(([key]) => !columns.includes(key));
  if (unknown !== undefined) {
    throw new RecordFormatError(
      { source },
      `a record has the key ${JSON.stringify(unknown[0])}, which is none of the columns ` +
        `(${columns.join(", ")}); the first record says what they are`,
    );
  }
  return columns.map((column) => fieldText(values.get(column), column, source));
}

function fieldText(value: unknown, column: string, source: string): string {
  switch (typeof value) {
    case "string":
      return value;
    case "undefined":
      return "";
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
  }
  if (value === null) return "";
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  try {
    return toJsonText(value);
  } catch (cause) {
    throw new RecordFormatError(
      { source },
      `column ${JSON.stringify(column)} cannot be written: ${(cause as Error).message}`,
      { cause },
    );
  }
}
