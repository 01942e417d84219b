/**
 * The parts of a JSON text that hold nothing: strings, numbers, words, white space.
 *
 * @module
 */
import type { ConfigPath } from "../issue.ts";
import { describeCharacter, type TextProblems } from "./text_problems.ts";

/** More digits than anybody means; turning them into a number would take long. */
const MAX_DIGITS = 1000;

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const COLON_NEXT = /\s*:/y;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const HEX4 = /^[0-9a-fA-F]{4}$/;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

const QUOTE = 0x22, HASH = 0x23, APOSTROPHE = 0x27, PLUS = 0x2B, COMMA = 0x2C, MINUS = 0x2D;
const DOT = 0x2E, SLASH = 0x2F, BACKSLASH = 0x5C, UNDERSCORE = 0x5F;

/**
 * Reads a JSON text piece by piece from `offset` on, and notes what is wrong with the pieces.
 *
 * A mistake that leaves the meaning of a piece clear is noted and read over; others are thrown.
 */
export class JsonScanner {
  /** The text that is read. */
  readonly text: string;
  /** Where the next piece starts. */
  offset = 0;
  readonly #problems: TextProblems;

  /** Starts at the beginning of `text`, after a byte order mark. */
  constructor(text: string, problems: TextProblems) {
    this.text = text;
    this.#problems = problems;
    if (text.charCodeAt(0) === 0xFEFF) this.offset = 1;
  }

  /** Code of the character at the offset; NaN at the end of the text. */
  get code(): number {
    return this.text.charCodeAt(this.offset);
  }

  /** Reads the string, number or word at the offset; `path` is that of the value, for warnings. */
  scalar(path: Readonly<ConfigPath>): unknown {
    const { code } = this;
    if (code === QUOTE || code === APOSTROPHE) return this.#string();
    return code === MINUS || isDigit(code) ? this.#number(path) : this.#word();
  }

  /** Reads the key at the offset. */
  key(): string {
    const { code } = this;
    if (code === QUOTE || code === APOSTROPHE) return this.#string();
    const word = this.#match(WORD);
    if (word === undefined) {
      if (code === COMMA) this.fatal(this.offset, "a comma too many; expected a key");
      this.fatal(this.offset, `expected a key in double quotes or \`}\`, found ${this.found()}`);
    }
    const message = `the key must stand in double quotes: "${word}"`;
    // Without a colon behind it, it is no key either: that is the same problem, not a second one.
    COLON_NEXT.lastIndex = this.offset + word.length;
    if (!COLON_NEXT.test(this.text)) this.fatal(this.offset, message);
    this.error(this.offset, message);
    this.offset += word.length;
    return word;
  }

  #string(): string {
    const text = this.text;
    const start = this.offset;
    const quote = text.charCodeAt(start);
    if (quote === APOSTROPHE) {
      this.error(start, "single quotes; JSON strings stand in double quotes");
    }
    let value = "";
    let chunk = start + 1;
    let offset = chunk;
    for (;;) {
      const code = text.charCodeAt(offset);
      if (code === quote) break;
      if (code === BACKSLASH) {
        value += text.slice(chunk, offset);
        const [character, length] = this.#escape(offset);
        value += character;
        offset += length;
        chunk = offset;
      } else if (code < 0x20) {
        if (code === 10 || code === 13) this.#unclosedString(start);
        const character = describeCharacter(text, offset);
        this.error(
          offset,
          `${character} must be written as an escape in a string: \\u${hex4(code)}`,
        );
        offset++;
      } else if (offset >= text.length) this.#unclosedString(start);
      else offset++;
    }
    this.offset = offset + 1;
    return value === "" ? text.slice(chunk, offset) : value + text.slice(chunk, offset);
  }

  #unclosedString(start: number): never {
    this.fatal(
      start,
      "this string is not closed on its line; close it, or write a line break in it as \\n",
    );
  }

  /** The character that the escape at `offset` stands for, and how long the escape is. */
  #escape(offset: number): [character: string, length: number] {
    const letter = this.text.charAt(offset + 1);
    const escaped = ESCAPES[letter];
    if (escaped !== undefined) return [escaped, 2];
    if (letter === "u") {
      const digits = this.text.slice(offset + 2, offset + 6);
      if (HEX4.test(digits)) return [String.fromCharCode(parseInt(digits, 16)), 6];
      this.error(offset, "\\u must be followed by four hexadecimal digits");
      return ["", 2];
    }
    this.error(
      offset,
      `\`\\${letter.trim()}\` is no escape of JSON; a backslash itself is \`\\\\\``,
    );
    // What follows may be the end of the line or of the text: let the string see it.
    return letter === "'" ? [letter, 2] : ["", 1];
  }

  #number(path: Readonly<ConfigPath>): number | bigint {
    const start = this.offset;
    const literal = this.#match(NUMBER);
    if (literal === undefined) {
      // Only a minus without digits is left.
      const word = (this.offset++, this.#match(WORD));
      if (word !== "Infinity") {
        this.fatal(start, `expected digits after \`-\`, found ${this.found()}`);
      }
      this.offset += word.length;
      return this.#notFinite(start, "-Infinity");
    }
    this.offset += literal.length;
    const next = this.code;
    if (next === DOT || next === UNDERSCORE || this.#match(WORD) !== undefined) {
      this.fatal(
        start,
        `\`${literal}${this.text.charAt(this.offset)}\` starts no number of JSON`,
      );
    }
    if (/^-?0\d/.test(literal)) {
      this.error(start, `\`${shorten(literal)}\`: JSON numbers have no leading zeros`);
    }
    const value = Number(literal);
    if (Number.isSafeInteger(value) || /[.eE]/.test(literal)) {
      return Number.isFinite(value) ? value : this.#notFinite(start, shorten(literal));
    }
    if (literal.length > MAX_DIGITS) {
      this.#problems.fatal("too_large", start, `a number of ${literal.length} digits`);
    }
    this.#problems.warn("large_integer", start, largeIntegerMessage(literal), path);
    return BigInt(literal);
  }

  #word(): unknown {
    const start = this.offset;
    const word = this.#match(WORD);
    if (word === undefined) {
      const { code } = this;
      if (code === COMMA) this.fatal(start, "a comma too many; expected a value");
      if (code === PLUS || code === DOT) {
        this.fatal(start, `a JSON number starts with a digit or \`-\`, not with ${this.found()}`);
      }
      this.fatal(start, `expected a value, found ${this.found()}`);
    }
    this.offset += word.length;
    switch (word) {
      case "true":
        return true;
      case "false":
        return false;
      case "null":
        return null;
      case "True":
      case "False":
        this.error(start, `\`${word}\` is written \`${word.toLowerCase()}\` in JSON`);
        return word === "True";
      case "None":
      case "undefined":
        this.error(start, `\`${word}\` is written \`null\` in JSON`);
        return null;
      case "NaN":
      case "Infinity":
        return this.#notFinite(start, word);
    }
    this.error(start, `\`${shorten(word)}\` is no JSON value; a string stands in double quotes`);
    return word;
  }

  #notFinite(offset: number, literal: string): number {
    this.error(offset, `\`${literal}\` is not a finite number, which JSON cannot hold`);
    return 0;
  }

  /** Steps over white space. */
  skipSpace(): void {
    for (;;) {
      const { code } = this;
      if (code === 0x20 || code === 10 || code === 13 || code === 9) this.offset++;
      else if (code === SLASH || code === HASH) {
        if (!this.#skipComment(code)) return;
      } else return;
    }
  }

  /** Notes the comment at the offset and steps over it; false if none starts here. */
  #skipComment(code: number): boolean {
    const start = this.offset;
    const next = this.text.charAt(start + 1);
    if (code === SLASH && next !== "/" && next !== "*") return false;
    this.error(start, "comments are not allowed in JSON; TOML net files may have them");
    const block = code === SLASH && next === "*";
    const end = this.text.indexOf(block ? "*/" : "\n", start + 1);
    this.offset = end === -1 ? this.text.length : end + (block ? 2 : 1);
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    return pattern.exec(this.text)?.[0];
  }

  /** What stands at the offset, for a message. */
  found(): string {
    const word = this.#match(WORD);
    return word === undefined ? describeCharacter(this.text, this.offset) : `\`${shorten(word)}\``;
  }

  /** Notes a mistake. */
  error(offset: number, message: string): void {
    this.#problems.error("syntax", offset, message);
  }

  /** Notes a mistake after which nothing is clear, and throws all. */
  fatal(offset: number, message: string): never {
    this.#problems.fatal("syntax", offset, message);
  }
}

/** What to say of an integer that a number cannot hold; its digits are kept. */
export function largeIntegerMessage(literal: string): string {
  return `the integer ${shorten(literal)} is beyond 2^53 and cannot be used as a number; ` +
    "its digits are kept, write it as a string if it is an identifier";
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function hex4(code: number): string {
  return code.toString(16).padStart(4, "0");
}

/** As much of a text as a message can hold. */
export function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
