/**
 * The whole graph in a corner, with the part that is seen.
 *
 * @module
 */
import type { GraphView } from "../../model/graph_view.ts";
import { boundsOf } from "../../model/node_geometry.ts";
import type { Camera } from "./camera.ts";
import { svg } from "./dom.ts";

/** A map that moves the camera, and follows it. */
export interface Minimap {
  readonly element: SVGSVGElement;
  /** Shows another graph. */
  draw(view: GraphView): void;
  /** Shows what the camera shows. */
  follow(): void;
}

/** Makes the map of what an area shows. */
export function makeMinimap(camera: Camera, area: Element): Minimap {
  const seen = svg("rect", { class: "window" });
  const nodes = svg("g");
  const element = svg("svg", { class: "map", "aria-hidden": "true" }, nodes, seen);
  const show = (event: PointerEvent) => {
    if (event.buttons !== 1) return;
    const matrix = element.getScreenCTM();
    if (!matrix) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const { zoom } = camera.view;
    camera.set({
      x: area.clientWidth / 2 - x * zoom,
      y: area.clientHeight / 2 - y * zoom,
      zoom,
    });
  };
  element.addEventListener("pointerdown", show);
  element.addEventListener("pointermove", show);
  return {
    element,
    draw(view) {
      const { x, y, width, height } = boundsOf(view) ?? { x: 0, y: 0, width: 400, height: 300 };
      const margin = Math.max(width, height) * 0.08;
      element.setAttribute(
        "viewBox",
        `${x - margin} ${y - margin} ${width + 2 * margin} ${height + 2 * margin}`,
      );
      nodes.replaceChildren(
        ...view.nodes.filter(({ parent }) => parent === undefined).map(({ x, y, width, height }) =>
          svg("rect", { x, y, width, height })
        ),
      );
    },
    follow() {
      const { x, y, zoom } = camera.view;
      const place = {
        x: -x / zoom,
        y: -y / zoom,
        width: area.clientWidth / zoom,
        height: area.clientHeight / zoom,
      };
      for (const [name, value] of Object.entries(place)) seen.setAttribute(name, `${value}`);
    },
  };
}
