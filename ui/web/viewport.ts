/**
 * What part of the canvas is seen.
 *
 * @module
 */
import type { ReactFlowInstance } from "@xyflow/react";
import type { GraphView } from "../model/graph_view.ts";

/** Zooms so that the whole graph is seen. */
export function fit(flow: ReactFlowInstance, view: GraphView): void {
  const boxes = [...view.nodes.filter(({ parent }) => parent === undefined), ...view.decorations];
  if (boxes.length === 0) return void flow.setViewport({ x: 80, y: 60, zoom: 1 });
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - x;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - y;
  flow.fitBounds({ x, y, width, height }, { padding: 0.16 });
  const { zoom } = flow.getViewport();
  if (zoom > 1) flow.setCenter(x + width / 2, y + height / 2, { zoom: 1 });
}
