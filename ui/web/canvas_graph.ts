/**
 * The graph of a tab that is on the canvas.
 *
 * @module
 */
import type { RawObject } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, graphPath } from "../model/document.ts";
import { type GraphView, graphView } from "../model/graph_view.ts";
import { madeBy } from "./factory_ports.ts";
import { studio, type Tab } from "./studio.ts";

/** Path of the graph on the canvas. */
export function canvasPath(tab: Tab): ConfigPath {
  return graphPath(tab.history.data, tab.scope) ?? ["graph"];
}

const views = new WeakMap<RawObject, Map<string, { made: unknown; view: GraphView }>>();

/** The graph on the canvas as it is drawn. */
export function viewOf(tab: Tab): GraphView {
  const { data } = tab.history;
  const key = tab.scope.join("\n");
  const known = views.get(data) ?? new Map();
  views.set(data, known);
  const found = known.get(key);
  if (found?.made === studio().made) return found.view;
  const view = graphView(data, canvasPath(tab), madeBy);
  known.set(key, { made: studio().made, view });
  return view;
}
