/**
 * Everything that can be done by a command, with its keys: for buttons, menus, palette and keyboard.
 *
 * @module
 */
import type { ReactFlowInstance } from "@xyflow/react";
import { copyNodes, PASTE_OFFSET, pasteNodes } from "../model/clipboard.ts";
import { type ConfigPath, setAtPath, valueAtPath } from "../model/document.ts";
import { removeEdges } from "../model/edit_edges.ts";
import { addDecoration, arrange, DECORATIONS, freePlace } from "../model/edit_layout.ts";
import { addNode, removeNodes } from "../model/edit_nodes.ts";
import { createSubgraph, setAllExpanded, ungroup } from "../model/edit_subgraphs.ts";
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";
import { fit } from "./canvas.tsx";
import {
  activeTab,
  canvasPath,
  closeTab,
  edit,
  enter,
  newFile,
  problemsOf,
  reveal,
  save,
  say,
  sayError,
  select,
  setTheme,
  show,
  simulate,
  studio,
  type Tab,
  toggleSimulation,
  travel,
  update,
  validateFully,
  viewOf,
} from "./studio.ts";
import { call } from "./api.ts";

/** Something that can be done. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly category: string;
  readonly keywords?: string;
  /** Keys, such as `Ctrl Shift L`. */
  readonly keys?: string;
  /** Whether it makes sense now. */
  readonly isPossible?: () => boolean;
  readonly run: () => void;
}

let flow: ReactFlowInstance | undefined;

/** Tells which canvas commands are about. */
export function setFlow(instance: ReactFlowInstance): void {
  flow = instance;
}

const hasTab = () => activeTab() !== undefined;
const hasSelection = () => (activeTab()?.selection.size ?? 0) > 0;

/** All commands. */
export const commands: readonly Command[] = [
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
    run: () => update({ rail: "files" }),
  },
  {
    id: "export",
    label: "Export as a page (HTML)",
    category: "File",
    keywords: "html share offline",
    isPossible: hasTab,
    run: () => void exportPage(),
  },
  {
    id: "close",
    label: "Close tab",
    category: "File",
    keys: "Alt W",
    isPossible: hasTab,
    run: () => closeTab(studio().active!),
  },
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
    id: "addNode",
    label: "Add node",
    category: "Node",
    keys: "N",
    isPossible: hasTab,
    run: addPlainNode,
  },
  {
    id: "factories",
    label: "Add from factory…",
    category: "Node",
    keywords: "function broadcast join",
    run: () => update({ rail: "factories" }),
  },
  {
    id: "find",
    label: "Find node…",
    category: "Node",
    keys: "Ctrl F",
    isPossible: hasTab,
    run: () => update({ dialog: { kind: "find" } }),
  },
  {
    id: "connect",
    label: "Connect a port of the selected node…",
    category: "Node",
    keywords: "edge join",
    keys: "C",
    isPossible: hasSelection,
    run: () => update({ dialog: { kind: "connect" } }),
  },
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
    isPossible: hasTab,
    run: () => arrangeNodes("down"),
  },
  {
    id: "fit",
    label: "Fit to view",
    category: "View",
    keys: "0",
    isPossible: hasTab,
    run: () => {
      const tab = activeTab();
      if (flow && tab) fit(flow, viewOf(tab));
    },
  },
  {
    id: "validate",
    label: "Validate",
    category: "Edit",
    keywords: "check problems errors",
    isPossible: hasTab,
    run: () => void validateFully(),
  },
  {
    id: "nextProblem",
    label: "Next problem",
    category: "View",
    keys: "F8",
    isPossible: hasTab,
    run: nextProblem,
  },
  {
    id: "simulate",
    label: "Simulate",
    category: "Run",
    keywords: "play step packets epochs",
    isPossible: hasTab,
    run: () => void toggleSimulation(),
  },
  {
    id: "step",
    label: "Simulation: one step",
    category: "Run",
    keys: "F10",
    isPossible: () => studio().simulation !== undefined,
    run: () => simulate((run) => run.step()),
  },
  ...(["problems", "output"] as const).map((panel): Command => ({
    id: panel,
    label: `Show ${panel}`,
    category: "View",
    run: () => update({ panel: studio().panel === panel ? "none" : panel }),
  })),
  ...(["files", "outline", "factories"] as const).map((rail): Command => ({
    id: `rail-${rail}`,
    label: `Show ${rail}`,
    category: "View",
    run: () => update({ rail: studio().rail === rail ? "none" : rail }),
  })),
  ...(["system", "dark", "light", "contrast"] as const).map((theme): Command => ({
    id: `theme-${theme}`,
    label: `Theme: ${theme === "contrast" ? "high contrast" : theme}`,
    category: "View",
    run: () => setTheme(theme),
  })),
  ...DECORATIONS.map((kind): Command => ({
    id: `decoration-${kind}`,
    label: `Add ${kind.replace("-", " ")}`,
    category: "Decoration",
    isPossible: hasTab,
    run: () => decorate(kind),
  })),
  {
    id: "help",
    label: "Keyboard shortcuts",
    category: "Help",
    keys: "?",
    run: () => update({ dialog: { kind: "help" } }),
  },
  {
    id: "palette",
    label: "Command palette",
    category: "Help",
    keys: "Ctrl K",
    run: () => update({ dialog: { kind: "palette" } }),
  },
];

const byId = new Map(commands.map((command) => [command.id, command]));

/** Runs a command, if it makes sense now. */
export function run(id: string): void {
  const command = byId.get(id);
  if (command && (command.isPossible?.() ?? true)) command.run();
}

/** Runs the command that a key stands for. */
export function onKey(event: KeyboardEvent): void {
  const keys = [
    event.ctrlKey || event.metaKey ? "Ctrl" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey && event.key.length > 0 && event.key !== "?" ? "Shift" : "",
    event.key.length === 1
      ? event.key.toUpperCase()
      : event.key === "Backspace"
      ? "Delete"
      : event.key,
  ].filter((part) => part !== "").join(" ");
  const target = event.target as HTMLElement;
  const isTyping = target.matches("input, textarea, select, [contenteditable]");
  const dialog = studio().dialog;
  if (event.key === "Escape" && dialog) {
    event.preventDefault();
    return update({ dialog: undefined });
  }
  const digit = /^Alt ([1-9])$/.exec(keys)?.[1];
  if (digit !== undefined) return showTab(Number(digit) - 1, event);
  if (keys === "Alt [" || keys === "Alt ]") return turnTab(keys === "Alt ]" ? 1 : -1, event);
  const along = /^Alt Arrow(Left|Right)$/.exec(keys)?.[1];
  if (along !== undefined && !isTyping) return followEdge(along === "Right", event);
  const command = commands.find((command) => command.keys === keys);
  if (!command || !(command.isPossible?.() ?? true)) return;
  // Fields have their own undo, clipboard and letters.
  if (isTyping && !["save", "saveAs", "palette"].includes(command.id)) return;
  if (dialog && command.id !== "palette") return;
  event.preventDefault();
  (target as HTMLElement).blur?.();
  command.run();
}

/** Selects the node at the other end of the selected node's first edge. */
function followEdge(isForward: boolean, event: Event): void {
  const tab = activeTab();
  const [id] = tab?.selection ?? [];
  const edge = tab &&
    viewOf(tab).edges.find(({ source, target }) => (isForward ? source : target) === id);
  if (!edge) return;
  event.preventDefault();
  select([isForward ? edge.target : edge.source]);
}

function showTab(index: number, event: Event): void {
  const tab = studio().tabs[index];
  if (!tab) return;
  event.preventDefault();
  show(tab.id);
}

function turnTab(by: 1 | -1, event: Event): void {
  const { tabs, active } = studio();
  const index = tabs.findIndex(({ id }) => id === active);
  if (index < 0) return;
  event.preventDefault();
  show(tabs[(index + by + tabs.length) % tabs.length]!.id);
}

function center(): { x: number; y: number } {
  const box = document.querySelector(".canvas")?.getBoundingClientRect();
  if (!flow || !box) return { x: 0, y: 100 };
  const { x, y } = flow.screenToFlowPosition({
    x: box.left + box.width / 2,
    y: box.top + box.height / 2,
  });
  return { x: Math.round((x - 85) / 10) * 10, y: Math.round((y - 40) / 10) * 10 };
}

/** Adds something at the middle of the canvas and selects it. */
export function addAtCenter(
  label: string,
  add: (draft: RawObject, graph: ConfigPath, place: { x: number; y: number }) => ConfigPath,
): void {
  const tab = activeTab();
  if (!tab) return;
  let path: ConfigPath | undefined;
  edit(label, (draft) => {
    path = add(draft, canvasPath(tab), freePlace(viewOf(tab).nodes, center()));
  });
  if (path) selectPaths([path]);
}

function selectPaths(paths: readonly ConfigPath[]): void {
  const tab = activeTab();
  if (!tab) return;
  const wanted = new Set(paths.map((path) => path.join("/")));
  const { nodes, decorations } = viewOf(tab);
  select(
    [...nodes, ...decorations].filter(({ path }) => wanted.has(path.join("/"))).map(({ id }) => id),
  );
}

function addPlainNode(): void {
  addAtCenter("Add node", (draft, graph, place) => addNode(draft, graph, place));
}

function decorate(kind: string): void {
  addAtCenter("Add decoration", (draft, graph, place) => addDecoration(draft, graph, kind, place));
}

/** Paths of the selected nodes and decorations. */
export function selectedPaths(tab: Tab): ConfigPath[] {
  const { nodes, decorations } = viewOf(tab);
  return [...nodes, ...decorations].filter(({ id }) => tab.selection.has(id)).map(({ path }) =>
    path
  );
}

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

function arrangeNodes(direction: "right" | "down"): void {
  const tab = activeTab();
  if (!tab) return;
  const view = viewOf(tab);
  edit("Arrange", (draft) => arrange(draft, view, direction, tab.selection));
  const moved = activeTab();
  if (flow && moved) fit(flow, viewOf(moved));
}

let lastProblem = -1;

function nextProblem(): void {
  const problems = problemsOf(activeTab());
  if (problems.length === 0) return say("There are no problems");
  lastProblem = (lastProblem + 1) % problems.length;
  update({ panel: "problems" });
  reveal(problems[lastProblem]!);
}

async function exportPage(): Promise<void> {
  const tab = activeTab();
  if (!tab) return;
  const base = (tab.path ?? "net").replace(/(?:\.netrun|\.graph)?\.(?:json|toml)$/, "");
  try {
    const answer = await call("/files/export-html", {
      document: tab.history.data,
      output_path: `${base}.netrun.html`,
      title: base.split("/").at(-1),
      dark: document.documentElement.dataset.theme !== "light",
    });
    say(`Exported ${answer.get("path")}`);
  } catch (error) {
    sayError(error);
  }
}
