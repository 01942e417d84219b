/**
 * What is wrong with a net file, stage by stage: what `netrun validate` prints.
 *
 * @module
 */
import { NetConfig } from "../config/net_config.ts";
import { readConfigFile } from "../config/read_file.ts";
import type { NetText } from "../schema/text/net_text.ts";
import { ConfigError, ConfigFileError } from "../schema/error.ts";
import type { ConfigIssue, ConfigPath } from "../schema/issue.ts";
import { checkActions, recordOf } from "./actions.ts";
import { toPlain } from "./raw_net.ts";
import { checkRecipes } from "./recipe_config.ts";

/** One problem, as printed. */
export interface ReportedIssue {
  /** Path of the place, joined by ` → `. */
  loc: string;
  /** What is wrong and what to do. */
  msg: string;
  /** Code of the kind of problem. */
  type: string;
  /** Path of the place. */
  path: ConfigPath;
  /** File that holds the place, where known. */
  file?: string;
  /** Line in it, from 1. */
  line?: number;
  /** Column in the line, from 1. */
  column?: number;
}

/** The result of checking a net file. */
export interface ValidationReport {
  /** Whether a net can be built from it. */
  valid: boolean;
  /** Absolute path of the file. */
  file: string;
  /** Number of nodes and subgraphs as written; absent if the file cannot be read. */
  nodes?: number;
  /** Number of edges as written; absent if the file cannot be read. */
  edges?: number;
  /** Everything that keeps a net from being built. */
  errors?: ReportedIssue[];
  /** Everything that is suspicious. */
  warnings?: ReportedIssue[];
}

/** How a net file is checked. */
export interface ValidationOptions {
  /** Warnings count as errors. */
  strict?: boolean;
  /** No code of the project is loaded: factories that would need it stay unchecked. */
  noImport?: boolean;
  /** Prefixes of code outside the project that may be loaded. */
  allowModules?: string[];
}

/**
 * Checks a net file: load, structure as written, resolve, structure as resolved; actions and recipes.
 *
 * A stage that finds errors is the last of the first four, and lists all of its own. Actions and
 * recipes are checked whenever the file could be loaded.
 *
 * @param path Path of the file.
 * @param options How to check.
 * @throws {ConfigFileError} If there is no such file, or it may not be read.
 */
export async function validationReport(
  path: string,
  options: ValidationOptions = {},
): Promise<ValidationReport> {
  let warnings: ConfigIssue[] = [];
  let config: NetConfig | undefined;
  let errors: ConfigIssue[] = [];
  try {
    config = await NetConfig.fromFile(path);
    warnings = [...config.warnings];
    errors = onlyErrors(config.validate(), warnings);
    if (errors.length === 0) {
      const { noImport, allowModules } = options;
      const resolved = await config.resolve({
        ...(noImport === undefined ? {} : { noImport }),
        ...(allowModules === undefined ? {} : { allowModules }),
      });
      warnings = warnings.concat(resolved.warnings);
      errors = onlyErrors(resolved.validate(), warnings);
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (error instanceof ConfigFileError && ["not_found", "denied"].includes(error.code)) {
      throw error;
    }
    errors = onlyErrors(error.issues, warnings);
  }
  if (config) errors = errors.concat(await checkExtras(config));
  const noted = distinct(warnings);
  if (options.strict) errors = errors.concat(noted.splice(0));
  const file = config?.filePath ?? await realPath(path);
  const graph = config?.data.graph;
  const valid = errors.length === 0;
  return {
    valid,
    file,
    ...(valid && graph ? { nodes: graph.nodes.length, edges: graph.edges.length } : {}),
    ...(valid ? {} : { errors: errors.map(report) }),
    ...(noted.length === 0 ? {} : { warnings: noted.map(report) }),
  };
}

/** What is wrong with the parts of a file that the net itself does not use. */
async function checkExtras(config: NetConfig): Promise<ConfigIssue[]> {
  const { filePath, text } = await readConfigFile(config.filePath!);
  const data = recordOf(toPlain(text.data));
  const issues = [...checkActions(data), ...await checkRecipes(data.recipes, filePath)];
  return issues.map((issue) => placed(issue, filePath, text));
}

function placed(issue: ConfigIssue, file: string, text: NetText): ConfigIssue {
  return { ...issue, file, ...text.position(issue.path) };
}

function onlyErrors(issues: readonly ConfigIssue[], warnings: ConfigIssue[]): ConfigIssue[] {
  for (const issue of issues) if (issue.severity === "warning") warnings.push(issue);
  return issues.filter(({ severity }) => severity === "error");
}

/** A resolved config repeats the warnings of the one it came from. */
function distinct(issues: readonly ConfigIssue[]): ConfigIssue[] {
  return [...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values()];
}

function report({ code, path, message, file, line, column }: ConfigIssue): ReportedIssue {
  return {
    loc: path.join(" → "),
    msg: message,
    type: code,
    path,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
}

async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch {
    return path;
  }
}
