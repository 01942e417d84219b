/**
 * The arguments of `netrun:command`, and the command line they make.
 *
 * @module
 */
import * as z from "zod";
import { toJsonText } from "../formats/json_text.ts";
import { v } from "../schema/field.ts";
import type { VarRef } from "../schema/reference.ts";
import { mapOf } from "../schema/field.ts";
import type { ProcessOptions } from "../process.ts";
import { pathFromRoot } from "./resolve_args.ts";

const text = z.string("must be a text");
const commandField = z.union([text.min(1), z.array(v(text)).min(1)], {
  error: "must be an array of texts, or one text for the shell",
});

/** The arguments, apart from what holds between them. */
export const commandShape: z.ZodType<CommandArgs> = z.strictObject({
  command: v(commandField).describe("Program and arguments; or one text for the shell"),
  inputs: z.array(text.min(1, "must be a name that is not empty")).default(["in"])
    .describe("Names of the input ports"),
  stdin: text.optional().describe("The input whose value the program reads from standard input"),
  output: z.enum(["text", "json", "lines", "bytes"], "must be one of text, json, lines, bytes")
    .default("text").describe("What standard output is"),
  cwd: v(text.min(1)).optional().describe("Working directory, from the project root"),
  env: mapOf(v(text)).optional().describe("Environment variables beside those there are"),
  check: z.boolean("must be true or false").default(true)
    .describe("Fail when the status is not 0; otherwise it leaves by the port `status`"),
  keep_alive: z.boolean("must be true or false").default(false)
    .describe("One process for all epochs, which answers a line of JSON with a line of JSON"),
}) as unknown as z.ZodType<CommandArgs>;

/** The arguments of `netrun:command`. */
export const commandArgsSchema: z.ZodType<CommandArgs> = commandShape.superRefine((args, ctx) => {
  const refuse = (path: (string | number)[], message: string) =>
    ctx.addIssue({ code: "custom", path, message });
  args.inputs.forEach((name, i) => {
    if (args.inputs.indexOf(name) !== i) refuse(["inputs", i], "must not contain duplicate names");
    else if (args.inputs.findIndex((other) => variableOf(other) === variableOf(name)) !== i) {
      refuse(["inputs", i], `must not share the environment variable ${variableOf(name)}`);
    }
  });
  if (args.stdin !== undefined && !args.inputs.includes(args.stdin)) {
    refuse(["stdin"], `must be one of the inputs (${args.inputs.join(", ")})`);
  }
  if (!args.keep_alive) return;
  if (args.stdin !== undefined) {
    refuse(["stdin"], "must not be stated with `keep_alive`: all inputs go there as JSON");
  }
  if (args.output !== "text") {
    refuse(["output"], "must not be stated with `keep_alive`: the process answers in JSON");
  }
  if (!args.check) refuse(["check"], "must be true with `keep_alive`: the process goes on");
}) as z.ZodType<CommandArgs>;

/** The arguments of `netrun:command`, with defaults. */
export interface CommandArgs {
  /** Program and arguments; or one text for the shell. */
  command: string | (string | VarRef)[] | VarRef;
  /** Names of the input ports. */
  inputs: string[];
  /** The input whose value the program reads from standard input. */
  stdin?: string;
  /** What standard output is. */
  output: "text" | "json" | "lines" | "bytes";
  /** Working directory. */
  cwd?: string | VarRef;
  /** Environment variables beside those there are. */
  env?: Map<string, string | VarRef>;
  /** A status other than 0 fails the epoch. */
  check: boolean;
  /** One process for all epochs. */
  keep_alive: boolean;
}

/** The arguments without references. */
export interface ResolvedCommandArgs extends CommandArgs {
  /** Program and arguments; or one text for the shell. */
  command: string | string[];
  /** Working directory. */
  cwd?: string;
  /** Environment variables beside those there are. */
  env?: Map<string, string>;
}

/** How to start the program with the values of the inputs. */
export function commandLine(
  args: ResolvedCommandArgs,
  values: ReadonlyMap<string, unknown>,
  projectRoot: string,
): ProcessOptions {
  const env = Object.fromEntries(args.env ?? []);
  if (typeof args.command === "string") {
    // Never as part of the text: a value would be read as code.
    for (const [name, value] of values) {
      if (name !== args.stdin) env[variableOf(name)] = argumentText(value);
    }
  }
  const command = typeof args.command === "string"
    ? args.command
    : args.command.map((element) => fillIn(element, values));
  const cwd = args.cwd === undefined ? projectRoot : pathFromRoot(projectRoot, args.cwd);
  return { command, cwd, env };
}

/** What the program reads from its standard input. */
export function inputBytes(
  { stdin }: ResolvedCommandArgs,
  values: ReadonlyMap<string, unknown>,
): Uint8Array | undefined {
  if (stdin === undefined) return undefined;
  const value = values.get(stdin);
  return value instanceof Uint8Array ? value : new TextEncoder().encode(argumentText(value));
}

/** The environment variable by which the shell reaches an input. */
function variableOf(input: string): string {
  return `IN_${input.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}

/** An element of the command with values in place of `{name}`; in one pass, from left to right. */
function fillIn(element: string, values: ReadonlyMap<string, unknown>): string {
  return element.replace(
    /\{([^{}]*)\}/g,
    (placeholder, name) => values.has(name) ? argumentText(values.get(name)) : placeholder,
  );
}

/** A value as a program gets it: text as it is, bytes as text, other values as JSON. */
function argumentText(value: unknown): string {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : toJsonText(value);
}
