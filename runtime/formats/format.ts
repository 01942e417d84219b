/**
 * The formats in which records are read and written, and which file has which.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";

/** Every format, in the order of the documentation. */
export const RECORD_FORMATS = ["csv", "tsv", "jsonl", "json", "lines", "text", "bytes"] as const;

/**
 * How records are written down.
 *
 * - `csv`, `tsv`: a record a row, an object by the keys of the first row.
 * - `jsonl`: a record a line, as JSON.
 * - `json`: the elements of one array, or one value.
 * - `lines`: a record a line, as it is.
 * - `text`, `bytes`: all of it is one record.
 */
export type RecordFormat = typeof RECORD_FORMATS[number];

const BY_EXTENSION: ReadonlyMap<string, RecordFormat> = new Map([
  ["csv", "csv"],
  ["tsv", "tsv"],
  ["tab", "tsv"],
  ["jsonl", "jsonl"],
  ["ndjson", "jsonl"],
  ["json", "json"],
  ["txt", "lines"],
  ["log", "lines"],
  ["md", "text"],
  ["html", "text"],
  ["xml", "text"],
  ["bin", "bytes"],
]);

/**
 * The format that a file has by its extension.
 *
 * @throws {InvalidArgumentError} If the extension says nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatOfPath("orders/2024.CSV"), "csv");
 * ```
 */
export function formatOfPath(path: string): RecordFormat {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const format = BY_EXTENSION.get(extension);
  if (format !== undefined) return format;
  throw new InvalidArgumentError(
    `Cannot tell the format of ${JSON.stringify(path)} by its extension: ` +
      `state one of ${RECORD_FORMATS.join(", ")} as \`format\``,
  );
}
