/**
 * Editing a source text, and telling its readers which place of the original a place came from.
 *
 * @module
 */

/** A stretch of a text and what stands in its place. */
export interface TextEdit {
  /** Offset of the first character that goes. */
  readonly start: number;
  /** Offset behind the last one; equal to `start` where something is only put in. */
  readonly end: number;
  /** Holds as many line breaks as what it replaces. */
  readonly text: string;
}

/** As many spaces as characters, with the line breaks where they were. */
export function blank(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]/g, " ");
}

/**
 * Edits JavaScript, and adds a source map by which stack traces name the original.
 *
 * @param text The original.
 * @param edits In any order; those within another are left out.
 * @param url URL of the original.
 */
export function editSource(text: string, edits: readonly TextEdit[], url: string): string {
  const map = new SourceMap();
  let output = "";
  let at = 0;
  const keep = (end: number) => {
    map.keep(text.slice(at, end));
    output += text.slice(at, end);
    at = end;
  };
  for (const { start, end, text: put } of inOrder(edits)) {
    if (start < at) continue;
    keep(start);
    map.replace(text.slice(start, end), put);
    output += put;
    at = end;
  }
  keep(text.length);
  return `${output}\n//# sourceMappingURL=data:application/json;base64,${map.encode(url)}\n`;
}

/** Outer ones before inner ones, but what is put in before a stretch stays before it. */
function inOrder(edits: readonly TextEdit[]): TextEdit[] {
  const isInsertion = ({ start, end }: TextEdit) => start === end;
  return [...edits].sort((a, b) =>
    a.start - b.start || +isInsertion(b) - +isInsertion(a) || b.end - a.end
  );
}

/** Collects the places of one text in another that has the same lines. */
class SourceMap {
  #mappings = "";
  /** Columns in the edited text and the original. */
  #column = 0;
  #originalColumn = 0;
  /** What the last segment said; segments hold differences. */
  #last = { line: 0, column: 0, originalColumn: 0 };
  #line = 0;
  #isFirstOfLine = true;

  /** Text that is the same in both: every word of it gets its place, since errors begin at words. */
  keep(text: string): void {
    for (const [part] of text.matchAll(/\r\n|[\n\r]|[\w$]+|[^\w$\n\r]+/g)) {
      if (/^[\n\r]/.test(part)) this.#breakLine();
      else {
        if (/^[\w$]/.test(part) || this.#isFirstOfLine) this.#mark();
        this.#column += part.length;
        this.#originalColumn += part.length;
      }
    }
  }

  /** Text in the place of another. */
  replace(original: string, text: string): void {
    this.#mark();
    const lines = text.split(/\r\n|[\n\r]/);
    for (let i = 1; i < lines.length; i++) this.#breakLine();
    this.#column += lines.at(-1)!.length;
    this.#originalColumn += original.split(/\r\n|[\n\r]/).at(-1)!.length;
  }

  /** The map as base64. */
  encode(url: string): string {
    const map = { version: 3, sources: [url], names: [], mappings: this.#mappings };
    // URLs are ASCII.
    return btoa(JSON.stringify(map));
  }

  #mark(): void {
    const { line, column, originalColumn } = this.#last;
    this.#mappings += (this.#isFirstOfLine ? "" : ",") + encodeNumber(this.#column - column) +
      encodeNumber(0) + encodeNumber(this.#line - line) +
      encodeNumber(this.#originalColumn - originalColumn);
    this.#last = { line: this.#line, column: this.#column, originalColumn: this.#originalColumn };
    this.#isFirstOfLine = false;
  }

  #breakLine(): void {
    this.#mappings += ";";
    this.#line++;
    this.#column = this.#originalColumn = this.#last.column = 0;
    this.#isFirstOfLine = true;
  }
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** A number as source maps write it: five bits a digit, the lowest first, the sign in the first. */
function encodeNumber(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let digits = "";
  do {
    const more = rest > 31 ? 32 : 0;
    digits += DIGITS[(rest & 31) | more];
    rest >>>= 5;
  } while (rest > 0);
  return digits;
}
