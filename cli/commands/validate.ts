/**
 * `netrun validate`: checks a net file and lists every problem.
 *
 * @module
 */
import { validationReport } from "../../runtime/tools/validation_report.ts";
import { type Command, type CommandCall, resolveOptions } from "../command.ts";
import { findConfig } from "../find_config.ts";
import { printJson } from "../output.ts";

/** The command. */
export const validate: Command = {
  description:
    "Checks a net file: its syntax, its schema, the graph as written, and the graph as resolved.\n" +
    "All problems of a stage are listed at once, each with its path, file, line and column.",
  positionals: [{ name: "FILE", help: "the net file" }],
  options: [
    { name: "watch", help: "check again whenever the file or one that it names changes" },
    ...resolveOptions,
  ],
  examples: [
    ["netrun validate -c report.netrun.toml", "0 if valid, else 1"],
    ["netrun validate --strict", "warnings count as errors"],
  ],
  async run(call) {
    if (!call.flag("watch")) return await validateFile(call);
    const { watchAndRepeat } = await import("../watch.ts");
    return await watchAndRepeat(call, "validate");
  },
};

async function validateFile(call: CommandCall): Promise<number> {
  const report = await validationReport(findConfig(call, call.positionals[0]), {
    strict: call.flag("strict"),
    noImport: call.flag("no-import"),
    allowModules: [...call.values("allow-module")],
  });
  printJson(call, report);
  return report.valid ? 0 : 1;
}
