/**
 * The canvas that commands are about.
 *
 * @module
 */
import type { ReactFlowInstance } from "@xyflow/react";
import { viewOf } from "../canvas_graph.ts";
import { activeTab } from "../studio.ts";
import { fit } from "../viewport.ts";

let flow: ReactFlowInstance | undefined;

/** Tells which canvas commands are about. */
export function setFlow(instance: ReactFlowInstance): void {
  flow = instance;
}

/** Zooms so that the whole graph is seen. */
export function fitToView(): void {
  const tab = activeTab();
  if (flow && tab) fit(flow, viewOf(tab));
}

/** The middle of what is seen, for the upper left corner of a node that is put there. */
export function centerOfCanvas(): { x: number; y: number } {
  const box = document.querySelector(".canvas")?.getBoundingClientRect();
  if (!flow || !box) return { x: 0, y: 100 };
  const { x, y } = flow.screenToFlowPosition({
    x: box.left + box.width / 2,
    y: box.top + box.height / 2,
  });
  return { x: Math.round((x - 85) / 10) * 10, y: Math.round((y - 40) / 10) * 10 };
}
