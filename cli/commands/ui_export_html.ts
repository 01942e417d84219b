/**
 * `netrun ui export-html`: writes a net as one page that opens without a server.
 *
 * @module
 */
import { basename, resolve } from "node:path";
import { loadAssets } from "../../ui/assets.ts";
import { answer } from "../../ui/server/code_calls.ts";
import { exportHtml as pageOf } from "../../ui/server/export_html.ts";
import { NO_PARTS, type SharedParts } from "../../ui/server/shared_parts.ts";
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import { ConfigError } from "../../runtime/schema/error.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { readNetFile } from "../net_file.ts";

/** The command. */
export const exportHtml: Command = {
  description: "Writes a net as one HTML file that opens without a server.\n" +
    "It holds what is shown, names, ports, conditions and edges, and neither variables nor settings.",
  positionals: [{ name: "FILE", help: "the net file" }],
  options: [
    {
      name: "output",
      short: "o",
      value: "FILE",
      help: "write this file; NAME.netrun.html beside the net by default",
    },
    { name: "minimap", help: "show the whole graph in a corner" },
    { name: "expand-descriptions", help: "show descriptions in full" },
    { name: "simulate", help: "let readers play through the net" },
    {
      name: "theme",
      value: "THEME",
      choices: ["system", "light", "dark"],
      help: "the colours; those of the reader's system by default",
    },
    { name: "no-import", help: "load no code of the project" },
  ],
  examples: [
    ["netrun ui export-html report.netrun.toml", "writes report.netrun.html"],
    ["netrun ui export-html report.netrun.json -o out.html --simulate", "readers can play it"],
  ],
  run: exportPage,
};

async function exportPage(call: CommandCall): Promise<number> {
  const { net: data, filePath } = await readNetFile(call, call.positionals[0]);
  const parts = await partsOf(call, writeJson(data, ""), filePath);
  const name = basename(filePath).replace(/(?:\.netrun|\.graph)?\.(?:json|toml)$/, "");
  const theme = call.value("theme") as "system" | "light" | "dark" | undefined;
  const html = await pageOf(
    data,
    {
      title: name === "" ? "Net" : name,
      minimap: call.flag("minimap"),
      expandDescriptions: call.flag("expand-descriptions"),
      simulate: call.flag("simulate"),
      ...(theme === undefined ? {} : { theme }),
    },
    parts,
    await loadAssets(),
  );
  const output = call.value("output");
  const path = output === undefined
    ? resolve(filePath, "..", `${name === "" ? "net" : name}.netrun.html`)
    : resolve(call.io.cwd, output);
  await Deno.writeTextFile(path, html);
  call.io.err(`Wrote ${path}\n`);
  return 0;
}

/** What files and code say; a net that cannot be resolved can still be looked at. */
async function partsOf(
  call: CommandCall,
  document: string,
  filePath: string,
): Promise<SharedParts> {
  try {
    const noImport = call.flag("no-import");
    return await answer({ kind: "share", document, filePath, noImport }) as SharedParts;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    if (call.flag("simulate")) {
      throw new CommandError(`A net with problems cannot be played through: ${error.message}`);
    }
    call.io.err(`Warning: shown as it is written, since it cannot be resolved: ${error.message}\n`);
    return NO_PARTS;
  }
}
