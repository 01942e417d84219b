/**
 * Where things stand in the text of a net.
 *
 * @module
 */
import type { ConfigPath } from "../issue.ts";

/** A line and a column of a text, both from 1; columns count UTF-16 units, as editors do. */
export interface TextPosition {
  /** Line, from 1. */
  line: number;
  /** Column in that line, from 1. */
  column: number;
}

/** Where a value stands in a text. All numbers are offsets in UTF-16 units. */
export interface TextPlace {
  /** What to point at: the value's key, or the value itself in a list and at the top. */
  at: number;
  /** Start and end of the value, if it is one piece of text (a TOML table with a header is not). */
  span?: readonly [start: number, end: number];
  /** Places of what it holds. */
  children?: Map<string, TextPlace> | TextPlace[];
}

/** The place at `path`, or of the nearest of its ancestors that is in the text. */
export function nearestPlace(root: TextPlace, path: Readonly<ConfigPath>): TextPlace {
  let place = root;
  for (const step of path) {
    const { children } = place;
    const child = children instanceof Map
      ? children.get(String(step))
      : typeof step === "number"
      ? children?.[step]
      : undefined;
    if (child === undefined) break;
    place = child;
  }
  return place;
}

/** Turns offsets in a text into lines and columns. */
export class LineIndex {
  readonly #text: string;
  /** Offsets at which lines start, ascending; found when first asked for. */
  #starts: number[] | undefined;

  /** Creates the index of `text`. */
  constructor(text: string) {
    this.#text = text;
  }

  /** Line and column of `offset`. */
  position(offset: number): TextPosition {
    const starts = this.#starts ??= lineStarts(this.#text);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.max(0, offset - starts[low]!) + 1 };
  }
}

function lineStarts(text: string): number[] {
  // A byte order mark takes no column.
  const starts = [text.startsWith("\uFEFF") ? 1 : 0];
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}
