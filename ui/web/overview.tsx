/**
 * The graph from far away: painted on one canvas, so that thousands of nodes cost nothing.
 *
 * @module
 */
import { useStore, useStoreApi } from "@xyflow/react";
// @ts-types="@types/react"
import { useEffect, useRef } from "react";
import type { GraphView } from "../model/graph_view.ts";
import { paintOverview } from "./overview_painting.ts";
import { useStudio } from "./studio.ts";

/** Paints nodes and edges while the zoom is below a limit. */
export function Overview(
  { view, selection, below }: { view: GraphView; selection: ReadonlySet<string>; below: number },
) {
  const store = useStoreApi();
  const isShown = useStore(({ transform }) => transform[2] < below);
  const theme = useStudio(({ theme }) => theme);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!isShown || !element) return;
    const paint = () => paintOverview(element, view, selection, store.getState());
    paint();
    // What moves is painted by itself: there is nothing in it for React to compare.
    return store.subscribe((now, before) => {
      const isSame = now.transform === before.transform && now.width === before.width &&
        now.height === before.height;
      if (!isSame && now.transform[2] < below) paint();
    });
  }, [isShown, view, selection, theme, below]);
  return isShown ? <canvas ref={canvas} className="overview" aria-hidden="true" /> : null;
}
