/**
 * What stands between the nodes of a syntax tree: blanks and comments.
 *
 * @module
 */
import type { SyntaxComment, SyntaxTree } from "./syntax.ts";
import { blank } from "./text_edits.ts";

/** Finds the places next to a gap in a source text. */
export class SourceGaps {
  readonly #text: string;
  readonly #comments: readonly SyntaxComment[];
  readonly #byStart: ReadonlyMap<number, SyntaxComment>;
  readonly #byEnd: ReadonlyMap<number, SyntaxComment>;

  /** Takes the text and comments of a tree. */
  constructor({ text, comments }: SyntaxTree) {
    this.#text = text;
    this.#comments = comments;
    this.#byStart = new Map(comments.map((comment) => [comment.start, comment]));
    this.#byEnd = new Map(comments.map((comment) => [comment.end, comment]));
  }

  /** The offset of the first character at or after `offset` that is no blank or comment. */
  after(offset: number): number {
    for (;;) {
      const comment = this.#byStart.get(offset);
      if (comment) offset = comment.end;
      else if (/\s/.test(this.#text[offset] ?? "")) offset++;
      else return offset;
    }
  }

  /** The offset behind the last character before `offset` that is no blank or comment. */
  before(offset: number): number {
    for (;;) {
      const comment = this.#byEnd.get(offset);
      if (comment) offset = comment.start;
      else if (/\s/.test(this.#text[offset - 1] ?? "")) offset--;
      else return offset;
    }
  }

  /** A stretch of the text with its comments blank. */
  masked(start: number, end: number): string {
    let text = this.#text.slice(start, end);
    for (const comment of this.#comments) {
      if (comment.start < start || comment.end > end) continue;
      const [from, to] = [comment.start - start, comment.end - start];
      text = text.slice(0, from) + blank(text.slice(from, to)) + text.slice(to);
    }
    return text;
  }
}
