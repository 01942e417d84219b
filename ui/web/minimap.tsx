/**
 * The whole graph in a corner: painted on one canvas, so that moving about repaints nothing else.
 *
 * @module
 */
import { useReactFlow, useStoreApi } from "@xyflow/react";
// @ts-types="@types/react"
import { type PointerEvent, useEffect, useRef, type WheelEvent } from "react";
import type { GraphView } from "../model/graph_view.ts";
import { boundsOf, type Point } from "../model/node_geometry.ts";
import type { Scene } from "./overview_painting.ts";
import { useStudio } from "./studio.ts";

const WIDTH = 150;
const HEIGHT = 100;

/** What of the canvas the map shows, and how much smaller. */
interface Frame extends Point {
  readonly scale: number;
}

/** A map of the graph: dragging in it moves the canvas, the wheel zooms. */
export function Minimap({ view }: { view: GraphView }) {
  const store = useStoreApi();
  const { setCenter, zoomIn, zoomOut } = useReactFlow();
  const theme = useStudio(({ theme }) => theme);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const paint = () => paintMap(element, view, store.getState());
    paint();
    return store.subscribe((now, before) => {
      const isSame = now.transform === before.transform && now.width === before.width &&
        now.height === before.height;
      if (!isSame) paint();
    });
  }, [view, theme]);
  const move = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    const { x, y, scale } = frameOf(view, store.getState());
    void setCenter(
      x + (event.clientX - box.left) / scale,
      y + (event.clientY - box.top) / scale,
      { zoom: store.getState().transform[2] },
    );
  };
  return (
    <canvas
      ref={canvas}
      className="minimap"
      role="img"
      aria-label="Map of the graph"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        move(event);
      }}
      onPointerMove={move}
      onWheel={({ deltaY }: WheelEvent) => void (deltaY < 0 ? zoomIn() : zoomOut())}
    />
  );
}

/** The part that is shown: all nodes, and what is seen of the canvas. */
function frameOf(view: GraphView, { transform: [tx, ty, zoom], width, height }: Scene): Frame {
  const seen = { x: -tx / zoom, y: -ty / zoom, width: width / zoom, height: height / zoom };
  const all = boundsOf(view) ?? seen;
  const left = Math.min(all.x, seen.x);
  const top = Math.min(all.y, seen.y);
  const right = Math.max(all.x + all.width, seen.x + seen.width);
  const bottom = Math.max(all.y + all.height, seen.y + seen.height);
  const scale = 0.9 * Math.min(WIDTH / (right - left), HEIGHT / (bottom - top));
  return {
    x: (left + right) / 2 - WIDTH / 2 / scale,
    y: (top + bottom) / 2 - HEIGHT / 2 / scale,
    scale,
  };
}

function paintMap(canvas: HTMLCanvasElement, view: GraphView, scene: Scene): void {
  const { x, y, scale } = frameOf(view, scene);
  const pixels = devicePixelRatio;
  canvas.width = WIDTH * pixels;
  canvas.height = HEIGHT * pixels;
  const pen = canvas.getContext("2d")!;
  const style = getComputedStyle(canvas);
  pen.setTransform(scale * pixels, 0, 0, scale * pixels, -x * scale * pixels, -y * scale * pixels);
  pen.beginPath();
  for (const node of view.nodes) {
    if (node.parent === undefined) pen.rect(node.x, node.y, node.width, node.height);
  }
  pen.fillStyle = style.getPropertyValue("--map-node");
  pen.fill();
  const { transform: [tx, ty, zoom], width, height } = scene;
  pen.beginPath();
  pen.rect(-tx / zoom, -ty / zoom, width / zoom, height / zoom);
  pen.fillStyle = style.getPropertyValue("--accent-soft");
  pen.fill();
  pen.strokeStyle = style.getPropertyValue("--accent");
  pen.lineWidth = 1 / scale;
  pen.stroke();
}
