/**
 * Records as CSV: the first row names the columns.
 *
 * @module
 */
import { NotSerializableError } from "../packets/error.ts";
import { isPlainObject } from "../packets/type_check.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Writes an array of records with the keys of the first one as columns. */
export async function encodeRecordsCSV(value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  if (!Array.isArray(value) || !value.every(isPlainObject)) {
    throw new NotSerializableError("records", "", "value that is no array of plain objects");
  }
  const { stringify } = await import("csv-stringify/sync");
  const columns = Object.keys(value[0] ?? {});
  for (const [i, record] of value.entries()) {
    const extra = Object.keys(record).find((key) => !columns.includes(key));
    if (extra !== undefined) {
      throw new NotSerializableError("records", `[${i}].${extra}`, "value without a column");
    }
  }
  const cast = { boolean: (value: boolean) => String(value), date: (at: Date) => at.toISOString() };
  return new TextEncoder().encode(stringify(value, { header: true, columns, cast }));
}

/** Reads records; all values are texts. */
export async function decodeRecordsCSV(bytes: Uint8Array): Promise<Record<string, string>[]> {
  const { parse } = await import("csv-parse/sync");
  return parse(decoder.decode(bytes), { columns: true, bom: true });
}
