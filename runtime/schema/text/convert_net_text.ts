/**
 * Turning the text of a net from one format into the other.
 *
 * @module
 */
import { ConfigSchemaError } from "../error.ts";
import type { ConfigIssue } from "../issue.ts";
import { writeFresh } from "./format_net_text.ts";
import { type NetTextFormat, parseNetText } from "./net_text.ts";
import { toTextData } from "./text_data.ts";
import { writeJson } from "./write_json.ts";

/** Options of {@linkcode convertNetText}. */
export interface ConvertNetTextOptions {
  /** The file that the text came from; problems name it. */
  file?: string;
  /**
   * Write JSON on a single line.
   *
   * @default {false}
   */
  compact?: boolean;
  /** Told of what cannot be carried over, with the line where it stands. */
  warn?: (issue: ConfigIssue) => void;
}

/**
 * Writes the data of a text in another format: nothing is checked against a schema, nothing added.
 *
 * Order and the digits of integers are kept. Comments are not. To TOML, keys that are null are left
 * out with a warning each; from TOML, dates become strings.
 *
 * @param text The text.
 * @param from What it is written in.
 * @param to What to write.
 * @param options The file to name, the form of JSON, and who is told of losses.
 * @throws {ConfigFileError} If the text cannot be read.
 * @throws {ConfigSchemaError} `not_serializable` if the new format cannot hold the data: a null in a
 * list in TOML, an infinite number in JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const toml = 'when = 2024-01-02\n';
 * assertEquals(convertNetText(toml, "toml", "json"), '{\n  "when": "2024-01-02"\n}\n');
 * ```
 */
export function convertNetText(
  text: string,
  from: NetTextFormat,
  to: NetTextFormat,
  options: ConvertNetTextOptions = {},
): string {
  const { file, compact, warn } = options;
  const { data, warnings, position } = parseNetText(text, from, file === undefined ? {} : { file });
  for (const issue of warnings) warn?.(issue);
  const place = (issue: ConfigIssue): ConfigIssue => ({
    ...issue,
    ...(file === undefined ? {} : { file }),
    ...position(issue.path),
  });
  try {
    const content = toTextData(data, to, {
      warn: (issue) => warn?.(place(issue)),
      everyNull: true,
    });
    return to === "json" && compact ? `${writeJson(content, "")}\n` : writeFresh(content, to);
  } catch (error) {
    if (!(error instanceof ConfigSchemaError)) throw error;
    throw new ConfigSchemaError(error.issues.map(place), { filePath: file, cause: error });
  }
}
