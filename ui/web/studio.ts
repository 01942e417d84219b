/**
 * What the studio shows, and everything that can be done to it. Components read it and call it.
 *
 * @module
 */
// @ts-types="@types/react"
import { useSyncExternalStore } from "react";
import { readJson } from "../../runtime/schema/text/read_json.ts";
import { TextProblems } from "../../runtime/schema/text/text_problems.ts";
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import type { FieldDescription } from "../../runtime/schema/field_list.ts";
import type { GraphSpec } from "../../sim/graph.ts";
import { asObject, type RawObject, toPlain } from "../../runtime/tools/raw_net.ts";
import type { Problem } from "../model/check_document.ts";
import {
  type ConfigPath,
  editData,
  emptyDocument,
  graphPath,
  sameData,
  valueAtPath,
} from "../model/document.ts";
import { EditRefused } from "../model/edit_nodes.ts";
import { type GraphView, graphView, pinPositions } from "../model/graph_view.ts";
import {
  type History,
  isDirty,
  markSaved,
  newHistory,
  record,
  redo,
  undo,
} from "../model/history.ts";
import type { FactoryPorts, PortView } from "../model/node_view.ts";
import { Simulation } from "../model/simulation.ts";
import { ApiError, call, callPlain } from "./api.ts";

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
  readonly broken?: { readonly message: string; readonly line: number | undefined } | undefined;
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
  | { readonly kind: "palette" | "help" | "saveAs" | "find" | "connect" }
  | { readonly kind: "close"; readonly tab: number }
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
  /** Fields of each configuration object. */
  readonly fields: ReadonlyMap<string, readonly FieldDescription[]>;
}

const DRAFTS = "netrun-drafts";

let state: StudioState = {
  tabs: [],
  active: undefined,
  root: "",
  isTrusted: false,
  isReadOnly: false,
  isConnected: true,
  phase: "starting",
  theme: (localStorage.getItem("netrun-theme") as Theme | null) ?? "system",
  rail: innerWidth < 900 ? "none" : "files",
  showsInspector: innerWidth >= 900,
  panel: "none",
  dialog: undefined,
  toasts: [],
  made: new Map(),
  filesVersion: 0,
  simulation: undefined,
  output: undefined,
  fields: new Map(),
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

let nextId = 1;

/** Says something in a corner. */
export function say(text: string, tone: Toast["tone"] = "info", action?: Toast["action"]): void {
  const id = nextId++;
  update({ toasts: [...state.toasts.slice(-3), { id, text, tone, action }] });
  setTimeout(
    () => update({ toasts: state.toasts.filter((toast) => toast.id !== id) }),
    tone === "error" ? 8000 : 4000,
  );
}

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
  if (found?.made === state.made) return found.view;
  const view = graphView(data, canvasPath(tab), madeBy);
  known.set(key, { made: state.made, view });
  return view;
}

/** Names what a factory makes: the factory and its arguments. */
export function factoryKey(node: RawObject): string | undefined {
  const factory = node.get("factory");
  if (typeof factory !== "string") return undefined;
  return factory + writeJson(node.get("factory_args") ?? new Map(), "");
}

function madeBy(node: RawObject): FactoryPorts | undefined {
  const key = factoryKey(node);
  const made = key === undefined ? undefined : state.made.get(key);
  return made && !("error" in made) ? made : undefined;
}

/** Makes an edit of the open file: one step for undo. Returns whether it was possible. */
export function edit(
  label: string,
  change: (draft: RawObject) => void,
  select?: ReadonlySet<string>,
): boolean {
  const tab = activeTab();
  if (!tab || state.simulation) return false;
  if (state.isReadOnly) {
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
  if (state.simulation) {
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

let checker: Worker | undefined;
let checkTimer: ReturnType<typeof setTimeout> | undefined;

function afterEdit(id: number): void {
  clearTimeout(checkTimer);
  checkTimer = setTimeout(() => check(id), 250);
}

function check(id: number): void {
  const tab = state.tabs.find((tab) => tab.id === id);
  if (!tab || tab.broken) return;
  keepDrafts();
  resolveFactories(tab);
  if (!checker) {
    checker = new Worker("/assets/checker.js", { type: "module" });
    checker.onmessage = ({ data }) => updateTab(data.id, { problems: data.problems });
  }
  checker.postMessage({ id, data: tab.history.data });
}

/** Asks the server for everything that only it can find out: what files and code say. */
export async function validateFully(): Promise<void> {
  const tab = activeTab();
  if (!tab) return;
  const { locate } = await import("../model/check_document.ts");
  try {
    const report = await callPlain<{
      errors: { type: string; msg: string; path: ConfigPath }[];
      warnings: { type: string; msg: string; path: ConfigPath }[];
    }>("/validate", { document: tab.history.data, ...filePath(tab) });
    const toProblem =
      (severity: "error" | "warning") =>
      ({ type, msg, path }: { type: string; msg: string; path: ConfigPath }) =>
        locate(tab.history.data, { code: type, message: msg, path, severity });
    updateTab(tab.id, {
      problems: [
        ...report.errors.map(toProblem("error")),
        ...report.warnings.map(toProblem("warning")),
      ],
    });
    update({ panel: "problems" });
    if (report.errors.length === 0) say("The net is valid");
  } catch (error) {
    sayError(error);
  }
}

/** The path of a tab, as calls name it. */
export function filePath(tab: Tab): { file_path?: string } {
  return tab.path === undefined ? {} : { file_path: tab.path };
}

/** Says what went wrong. */
export function sayError(error: unknown): void {
  say(error instanceof Error ? error.message : String(error), "error");
}

const asked = new Set<string>();

/** Asks for the ports of factories that are not known yet. */
function resolveFactories(tab: Tab): void {
  const visit = (graph: RawObject | undefined): void => {
    const nodes = graph?.get("nodes");
    for (const item of Array.isArray(nodes) ? nodes : []) {
      const node = asObject(item);
      if (!node) continue;
      const key = factoryKey(node);
      if (key !== undefined && !asked.has(key)) {
        asked.add(key);
        preview(tab, node, key);
      }
      visit(node);
    }
  };
  visit(asObject(tab.history.data.get("graph")));
}

/** Forgets what factories make, since their code changed or may now be run. */
export function forgetFactories(): void {
  asked.clear();
  const tab = activeTab();
  if (tab) resolveFactories(tab);
}

async function preview(tab: Tab, node: RawObject, key: string): Promise<void> {
  const override = tab.history.data.get("project_root_override");
  const folder = tab.path?.includes("/") ? tab.path.slice(0, tab.path.lastIndexOf("/")) : "";
  try {
    const { node: made, error } = await callPlain<{
      node?: { in_ports: PortView[]; out_ports: PortView[]; description?: string };
      error?: string;
    }>("/factories/preview", {
      ref: node.get("factory"),
      args: node.get("factory_args") ?? new Map(),
      project_root: typeof override === "string" ? `${folder}/${override}` : folder,
    });
    const ports = (list: PortView[]) =>
      list.map((port) => ({
        ...port,
        type: `${port.type}`,
        origin: "factory" as const,
        gathers: false,
      }));
    const entry = made
      ? {
        inPorts: ports(made.in_ports),
        outPorts: ports(made.out_ports),
        description: made.description,
      }
      : { error: error ?? "unknown" };
    update({ made: new Map(state.made).set(key, entry) });
  } catch (error) {
    const message = error instanceof Error ? error.message : `${error}`;
    update({ made: new Map(state.made).set(key, { error: message }) });
  }
}

/** Opens a file, or shows the tab in which it is open. */
export async function openFile(path: string): Promise<void> {
  const open = state.tabs.find((tab) => tab.path === path);
  if (open) return show(open.id);
  try {
    const answer = await call("/files/read", { path });
    const data = asObject(answer.get("document"))!;
    addTab(newTab(data, path, `${answer.get("etag")}`));
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "invalid_config") return sayError(error);
    const issues = error.details?.get("issues");
    const line = Array.isArray(issues) ? asObject(issues[0])?.get("line") : undefined;
    const broken = {
      message: error.message,
      line: typeof line === "number" ? line : undefined,
    };
    addTab({ ...newTab(emptyDocument(), path, undefined), broken });
  }
}

function newTab(data: RawObject, path: string | undefined, etag: string | undefined): Tab {
  return {
    id: nextId++,
    path,
    etag,
    history: newHistory(data),
    scope: [],
    selection: new Set(),
    problems: [],
    isStale: false,
  };
}

function addTab(tab: Tab): void {
  update({ tabs: [...state.tabs, tab], active: tab.id, simulation: undefined });
  rememberRecent(tab.path);
  check(tab.id);
}

/** Opens a net that has no file yet. */
export function newFile(): void {
  addTab(newTab(emptyDocument(), undefined, undefined));
}

/** Shows a tab. */
export function show(id: number): void {
  update({ active: id, simulation: undefined });
  afterEdit(id);
}

/** Closes a tab; asks first if it has changes. */
export function closeTab(id: number, isSure = false): void {
  const tab = state.tabs.find((tab) => tab.id === id);
  if (!tab) return;
  if (isDirty(tab.history) && !isSure) return update({ dialog: { kind: "close", tab: id } });
  const index = state.tabs.indexOf(tab);
  const tabs = state.tabs.filter((other) => other !== tab);
  const next = tabs[Math.min(index, tabs.length - 1)]?.id;
  update({ tabs, active: state.active === id ? next : state.active, dialog: undefined });
  keepDrafts();
}

/** Writes the open file. */
export async function save(options: { path?: string; overwrites?: boolean } = {}): Promise<void> {
  const tab = activeTab();
  if (!tab || tab.broken) return;
  const path = options.path ?? tab.path;
  if (path === undefined) return update({ dialog: { kind: "saveAs" } });
  const isNew = path !== tab.path;
  const saved = tab.history.data;
  try {
    const answer = await call("/files/save", {
      path,
      document: saved,
      ...(isNew && !options.overwrites ? { create: true } : {}),
      ...(!isNew && !options.overwrites && tab.etag ? { if_match: tab.etag } : {}),
    });
    const current = state.tabs.find(({ id }) => id === tab.id);
    if (!current) return;
    const history = current.history.data === saved
      ? markSaved(current.history)
      : { ...current.history, saved };
    updateTab(tab.id, {
      path: `${answer.get("path")}`,
      etag: `${answer.get("etag")}`,
      history,
      isStale: false,
    });
    update({ filesVersion: state.filesVersion + 1 });
    // A dialog that was opened since then is about something else.
    if (options.path !== undefined || options.overwrites) update({ dialog: undefined });
    const warnings = answer.get("warnings");
    if (Array.isArray(warnings) && warnings.length > 0) say(`Saved. ${warnings.join(" ")}`);
    else say(`Saved ${path}`);
    rememberRecent(path);
    keepDrafts();
  } catch (error) {
    if (error instanceof ApiError && error.code === "conflict") {
      return update({ dialog: { kind: "conflict", message: error.message } });
    }
    sayError(error);
  }
}

/** Reads the open file again, giving up what was changed here. */
export async function reload(id: number): Promise<void> {
  const tab = state.tabs.find((tab) => tab.id === id);
  if (tab?.path === undefined) return;
  try {
    const answer = await call("/files/read", { path: tab.path });
    const data = asObject(answer.get("document"))!;
    const history = record(tab.history, data, "Reload");
    updateTab(id, {
      history: { ...history, saved: data },
      etag: `${answer.get("etag")}`,
      isStale: false,
      broken: undefined,
    });
    update({ dialog: undefined });
    check(id);
  } catch (error) {
    sayError(error);
  }
}

/** A file of the folder changed: clean tabs follow, others say so. */
export function fileChanged(path: string, etag: string | null): void {
  update({ filesVersion: state.filesVersion + 1 });
  if (/\.[mc]?[jt]s$/.test(path)) return forgetFactories();
  const tab = state.tabs.find((tab) => tab.path === path);
  if (!tab || etag === null || tab.etag === etag) return;
  if (isDirty(tab.history)) updateTab(tab.id, { isStale: true });
  else reload(tab.id);
}

function rememberRecent(path: string | undefined): void {
  if (path === undefined) return;
  const recent = recentFiles().filter((other) => other !== path);
  localStorage.setItem(recentKey(), JSON.stringify([path, ...recent].slice(0, 10)));
}

/** Files that were opened last. */
export function recentFiles(): string[] {
  return JSON.parse(localStorage.getItem(recentKey()) ?? "[]");
}

function recentKey(): string {
  return `netrun-recent:${state.root}`;
}

/** Unsaved changes survive a reload of the page. */
function keepDrafts(): void {
  const drafts = state.tabs.filter(({ history, broken }) => isDirty(history) && !broken)
    .map(({ path, etag, history }) =>
      new Map<string, unknown>([
        ["path", path ?? null],
        ["etag", etag ?? null],
        ["data", history.data],
      ])
    );
  const text = writeJson(
    new Map([["root", state.root], ["drafts", drafts]] as [string, unknown][]),
    "",
  );
  try {
    sessionStorage.setItem(DRAFTS, text);
  } catch {
    // More than the browser keeps: the changes live on in this page alone.
  }
}

/** Opens again what was unsaved when the page went away. */
export async function restoreDrafts(): Promise<void> {
  const text = sessionStorage.getItem(DRAFTS);
  if (text === null) return;
  const kept = asObject(readJson(text, new TextProblems(text, undefined)));
  const drafts = kept?.get("drafts");
  if (kept?.get("root") !== state.root || !Array.isArray(drafts)) return;
  for (const draft of drafts) {
    const path = asObject(draft)?.get("path");
    const data = asObject(asObject(draft)?.get("data"));
    if (!data) continue;
    if (typeof path === "string") await openFile(path);
    else newFile();
    const tab = activeTab();
    if (!tab || sameData(tab.history.data, data)) continue;
    const isStale = typeof path === "string" && tab.etag !== asObject(draft)?.get("etag");
    updateTab(tab.id, { history: record(tab.history, data, "Restore draft"), isStale });
    check(tab.id);
  }
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

/** What is wrong with the open file, with what its factories say. */
export function problemsOf(tab: Tab | undefined): readonly Problem[] {
  if (!tab) return [];
  if (!state.isTrusted) return tab.problems;
  const failures: Problem[] = [];
  const known = new Set(tab.problems.map(({ node }) => node));
  for (const { id, path } of viewOf(tab).nodes) {
    const message = factoryFailure(tab, path);
    if (message === undefined || known.has(id)) continue;
    const place = [...path, "factory"];
    failures.push({
      code: "factory_failed",
      path: place,
      message,
      severity: "error",
      node: id,
      nodePaths: [path],
    });
  }
  return failures.length === 0 ? tab.problems : [...tab.problems, ...failures];
}

/** What is wrong with the factory of a node. */
export function factoryFailure(tab: Tab, path: ConfigPath): string | undefined {
  const node = asObject(valueAtPath(tab.history.data, path));
  const key = node && factoryKey(node);
  const made = key === undefined ? undefined : state.made.get(key);
  return made && "error" in made ? made.error : undefined;
}

/** What is wrong with the open file, kept up to date. */
export function useProblems(tab: Tab | undefined): readonly Problem[] {
  useStudio(({ made }) => made);
  return problemsOf(tab);
}

/** Shows the node of a problem. */
export function reveal(problem: Problem): void {
  const tab = activeTab();
  if (!tab) return;
  const names = problem.nodePaths.map((path) =>
    `${asObject(valueAtPath(tab.history.data, path))?.get("name")}`
  );
  const scope = names.slice(0, -1);
  updateTab(tab.id, { scope, selection: new Set(names.slice(-1)) });
}

/** Begins to play through the net without running it, or ends that. */
export async function toggleSimulation(): Promise<void> {
  if (state.simulation) return update({ simulation: undefined });
  const tab = activeTab();
  if (!tab) return;
  try {
    const answer = toPlain(await call("/graph", { document: tab.history.data, ...filePath(tab) }));
    const { graph } = answer as { graph: GraphSpec };
    update({ simulation: { run: new Simulation(graph), version: 0 }, panel: "none" });
  } catch (error) {
    if (error instanceof ApiError && error.code === "invalid_config") {
      await validateFully();
      return say("The net cannot be simulated before its problems are solved", "error");
    }
    sayError(error);
  }
}

/** Does something in the simulation. */
export function simulate(act: (run: Simulation) => void): void {
  if (!state.simulation) return;
  const { run, version } = state.simulation;
  try {
    act(run);
  } catch (error) {
    sayError(error);
  }
  update({ simulation: { run, version: version + 1 } });
}

/** Chooses the colours. */
export function setTheme(theme: Theme): void {
  localStorage.setItem("netrun-theme", theme);
  update({ theme });
}

/** The actions of the net that can be run as they are written. */
export function actionsOf(tab: Tab): { id: string; label: string; command: string }[] {
  const actions = valueAtPath(tab.history.data, ["graph", "extra", "ui", "actions"]);
  return (Array.isArray(actions) ? actions : []).flatMap((item) => {
    const [id, label, command] = ["id", "label", "command"].map((key) => asObject(item)?.get(key));
    const isWhole = typeof id === "string" && typeof label === "string" &&
      typeof command === "string";
    return isWhole ? [{ id, label, command }] : [];
  });
}
