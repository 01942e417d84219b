/**
 * Edits of the open file, each one step for undo.
 *
 * @module
 */
import type { RawObject } from "../../runtime/tools/raw_net.ts";
import { editData, graphPath } from "../model/document.ts";
import { EditRefused } from "../model/edit_nodes.ts";
import { pinPositions } from "../model/graph_view.ts";
import { record, redo, undo } from "../model/history.ts";
import { viewOf } from "./canvas_graph.ts";
import { afterEdit } from "./checks.ts";
import { simulate } from "./simulating.ts";
import { activeTab, say, studio, updateTab } from "./studio.ts";

/** Makes an edit of the open file: one step for undo. Returns whether it was possible. */
export function edit(
  label: string,
  change: (draft: RawObject) => void,
  select?: ReadonlySet<string>,
): boolean {
  const tab = activeTab();
  if (!tab || studio().simulation) return false;
  if (studio().isReadOnly) {
    say("This studio is read-only", "error");
    return false;
  }
  try {
    const view = viewOf(tab);
    const data = editData(tab.history.data, (draft) => {
      change(draft);
      pinPositions(draft, view);
    });
    const history = record(tab.history, data, label);
    updateTab(tab.id, { history, ...(select ? { selection: select } : {}) });
    afterEdit(tab.id);
    return true;
  } catch (error) {
    if (!(error instanceof EditRefused)) throw error;
    say(error.message, "error");
    return false;
  }
}

/** Takes the last edit back, or makes it again; in simulate mode the last step of the simulation. */
export function travel(direction: "undo" | "redo"): void {
  if (studio().simulation) {
    if (direction === "undo") simulate((run) => run.undo());
    return;
  }
  const tab = activeTab();
  if (!tab) return;
  const history = direction === "undo" ? undo(tab.history) : redo(tab.history);
  const scope = graphPath(history.data, tab.scope) ? tab.scope : [];
  updateTab(tab.id, { history, scope });
  afterEdit(tab.id);
}
