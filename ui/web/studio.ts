/**
 * What the studio shows. Components read it; what changes it is beside it, one file a concern.
 *
 * @module
 */
// @ts-types="@types/react"
import { useSyncExternalStore } from "react";
import type { Problem } from "../model/check_document.ts";
import type { FormField } from "../model/form.ts";
import type { History } from "../model/history.ts";
import type { FactoryPorts } from "../model/node_view.ts";
import type { Simulation } from "../model/simulation.ts";

/** One open file. */
export interface Tab {
  readonly id: number;
  /** From the root; undefined for one that was never saved. */
  readonly path: string | undefined;
  readonly history: History;
  readonly etag: string | undefined;
  /** Names of the subgraphs that lead to the graph on the canvas. */
  readonly scope: readonly string[];
  /** Ids of what is selected. */
  readonly selection: ReadonlySet<string>;
  readonly problems: readonly Problem[];
  /** Whether the file on the disk is another one by now. */
  readonly isStale: boolean;
  /** Text of a file that could not be read, and what is wrong with it. */
  readonly broken?: {
    readonly message: string;
    readonly line: number | undefined;
    readonly text: string | undefined;
  } | undefined;
}

/** A message in a corner. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "info" | "error";
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

/** The colours of the studio. */
export type Theme = "system" | "dark" | "light" | "contrast";
/** What stands in the left rail. */
export type Rail = "files" | "outline" | "factories" | "none";
/** What stands over everything. */
export type Dialog =
  | { readonly kind: "palette" | "help" | "saveAs" | "find" | "connect" | "export" | "newFunction" }
  | { readonly kind: "close"; readonly tab: number }
  | { readonly kind: "compare"; readonly tab: number }
  | { readonly kind: "conflict"; readonly message: string };

/** Output of a running action. */
export interface ActionOutput {
  readonly title: string;
  readonly lines: readonly { readonly type: string; readonly text: string }[];
  readonly isRunning: boolean;
  readonly stop: () => void;
}

/** Everything that is shown. */
export interface StudioState {
  readonly tabs: readonly Tab[];
  readonly active: number | undefined;
  readonly root: string;
  readonly isTrusted: boolean;
  readonly isReadOnly: boolean;
  /** Whether there is no server: the page does what it can by itself. */
  readonly isAlone: boolean;
  readonly isConnected: boolean;
  readonly phase: "starting" | "ready" | "locked";
  readonly theme: Theme;
  readonly rail: Rail;
  readonly showsInspector: boolean;
  readonly panel: "problems" | "output" | "none";
  readonly dialog: Dialog | undefined;
  readonly toasts: readonly Toast[];
  readonly made: ReadonlyMap<string, FactoryPorts | { readonly error: string }>;
  readonly filesVersion: number;
  readonly simulation: { readonly run: Simulation; readonly version: number } | undefined;
  readonly output: ActionOutput | undefined;
  /** Something that takes its time, and can be given up. */
  readonly task: { readonly label: string; readonly stop: () => void } | undefined;
  /** The recipe that the palette has asked for. */
  readonly wantedRecipe: string | undefined;
  /** How often code of the project changed. */
  readonly codeVersion: number;
  /** Fields of each configuration object. */
  readonly forms: ReadonlyMap<string, readonly FormField[]>;
}

let state: StudioState = {
  tabs: [],
  active: undefined,
  root: "",
  isTrusted: false,
  isReadOnly: false,
  isAlone: false,
  isConnected: true,
  phase: "starting",
  theme: (localStorage.getItem("netrun-theme") as Theme | null) ?? "system",
  rail: innerWidth < 1200 ? "none" : "files",
  showsInspector: innerWidth >= 900,
  panel: "none",
  dialog: undefined,
  toasts: [],
  made: new Map(),
  filesVersion: 0,
  simulation: undefined,
  output: undefined,
  task: undefined,
  wantedRecipe: undefined,
  codeVersion: 0,
  forms: new Map(),
};
const listeners = new Set<() => void>();

/** What is shown now. */
export function studio(): StudioState {
  return state;
}

/** Changes what is shown. */
export function update(change: Partial<StudioState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

/** A part of what is shown, kept up to date. */
export function useStudio<T>(select: (state: StudioState) => T): T {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => select(state),
  );
}

/** The open file that is shown. */
export function activeTab(from: StudioState = state): Tab | undefined {
  return from.tabs.find(({ id }) => id === from.active);
}

/** Changes one tab. */
export function updateTab(id: number, change: Partial<Tab>): void {
  update({ tabs: state.tabs.map((tab) => tab.id === id ? { ...tab, ...change } : tab) });
}

let lastId = 0;

/** An id that nothing else has. */
export function newId(): number {
  return ++lastId;
}

/** Says something in a corner. */
export function say(text: string, tone: Toast["tone"] = "info", action?: Toast["action"]): void {
  const id = newId();
  update({ toasts: [...state.toasts.slice(-3), { id, text, tone, action }] });
  setTimeout(
    () => update({ toasts: state.toasts.filter((toast) => toast.id !== id) }),
    tone === "error" ? 8000 : 4000,
  );
}

/** Says what went wrong. */
export function sayError(error: unknown): void {
  say(error instanceof Error ? error.message : String(error), "error");
}

/** The path of a tab, as calls name it. */
export function filePath(tab: Tab): { file_path?: string } {
  return tab.path === undefined ? {} : { file_path: tab.path };
}

/** Selects things on the canvas. */
export function select(ids: Iterable<string>): void {
  const tab = activeTab();
  if (tab) updateTab(tab.id, { selection: new Set(ids) });
}

/** Shows the graph inside a subgraph, or the one around it. */
export function enter(scope: readonly string[]): void {
  const tab = activeTab();
  if (tab) updateTab(tab.id, { scope, selection: new Set() });
}

/** Chooses the colours. */
export function setTheme(theme: Theme): void {
  localStorage.setItem("netrun-theme", theme);
  update({ theme });
}
