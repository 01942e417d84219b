/**
 * Painting a graph from far away.
 *
 * @module
 */
import type { GraphView } from "../model/graph_view.ts";
import { bendOf, endsOf, type PlacedNode, placesOf } from "../model/node_geometry.ts";

/** What part of a graph is seen, and how large. */
export interface Scene {
  readonly transform: readonly [x: number, y: number, zoom: number];
  readonly width: number;
  readonly height: number;
}

/** A graph made ready: what does not depend on the view is worked out once. */
interface Prepared {
  readonly places: readonly PlacedNode[];
  readonly edges: Path2D;
}

const prepared = new WeakMap<GraphView, Prepared>();
const LABEL_ZOOM = 0.15;

/** Paints nodes and edges. */
export function paintOverview(
  canvas: HTMLCanvasElement,
  view: GraphView,
  selection: ReadonlySet<string>,
  { transform: [x, y, zoom], width, height }: Scene,
): void {
  const scale = devicePixelRatio;
  const pen = canvas.getContext("2d")!;
  // Setting a size clears the canvas, and costs a new one.
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  } else {
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
  }
  const style = getComputedStyle(canvas);
  const [edgeColor, nodeColor, lineColor, accent, textColor] = [
    "--edge",
    "--node",
    "--line-strong",
    "--accent",
    "--text",
  ].map((name) => style.getPropertyValue(name));
  pen.setTransform(zoom * scale, 0, 0, zoom * scale, x * scale, y * scale);
  const { places, edges } = prepare(view);
  pen.strokeStyle = edgeColor!;
  pen.lineWidth = 1.5 / Math.sqrt(zoom);
  pen.stroke(edges);
  const [left, top] = [-x / zoom, -y / zoom];
  const [right, bottom] = [left + width / zoom, top + height / zoom];
  const seen = places.filter(({ node, x, y }) =>
    x <= right && y <= bottom && x + node.width >= left && y + node.height >= top
  );
  paintBoxes(pen, seen.filter(({ node }) => !selection.has(node.id)), nodeColor!, lineColor!);
  paintBoxes(pen, seen.filter(({ node }) => selection.has(node.id)), nodeColor!, accent!);
  if (zoom <= LABEL_ZOOM) return;
  pen.font = `600 ${13 / Math.max(zoom, 0.28)}px ui-sans-serif, system-ui, sans-serif`;
  pen.textBaseline = "middle";
  pen.textAlign = "center";
  pen.fillStyle = textColor!;
  for (const { node, x, y } of seen) {
    if (node.view.isExpanded) continue;
    pen.fillText(node.view.name, x + node.width / 2, y + node.height / 2, node.width - 12);
  }
}

function paintBoxes(
  pen: CanvasRenderingContext2D,
  places: readonly PlacedNode[],
  fill: string,
  stroke: string,
): void {
  pen.beginPath();
  for (const { node, x, y } of places) pen.roundRect(x, y, node.width, node.height, 10);
  pen.fillStyle = fill;
  pen.fill();
  pen.strokeStyle = stroke;
  pen.stroke();
}

function prepare(view: GraphView): Prepared {
  const known = prepared.get(view);
  if (known) return known;
  const places = placesOf(view);
  const edges = new Path2D();
  for (const edge of view.edges) {
    const [source, target] = [places.get(edge.source), places.get(edge.target)];
    if (!source || !target) continue;
    const { from, to } = endsOf(source, edge.sourceHandle, target, edge.targetHandle);
    const bend = bendOf(from, to);
    edges.moveTo(from.x, from.y);
    edges.bezierCurveTo(from.x + bend, from.y, to.x - bend, to.y, to.x, to.y);
  }
  const made = { places: [...places.values()], edges };
  prepared.set(view, made);
  return made;
}
