/**
 * Commands that change what is selected: undo, clipboard, deleting.
 *
 * @module
 */
import { copyNodes, PASTE_OFFSET, pasteNodes } from "../../model/clipboard.ts";
import { type ConfigPath, setAtPath } from "../../model/document.ts";
import { removeEdges } from "../../model/edit_edges.ts";
import { removeNodes } from "../../model/edit_nodes.ts";
import { canvasPath, viewOf } from "../canvas_graph.ts";
import { validateFully } from "../checks.ts";
import { edit, travel } from "../editing.ts";
import { activeTab, say, select } from "../studio.ts";
import { type Command, hasSelection, hasTab } from "./command.ts";
import { selectedPaths, selectPaths } from "./selecting.ts";

/** Undo, clipboard, deleting. */
export const editingCommands: readonly Command[] = [
  {
    id: "undo",
    label: "Undo",
    category: "Edit",
    keys: "Ctrl Z",
    isPossible: hasTab,
    run: () => travel("undo"),
  },
  {
    id: "redo",
    label: "Redo",
    category: "Edit",
    keys: "Ctrl Shift Z",
    isPossible: hasTab,
    run: () => travel("redo"),
  },
  {
    id: "copy",
    label: "Copy",
    category: "Edit",
    keys: "Ctrl C",
    isPossible: hasSelection,
    run: () => void copy(),
  },
  {
    id: "cut",
    label: "Cut",
    category: "Edit",
    keys: "Ctrl X",
    isPossible: hasSelection,
    run: () => void copy().then(deleteSelection),
  },
  {
    id: "paste",
    label: "Paste",
    category: "Edit",
    keys: "Ctrl V",
    isPossible: hasTab,
    run: () => void paste(),
  },
  {
    id: "selectAll",
    label: "Select all",
    category: "Edit",
    keys: "Ctrl A",
    isPossible: hasTab,
    run: selectAll,
  },
  {
    id: "delete",
    label: "Delete selection",
    category: "Edit",
    keys: "Delete",
    isPossible: hasSelection,
    run: deleteSelection,
  },
  {
    id: "validate",
    label: "Validate",
    category: "Edit",
    keywords: "check problems errors",
    isPossible: hasTab,
    run: () => void validateFully(),
  },
];

/** Removes everything that is selected. */
export function deleteSelection(): void {
  const tab = activeTab();
  if (!tab) return;
  const view = viewOf(tab);
  const paths = selectedPaths(tab);
  const edges = view.edges.filter(({ id }) => tab.selection.has(id)).flatMap(({ paths }) => paths);
  edit("Delete", (draft) => {
    // Edges first: removing a node removes more of them, and moves the rest.
    removeEdges(draft, edges);
    removeNodes(draft, paths.filter((path) => path.at(-2) === "nodes"));
    for (const path of paths.filter((path) => path.at(-2) === "decorations").toReversed()) {
      setAtPath(draft, path, undefined);
    }
  }, new Set());
}

let lastCopy = "";
let pastes = 0;

async function copy(): Promise<void> {
  const tab = activeTab();
  if (!tab) return;
  lastCopy = copyNodes(tab.history.data, selectedPaths(tab));
  pastes = 0;
  // Without the clipboard copies still go from tab to tab.
  await navigator.clipboard?.writeText(lastCopy).catch(() => {});
}

async function paste(): Promise<void> {
  const tab = activeTab();
  if (!tab) return;
  const text = await navigator.clipboard?.readText().catch(() => lastCopy) ?? lastCopy;
  let paths: ConfigPath[] = [];
  pastes++;
  edit("Paste", (draft) => {
    paths = pasteNodes(draft, canvasPath(tab), text, PASTE_OFFSET * pastes);
  });
  if (paths.length === 0) return say("There are no nodes in the clipboard");
  selectPaths(paths);
}

function selectAll(): void {
  const tab = activeTab();
  if (!tab) return;
  const { nodes, decorations } = viewOf(tab);
  select(
    [...nodes.filter(({ parent }) => parent === undefined), ...decorations].map(({ id }) => id),
  );
}
