/**
 * What the editing commands have in common: they change the data of a net file and write it back.
 *
 * @module
 */
import type { ConfigIssue } from "../runtime/schema/issue.ts";
import { ConfigError, ConfigFileError } from "../runtime/schema/error.ts";
import { formatNetText } from "../runtime/schema/text/format_net_text.ts";
import { parseNetText } from "../runtime/schema/text/net_text.ts";
import { asObject, type RawObject } from "../runtime/tools/raw_net.ts";
import { type CommandCall, CommandError, type Option } from "./command.ts";
import { readNetFile } from "./net_file.ts";
import { printJson, printWarning, printWarnings, writeFile } from "./output.ts";

/** Options of every editing command. */
export const editOptions: readonly Option[] = [
  { name: "no-validate", help: "do not check the net afterwards" },
  { name: "dry-run", help: "print what would be written, and write nothing" },
];

/** What an edit prints, and what it warns of. */
export interface EditResult {
  /** Printed as JSON. */
  readonly printed: unknown;
  /** Printed as warnings. */
  readonly warnings?: readonly string[];
}

/**
 * Changes the net file of a call.
 *
 * @param edit Changes the data in place.
 */
export async function editNet(
  call: CommandCall,
  edit: (net: RawObject) => EditResult | Promise<EditResult>,
): Promise<number> {
  const { filePath, net, source, text } = await readNetFile(call);
  const { printed, warnings = [] } = await edit(net);
  const losses: ConfigIssue[] = [];
  const written = formatNetText(net, text.format, {
    over: source,
    warn: (issue) => losses.push({ ...issue, file: filePath }),
  });
  printWarnings(call, losses);
  if (call.flag("dry-run")) {
    call.io.out(written);
    return 0;
  }
  await writeFile(filePath, written);
  for (const warning of warnings) printWarning(call, warning);
  printJson(call, printed);
  if (!call.flag("no-validate")) await warnOfProblems(call, net, filePath);
  return 0;
}

async function warnOfProblems(call: CommandCall, net: RawObject, filePath: string): Promise<void> {
  const { NetConfig } = await import("../runtime/config/net_config.ts");
  let issues: readonly ConfigIssue[];
  try {
    issues = NetConfig.parse(net, { filePath }).validate();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    issues = error.issues;
  }
  for (const { code, message } of issues) printWarning(call, `${code}: ${message}`);
}

/**
 * Reads JSON that was given, objects as `Map`s.
 *
 * @param what What it is, for the message.
 * @throws {CommandError} If it is none.
 */
export function parseGivenJson(text: string, what: string): unknown {
  try {
    return parseNetText(text, "json").data;
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error;
    throw new CommandError(`${what} is not JSON: ${error.message}`, { cause: error });
  }
}

/**
 * Reads a JSON object that was given.
 *
 * @throws {CommandError} If it is none.
 */
export function parseGivenObject(text: string, what: string): RawObject {
  if (text.trim() === "") throw new CommandError(`${what} is empty: a JSON object is needed`);
  const object = asObject(parseGivenJson(text, what));
  if (!object) throw new CommandError(`${what} is no JSON object`);
  return object;
}

/** The JSON value that a text is, else the text. */
export function jsonOrText(text: string): unknown {
  try {
    return parseNetText(text, "json").data;
  } catch (error) {
    if (error instanceof ConfigFileError) return text;
    throw error;
  }
}
