/**
 * Commands about the graph: subgraphs.
 *
 * @module
 */
import { asObject } from "../../../runtime/tools/raw_net.ts";
import { type ConfigPath, valueAtPath } from "../../model/document.ts";
import { createSubgraph, setAllExpanded, ungroup } from "../../model/edit_subgraphs.ts";
import { canvasPath } from "../canvas_graph.ts";
import { edit } from "../editing.ts";
import { activeTab, enter, say } from "../studio.ts";
import { type Command, hasSelection, hasTab } from "./command.ts";
import { selectedPaths, selectPaths } from "./selecting.ts";

/** Making, opening and dissolving subgraphs. */
export const graphCommands: readonly Command[] = [
  {
    id: "subgraph",
    label: "Make a subgraph of the selection",
    category: "Subgraph",
    keys: "Ctrl G",
    isPossible: hasSelection,
    run: makeSubgraph,
  },
  {
    id: "ungroup",
    label: "Ungroup subgraph",
    category: "Subgraph",
    keys: "Ctrl Shift G",
    isPossible: hasSelection,
    run: dissolve,
  },
  {
    id: "expandAll",
    label: "Expand all subgraphs",
    category: "Subgraph",
    keys: "Ctrl Shift E",
    isPossible: hasTab,
    run: () => expandAll(true),
  },
  {
    id: "collapseAll",
    label: "Collapse all subgraphs",
    category: "Subgraph",
    isPossible: hasTab,
    run: () => expandAll(false),
  },
  {
    id: "out",
    label: "Leave subgraph",
    category: "Subgraph",
    isPossible: () => (activeTab()?.scope.length ?? 0) > 0,
    run: () => enter(activeTab()!.scope.slice(0, -1)),
  },
];

function makeSubgraph(): void {
  const tab = activeTab();
  if (!tab) return;
  const graph = canvasPath(tab);
  const indexes = selectedPaths(tab)
    .filter((path) => path.length === graph.length + 2 && path.at(-2) === "nodes")
    .map((path) => Number(path.at(-1)));
  let path: ConfigPath | undefined;
  edit("Make subgraph", (draft) => path = createSubgraph(draft, graph, indexes));
  if (path) selectPaths([path]);
}

function dissolve(): void {
  const tab = activeTab();
  const path = tab &&
    selectedPaths(tab).find((path) =>
      Array.isArray(asObject(valueAtPath(tab.history.data, path))?.get("nodes"))
    );
  if (!path) return say("Select a subgraph to ungroup");
  let paths: ConfigPath[] = [];
  edit("Ungroup", (draft) => paths = ungroup(draft, path));
  selectPaths(paths);
}

function expandAll(isExpanded: boolean): void {
  const tab = activeTab();
  if (!tab) return;
  edit(
    isExpanded ? "Expand all" : "Collapse all",
    (draft) => setAllExpanded(draft, canvasPath(tab), isExpanded),
  );
}
