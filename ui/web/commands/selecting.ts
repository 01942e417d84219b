/**
 * What is selected, by places in the document.
 *
 * @module
 */
import type { ConfigPath } from "../../model/document.ts";
import type { DrawnNode } from "../../model/graph_view.ts";
import { viewOf } from "../canvas_graph.ts";
import { activeTab, select, type Tab } from "../studio.ts";

/** Paths of the selected nodes and decorations. */
export function selectedPaths(tab: Tab): ConfigPath[] {
  const { nodes, decorations } = viewOf(tab);
  return [...nodes, ...decorations].filter(({ id }) => tab.selection.has(id)).map(({ path }) =>
    path
  );
}

/** The selected nodes of the open file. */
export function selectedNodes(): DrawnNode[] {
  const tab = activeTab();
  return tab ? viewOf(tab).nodes.filter(({ id }) => tab.selection.has(id)) : [];
}

/** Selects the nodes and decorations that stand at these paths. */
export function selectPaths(paths: readonly ConfigPath[]): void {
  const tab = activeTab();
  if (!tab) return;
  const wanted = new Set(paths.map((path) => path.join("/")));
  const { nodes, decorations } = viewOf(tab);
  select(
    [...nodes, ...decorations].filter(({ path }) => wanted.has(path.join("/"))).map(({ id }) => id),
  );
}
