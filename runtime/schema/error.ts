/**
 * Errors of reading, checking and resolving a configuration.
 *
 * @module
 */
import { NetrunError } from "../../sim/error.ts";
import type { ConfigIssue, ConfigPath } from "./issue.ts";

/** Options of a {@linkcode ConfigError}. */
export interface ConfigErrorOptions extends ErrorOptions {
  /** Absolute path of the configuration's file, if it came from one. */
  filePath?: string | undefined;
}

/**
 * A configuration cannot be used; `issues` says everything that is wrong with it.
 *
 * `code` is that of the first issue. The message starts with the file, if there is one, and has a
 * line for every issue.
 *
 * @example Reading the issues
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new ConfigSchemaError([
 *   { code: "missing", path: ["graph"], message: "is required", severity: "error" },
 * ], { filePath: "/nets/roastery.netrun.json" });
 * assertEquals(error.code, "missing");
 * assertEquals(error.message, "/nets/roastery.netrun.json: graph: is required");
 * ```
 */
export class ConfigError extends NetrunError {
  /** Everything that is wrong, in the order in which it was found. */
  readonly issues: readonly ConfigIssue[];
  /** Absolute path of the configuration's file, if it came from one. */
  readonly filePath?: string;

  /** Creates the error of the class `className` out of at least one issue. */
  constructor(
    className: string,
    issues: readonly ConfigIssue[],
    options: ConfigErrorOptions = {},
  ) {
    super(className, describeIssues(issues, options.filePath), {
      ...(options.cause === undefined ? {} : { cause: options.cause }),
      ...(issues[0] === undefined ? {} : { code: issues[0].code }),
    });
    this.issues = issues;
    if (options.filePath !== undefined) this.filePath = options.filePath;
  }
}

/** A file cannot be read as a configuration: missing, denied, of an unknown format, malformed. */
export class ConfigFileError extends ConfigError {
  /** Creates the error out of at least one issue. */
  constructor(issues: readonly ConfigIssue[], options?: ConfigErrorOptions) {
    super("ConfigFileError", issues, options);
  }
}

/** The data of a configuration does not have the shape it must have. */
export class ConfigSchemaError extends ConfigError {
  /** Creates the error out of at least one issue. */
  constructor(issues: readonly ConfigIssue[], options?: ConfigErrorOptions) {
    super("ConfigSchemaError", issues, options);
  }
}

/** A value given on loading has no declared variable or node to go to. */
export class ConfigOverrideError extends ConfigError {
  /** Creates the error out of at least one issue. */
  constructor(issues: readonly ConfigIssue[], options?: ConfigErrorOptions) {
    super("ConfigOverrideError", issues, options);
  }
}

/** References, variables, factories or subgraphs of a configuration cannot be resolved. */
export class ConfigResolveError extends ConfigError {
  /** Creates the error out of at least one issue. */
  constructor(issues: readonly ConfigIssue[], options?: ConfigErrorOptions) {
    super("ConfigResolveError", issues, options);
  }
}

/** The graph of a configuration is not one that can run. */
export class GraphValidationError extends ConfigError {
  /** Creates the error out of at least one issue. */
  constructor(issues: readonly ConfigIssue[], options?: ConfigErrorOptions) {
    super("GraphValidationError", issues, options);
  }
}

/**
 * A path in the data of a configuration as people write it: `graph.nodes[1].name`.
 *
 * Keys that are no plain names are quoted.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatConfigPath(["graph", "nodes", 1, "in_ports", "a.b"]), 'graph.nodes[1].in_ports["a.b"]');
 * ```
 */
export function formatConfigPath(path: Readonly<ConfigPath>): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[\w$-]+$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}

/** How many issues a message lists; the error has all of them. */
const MAX_LISTED = 1000;

/** The message of an error about `issues`: the file, then every issue as `path: text`. */
function describeIssues(issues: readonly ConfigIssue[], filePath: string | undefined): string {
  const lines = issues.slice(0, MAX_LISTED).map((issue) => describeIssue(issue, filePath));
  if (issues.length > MAX_LISTED) lines.push(`and ${issues.length - MAX_LISTED} more`);
  const head = filePath === undefined ? "" : `${filePath}:`;
  if (lines.length === 1) return head === "" ? lines[0]! : `${head} ${lines[0]}`;
  return `${head === "" ? "" : `${head} `}${issues.length} problems\n  ${lines.join("\n  ")}`;
}

/**
 * One issue as a line of text: its path, the line in the file where known, the message.
 *
 * @param issue The issue.
 * @param filePath The file the reader already knows of; an issue in another one names it.
 */
export function describeIssue(issue: ConfigIssue, filePath?: string): string {
  const path = formatConfigPath(issue.path);
  const foreign = issue.file !== undefined && issue.file !== filePath ? issue.file : undefined;
  const place = issue.line === undefined
    ? foreign
    : foreign === undefined
    ? `line ${issue.line}, column ${issue.column ?? 1}`
    : `${foreign}:${issue.line}:${issue.column ?? 1}`;
  const text = path === "" ? issue.message : `${path}: ${issue.message}`;
  return place === undefined ? text : `${text} (${place})`;
}
