/**
 * Printing data, warnings and errors.
 *
 * @module
 */
import { relative, resolve } from "node:path";
import { ConfigError, formatConfigPath } from "../runtime/schema/error.ts";
import type { ConfigIssue } from "../runtime/schema/issue.ts";
import { toTextData } from "../runtime/schema/text/text_data.ts";
import { writeJson } from "../runtime/schema/text/write_json.ts";
import { type CommandCall, CommandError } from "./command.ts";
import type { Io } from "./io.ts";

/** Prints a value as JSON on standard output, as `--compact` says. */
export function printJson(call: CommandCall, value: unknown): void {
  call.io.out(jsonText(call, value));
}

/** A value as JSON text with a final line end, as `--compact` says; `Map`s are objects. */
export function jsonText(call: CommandCall, value: unknown): string {
  return `${writeJson(toTextData(value, "json"), call.flag("compact") ? "" : "  ")}\n`;
}

/** Writes a text into the file of `-o`, and says so, or prints it. */
export async function printOrWrite(call: CommandCall, text: string): Promise<void> {
  const output = call.value("output");
  if (output === undefined) return call.io.out(text);
  await writeFile(resolve(call.io.cwd, output), text);
  call.io.out(`Written to ${output}\n`);
}

/**
 * Writes a file whole: readers see the old text or the new one.
 *
 * @throws {CommandError} If it cannot be written.
 */
export async function writeFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${Deno.pid}.part`;
  try {
    const mode = await existingMode(path);
    await Deno.writeTextFile(draft, text, mode === undefined ? {} : { mode });
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw new CommandError(`Cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Permission bits of a file that will be replaced; refuses one that must not be changed. */
async function existingMode(path: string): Promise<number | undefined> {
  try {
    // A rename would replace even a file that is read-only; opening it does not.
    (await Deno.open(path, { write: true })).close();
    return (await Deno.stat(path)).mode ?? undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Prints warnings on standard error, one a line, with file, line and column where known. */
export function printWarnings(call: CommandCall, warnings: readonly ConfigIssue[]): void {
  for (const issue of warnings) printWarning(call, describeIssue(call.io, issue));
}

/** Prints a warning on standard error. */
export function printWarning(call: CommandCall, message: string): void {
  call.io.err(`${paint(call.io, call.value("color"), 33, "Warning:")} ${message}\n`);
}

/** Prints an error on standard error: a line for each problem, with a stack only if `debug`. */
export function printError(
  io: Io,
  error: unknown,
  { debug, color }: { debug: boolean; color: string | undefined },
): void {
  const head = paint(io, color, 31, "Error:");
  if (debug) io.err(`${head} ${Deno.inspect(error)}\n`);
  else if (error instanceof ConfigError) {
    for (const issue of error.issues) {
      io.err(`${head} ${describeIssue(io, issue, error.filePath)}\n`);
    }
  } else io.err(`${head} ${error instanceof Error ? error.message : String(error)}\n`);
}

/** `file:line:column: path: message`, with the parts that are known. */
export function describeIssue(io: Io, issue: ConfigIssue, filePath?: string): string {
  const { file = filePath, line, column, path, message } = issue;
  const position = line === undefined ? "" : `:${line}:${column ?? 1}`;
  return [
    ...(file === undefined ? [] : [`${shortPath(io, file)}${position}`]),
    ...(path.length === 0 ? [] : [formatConfigPath(path)]),
    message,
  ].join(": ");
}

/** A path from the working folder if it lies there, else as it is. */
export function shortPath(io: Io, path: string): string {
  const short = relative(io.cwd, path);
  return short === "" || short.startsWith("..") ? path : short;
}

/** Text in a colour of the terminal, where colours are wanted. */
function paint(io: Io, color: string | undefined, code: number, text: string): string {
  const auto = io.terminal.stderr && !io.env("NO_COLOR");
  return color === "always" || (color !== "never" && auto) ? `\x1b[${code}m${text}\x1b[0m` : text;
}
