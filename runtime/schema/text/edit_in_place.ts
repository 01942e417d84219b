/**
 * Changing values in a text and leaving everything else as it is.
 *
 * @module
 */
import type { NetTextFormat, NetTextReading } from "./net_text.ts";
import type { TextPlace } from "./text_place.ts";
import { jsonIndent, writeJson, writeJsonLine } from "./write_json.ts";
import { inlineToml, multilineToml, multilineTomlString } from "./write_toml.ts";

/** A piece of the text and what takes its place. */
interface Edit {
  span: readonly [start: number, end: number];
  text: string;
}

/**
 * `text` with its values changed to those of `data`, or undefined if that takes more than
 * replacing values: keys that come or go in a TOML table with a header, comments inside what is
 * replaced, a JSON text on a single line.
 *
 * @param data The new data, as `toTextData` gives it.
 * @param text The text to change.
 * @param format What it is written in.
 * @param old What reading `text` gave.
 */
export function editInPlace(
  data: unknown,
  text: string,
  format: NetTextFormat,
  old: NetTextReading,
): string | undefined {
  if (format === "json" && !text.trim().includes("\n")) return undefined;
  return new Editor(text, format, old).edit(data);
}

class Editor {
  readonly #text: string;
  readonly #format: NetTextFormat;
  readonly #old: NetTextReading;
  readonly #lineBreak: string;
  /** What a level of JSON is indented by. */
  readonly #indent: string;
  readonly #edits: Edit[] = [];

  constructor(text: string, format: NetTextFormat, old: NetTextReading) {
    this.#lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
    this.#indent = jsonIndent(text);
    this.#text = text;
    this.#format = format;
    this.#old = old;
  }

  edit(data: unknown): string | undefined {
    if (!this.#change(data, this.#old.data, this.#old.places())) return undefined;
    // Data is walked in its own order, in which TOML headers need not stand.
    this.#edits.sort((a, b) => a.span[0] - b.span[0]);
    let result = "";
    let end = 0;
    for (const { span, text } of this.#edits) {
      result += this.#text.slice(end, span[0]) + text;
      end = span[1];
    }
    result += this.#text.slice(end);
    return result.endsWith("\n") ? result : `${result}${this.#lineBreak}`;
  }

  /** Makes the edits that turn `old`, which stands at `place`, into `data`; false if it cannot. */
  #change(data: unknown, old: unknown, place: TextPlace): boolean {
    if (Object.is(data, old)) return true;
    const count = this.#edits.length;
    if (this.#changeMembers(data, old, place)) return true;
    this.#edits.length = count;
    return this.#replace(data, old, place);
  }

  /** Changes what two containers of the same shape hold. */
  #changeMembers(data: unknown, old: unknown, place: TextPlace): boolean {
    if (data instanceof Map && old instanceof Map) {
      const keys = [...old.keys()];
      const places = place.children as Map<string, TextPlace>;
      return data.size === old.size &&
        [...data].every(([key, value], i) =>
          key === keys[i] && this.#change(value, old.get(key), places.get(key)!)
        );
    }
    if (Array.isArray(data) && Array.isArray(old)) {
      const places = place.children as TextPlace[];
      return data.length === old.length &&
        data.every((value, i) => this.#change(value, old[i], places[i]!));
    }
    return false;
  }

  #replace(data: unknown, old: unknown, place: TextPlace): boolean {
    const { span } = place;
    if (span === undefined) return false;
    const [start, end] = span;
    if (this.#old.comments.some(([comment]) => comment >= start && comment < end)) return false;
    const margin = this.#margin(start);
    const text = this.#format === "json"
      ? this.#json(data, old, place, margin)
      : this.#toml(data, this.#text.slice(start, end), margin);
    this.#edits.push({ span, text });
    return true;
  }

  /** TOML of `data` in the place of `old`, on several lines if that was. */
  #toml(data: unknown, old: string, margin: string): string {
    const text = Array.isArray(data) && data.length > 0 && old.includes("\n")
      ? multilineToml(data, margin)
      : typeof data === "string" && /^(?:"""|''')/.test(old)
      ? multilineTomlString(data)
      : inlineToml(data);
    return text.replaceAll("\n", this.#lineBreak);
  }

  /** JSON of `data` in which everything that is also in `old` is spelled as it was. */
  #json(data: unknown, old: unknown, place: TextPlace, margin: string): string {
    if (isEqual(data, old)) return this.#text.slice(...place.span!);
    const inner = margin + this.#indent;
    const writeNew = this.#newMemberWriter(place, inner);
    let members: string[];
    let brackets: string;
    if (data instanceof Map && old instanceof Map && data.size > 0) {
      const places = place.children as Map<string, TextPlace>;
      members = Array.from(data, ([key, value]) => {
        const place = places.get(key);
        const text = place ? this.#json(value, old.get(key), place, inner) : writeNew(value);
        return `${JSON.stringify(key)}: ${text}`;
      });
      brackets = "{}";
    } else if (Array.isArray(data) && Array.isArray(old) && data.length > 0) {
      const places = place.children as TextPlace[];
      const oldIndexes = matchItems(data, old);
      members = data.map((value, i) => {
        const oldIndex = oldIndexes[i];
        return oldIndex === undefined
          ? writeNew(value)
          : this.#json(value, old[oldIndex], places[oldIndex]!, inner);
      });
      brackets = "[]";
    } else return this.#newJson(data, margin);
    const lines = members.map((text) => `${this.#lineBreak}${inner}${text}`);
    return `${brackets[0]}${lines.join(",")}${this.#lineBreak}${margin}${brackets[1]}`;
  }

  /** Writes new members of the container at `parent`: on one line each if all others are. */
  #newMemberWriter(parent: TextPlace, margin: string): (value: unknown) => string {
    let sample: string | undefined;
    for (const { span } of parent.children?.values() ?? []) {
      const text = this.#text.slice(...span!);
      if (text.includes("\n")) return (value) => this.#newJson(value, margin);
      if (/^[[{]./.test(text) && text.length > 2) sample ??= text;
    }
    if (sample === undefined) return (value) => this.#newJson(value, margin);
    const padding = sample.charAt(1) === " " ? " " : "";
    return (value) => writeJsonLine(value, padding);
  }

  #newJson(value: unknown, margin: string): string {
    return writeJson(value, this.#indent, margin).replaceAll("\n", this.#lineBreak);
  }

  /** What the line of `offset` is indented by. */
  #margin(offset: number): string {
    const lineStart = this.#text.lastIndexOf("\n", offset - 1) + 1;
    return /^[ \t]*/.exec(this.#text.slice(lineStart, offset))![0];
  }
}

/** For every item the index of the old one that it continues: equal at either end, or in number. */
function matchItems(items: readonly unknown[], old: readonly unknown[]): (number | undefined)[] {
  const shift = old.length - items.length;
  const shorter = Math.min(items.length, old.length);
  let same = 0;
  while (same < shorter && isEqual(items[same], old[same])) same++;
  let sameAtEnd = 0;
  while (
    sameAtEnd < shorter - same &&
    isEqual(items[items.length - 1 - sameAtEnd], old[old.length - 1 - sameAtEnd])
  ) sameAtEnd++;
  return items.map((_, i) => {
    if (i < same || shift === 0) return i;
    return i >= items.length - sameAtEnd ? i + shift : undefined;
  });
}

/** Whether two pieces of data are the same, also in the order of their keys. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return false;
    const keys = b.keys();
    for (const [key, value] of a) {
      if (keys.next().value !== key || !isEqual(value, b.get(key))) return false;
    }
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => isEqual(value, b[i]));
  }
  return Object.is(a, b);
}
