/**
 * Reading JSON: order, positions and every digit are kept, and mistakes are explained.
 *
 * @module
 */
import type { ConfigPath } from "../issue.ts";
import { JsonScanner, shorten } from "./json_scanner.ts";
import type { TextPlace } from "./text_place.ts";
import { MAX_DEPTH, type TextProblems } from "./text_problems.ts";

const COMMA = 0x2C, COLON = 0x3A, OPEN_BRACKET = 0x5B, CLOSE_BRACKET = 0x5D;
const OPEN_BRACE = 0x7B, CLOSE_BRACE = 0x7D;

/**
 * Reads a JSON text into Maps, lists and scalars.
 *
 * Integers that a number cannot hold exactly become bigints, with a warning. Mistakes that leave the
 * meaning clear (comments, trailing commas, single quotes…) are noted and read over, so that one
 * reading finds them all.
 *
 * @throws {ConfigFileError} With code `syntax`, `duplicate_key`, `too_deep` or `too_large`.
 */
export function readJson(text: string, problems: TextProblems): unknown {
  return new JsonReader(text, problems).read().value;
}

/** Where every value of a JSON text stands; the text must be one that {@linkcode readJson} reads. */
export function placesOfJson(text: string, problems: TextProblems): TextPlace {
  const { place } = new JsonReader(text, problems, true).read();
  return place!;
}

/** A value, and where it stands if places are asked for. */
interface Read {
  value: unknown;
  place: TextPlace | undefined;
}

class JsonReader {
  readonly #scanner: JsonScanner;
  readonly #problems: TextProblems;
  /** Places cost as much as the data and are rarely needed, so a second reading finds them. */
  readonly #withPlaces: boolean;
  /** The path to the value being read. Its length is the depth. */
  readonly #path: ConfigPath = [];

  constructor(text: string, problems: TextProblems, withPlaces = false) {
    this.#scanner = new JsonScanner(text, problems);
    this.#problems = problems;
    this.#withPlaces = withPlaces;
  }

  read(): Read {
    const scanner = this.#scanner;
    scanner.skipSpace();
    if (scanner.offset >= scanner.text.length) {
      scanner.fatal(
        scanner.offset,
        'the file is empty; the smallest net is `{"graph": {"nodes": []}}`',
      );
    }
    const place: TextPlace | undefined = this.#withPlaces ? { at: scanner.offset } : undefined;
    const value = this.#value(place);
    scanner.skipSpace();
    if (scanner.offset < scanner.text.length) {
      scanner.fatal(
        scanner.offset,
        `expected the end of the file, found ${scanner.found()}; a JSON text is one value`,
      );
    }
    this.#problems.throwErrors();
    return { value, place };
  }

  /** Reads the value at the offset and writes its span and children into `place`. */
  #value(place: TextPlace | undefined): unknown {
    const start = this.#scanner.offset;
    const value = this.#anyValue(place);
    if (place !== undefined) place.span = [start, this.#scanner.offset];
    return value;
  }

  #anyValue(place: TextPlace | undefined): unknown {
    const code = this.#scanner.code;
    if (code === OPEN_BRACE) return this.#object(place);
    if (code === OPEN_BRACKET) return this.#array(place);
    return this.#scanner.scalar(this.#path);
  }

  #object(place: TextPlace | undefined): Map<string, unknown> {
    const scanner = this.#scanner;
    const start = this.#open();
    const object = new Map<string, unknown>();
    const places = place === undefined ? undefined : new Map<string, TextPlace>();
    if (place !== undefined) place.children = places!;
    while (!this.#closes(CLOSE_BRACE, start)) {
      const keyOffset = scanner.offset;
      const key = scanner.key();
      scanner.skipSpace();
      if (scanner.code !== COLON) {
        scanner.fatal(
          scanner.offset,
          `expected \`:\` after the key ${JSON.stringify(shorten(key))}, found ${scanner.found()}`,
        );
      }
      scanner.offset++;
      scanner.skipSpace();
      this.#path.push(key);
      const child: TextPlace | undefined = places === undefined ? undefined : { at: keyOffset };
      const value = this.#value(child);
      if (object.has(key)) {
        this.#problems.error(
          "duplicate_key",
          keyOffset,
          `the key ${JSON.stringify(shorten(key))} stands twice in this object; keep one`,
          this.#path,
        );
      } else {
        object.set(key, value);
        places?.set(key, child!);
      }
      this.#path.pop();
      this.#separator(CLOSE_BRACE, start);
    }
    return object;
  }

  #array(place: TextPlace | undefined): unknown[] {
    const start = this.#open();
    const array: unknown[] = [];
    const places: TextPlace[] | undefined = place === undefined ? undefined : [];
    if (place !== undefined) place.children = places!;
    while (!this.#closes(CLOSE_BRACKET, start)) {
      this.#path.push(array.length);
      const child: TextPlace | undefined = places === undefined
        ? undefined
        : { at: this.#scanner.offset };
      array.push(this.#value(child));
      places?.push(child!);
      this.#path.pop();
      this.#separator(CLOSE_BRACKET, start);
    }
    return array;
  }

  /** Steps into the container at the offset and returns where it starts. */
  #open(): number {
    const scanner = this.#scanner;
    if (this.#path.length >= MAX_DEPTH) {
      this.#problems.fatal(
        "too_deep",
        scanner.offset,
        `nested deeper than ${MAX_DEPTH} levels; no net needs that`,
      );
    }
    const start = scanner.offset++;
    scanner.skipSpace();
    return start;
  }

  /** Whether the container that starts at `start` ends here; steps behind its `bracket`. */
  #closes(bracket: number, start: number): boolean {
    const scanner = this.#scanner;
    const code = scanner.code;
    if (code === bracket) {
      scanner.offset++;
      return true;
    }
    if (scanner.offset >= scanner.text.length) this.#unclosed(bracket, start);
    return false;
  }

  /** Steps over the comma between two members; none is needed before the closing `bracket`. */
  #separator(bracket: number, start: number): void {
    const scanner = this.#scanner;
    const end = scanner.offset;
    scanner.skipSpace();
    const code = scanner.code;
    if (code === bracket) return;
    if (code === COMMA) {
      const comma = scanner.offset++;
      scanner.skipSpace();
      if (scanner.code === bracket) {
        const closing = String.fromCharCode(bracket);
        scanner.error(comma, `trailing comma; JSON allows none before \`${closing}\``);
      }
      return;
    }
    if (scanner.offset >= scanner.text.length) this.#unclosed(bracket, start);
    if (code === CLOSE_BRACE || code === CLOSE_BRACKET || code === COLON) {
      const closing = String.fromCharCode(bracket);
      scanner.fatal(scanner.offset, `expected \`,\` or \`${closing}\`, found ${scanner.found()}`);
    }
    scanner.error(end, "missing comma after this value");
  }

  #unclosed(bracket: number, start: number): never {
    const closing = String.fromCharCode(bracket);
    this.#scanner.fatal(
      start,
      `this \`${
        this.#scanner.text.charAt(start)
      }\` is never closed; the file ends before its \`${closing}\``,
    );
  }
}
