/**
 * Arranging nodes, and adding decorations.
 *
 * @module
 */
import { listAt, objectAt, objectsIn, type RawObject } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, freeName, objectAtPath } from "./document.ts";
import { type Point, setPosition } from "./edit_nodes.ts";
import { type DrawnNode, type GraphView, layoutNode } from "./graph_view.ts";
import { layeredLayout, type Layout, type LayoutEdge, type LayoutNode } from "./layout.ts";

/** Which way edges lead in a layout. */
export type LayoutDirection = "right" | "down";

/** How nodes are placed; each way from left to right. */
export type LayoutFunction = (
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
) => Pick<Layout, "positions">;

/** What a layout is about. */
export interface ArrangeTask {
  /** The nodes to place. */
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly LayoutEdge[];
  /** Where the uppermost and leftmost of them come to stand. */
  readonly corner: Point;
}

/**
 * What is to be arranged of a graph.
 *
 * @param only Ids of the nodes to place; all of the outermost graph if there are fewer than two.
 */
export function arrangeTask(
  view: GraphView,
  only: ReadonlySet<string> = new Set(),
): ArrangeTask {
  const outer = view.nodes.filter(({ parent, view }) => parent === undefined && !view.isLocked);
  const chosen = outer.filter(({ id }) => only.has(id));
  const nodes = chosen.length > 1 ? chosen : outer;
  // A part of the graph stays where it is; the whole starts at the first node's usual place.
  const isPart = nodes.length < outer.length;
  return {
    nodes,
    edges: view.edges.map(({ source, sourceHandle, target, targetHandle }) => ({
      source,
      sourcePort: sourceHandle,
      target,
      targetPort: targetHandle,
    })),
    corner: isPart
      ? { x: Math.min(...nodes.map(({ x }) => x)), y: Math.min(...nodes.map(({ y }) => y)) }
      : { x: 0, y: 100 },
  };
}

/** Moves the nodes of a task to where a layout wants them. */
export function placeNodes(
  draft: RawObject,
  { nodes, corner }: ArrangeTask,
  positions: ReadonlyMap<string, Point>,
): void {
  const places = nodes.flatMap(({ id }) => positions.get(id) ?? []);
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  for (const node of nodes) {
    const place = positions.get(node.id);
    if (!place) continue;
    setPosition(objectAtPath(draft, node.path), {
      x: Math.round(corner.x + place.x - left),
      y: Math.round(corner.y + place.y - top),
    });
  }
}

/**
 * Arranges the nodes of a graph, or some of them.
 *
 * @param view The graph as it is drawn.
 * @param only Ids of the nodes to place; all of the outermost graph if there are fewer than two.
 * @param layout How they are placed; in layers by default.
 */
export function arrange(
  draft: RawObject,
  view: GraphView,
  direction: LayoutDirection,
  only: ReadonlySet<string> = new Set(),
  layout: LayoutFunction = layeredLayout,
): void {
  const task = arrangeTask(view, only);
  const isDown = direction === "down";
  const { positions } = layout(
    task.nodes.map((node) => {
      const { width, height, ...box } = layoutNode(node);
      return { ...box, width: isDown ? height : width, height: isDown ? width : height };
    }),
    task.edges,
  );
  const turned = isDown
    ? new Map([...positions].map(([id, { x, y }]) => [id, { x: y, y: x }]))
    : positions;
  placeNodes(draft, task, turned);
}

/** Size of a new node, for finding room for it. */
const NEW_WIDTH = 170;
const NEW_HEIGHT = 70;

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
