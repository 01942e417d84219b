/**
 * Commands that arrange nodes: all of them, or those that are selected.
 *
 * @module
 */
import {
  arrange,
  arrangeTask,
  type LayoutDirection,
  type LayoutFunction,
  placeNodes,
} from "../../model/edit_layout.ts";
import { treeLayout } from "../../model/tree_layout.ts";
import { viewOf } from "../canvas_graph.ts";
import { edit } from "../editing.ts";
import type { ElkLayout } from "../elk.ts";
import { activeTab, say, sayError, studio, update } from "../studio.ts";
import { fitToView } from "./canvas_handle.ts";
import { type Command, hasTab } from "./command.ts";

/** Arranging in layers, as trees, by forces. */
export const layoutCommands: readonly Command[] = [
  {
    id: "layout",
    label: "Arrange from left to right",
    category: "Layout",
    keywords: "layered align auto",
    keys: "Ctrl Shift L",
    isPossible: hasTab,
    run: () => arrangeNodes("right"),
  },
  {
    id: "layoutDown",
    label: "Arrange from top to bottom",
    category: "Layout",
    keywords: "layered",
    isPossible: hasTab,
    run: () => arrangeNodes("down"),
  },
  {
    id: "tree",
    label: "Arrange as trees, from left to right",
    category: "Layout",
    isPossible: hasTab,
    run: () => arrangeNodes("right", treeLayout),
  },
  {
    id: "treeDown",
    label: "Arrange as trees, from top to bottom",
    category: "Layout",
    isPossible: hasTab,
    run: () => arrangeNodes("down", treeLayout),
  },
  ...([
    ["force", "Arrange by forces"],
    ["stress", "Arrange by stress"],
    ["layered", "Arrange in layers by ELK"],
  ] as const).map(([kind, label]): Command => ({
    id: `elk-${kind}`,
    label,
    category: "Layout",
    keywords: "elk organic spring",
    isPossible: hasTab,
    run: () => void arrangeByElk(kind, label),
  })),
];

function arrangeNodes(direction: LayoutDirection, layout?: LayoutFunction): void {
  const tab = activeTab();
  if (!tab) return;
  const view = viewOf(tab);
  edit("Arrange", (draft) => arrange(draft, view, direction, tab.selection, layout));
  fitToView();
}

async function arrangeByElk(kind: ElkLayout, label: string): Promise<void> {
  const tab = activeTab();
  if (!tab || studio().task) return;
  const task = arrangeTask(viewOf(tab), tab.selection);
  const giveUp = new AbortController();
  update({ task: { label: `${label}…`, stop: () => giveUp.abort() } });
  try {
    const { elkLayout } = await import("../elk.ts");
    const positions = await elkLayout(kind, task, giveUp.signal);
    const now = activeTab();
    if (now?.id !== tab.id || now.history.data !== tab.history.data) {
      return say("The net was changed meanwhile, so nothing was arranged", "error");
    }
    edit("Arrange", (draft) => placeNodes(draft, task, positions));
    fitToView();
  } catch (error) {
    if (!giveUp.signal.aborted) sayError(error);
  } finally {
    update({ task: undefined });
  }
}
