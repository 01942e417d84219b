/**
 * How large nodes are drawn. Nothing is measured: sizes follow from names and rows.
 *
 * @module
 */
import { type RawObject, valueAt } from "../../runtime/tools/raw_net.ts";
import type { NodeView } from "./node_view.ts";
import type { GroupRow, PortRow } from "./port_rows.ts";

/** Height of a node's header. */
export const HEADER_HEIGHT = 34;
/** Height of the line with a description. */
export const DESCRIPTION_HEIGHT = 22;
/** Height of a port. */
export const ROW_HEIGHT = 24;
/** Room below the last port. */
export const FOOTER_HEIGHT = 10;
/** Room around the nodes in an expanded subgraph. */
export const FRAME_PADDING = 24;

const MIN_WIDTH = 170;
const MAX_WIDTH = 380;
const CHARACTER = 7.3;
const DESCRIPTION_CHARACTER = 6.9;

/** Height of each further line of a description. */
export const DESCRIPTION_LINE = 16;

/** A number in an object; undefined if there is none. */
export function numberAt(object: RawObject, path: string[]): number | undefined {
  const value = valueAt(object, ...path);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** How large a node is drawn: as stated, or as its names and rows need. */
export function sizeOf(
  node: RawObject,
  view: NodeView,
  inRows: readonly (PortRow | GroupRow)[],
  outRows: readonly (PortRow | GroupRow)[],
): { width: number; height: number } {
  const rows = Math.max(inRows.length, outRows.length);
  const width = Math.max(
    view.name.length * 7.8 + 64,
    (widest(inRows) + widest(outRows)) * CHARACTER + 68,
  );
  const stated = {
    width: numberAt(node, ["extra", "ui", "dimensions", "width"]),
    height: numberAt(node, ["extra", "ui", "dimensions", "height"]),
  };
  const drawnWidth = Math.max(
    150,
    stated.width ?? Math.round(Math.min(Math.max(width, MIN_WIDTH), MAX_WIDTH)),
  );
  const height = HEADER_HEIGHT + descriptionHeight(view, drawnWidth) + rows * ROW_HEIGHT +
    FOOTER_HEIGHT;
  return { width: drawnWidth, height: Math.max(height, stated.height ?? 60) };
}

/** Room for the description of a node: none, a line, or as many as it takes. */
export function descriptionHeight(view: NodeView, width: number): number {
  const lines = descriptionLines(view, width).length;
  return lines === 0 ? 0 : DESCRIPTION_HEIGHT + (lines - 1) * DESCRIPTION_LINE;
}

/** The description of a node as it is shown: nothing, its beginning, or all of it in lines. */
export function descriptionLines(view: NodeView, width: number): string[] {
  if (view.description === "" || view.hidesDescription) return [];
  if (!view.isDescriptionExpanded) return [view.description];
  const letters = Math.max(8, Math.floor((width - 24) / DESCRIPTION_CHARACTER));
  return view.description.trim().split("\n").flatMap((text) => wrapped(text, letters));
}

/** A text in lines of so many letters, broken between words where that is possible. */
function wrapped(text: string, letters: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= letters) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
    while (lines.at(-1)!.length > letters) {
      const long = lines.pop()!;
      lines.push(long.slice(0, letters), long.slice(letters));
    }
  }
  return lines;
}

function widest(rows: readonly (PortRow | GroupRow)[]): number {
  return Math.max(
    0,
    ...rows.map((row) => {
      const type = row.kind === "port" ? row.port.type : "";
      return row.label.length + row.depth * 2 + (type === "" ? 0 : Math.min(type.length, 12) + 1);
    }),
  );
}
