/**
 * Writing TOML in the order of the data.
 *
 * A table's keys must stand together in one body, and its sub-tables may have headers before and
 * after it. So what lies between the first and the last key that has to be in the body is written
 * there too, inline or with dotted keys, and the order of every table survives.
 *
 * @module
 */
import { formatNumber } from "./text_data.ts";

type Table = ReadonlyMap<string, unknown>;
type Entry = readonly [key: string, value: unknown];

/** What is longer than a line gets lines of its own. */
const LINE_WIDTH = 100;

/**
 * TOML text of data as `toTextData` gives it, with a final newline; empty for an empty table.
 *
 * Small tables stand inline; nodes are lists of tables with headers; of edges and other lists of
 * small tables every item has its line.
 */
export function writeToml(data: ReadonlyMap<string, unknown>): string {
  const writer = new TomlWriter();
  writer.section("", data, "root");
  return writer.text();
}

/** A value on one line. */
export function inlineToml(value: unknown): string {
  return inline(value, Infinity)!;
}

/** A list with an item on every line, each line after the first starting with `margin`. */
export function multilineToml(list: readonly unknown[], margin = ""): string {
  const items = list.map((item) => `${margin}  ${inlineToml(item)},\n`);
  return `[\n${items.join("")}${margin}]`;
}

/** What a table is to its parent, which decides where its header may stand. */
type TableKind = "root" | "table" | "item";

class TomlWriter {
  readonly #lines: string[] = [];

  text(): string {
    return this.#lines.length === 0 ? "" : `${this.#lines.join("\n")}\n`;
  }

  section(header: string, table: Table, kind: TableKind): void {
    const entries = [...table];
    const [from, to] = bodyRange(entries, kind);
    this.#children(header, entries.slice(0, from));
    if (kind === "item") this.#header(`[[${header}]]`);
    else if (kind === "table" && (from < to || entries.length === 0)) this.#header(`[${header}]`);
    for (const [key, value] of entries.slice(from, to)) this.#bodyEntry(formatKey(key), key, value);
    this.#children(header, entries.slice(to));
  }

  #children(header: string, entries: readonly Entry[]): void {
    for (const [key, value] of entries) {
      const path = header === "" ? formatKey(key) : `${header}.${formatKey(key)}`;
      if (value instanceof Map) this.section(path, value, "table");
      else for (const item of value as Table[]) this.section(path, item, "item");
    }
  }

  #header(line: string): void {
    if (this.#lines.length > 0) this.#lines.push("");
    this.#lines.push(line);
  }

  #bodyEntry(path: string, key: string, value: unknown): void {
    const mayBreak = Array.isArray(value) || value instanceof Map;
    const width = mayBreak ? lineRest(path) : Infinity;
    const text = isEdges(key, value) ? undefined : inline(value, width);
    if (hasLines(value)) this.#lines.push(`${path} = ${multilineTomlString(value)}`);
    else if (text !== undefined) this.#lines.push(`${path} = ${text}`);
    else if (Array.isArray(value)) this.#lines.push(`${path} = ${multilineToml(value)}`);
    else {
      for (const [inner, member] of value as Table) {
        this.#bodyEntry(`${path}.${formatKey(inner)}`, inner, member);
      }
    }
  }
}

/**
 * Which entries of a table stand in its body; the others, before and after, get headers.
 *
 * The header of a list's item makes the item, and the root has none, so nothing precedes these.
 */
function bodyRange(
  entries: readonly Entry[],
  kind: TableKind,
): readonly [from: number, to: number] {
  const prefersBody = (i: number) => {
    const entry = entries[i];
    return entry !== undefined && (!mayHaveHeader(entry[1]) || standsInBody(entry, kind));
  };
  let from = entries.findIndex(([, value]) => !mayHaveHeader(value));
  let to = entries.findLastIndex(([, value]) => !mayHaveHeader(value)) + 1;
  if (kind !== "table") from = 0;
  else if (from === -1) {
    from = entries.findIndex(([key, value]) => isEdges(key, value));
    if (from === -1) from = entries.findIndex((_, i) => prefersBody(i));
    if (from === -1) return [0, 0];
    to = from;
  }
  while (prefersBody(to)) to++;
  while (from > 0 && prefersBody(from - 1)) from--;
  return [from, to];
}

/** How much of a line is left for the value of `key`. */
function lineRest(key: string): number {
  return LINE_WIDTH - key.length - " = ".length;
}

/** Whether a value can be written under a header of its own. */
function mayHaveHeader(value: unknown): boolean {
  return value instanceof Map || isListOfTables(value);
}

/** Whether a value that may have a header reads better without one. */
function standsInBody([key, value]: Entry, kind: TableKind): boolean {
  if (value instanceof Map) {
    return kind !== "root" && inline(value, lineRest(formatKey(key))) !== undefined;
  }
  if (key === "nodes") return false;
  return key === "edges" ||
    (value as Table[]).every((item) => inline(item, LINE_WIDTH) !== undefined);
}

function isListOfTables(value: unknown): value is Table[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => item instanceof Map);
}

/** Whether these are edges, which have a line each so that two people's additions merge. */
function isEdges(key: string, value: unknown): boolean {
  return key === "edges" && isListOfTables(value);
}

/** A value on one line, or undefined if it is longer than `width`; the effort is bounded by it. */
function inline(value: unknown, width: number): string | undefined {
  if (value instanceof Map) {
    if (value.size === 0) return "{}";
    return joinInline("{ ", " }", value, width, ([key, member], rest) => {
      const name = `${formatKey(key)} = `;
      const text = inline(member, rest - name.length);
      return text === undefined ? undefined : name + text;
    });
  }
  if (Array.isArray(value)) return joinInline("[", "]", value, width, inline);
  const text = typeof value === "string"
    ? formatString(value)
    : typeof value === "number" || typeof value === "bigint"
    ? formatNumber(value)
    : String(value);
  return text.length > width ? undefined : text;
}

function joinInline<Item>(
  open: string,
  close: string,
  items: Iterable<Item>,
  width: number,
  format: (item: Item, width: number) => string | undefined,
): string | undefined {
  let text = open;
  for (const item of items) {
    if (text !== open) text += ", ";
    const part = format(item, width - text.length - close.length);
    if (part === undefined) return undefined;
    text += part;
  }
  text += close;
  return text.length > width ? undefined : text;
}

/** A string with its line breaks as they are. */
export function multilineTomlString(text: string): string {
  const content = formatString(text).slice(1, -1);
  return `"""\n${content.replace(/\\(.)/g, (escape, letter) => letter === "n" ? "\n" : escape)}"""`;
}

/** Whether a value is text of several lines. */
function hasLines(value: unknown): value is string {
  return typeof value === "string" && /\n[^\n]/.test(value);
}

function formatKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : formatString(key);
}

/** A basic string. JSON's escapes are TOML's; only U+007F needs one more. */
function formatString(text: string): string {
  return JSON.stringify(text).replaceAll("\x7F", "\\u007F");
}
