/**
 * Checking the arguments of a factory against its schema.
 *
 * @module
 */
import type * as z from "zod";
import { nearestName } from "../schema/nearest_name.ts";
import { nodeExecutionConfigSchema } from "../schema/node.ts";
import { FactoryArgsError, type FactoryArgsIssue } from "./error.ts";

/**
 * The arguments with the schema's defaults filled in.
 *
 * @param factory The factory, as the configuration names it.
 * @param schema What the factory exports as `argsSchema`.
 * @param args The node's `factory_args`.
 * @throws {FactoryArgsError} If the schema refuses them, with every problem.
 */
export function parseFactoryArgs(
  factory: string,
  schema: z.ZodType,
  args: Record<string, unknown>,
): Record<string, unknown> {
  const result = schema.safeParse(args);
  const issues = [
    ...result.error?.issues.flatMap((issue) => toArgsIssues(issue, args, schema)) ?? [],
    ...strippedKeys(schema, args).map((key) => ({
      path: [key],
      message: describeUnknown(key, schema),
    })),
  ];
  if (issues.length > 0) throw new FactoryArgsError(factory, issues);
  return result.data as Record<string, unknown>;
}

/** Unknown arguments that the schema, a plain `z.object`, would drop without a word. */
function strippedKeys(schema: z.ZodType, args: Record<string, unknown>): string[] {
  const { type, shape, catchall } = schema._zod.def as Partial<z.core.$ZodObjectDef>;
  if (type !== "object" || shape === undefined || catchall !== undefined) return [];
  return Object.keys(args).filter((key) => !Object.hasOwn(shape, key));
}

/** One issue of the schema as issues of the arguments; several unknown keys are several. */
function toArgsIssues(
  issue: z.core.$ZodIssue,
  args: Record<string, unknown>,
  schema: z.ZodType,
): FactoryArgsIssue[] {
  const path = issue.path.map((step) => typeof step === "number" ? step : String(step));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: path.length === 0 ? describeUnknown(key, schema) : "is an unknown key",
    }));
  }
  const value = valueAt(args, path);
  if (value === undefined && issue.code === "invalid_type") {
    return [{ path, message: "is required" }];
  }
  return [{ path, message: `${lowerFirst(issue.message)}, got ${show(value)}` }];
}

/** Why an argument nobody knows is refused. */
function describeUnknown(key: string, schema: z.ZodType): string {
  // People like to write these among a factory's arguments.
  if (Object.hasOwn(nodeExecutionConfigSchema.parse({}), key)) {
    return "is no argument of the factory: it belongs into `execution_config` of the node";
  }
  const known = "shape" in schema ? Object.keys(schema.shape as object) : [];
  const nearest = nearestName(key, known);
  const hint = nearest !== undefined
    ? `: did you mean ${JSON.stringify(nearest)}?`
    : known.length > 0
    ? ` (known: ${known.join(", ")})`
    : "";
  return `is an unknown argument '${key}'${hint}`;
}

/** What stands at `path`; undefined where nothing does. */
function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  for (const step of path) {
    if (value instanceof Map) value = value.get(step);
    else if (typeof value === "object" && value !== null) {
      value = Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
    } else return undefined;
  }
  return value;
}

/** Values are shown in errors up to this length. */
const MAX_SHOWN = 80;

/** A value as an error message shows it: JSON where it has one, cut to a readable length. */
export function show(value: unknown): string {
  let text: string | undefined;
  try {
    text = typeof value === "function" ? `function ${value.name}` : JSON.stringify(value);
  } catch {
    // Cycles and big integers have no JSON; their text says enough.
  }
  text ??= String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** The text with its first letter small, as it follows the name of an argument. */
function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
