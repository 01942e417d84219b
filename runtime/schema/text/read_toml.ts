/**
 * Reading TOML: order, positions, dates as written and every digit are kept.
 *
 * @module
 */
import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import type { ConfigPath } from "../issue.ts";
import { largeIntegerMessage } from "./json_scanner.ts";
import type { TextPlace } from "./text_place.ts";
import { MAX_DEPTH, type TextProblems } from "./text_problems.ts";
import { prepareToml, tooDeep } from "./toml_source.ts";

/** What to do about a problem that the parser names, where its own words do not say. */
const ADVICE: Readonly<Record<string, string>> = {
  "Unterminated string constant":
    'this string is not closed on its line; close it, or use """ for several lines',
  "Unterminated table-key": "this table header is not closed; it ends with `]`, or `]]`",
  "Unterminated array": "this list is not closed; it ends with `]`",
  "Unterminated inline table": "this inline table is not closed; it ends with `}`",
  "Must be a newline": "expected the end of the line; every key stands on a line of its own",
  "Expected equal (=) token":
    "expected `=` after this key; a key with spaces or signs needs quotes",
  "Unspecified values are invalid": "a value is missing here",
  "Expected comma (,) token": "a comma is missing here",
  "Leading zeros are not allowed": "numbers have no leading zeros",
  "Unexpected invalid date": "there is no such date",
  "Unexpected invalid time": "there is no such time of day",
};
const DUPLICATE_KEY = "Defining a key multiple times is invalid";

/** What was read from a TOML text. */
export interface TomlReading {
  /** The data: Maps, lists and scalars. */
  data: Map<string, unknown>;
  /** Where it stands. */
  place: TextPlace;
  /** Spans of the comments, in order. */
  comments: readonly (readonly [start: number, end: number])[];
}

/**
 * Reads a TOML text into Maps, lists and scalars.
 *
 * Dates become strings in ISO 8601 form, integers that a number cannot hold exactly become bigints
 * with a warning.
 *
 * @throws {ConfigFileError} With code `syntax`, `duplicate_key`, `too_deep` or `too_large`.
 */
export function readToml(text: string, problems: TextProblems): TomlReading {
  const { source, longStrings } = prepareToml(text, problems);
  const reading = new TomlBuilder(problems, longStrings).build(parse(source, problems));
  problems.throwErrors();
  return reading;
}

function parse(text: string, problems: TextProblems): AST.TOMLProgram {
  try {
    return parseTOML(text, { tomlVersion: "1.1" });
  } catch (error) {
    if (error instanceof RangeError) tooDeep(0, problems, []);
    if (!(error instanceof ParseError)) throw error;
    const { index, message } = error;
    if (message === DUPLICATE_KEY) {
      const key = /^(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[^\s.=\]]+)/.exec(
        text.slice(index, index + 80),
      );
      const name = key === null ? "this key" : `the key \`${key[0]}\``;
      problems.fatal("duplicate_key", index, `${name} is defined twice; keep one of them`);
    }
    // A value missing at the end of a line is noticed on a later one.
    const before = text.slice(0, index).trimEnd();
    if (
      before.endsWith("=") &&
      (index >= text.length || text.slice(before.length, index).includes("\n"))
    ) {
      problems.fatal("syntax", before.length, "a value is missing here");
    }
    problems.fatal("syntax", index, ADVICE[message] ?? unexpected(text, index, message));
  }
}

function unexpected(text: string, index: number, message: string): string {
  const word = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(text.slice(index, index + 40))?.[0];
  if (message !== "Unexpected character" || word === undefined) {
    return message.charAt(0).toLowerCase() + message.slice(1);
  }
  if (/^(true|false)$/i.test(word)) {
    return `\`${word}\` is written \`${word.toLowerCase()}\` in TOML`;
  }
  if (/^(null|none|nil)$/i.test(word)) return "TOML has no null; leave the key out";
  return `\`${word}\` is no TOML value; a string stands in quotes`;
}

type Table = Map<string, unknown>;
/** A table that is being filled, and the place of it. */
type Cursor = [table: Table, place: TextPlace];

class TomlBuilder {
  readonly #problems: TextProblems;
  readonly #longStrings: ReadonlyMap<number, string>;
  /** The path to what is being read. */
  #path: ConfigPath = [];

  constructor(problems: TextProblems, longStrings: ReadonlyMap<number, string>) {
    this.#problems = problems;
    this.#longStrings = longStrings;
  }

  build(program: AST.TOMLProgram): TomlReading {
    const data: Table = new Map();
    const place: TextPlace = { at: 0, children: new Map() };
    for (const node of program.body[0].body) {
      this.#path = [];
      if (node.type === "TOMLKeyValue") this.#keyValue(node, [data, place]);
      else {
        const cursor = this.#header(node, [data, place]);
        const depth = this.#path.length;
        for (const keyValue of node.body) {
          this.#keyValue(keyValue, cursor);
          this.#path.length = depth;
        }
      }
    }
    return { data, place, comments: program.comments.map(({ range }) => range) };
  }

  /** Makes or finds the table that a header opens. */
  #header({ key, kind, range }: AST.TOMLTable, root: Cursor): Cursor {
    let cursor = root;
    for (const [i, node] of key.keys.entries()) {
      cursor = kind === "array" && i === key.keys.length - 1
        ? this.#newItem(cursor, node, range[0])
        : this.#step(cursor, node);
    }
    return cursor;
  }

  /** The table under a key: the one there, the last of a list of tables, or a new one. */
  #step([table, place]: Cursor, node: AST.TOMLBare | AST.TOMLQuoted): Cursor {
    const key = this.#keyName(node);
    this.#enter(key, node.range[0]);
    const children = place.children as Map<string, TextPlace>;
    const found = table.get(key);
    const foundPlace = children.get(key);
    if (found instanceof Map) return [found, foundPlace!];
    if (Array.isArray(found)) {
      this.#enter(found.length - 1, node.range[0]);
      return [found.at(-1), (foundPlace!.children as TextPlace[]).at(-1)!];
    }
    const created: Cursor = [new Map(), { at: node.range[0], children: new Map() }];
    table.set(key, created[0]);
    children.set(key, created[1]);
    return created;
  }

  #newItem([table, place]: Cursor, node: AST.TOMLBare | AST.TOMLQuoted, at: number): Cursor {
    const key = this.#keyName(node);
    this.#enter(key, at);
    const children = place.children as Map<string, TextPlace>;
    if (!table.has(key)) {
      table.set(key, []);
      children.set(key, { at: node.range[0], children: [] });
    }
    const items = table.get(key) as Table[];
    const item: Cursor = [new Map(), { at, children: new Map() }];
    this.#enter(items.length, at);
    items.push(item[0]);
    (children.get(key)!.children as TextPlace[]).push(item[1]);
    return item;
  }

  #keyValue({ key, value }: AST.TOMLKeyValue, start: Cursor): void {
    let cursor = start;
    for (const node of key.keys.slice(0, -1)) cursor = this.#step(cursor, node);
    const [table, place] = cursor;
    const last = key.keys.at(-1)!;
    const name = this.#keyName(last);
    this.#enter(name, last.range[0]);
    const valuePlace: TextPlace = { at: last.range[0], span: value.range };
    table.set(name, this.#value(value, valuePlace));
    (place.children as Map<string, TextPlace>).set(name, valuePlace);
  }

  /** Reads a value and writes the places of what it holds into `place`. */
  #value(node: AST.TOMLContentNode, place: TextPlace): unknown {
    const depth = this.#path.length;
    if (node.type === "TOMLArray") {
      const places: TextPlace[] = place.children = [];
      return node.elements.map((element, i) => {
        this.#enter(i, element.range[0]);
        const child: TextPlace = { at: element.range[0], span: element.range };
        places.push(child);
        const value = this.#value(element, child);
        this.#path.length = depth;
        return value;
      });
    }
    if (node.type === "TOMLInlineTable") {
      place.children = new Map();
      const table: Table = new Map();
      for (const keyValue of node.body) {
        this.#keyValue(keyValue, [table, place]);
        this.#path.length = depth;
      }
      return table;
    }
    return this.#scalar(node);
  }

  #scalar(node: AST.TOMLValue): unknown {
    switch (node.kind) {
      case "string":
        return this.#longStrings.get(node.range[0]) ?? node.value;
      case "boolean":
      case "float":
        return node.value;
      case "integer": {
        const number = Number(node.bigint);
        if (Number.isSafeInteger(number)) return number;
        this.#problems.warn(
          "large_integer",
          node.range[0],
          largeIntegerMessage(node.number),
          this.#path,
        );
        return node.bigint;
      }
      default:
        return node.datetime.replace(" ", "T").toUpperCase();
    }
  }

  #enter(step: string | number, offset: number): void {
    this.#path.push(step);
    if (this.#path.length > MAX_DEPTH) tooDeep(offset, this.#problems, this.#path);
  }

  #keyName(node: AST.TOMLBare | AST.TOMLQuoted): string {
    if (node.type === "TOMLBare") return node.name;
    return this.#longStrings.get(node.range[0]) ?? node.value;
  }
}
