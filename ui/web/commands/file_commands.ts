/**
 * Commands about files.
 *
 * @module
 */
import { studio, update } from "../studio.ts";
import { closeTab, newFile, pickFiles, save } from "../tabs.ts";
import { type Command, hasTab } from "./command.ts";

/** Opening, saving, exporting, closing. */
export const fileCommands: readonly Command[] = [
  {
    id: "save",
    label: "Save",
    category: "File",
    keys: "Ctrl S",
    isPossible: hasTab,
    run: () => void save(),
  },
  {
    id: "saveAs",
    label: "Save as…",
    category: "File",
    keys: "Ctrl Shift S",
    isPossible: hasTab,
    run: () => update({ dialog: { kind: "saveAs" } }),
  },
  { id: "new", label: "New net", category: "File", keys: "Alt N", run: newFile },
  {
    id: "open",
    label: "Open file…",
    category: "File",
    keys: "Ctrl O",
    run: () => studio().isAlone ? void pickFiles() : update({ rail: "files" }),
  },
  {
    id: "export",
    label: "Export as a page (HTML)…",
    category: "File",
    keywords: "html share offline",
    isPossible: hasTab,
    needsServer: true,
    run: () => update({ dialog: { kind: "export" } }),
  },
  {
    id: "close",
    label: "Close tab",
    category: "File",
    keys: "Alt W",
    isPossible: hasTab,
    run: () => closeTab(studio().active!),
  },
];
