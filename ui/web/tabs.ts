/**
 * Files in tabs: opening, saving, following the disk, closing.
 *
 * @module
 */
import { readJson } from "../../runtime/schema/text/read_json.ts";
import { TextProblems } from "../../runtime/schema/text/text_problems.ts";
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";
import { emptyDocument, sameData } from "../model/document.ts";
import { isDirty, markSaved, newHistory, record } from "../model/history.ts";
import { textOf } from "../model/node_view.ts";
import { ApiError, call } from "./api.ts";
import { afterEdit, check } from "./checks.ts";
import { DRAFTS, keepDrafts } from "./drafts.ts";
import { forgetFactories } from "./factory_ports.ts";
import { activeTab, newId, say, sayError, studio, type Tab, update, updateTab } from "./studio.ts";

/** Opens a file, or shows the tab in which it is open. */
export async function openFile(path: string): Promise<void> {
  const open = studio().tabs.find((tab) => tab.path === path);
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
      text: textOf(error.details?.get("text")),
    };
    addTab({ ...newTab(emptyDocument(), path, undefined), broken });
  }
}

function newTab(data: RawObject, path: string | undefined, etag: string | undefined): Tab {
  return {
    id: newId(),
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
  update({ tabs: [...studio().tabs, tab], active: tab.id, simulation: undefined });
  rememberRecent(tab.path);
  check(tab.id);
}

/** Lets the person pick files where there is no server, and opens them. */
export async function pickFiles(): Promise<void> {
  const { openFiles } = await import("./picked_files.ts");
  try {
    for (const name of await openFiles.pick()) await openFile(name);
    update({ filesVersion: studio().filesVersion + 1 });
  } catch (error) {
    sayError(error);
  }
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
  const tab = studio().tabs.find((tab) => tab.id === id);
  if (!tab) return;
  if (isDirty(tab.history) && !isSure) return update({ dialog: { kind: "close", tab: id } });
  const index = studio().tabs.indexOf(tab);
  const tabs = studio().tabs.filter((other) => other !== tab);
  const next = tabs[Math.min(index, tabs.length - 1)]?.id;
  update({ tabs, active: studio().active === id ? next : studio().active, dialog: undefined });
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
    const current = studio().tabs.find(({ id }) => id === tab.id);
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
    update({ filesVersion: studio().filesVersion + 1 });
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
  const tab = studio().tabs.find((tab) => tab.id === id);
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
  update({ filesVersion: studio().filesVersion + 1 });
  if (/\.[mc]?[jt]s$/.test(path)) return forgetFactories();
  const tab = studio().tabs.find((tab) => tab.path === path);
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
  return `netrun-recent:${studio().root}`;
}

/** Opens again what was unsaved when the page went away. */
export async function restoreDrafts(): Promise<void> {
  const text = sessionStorage.getItem(DRAFTS);
  if (text === null) return;
  const kept = asObject(readJson(text, new TextProblems(text, undefined)));
  const drafts = kept?.get("drafts");
  if (kept?.get("root") !== studio().root || !Array.isArray(drafts)) return;
  for (const draft of drafts) {
    const path = asObject(draft)?.get("path");
    const data = asObject(asObject(draft)?.get("data"));
    if (!data) continue;
    if (typeof path === "string") await openFile(path);
    let tab = studio().tabs.find((tab) => path !== null && tab.path === path);
    if (!tab) {
      // One that was never saved, or whose file is gone.
      newFile();
      tab = activeTab();
    }
    if (!tab || sameData(tab.history.data, data)) continue;
    const isStale = typeof path === "string" && tab.etag !== asObject(draft)?.get("etag");
    updateTab(tab.id, { history: record(tab.history, data, "Restore draft"), isStale });
    check(tab.id);
  }
}
