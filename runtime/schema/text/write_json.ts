/**
 * Writing JSON in the order of the data.
 *
 * @module
 */
import { formatNumber } from "./text_data.ts";

/**
 * JSON text of data as {@linkcode toTextData} gives it, without a final newline.
 *
 * @param data The data.
 * @param indent What a level is indented by; with an empty one everything stands on one line.
 * @param margin What every line after the first starts with.
 */
export function writeJson(data: unknown, indent: string, margin = ""): string {
  const parts: string[] = [];
  const write = (value: unknown, margin: string): void => {
    if (value instanceof Map) {
      list("{", "}", value.entries(), value.size, margin, ([key, member], inner) => {
        parts.push(JSON.stringify(key), indent === "" ? ":" : ": ");
        write(member, inner);
      });
    } else if (Array.isArray(value)) list("[", "]", value, value.length, margin, write);
    else if (typeof value === "number" || typeof value === "bigint") {
      parts.push(formatNumber(value));
    } else parts.push(JSON.stringify(value));
  };
  function list<Item>(
    open: string,
    close: string,
    items: Iterable<Item>,
    size: number,
    margin: string,
    writeItem: (item: Item, margin: string) => void,
  ): void {
    if (size === 0) {
      parts.push(open, close);
      return;
    }
    const inner = margin + indent;
    let separator = open;
    for (const item of items) {
      parts.push(separator);
      if (indent !== "") parts.push("\n", inner);
      writeItem(item, inner);
      separator = ",";
    }
    if (indent !== "") parts.push("\n", margin);
    parts.push(close);
  }
  write(data, margin);
  return parts.join("");
}

/** JSON on one line as people write it: `{ "a": [1, 2] }`, with `padding` inside the braces. */
export function writeJsonLine(data: unknown, padding: string): string {
  if (data instanceof Map && data.size > 0) {
    const members = Array.from(
      data,
      ([key, value]) => `${JSON.stringify(key)}: ${writeJsonLine(value, padding)}`,
    );
    return `{${padding}${members.join(", ")}${padding}}`;
  }
  if (Array.isArray(data)) {
    return `[${data.map((item) => writeJsonLine(item, padding)).join(", ")}]`;
  }
  return writeJson(data, "");
}

/** What a level of a JSON text is indented by; two blanks if that cannot be seen. */
export function jsonIndent(text: string): string {
  return /^[ \t]+(?=["\[{])/m.exec(text)?.[0] ?? "  ";
}
