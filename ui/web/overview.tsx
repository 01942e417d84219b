/**
 * The graph from far away: painted on one canvas, so that thousands of nodes cost nothing.
 *
 * @module
 */
import { useStore } from "@xyflow/react";
// @ts-types="@types/react"
import { useEffect, useRef } from "react";
import type { GraphView } from "../model/graph_view.ts";
import { bendOf, endsOf, placesOf } from "../model/node_geometry.ts";
import { useStudio } from "./studio.ts";

/** Paints nodes and edges while the zoom is below a limit. */
export function Overview(
  { view, selection, below }: { view: GraphView; selection: ReadonlySet<string>; below: number },
) {
  const transform = useStore(({ transform }) => transform);
  const width = useStore(({ width }) => width);
  const height = useStore(({ height }) => height);
  const theme = useStudio(({ theme }) => theme);
  const canvas = useRef<HTMLCanvasElement>(null);
  const isShown = transform[2] < below;
  useEffect(() => {
    if (isShown && canvas.current) paint(canvas.current, view, selection, transform, width, height);
  }, [isShown, view, selection, transform, width, height, theme]);
  return isShown ? <canvas ref={canvas} className="overview" aria-hidden="true" /> : null;
}

function paint(
  canvas: HTMLCanvasElement,
  view: GraphView,
  selection: ReadonlySet<string>,
  [x, y, zoom]: readonly [number, number, number],
  width: number,
  height: number,
): void {
  const scale = devicePixelRatio;
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d")!;
  const colors = getComputedStyle(canvas);
  const color = (name: string) => colors.getPropertyValue(name);
  pen.setTransform(zoom * scale, 0, 0, zoom * scale, x * scale, y * scale);
  const places = placesOf(view);
  const [left, top] = [-x / zoom, -y / zoom];
  const [right, bottom] = [left + width / zoom, top + height / zoom];
  pen.strokeStyle = color("--edge");
  pen.lineWidth = 1.5 / Math.sqrt(zoom);
  pen.beginPath();
  for (const edge of view.edges) {
    const [source, target] = [places.get(edge.source), places.get(edge.target)];
    if (!source || !target) continue;
    const { from, to } = endsOf(source, edge.sourceHandle, target, edge.targetHandle);
    const bend = bendOf(from, to);
    pen.moveTo(from.x, from.y);
    pen.bezierCurveTo(from.x + bend, from.y, to.x - bend, to.y, to.x, to.y);
  }
  pen.stroke();
  pen.font = `600 ${13 / Math.max(zoom, 0.28)}px ui-sans-serif, system-ui, sans-serif`;
  pen.textBaseline = "middle";
  pen.textAlign = "center";
  for (const { node, x, y } of places.values()) {
    if (x > right || y > bottom || x + node.width < left || y + node.height < top) continue;
    pen.fillStyle = color("--node");
    pen.strokeStyle = color(selection.has(node.id) ? "--accent" : "--line-strong");
    pen.beginPath();
    pen.roundRect(x, y, node.width, node.height, 10);
    pen.fill();
    pen.stroke();
    if (zoom <= 0.15 || node.view.isExpanded) continue;
    pen.fillStyle = color("--text");
    pen.fillText(node.view.name, x + node.width / 2, y + node.height / 2, node.width - 12);
  }
}
