/**
 * What an action runs with: its variables and its working folder.
 *
 * @module
 */
import { dirname } from "node:path";
import { NO_SOURCE, Place } from "../schema/place.ts";
import { planOf } from "../schema/plan.ts";
import { replaceReferences } from "../schema/references.ts";
import { type NodeVariable, nodeVariableSchema } from "../schema/variable.ts";
import {
  convertNetVariables,
  convertNodeVariables,
  type VariableValues,
} from "../schema/variables.ts";
import {
  type ExtraData,
  getActionSettings,
  getNodeEnv,
  recordOf,
  resolveProjectRoot,
} from "./actions.ts";
import type { TemplateVariables } from "./template.ts";

/** What an action runs with. */
export interface ActionContext {
  /** Name of the node, if the action is run for one. */
  nodeName?: string | undefined;
  /** Absolute path of the net file. */
  netFilePath?: string | undefined;
  /** Absolute project root. */
  projectRoot?: string | undefined;
  /** The project's default command. */
  defaultCmd?: string | undefined;
  /** Variables of the project. */
  env?: Readonly<Record<string, string>> | undefined;
  /** Variables of the node, which count before those of the project. */
  nodeEnv?: Readonly<Record<string, string>> | undefined;
  /** Where the command runs; the project root by default. */
  workingDirectory?: string | undefined;
  /** The node as it is written. */
  nodeConfig?: Readonly<Record<string, unknown>> | undefined;
}

/** What an {@linkcode ActionContext} is made from: the data of a file, as plain objects. */
export interface ActionContextSource {
  /** `graph.extra` of the file. */
  graphExtra?: ExtraData;
  /** Name of the node, if the action is for one. */
  nodeName?: string | undefined;
  /** `extra` of the node. */
  nodeExtra?: ExtraData;
  /** Absolute path of the net file. */
  netFilePath?: string | undefined;
  /** `project_root_override`, which counts before the project root of the editor. */
  projectRoot?: string | undefined;
  /** The node as it is written. */
  nodeConfig?: Readonly<Record<string, unknown>> | undefined;
  /** `node_vars` of the net. */
  globalNodeVars?: unknown;
  /** `execution_config` of the node. */
  nodeExecutionConfig?: unknown;
  /** The environment that references refer to; that of the process if left out. */
  readEnv?: ((name: string) => string | undefined) | undefined;
}

/** What an action of a file runs with. */
export function buildActionContext(source: ActionContextSource): ActionContext {
  const { graphExtra, nodeName, nodeExtra, netFilePath, nodeConfig } = source;
  const settings = getActionSettings(graphExtra);
  const readEnv = source.readEnv ?? ((name) => Deno.env.get(name));
  const net = readVariables(source.globalNodeVars, readEnv);
  const own = readVariables(recordOf(source.nodeExecutionConfig).node_vars, readEnv);
  const netValues = convertNetVariables(net, Place.top(NO_SOURCE), []);
  const ownValues = own && convertNodeVariables(
    own,
    { declared: net, values: Object.freeze(Object.create(null)) },
    nodeName ?? "",
    Place.top(NO_SOURCE),
    [],
  );
  const root = source.projectRoot ?? settings.projectRoot;
  const projectRoot = resolveProjectRoot(root, netFilePath);
  return {
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(netFilePath === undefined ? {} : { netFilePath }),
    ...(projectRoot === null ? {} : { projectRoot }),
    ...(settings.defaultCmd === null ? {} : { defaultCmd: settings.defaultCmd }),
    env: { ...settings.env, ...variableTexts(netValues) },
    nodeEnv: { ...variableTexts(ownValues ?? {}), ...getNodeEnv(nodeExtra) },
    ...(nodeConfig === undefined ? {} : { nodeConfig }),
  };
}

/** The declarations that are valid; an action runs also where one of the net's is not. */
function readVariables(
  written: unknown,
  readEnv: (name: string) => string | undefined,
): Map<string, NodeVariable> | null {
  const variables = new Map<string, NodeVariable>();
  for (const [name, declaration] of Object.entries(recordOf(written))) {
    const { data } = nodeVariableSchema.safeParse(declaration);
    if (data === undefined) continue;
    const values = { env: readEnv };
    const place = Place.top(NO_SOURCE);
    variables.set(name, replaceReferences(planOf(nodeVariableSchema), data, values, place, []));
  }
  return variables.size === 0 ? null : variables;
}

/** Values as text; those without one are left out. */
function variableTexts(values: VariableValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

/**
 * The variables of an action; of several of one name the most special: the node's before the
 * project's before the built-in ones.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const variables = buildTemplateVariables({ nodeName: "roast", env: { ROAST: "dark" } });
 * assertEquals([variables.NODE_NAME, variables.ROAST, variables.NODE_CONFIG], ["roast", "dark", "{}"]);
 * ```
 */
export function buildTemplateVariables(context: ActionContext): TemplateVariables {
  const { nodeName, netFilePath, projectRoot, defaultCmd, nodeConfig } = context;
  const netFolder = netFilePath === undefined ? undefined : dirname(netFilePath);
  return {
    NODE_NAME: nodeName ?? "",
    NET_FILE_PATH: netFilePath ?? "",
    NET_FILE_DIR: netFolder ?? "",
    PROJECT_ROOT: projectRoot ?? netFolder ?? "",
    DEFAULT_CMD: defaultCmd ?? "",
    NODE_CONFIG: nodeConfigText(nodeConfig),
    ...context.env,
    ...context.nodeEnv,
  };
}

/** The node as compact JSON; nulls mean nothing and are left out. */
export function nodeConfigText(nodeConfig: ActionContext["nodeConfig"]): string {
  return JSON.stringify(nodeConfig ?? {}, (_, value) => {
    if (typeof value === "bigint") return String(value);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
  });
}

/** The folder that an action runs in; undefined means that of this process. */
export function resolveWorkingDirectory(context: ActionContext): string | undefined {
  const { workingDirectory, projectRoot, netFilePath } = context;
  return workingDirectory ?? projectRoot ??
    (netFilePath === undefined ? undefined : dirname(netFilePath));
}
