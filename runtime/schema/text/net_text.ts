/**
 * Reading the text of a net: its data in document order, and where everything stands.
 *
 * @module
 */
import { ConfigFileError } from "../error.ts";
import type { ConfigIssue, ConfigPath } from "../issue.ts";
import { LineIndex, nearestPlace, type TextPlace, type TextPosition } from "./text_place.ts";
import { placesOfJson, readJson } from "./read_json.ts";
import { readToml } from "./read_toml.ts";
import { TextProblems } from "./text_problems.ts";

/** The formats in which nets are written. */
export type NetTextFormat = "json" | "toml";

/** Options of {@linkcode parseNetText}. */
export interface ParseNetTextOptions {
  /** The file that the text came from; problems name it. */
  file?: string;
}

/** The text of a net, read but not checked against any schema. */
export interface NetText {
  /** Objects as `Map`s in document order, lists, strings, numbers, booleans, null, bigints. */
  data: unknown;
  /** The format that was read. */
  format: NetTextFormat;
  /** What is remarkable about the text: integers that a number cannot hold. */
  warnings: ConfigIssue[];
  /**
   * Where the key at `path` stands, or in a list the item.
   *
   * For a path that is not in the text it is the nearest of its ancestors that is, at last the
   * beginning of the data.
   */
  position(path: Readonly<ConfigPath>): TextPosition;
}

/**
 * Reads the text of a net.
 *
 * JSON keeps the order of keys like `"10"`, may start with a byte order mark, and must not hold a
 * key twice. TOML dates become strings as written, in ISO 8601 form. An integer beyond 2^53 becomes
 * a bigint, with a warning.
 *
 * @param text The text.
 * @param format What it is written in.
 * @param options The file to name in problems.
 * @throws {ConfigFileError} With every problem found and its line and column; codes `syntax`,
 * `duplicate_key`, `too_deep` and `too_large`.
 *
 * @example Data and positions
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const text = parseNetText('retries = 2\n\n[graph]\nnodes = []\n', "toml");
 * assertEquals([...(text.data as Map<string, unknown>).keys()], ["retries", "graph"]);
 * assertEquals(text.position(["graph", "nodes"]), { line: 4, column: 1 });
 * assertEquals(text.position(["graph", "edges", 0]), { line: 3, column: 2 });
 * ```
 */
export function parseNetText(
  text: string,
  format: NetTextFormat,
  options: ParseNetTextOptions = {},
): NetText {
  const { data, warnings, places } = readNetText(text, format, options.file);
  const lines = new LineIndex(text);
  return {
    data,
    format,
    warnings,
    position: (path) => lines.position(nearestPlace(places(), path).at),
  };
}

/** What one reading of a text gives: its data, and what is needed to point into it or edit it. */
export interface NetTextReading {
  /** As in {@linkcode NetText}. */
  data: unknown;
  /** As in {@linkcode NetText}. */
  warnings: ConfigIssue[];
  /** Where everything stands, found when first asked for. */
  places: () => TextPlace;
  /** Spans of the comments, in order. */
  comments: readonly (readonly [start: number, end: number])[];
}

/** Reads a text; throws as {@linkcode parseNetText} does. */
export function readNetText(
  text: string,
  format: NetTextFormat,
  file: string | undefined,
): NetTextReading {
  const problems = new TextProblems(text, file);
  const { warnings } = problems;
  if (format === "toml") {
    const { data, place, comments } = readToml(text, problems);
    return { data, warnings, places: () => place, comments };
  }
  const data = readJson(text, problems);
  let place: TextPlace | undefined;
  const places = () => place ??= placesOfJson(text, new TextProblems(text, file));
  return { data, warnings, places, comments: [] };
}

/**
 * Decodes the bytes of a net file, which must be UTF-8.
 *
 * @param bytes The bytes, with or without a byte order mark.
 * @param options The file to name in the error.
 * @throws {ConfigFileError} With code `syntax` and the line, if they are not UTF-8.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(decodeNetText(new TextEncoder().encode("{}")), "{}");
 * ```
 */
export function decodeNetText(bytes: Uint8Array, options: ParseNetTextOptions = {}): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const wide = (bytes[0] === 0xFF && bytes[1] === 0xFE) ||
      (bytes[0] === 0xFE && bytes[1] === 0xFF);
    // The lenient decoder puts U+FFFD where the first bad byte is.
    const lenient = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    const position = new LineIndex(lenient).position(Math.max(0, lenient.indexOf("\uFFFD")));
    const message = `the file is not UTF-8 text${wide ? " but UTF-16" : ""}; save it as UTF-8`;
    throw new ConfigFileError([{
      code: "syntax",
      path: [],
      message,
      severity: "error",
      ...(options.file === undefined ? {} : { file: options.file }),
      ...position,
    }], { filePath: options.file, cause });
  }
}
