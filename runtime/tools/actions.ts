/**
 * Actions: shell commands kept in a net file, for the net as a whole and for its nodes.
 *
 * The functions take the free data of the file (`extra`) as plain objects and ignore what is not of
 * the right form there; {@linkcode checkActions} is what complains.
 *
 * @module
 */
import { dirname, isAbsolute, normalize, resolve } from "node:path";
import type { ConfigIssue, ConfigPath } from "../schema/issue.ts";
import type { VarRef } from "../schema/reference.ts";

/** A shell command with a name. */
export interface ActionConfig {
  /** Names it, uniquely among the actions of a node. */
  id: string;
  /** What a button says. */
  label: string;
  /** The command, for `sh`, or a reference to it. */
  command: string | VarRef;
}

/** What the editor and the command line keep for a project, under `graph.extra.ui`. */
export interface ActionSettings {
  /** Project root, relative to the net file; null if it is not set. */
  projectRoot: string | null;
  /** Command that actions may use as `$DEFAULT_CMD`; null if it is not set. */
  defaultCmd: string | null;
  /** Environment variables of all actions. */
  env: Record<string, string>;
  /** Actions of the project. */
  actions: ActionConfig[];
}

/** Free data as it is in a file, if there is any. */
export type ExtraData = Readonly<Record<string, unknown>> | null | undefined;

const ACTION_FIELDS = ["id", "label", "command"] as const;

/**
 * Settings and actions of the project.
 *
 * @param graphExtra `graph.extra` of the file.
 * @param topExtra `extra` of the file, the older place of `ui.actions`.
 */
export function getActionSettings(graphExtra: ExtraData, topExtra?: ExtraData): ActionSettings {
  const ui = uiOf(graphExtra);
  return {
    projectRoot: textOf(ui.projectRoot),
    defaultCmd: textOf(ui.defaultCmd),
    env: environmentOf(ui.env),
    actions: getProjectActions(graphExtra, topExtra),
  };
}

/**
 * Actions of the project: `graph.extra.ui.actions`, else those in the older place
 * `extra.ui.actions`.
 */
export function getProjectActions(graphExtra: ExtraData, topExtra?: ExtraData): ActionConfig[] {
  return listOf(projectActionsPlace(graphExtra, topExtra).actions);
}

/** How many actions the project has, also such as cannot be run. */
export function countProjectActions(graphExtra: ExtraData, topExtra?: ExtraData): number {
  const { actions } = projectActionsPlace(graphExtra, topExtra);
  return Array.isArray(actions) ? actions.length : 0;
}

/** Actions of a node, by its `extra`. */
export function getNodeActions(nodeExtra: ExtraData): ActionConfig[] {
  return listOf(uiOf(nodeExtra).actions);
}

/** Environment variables of a node's actions; null if it has none. */
export function getNodeEnv(nodeExtra: ExtraData): Record<string, string> | null {
  const env = environmentOf(uiOf(nodeExtra).env);
  return Object.keys(env).length === 0 ? null : env;
}

/**
 * The actions that a node has: those of the project, then its own. One of its own with the same `id`
 * takes the place of the project's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const show = { id: "show", label: "Show", command: "echo project" };
 * const own = { ...show, command: "echo node" };
 * assertEquals(getAvailableActions([show], [own]), [own]);
 * ```
 */
export function getAvailableActions(
  projectActions: readonly ActionConfig[],
  nodeActions: readonly ActionConfig[] = [],
): ActionConfig[] {
  return [
    ...new Map([...projectActions, ...nodeActions].map((action) => [action.id, action])).values(),
  ];
}

/**
 * Everything that is wrong with the actions of a file.
 *
 * @param data The data of the file, as plain objects.
 */
export function checkActions(data: ExtraData): ConfigIssue[] {
  const graph = recordOf(data?.graph);
  const project = projectActionsPlace(recordOf(graph.extra), recordOf(data?.extra));
  return [
    ...checkList(project.actions, [...project.path, "ui", "actions"]),
    ...nodesIn(graph, ["graph"]).flatMap(({ node, path }) =>
      checkList(uiOf(recordOf(node.extra)).actions, [...path, "extra", "ui", "actions"])
    ),
  ];
}

/** The one place that decides where the actions of a project are. */
function projectActionsPlace(
  graphExtra: ExtraData,
  topExtra: ExtraData,
): { actions: unknown; path: string[] } {
  const { actions } = uiOf(graphExtra);
  return actions === undefined || actions === null
    ? { actions: uiOf(topExtra).actions, path: ["extra"] }
    : { actions, path: ["graph", "extra"] };
}

function checkList(actions: unknown, path: ConfigPath): ConfigIssue[] {
  if (actions === undefined || actions === null) return [];
  if (!Array.isArray(actions)) return [invalid(path, "must be a list of actions")];
  return actions.flatMap((action, i) => {
    const fields = recordOf(action);
    return ACTION_FIELDS.flatMap((field) => {
      const value = fields[field];
      const isGiven = typeof value === "string" ? value !== "" : isReference(value);
      const known = typeof fields.id === "string" ? ` of action "${fields.id}"` : "";
      return isGiven ? [] : [invalid([...path, i], `\`${field}\`${known} is required, a text`)];
    });
  });
}

function invalid(path: ConfigPath, message: string): ConfigIssue {
  return { code: "invalid_action", path, message, severity: "error" };
}

function nodesIn(
  graph: Record<string, unknown>,
  path: ConfigPath,
): { node: Record<string, unknown>; path: ConfigPath }[] {
  if (!Array.isArray(graph.nodes)) return [];
  return graph.nodes.flatMap((item, i) => {
    const found = { node: recordOf(item), path: [...path, "nodes", i] };
    return [found, ...nodesIn(found.node, found.path)];
  });
}

/** Only actions that have everything they need. */
function listOf(actions: unknown): ActionConfig[] {
  if (!Array.isArray(actions)) return [];
  return actions.map(recordOf)
    .filter(({ id, label, command }) =>
      typeof id === "string" && typeof label === "string" &&
      (typeof command === "string" || isReference(command))
    )
    .map(({ id, label, command }) => ({ id, label, command } as ActionConfig));
}

/** Texts of an environment; what is no text and cannot become one is left out. */
function environmentOf(env: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(recordOf(env)).flatMap(([name, value]): [string, string][] => {
      const text = environmentText(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

function environmentText(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
    case "bigint":
      return String(value);
  }
  const { $env, default: otherwise } = recordOf(value);
  if (typeof $env !== "string") return undefined;
  return Deno.env.get($env) ?? environmentText(otherwise);
}

function uiOf(extra: ExtraData): Record<string, unknown> {
  return recordOf(extra?.ui);
}

/** The value if it is a plain object, else an empty one. */
export function recordOf(value: unknown): Record<string, unknown> {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? value as Record<string, unknown> : {};
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Whether a value refers to a variable. */
export function isReference(value: unknown): value is VarRef {
  const { $env, $var } = recordOf(value);
  return typeof $env === "string" || typeof $var === "string";
}

/**
 * The project root that a file means.
 *
 * @param root The root as written: absolute, or relative to the file's folder.
 * @param netFile Path of the net file.
 * @returns The folder of the file without a root; null without both. A relative root without a file
 * is returned as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(resolveProjectRoot("../lib", "/nets/roastery.netrun.json"), "/lib");
 * assertEquals(resolveProjectRoot(null, "/nets/roastery.netrun.json"), "/nets");
 * ```
 */
export function resolveProjectRoot(root?: string | null, netFile?: string | null): string | null {
  if (!root) return netFile ? dirname(netFile) : null;
  if (isAbsolute(root) || !netFile) return root;
  return normalize(resolve(dirname(netFile), root));
}
