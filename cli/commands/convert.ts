/**
 * `netrun convert`: turns a JSON net file into TOML, or back.
 *
 * @module
 */
import { resolve } from "node:path";
import { readConfigFile } from "../../runtime/config/read_file.ts";
import type { ConfigIssue } from "../../runtime/schema/issue.ts";
import { convertNetText } from "../../runtime/schema/text/convert_net_text.ts";
import { type Command, type CommandCall, CommandError, UsageError } from "../command.ts";
import { printOrWrite, printWarnings } from "../output.ts";

/** The command. */
export const convert: Command = {
  description: "Turns a .netrun.json file into TOML, or a .netrun.toml file into JSON.\n" +
    "The data is taken as it is: not checked, nothing added. Comments are not carried over.",
  positionals: [{ name: "FILE", required: true, help: "the file to convert" }],
  options: [{ name: "output", short: "o", value: "FILE", help: "write this file" }],
  examples: [
    ["netrun convert report.netrun.json -o report.netrun.toml", "writes the TOML form"],
  ],
  run: convertFile,
};

async function convertFile(call: CommandCall): Promise<number> {
  const path = resolve(call.io.cwd, call.positionals[0]!);
  const from = /\.netrun\.(json|toml)$/.exec(path)?.[1] as "json" | "toml" | undefined;
  if (from === undefined) {
    throw new CommandError(
      `Cannot convert ${path}: its name must end in .netrun.json or .netrun.toml`,
    );
  }
  if (call.flag("compact") && call.flag("pretty")) {
    throw new UsageError("--compact and --pretty exclude each other");
  }
  const { filePath, source } = await readConfigFile(path);
  const warnings: ConfigIssue[] = [];
  const text = convertNetText(source, from, from === "json" ? "toml" : "json", {
    file: filePath,
    compact: call.flag("compact"),
    warn: (issue) => warnings.push(issue),
  });
  printWarnings(call, warnings);
  await printOrWrite(call, text);
  return 0;
}
