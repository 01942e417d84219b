/**
 * What is wrong with a text, gathered while it is read.
 *
 * @module
 */
import { ConfigFileError } from "../error.ts";
import type { ConfigIssue, ConfigPath } from "../issue.ts";
import { LineIndex } from "./text_place.ts";

/**
 * How deep lists and tables may nest in a text.
 *
 * Terms and subgraphs may nest 256 levels each, and a level takes two containers (`terms` and its
 * items); what lies around them takes a few more.
 */
export const MAX_DEPTH = 1100;

/** How many problems of one text are listed; reading stops there. */
const MAX_PROBLEMS = 100;

/** Problems of one text, each with its line and column. */
export class TextProblems {
  /** What is remarkable but stops nothing; the first hundred. */
  readonly warnings: ConfigIssue[] = [];
  readonly #errors: ConfigIssue[] = [];
  readonly #lines: LineIndex;
  readonly #file: string | undefined;

  /** Starts with no problem in `text`, which came from `file`, if from any. */
  constructor(text: string, file: string | undefined) {
    this.#lines = new LineIndex(text);
    this.#file = file;
  }

  /** Notes an error at `offset`; throws all errors when they get too many. */
  error(code: string, offset: number, message: string, path: Readonly<ConfigPath> = []): void {
    this.#errors.push(this.#issue("error", code, offset, message, path));
    if (this.#errors.length >= MAX_PROBLEMS) this.throwErrors();
  }

  /** Notes an error after which nothing more can be read, and throws all. */
  fatal(code: string, offset: number, message: string, path: Readonly<ConfigPath> = []): never {
    this.#errors.push(this.#issue("error", code, offset, message, path));
    this.throwErrors();
    throw new Error("unreachable");
  }

  /** Notes a warning at `offset`. */
  warn(code: string, offset: number, message: string, path: Readonly<ConfigPath>): void {
    if (this.warnings.length >= MAX_PROBLEMS) return;
    this.warnings.push(this.#issue("warning", code, offset, message, path));
  }

  /**
   * Throws what was found, if anything was.
   *
   * @throws {ConfigFileError} With every error noted.
   */
  throwErrors(): void {
    if (this.#errors.length === 0) return;
    this.#errors.sort((a, b) => a.line! - b.line! || a.column! - b.column!);
    throw new ConfigFileError(this.#errors, { filePath: this.#file });
  }

  #issue(
    severity: ConfigIssue["severity"],
    code: string,
    offset: number,
    message: string,
    path: Readonly<ConfigPath>,
  ): ConfigIssue {
    return {
      code,
      path: [...path],
      message,
      severity,
      ...(this.#file === undefined ? {} : { file: this.#file }),
      ...this.#lines.position(offset),
    };
  }
}

/** A character for a message: itself if it can be seen, and its code point if it is unusual. */
export function describeCharacter(text: string, offset: number): string {
  const codePoint = text.codePointAt(offset);
  if (codePoint === undefined) return "the end of the text";
  const code = `U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}`;
  if (codePoint > 0x20 && codePoint < 0x7F) return `\`${String.fromCodePoint(codePoint)}\``;
  if (codePoint === 10 || codePoint === 13) return "the end of the line";
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(String.fromCodePoint(codePoint))
    ? `\`${String.fromCodePoint(codePoint)}\` (${code})`
    : `the character ${code}`;
}
