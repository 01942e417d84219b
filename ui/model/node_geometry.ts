/**
 * Where the parts of a drawn node are, and how edges lead between them.
 *
 * @module
 */
import type { DrawnNode, GraphView } from "./graph_view.ts";
import { descriptionHeight, HEADER_HEIGHT, ROW_HEIGHT } from "./node_size.ts";
import type { GroupRow, PortRow } from "./port_rows.ts";

/** A place on the canvas. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A node with its place on the canvas, whatever it stands in. */
export interface PlacedNode extends Point {
  readonly node: DrawnNode;
}

/** Where all nodes are. */
export function placesOf(view: GraphView): Map<string, PlacedNode> {
  const places = new Map<string, PlacedNode>();
  // Parents come before their children.
  for (const node of view.nodes) {
    const parent = node.parent === undefined ? undefined : places.get(node.parent);
    places.set(node.id, { node, x: (parent?.x ?? 0) + node.x, y: (parent?.y ?? 0) + node.y });
  }
  return places;
}

/** The rectangle around all nodes and decorations; undefined if there are none. */
export function boundsOf(
  view: GraphView,
): { x: number; y: number; width: number; height: number } | undefined {
  const boxes = [...view.nodes.filter(({ parent }) => parent === undefined), ...view.decorations];
  if (boxes.length === 0) return undefined;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** How far down the middle of a row is. */
export function rowY({ view, width }: DrawnNode, index: number): number {
  return HEADER_HEIGHT + descriptionHeight(view, width) + index * ROW_HEIGHT + ROW_HEIGHT / 2;
}

/** How far down a handle is; one that is not drawn is at the header. */
export function handleY(
  node: DrawnNode,
  rows: readonly (PortRow | GroupRow)[],
  handle: string,
): number {
  const index = rows.findIndex((row) =>
    row.kind === "port" ? row.port.name === handle : handle === `group:${row.path}`
  );
  return index < 0 ? HEADER_HEIGHT / 2 : rowY(node, index);
}

/** The ends of an edge. */
export function endsOf(
  source: PlacedNode,
  sourceHandle: string,
  target: PlacedNode,
  targetHandle: string,
): { from: Point; to: Point } {
  return {
    from: {
      x: source.x + source.node.width,
      y: source.y + handleY(source.node, source.node.outRows, sourceHandle),
    },
    to: { x: target.x, y: target.y + handleY(target.node, target.node.inRows, targetHandle) },
  };
}

/** How far the curve of an edge leads straight on at its ends. */
export function bendOf(from: Point, to: Point): number {
  return Math.max(40, Math.abs(to.x - from.x) / 2);
}
