/**
 * Reading tables: `csv` and `tsv`.
 *
 * @module
 */
import { type CsvError, type Info, parse, type Parser } from "csv-parse";
import { RecordFormatError } from "./error.ts";

/** How to read a table. */
export interface ReadTableOptions {
  /** What separates the fields: a comma or a tab. */
  format: "csv" | "tsv";
  /** Name of the file, for errors. */
  source: string;
  /** Turn texts into numbers and booleans where these print as the same text. */
  cast: boolean;
}

type Row = readonly string[];

/**
 * The rows of a table as objects by the keys of its first row. Empty lines count as nothing.
 *
 * @throws {RecordFormatError} If a row is malformed, after all rows before it.
 */
export async function* readTable(
  input: ReadableStream<Uint8Array>,
  { format, source, cast }: ReadTableOptions,
): AsyncGenerator<Record<string, unknown>> {
  let columns: Row | undefined;
  for await (const row of readRows(input, format, source)) {
    if (columns === undefined) columns = checkColumns(row, source);
    else yield toRecord(columns, row, cast);
  }
}

/** The keys of the first row of a table; undefined if it holds nothing. */
export async function readTableColumns(
  input: ReadableStream<Uint8Array>,
  format: "csv" | "tsv",
  source: string,
): Promise<readonly string[] | undefined> {
  for await (const row of readRows(input, format, source)) return checkColumns(row, source);
  return undefined;
}

function checkColumns(row: Row, source: string): Row {
  const twice = row.find((name, i) => row.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new RecordFormatError(
      { source, line: 1 },
      `two columns are called ${JSON.stringify(twice)}; each needs a name of its own`,
    );
  }
  return row;
}

function toRecord(columns: Row, row: Row, cast: boolean): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (let i = 0; i < columns.length; i++) {
    const value = cast ? castText(row[i]!) : row[i]!;
    // Assigning to it would set the prototype.
    if (columns[i] === "__proto__") define(record, value);
    else record[columns[i]!] = value;
  }
  return record;
}

function define(record: Record<string, unknown>, value: unknown): void {
  Object.defineProperty(record, "__proto__", {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** The number or boolean that prints as exactly this text, else the text. */
function castText(text: string): unknown {
  if (text === "true") return true;
  if (text === "false") return false;
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text ? number : text;
}

/** The rows, the first included. */
async function* readRows(
  input: ReadableStream<Uint8Array>,
  format: "csv" | "tsv",
  source: string,
): AsyncGenerator<Row> {
  const parsed: (Row | RecordFormatError)[] = [];
  const lines = new LineCount();
  const refuse = (error: CsvError) => parsed.push(formatError(error, lines.of(error), source));
  const parser = parse({
    bom: true,
    delimiter: format === "csv" ? "," : "\t",
    // Stated, since the parser would take the first one that it meets for the only one.
    record_delimiter: ["\r\n", "\n", "\r"],
    // In a tab-separated file a quote in the middle of a field is an ordinary character.
    relax_quotes: format === "tsv",
    skip_empty_lines: true,
    // The parser's own queue would drop the rows before a bad one; ours keeps the order.
    skip_records_with_error: true,
    on_record: (row: Row, info) => {
      lines.add(row, info);
      parsed.push(row);
      return null;
    },
    on_skip: (error?: CsvError) => {
      if (error !== undefined) refuse(error);
      return undefined;
    },
  });
  parser.on("error", (error) => refuse(error as CsvError));
  for await (const chunk of input) {
    await write(parser, chunk);
    yield* drain(parsed);
  }
  await end(parser);
  yield* drain(parsed);
}

/** What the parser has counted. */
type Counted = Pick<Info, "lines" | "empty_lines">;

/** Says at which line of the file a bad row stands. */
class LineCount {
  /** Of the last good row. */
  #last: Counted = { lines: 0, empty_lines: 0 };
  /** The parser takes a `\r\n` inside a field for two lines. */
  #surplus = 0;

  /** Counts a good row. */
  add(row: Row, { lines, empty_lines }: Counted): void {
    for (const field of row) {
      if (field.includes("\r\n")) this.#surplus += field.split("\r\n").length - 1;
    }
    this.#last = { lines, empty_lines };
  }

  /** The line of an error, from 1; undefined if the parser does not know it. */
  of(error: CsvError): number | undefined {
    const { lines, empty_lines } = error as unknown as Partial<Counted>;
    if (lines === undefined || empty_lines === undefined) return undefined;
    // A quote that nothing closes makes one row of the rest of the file: its first line is the bad one.
    return error.code === "CSV_QUOTE_NOT_CLOSED"
      ? this.#last.lines - this.#surplus + empty_lines - this.#last.empty_lines + 1
      : lines - this.#surplus;
  }
}

function formatError(
  error: CsvError,
  line: number | undefined,
  source: string,
): RecordFormatError {
  // The parser's own line is not always that of the file.
  const message = error.message.replace(/ (?:on|at) line \d+/, "");
  return new RecordFormatError({ source, line }, message, { cause: error });
}

/** Hands out what is parsed, up to the first error. */
function* drain(parsed: (Row | RecordFormatError)[]): Generator<Row> {
  for (const item of parsed) {
    if (item instanceof RecordFormatError) throw item;
    yield item;
  }
  parsed.length = 0;
}

function write(parser: Parser, chunk: Uint8Array): Promise<void> {
  // An error is in the queue already, at its place among the rows.
  return new Promise((resolve) => parser.write(chunk, () => resolve()));
}

function end(parser: Parser): Promise<void> {
  return new Promise((resolve) => {
    parser.once("error", () => resolve());
    parser.once("end", () => resolve());
    parser.resume();
    parser.end();
  });
}
