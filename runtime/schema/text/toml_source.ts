/**
 * Making a TOML text ready for its parser, which overflows on deep nesting and on long strings.
 *
 * @module
 */
import type { ConfigPath } from "../issue.ts";
import { MAX_DEPTH, type TextProblems } from "./text_problems.ts";

/** The parser spreads the characters of a literal into one call, which has a limit. */
const MAX_LITERAL_LENGTH = 100_000;

/** What numbers, dates and bare keys consist of. */
const BARE = /[\w+.:-]/;

const ESCAPE =
  /\\(?:([btnfre"\\])|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|[ \t]*\r?\n[ \t\r\n]*|)/g;
const ESCAPED: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  e: "\x1B",
  '"': '"',
  "\\": "\\",
};

/** A text for the parser. */
export interface TomlSource {
  /** The text, in which every long string is an empty one and blanks, so that all offsets stay. */
  source: string;
  /** What the long strings hold, by the offset at which they start. */
  longStrings: ReadonlyMap<number, string>;
}

/**
 * Takes out of a text what the parser would overflow on, or refuses it with its place; all other
 * mistakes are left to the parser.
 *
 * @throws {ConfigFileError} With code `too_deep`, `too_large` or, in a long string, `syntax`.
 */
export function prepareToml(text: string, problems: TextProblems): TomlSource {
  const longStrings = new Map<number, string>();
  let source = "";
  let copied = 0;
  let depth = 0;
  let start = 0;
  if (text.startsWith("\uFEFF")) {
    source = " ";
    copied = start = 1;
  }
  while (start < text.length) {
    const character = text.charAt(start);
    let end = start + 1;
    if (character === "[" || character === "{") {
      if (++depth > MAX_DEPTH) tooDeep(start, problems, []);
    } else if (character === "]" || character === "}") depth--;
    else if (character === "#") end = lineEnd(text, start);
    else if (character === '"' || character === "'") {
      end = stringEnd(text, start);
      if (end - start > MAX_LITERAL_LENGTH) {
        longStrings.set(start, readString(text, start, end, problems));
        source += `${text.slice(copied, start)}''${" ".repeat(end - start - 2)}`;
        copied = end;
      }
    } else if (BARE.test(character)) {
      while (BARE.test(text.charAt(end))) end++;
      if (end - start > MAX_LITERAL_LENGTH) {
        problems.fatal("too_large", start, `a number or a name of ${end - start} characters`);
      }
    }
    start = end;
  }
  return { source: source + text.slice(copied), longStrings };
}

/** Refuses the text for what stands at `offset`. */
export function tooDeep(offset: number, problems: TextProblems, path: ConfigPath): never {
  problems.fatal("too_deep", offset, `nested deeper than ${MAX_DEPTH} levels`, path.slice(0, 8));
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end;
}

/** Where the string that starts at `start` ends; if it is never closed, where its line does. */
function stringEnd(text: string, start: number): number {
  const close = quotes(text, start);
  let end = start + close.length;
  while (end < text.length) {
    if (text.startsWith(close, end)) {
      end += close.length;
      // Up to two more quotes belong to the content of a string over several lines.
      const last = close.length === 3 ? end + 2 : end;
      while (end < last && text.charAt(end) === close[0]) end++;
      return end;
    }
    const character = text.charAt(end);
    if (character === "\n" && close.length === 1) return end;
    end += character === "\\" && close[0] === '"' ? 2 : 1;
  }
  return text.length;
}

/** The quotes that open and close the string at `start`. */
function quotes(text: string, start: number): string {
  const quote = text.charAt(start);
  return text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
}

/** The content of the string from `start` to `end`. */
function readString(text: string, start: number, end: number, problems: TextProblems): string {
  const close = quotes(text, start);
  const multiline = close.length === 3;
  if (!text.slice(start + close.length, end).endsWith(close)) {
    problems.fatal("syntax", start, "this string is never closed");
  }
  // The parser makes every line break of a string a plain one and drops the one at the beginning.
  let from = start + close.length;
  if (multiline) from += /^\r?\n/.exec(text.slice(from, from + 2))?.[0].length ?? 0;
  const content = text.slice(from, end - close.length);
  const control = /(?![\t\n\x80-\x9F]|\r\n)\p{Cc}/u.exec(content);
  if (control !== null) {
    problems.fatal("syntax", from + control.index, "a control character; write it as an escape");
  }
  const lines = content.replaceAll("\r\n", "\n");
  if (close[0] === "'") return lines;
  return lines.replace(ESCAPE, (escape, letter, x, u, U) => {
    if (letter !== undefined) return ESCAPED[letter]!;
    const digits: string | undefined = x ?? u ?? U;
    if (digits === undefined && multiline && escape.length > 1) return "";
    const codePoint = parseInt(digits ?? "", 16);
    if (!(codePoint <= 0x10FFFF) || (codePoint >= 0xD800 && codePoint <= 0xDFFF)) {
      problems.fatal("syntax", start, `\`${escape}\` in this string is no escape of TOML`);
    }
    return String.fromCodePoint(codePoint);
  });
}
