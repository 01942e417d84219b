/**
 * Writing the text of a net, fresh or over an existing one.
 *
 * @module
 */
import { ConfigFileError } from "../error.ts";
import type { ConfigIssue } from "../issue.ts";
import { editInPlace } from "./edit_in_place.ts";
import { type NetTextFormat, type NetTextReading, readNetText } from "./net_text.ts";
import { toTextData } from "./text_data.ts";
import { jsonIndent, writeJson } from "./write_json.ts";
import { writeToml } from "./write_toml.ts";

/** Options of {@linkcode formatNetText}. */
export interface WriteOptions {
  /** The text that is being replaced; its layout is kept as far as possible. */
  over?: string;
  /** Told of what the new text loses, before it is returned. */
  warn?: (issue: ConfigIssue) => void;
}

/**
 * Writes data as the text of a net, with a final newline.
 *
 * The keys of every object come out in the order given, in both formats. TOML has no null: such keys
 * are left out, with a warning under `extra`, `factory_args` and `pickling_args`, where they mean
 * something.
 *
 * With `over`, line ends, a byte order mark and the indentation of JSON are kept. Where only values
 * differ, everything else stays as it is, comments too. Any other change writes TOML anew; if that
 * loses comments, a warning with code `comments_lost` says so (those at the top are kept).
 *
 * @param data Maps or plain objects, lists, strings, numbers, bigints, booleans, null.
 * @param format What to write.
 * @param options The text to write over, and who is told of losses.
 * @throws {ConfigSchemaError} `not_serializable`, naming every value that the format cannot hold, or
 * `too_deep`.
 *
 * @example A comment survives a change of a value
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const over = "retries = 1 # flaky scale\n";
 * assertEquals(formatNetText({ retries: 3 }, "toml", { over }), "retries = 3 # flaky scale\n");
 * ```
 */
export function formatNetText(
  data: unknown,
  format: NetTextFormat,
  options: WriteOptions = {},
): string {
  const { over, warn } = options;
  const content = toTextData(data, format, { warn });
  const old = over === undefined ? undefined : readOrNothing(over, format);
  if (over === undefined || old === undefined) return writeFresh(content, format);

  const edited = editInPlace(content, over, format, old);
  if (edited !== undefined) return edited;
  const head = format === "toml" ? leadingComments(over, old) : { text: "", count: 0 };
  const lost = old.comments.length - head.count;
  if (lost > 0) {
    const comments = lost === 1 ? "a comment" : `${lost} comments`;
    const message = `more than values changes, so the file is written anew and loses ${comments}`;
    warn?.({ code: "comments_lost", path: [], message, severity: "warning" });
  }
  const text = head.text + writeFresh(content, format, jsonIndent(over));
  const mark = over.startsWith("\uFEFF") ? "\uFEFF" : "";
  return mark + (over.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text);
}

/** A whole text out of data as `toTextData` gives it. */
export function writeFresh(content: unknown, format: NetTextFormat, indent = "  "): string {
  return format === "toml"
    ? writeToml(content as Map<string, unknown>)
    : `${writeJson(content, indent)}\n`;
}

/** The reading of the text that is written over, or undefined if nothing in it can be kept. */
function readOrNothing(over: string, format: NetTextFormat): NetTextReading | undefined {
  try {
    return readNetText(over, format, undefined);
  } catch (error) {
    if (error instanceof ConfigFileError) return undefined;
    throw error;
  }
}

/** The comments before the first key of a TOML text, which are about the whole file. */
function leadingComments(text: string, { comments }: NetTextReading): {
  text: string;
  count: number;
} {
  let end = text.startsWith("\uFEFF") ? 1 : 0;
  const start = end;
  let count = 0;
  for (const [commentStart, commentEnd] of comments) {
    if (text.slice(end, commentStart).trim() !== "") break;
    end = commentEnd;
    count++;
  }
  if (count === 0) return { text: "", count };
  return { text: `${text.slice(start, end).trim().replaceAll("\r\n", "\n")}\n\n`, count };
}
