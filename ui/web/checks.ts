/**
 * What is wrong with the open file: checked beside the page as it changes, and by the server when asked.
 *
 * @module
 */
import { asObject } from "../../runtime/tools/raw_net.ts";
import type { Problem } from "../model/check_document.ts";
import { type ConfigPath, valueAtPath } from "../model/document.ts";
import { callPlain } from "./api.ts";
import { viewOf } from "./canvas_graph.ts";
import { keepDrafts } from "./drafts.ts";
import { factoryFailure, resolveFactories } from "./factory_ports.ts";
import {
  activeTab,
  filePath,
  say,
  sayError,
  studio,
  type Tab,
  update,
  updateTab,
  useStudio,
} from "./studio.ts";

let checker: Worker | undefined;
let checkTimer: ReturnType<typeof setTimeout> | undefined;

export function afterEdit(id: number): void {
  clearTimeout(checkTimer);
  checkTimer = setTimeout(() => check(id), 250);
}

export function check(id: number): void {
  const tab = studio().tabs.find((tab) => tab.id === id);
  if (!tab || tab.broken) return;
  keepDrafts();
  resolveFactories(tab);
  if (!checker) {
    checker = new Worker(new URL("./checker.js", import.meta.url), { type: "module" });
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

/** What is wrong with the open file, with what its factories say. */
export function problemsOf(tab: Tab | undefined): readonly Problem[] {
  if (!tab) return [];
  if (tab.broken) return [brokenProblem(tab.broken)];
  if (!studio().isTrusted) return tab.problems;
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

function brokenProblem({ message, line }: NonNullable<Tab["broken"]>): Problem {
  return {
    code: "unreadable",
    path: [],
    message: line === undefined ? message : `Line ${line}: ${message}`,
    severity: "error",
    node: undefined,
    nodePaths: [],
  };
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
