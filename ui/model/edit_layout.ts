/**
 * Arranging nodes, and adding decorations.
 *
 * @module
 */
import { listAt, objectAt, objectsIn, type RawObject } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, freeName, objectAtPath } from "./document.ts";
import { type Point, setPosition } from "./edit_nodes.ts";
import { type DrawnNode, type GraphView, layoutNode } from "./graph_view.ts";
import { layeredLayout } from "./layout.ts";

/** Which way edges lead in a layout. */
export type LayoutDirection = "right" | "down";

/**
 * Places the nodes of a graph, or some of them, in layers.
 *
 * @param view The graph as it is drawn.
 * @param only Ids of the nodes to place; all of the outermost graph if there are fewer than two.
 */
export function arrange(
  draft: RawObject,
  view: GraphView,
  direction: LayoutDirection,
  only: ReadonlySet<string> = new Set(),
): void {
  const outer = view.nodes.filter(({ parent, view }) => parent === undefined && !view.isLocked);
  const chosen = outer.filter(({ id }) => only.has(id));
  const nodes = chosen.length > 1 ? chosen : outer;
  if (nodes.length === 0) return;
  const isDown = direction === "down";
  const { positions } = layeredLayout(
    nodes.map((node) => {
      const { width, height, ...box } = layoutNode(node);
      return { ...box, width: isDown ? height : width, height: isDown ? width : height };
    }),
    view.edges.map(({ source, sourceHandle, target, targetHandle }) => ({
      source,
      sourcePort: sourceHandle,
      target,
      targetPort: targetHandle,
    })),
  );
  // A part of the graph stays where it is; the whole starts at the first node's usual place.
  const isPart = nodes.length < outer.length;
  const left = isPart ? Math.min(...nodes.map(({ x }) => x)) : 0;
  const top = isPart ? Math.min(...nodes.map(({ y }) => y)) : 100;
  for (const node of nodes) {
    const { x, y } = positions.get(node.id)!;
    const place = isDown ? { x: y, y: x } : { x, y };
    setPosition(objectAtPath(draft, node.path), { x: left + place.x, y: top + place.y });
  }
}

/** What a new node needs, with some room around it. */
const NEW_WIDTH = 190;
const NEW_HEIGHT = 100;

/** A free place for a new node: the nearest one, below or to the right, where nothing is in the way. */
export function freePlace(nodes: readonly DrawnNode[], { x, y }: Point): Point {
  const outer = nodes.filter(({ parent }) => parent === undefined);
  const isFree = (place: Point) =>
    !outer.some((node) =>
      place.x < node.x + node.width + 20 && place.x + NEW_WIDTH > node.x &&
      place.y < node.y + node.height + 20 && place.y + NEW_HEIGHT > node.y
    );
  for (let ring = 0; ring < 100; ring++) {
    for (let i = 0; i <= ring; i++) {
      const place = { x: x + 40 * i, y: y + 40 * (ring - i) };
      if (isFree(place)) return place;
    }
  }
  return { x, y };
}

/** The kinds of decorations. */
export const DECORATIONS: readonly string[] = [
  "rectangle",
  "rounded-rectangle",
  "circle",
  "triangle",
  "divider",
  "label",
  "textbox",
];

/** Adds a decoration. */
export function addDecoration(
  draft: RawObject,
  graphPath: ConfigPath,
  decorationType: string,
  { x, y }: Point,
): ConfigPath {
  const list = listAt(objectAt(objectAtPath(draft, graphPath), "extra"), "decorations");
  const ids = new Set(objectsIn(list).map((item) => `${item.get("id")}`));
  const isText = decorationType === "label" || decorationType === "textbox";
  const decoration: RawObject = new Map<string, unknown>([
    ["id", freeName(decorationType, ids)],
    ["decorationType", decorationType],
    ["position", new Map([["x", Math.round(x)], ["y", Math.round(y)]])],
    ["width", decorationType === "label" ? 160 : 240],
    ["height", decorationType === "divider" ? 8 : decorationType === "label" ? 36 : 140],
    ...isText ? [["text", decorationType === "label" ? "Label" : "Text"] as const] : [],
  ]);
  return [...graphPath, "extra", "decorations", list.push(decoration) - 1];
}
