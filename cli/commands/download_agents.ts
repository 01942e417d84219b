/**
 * `netrun download-agents`: copies the guides into a folder, for people and coding agents to read.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { type Command, type CommandCall, CommandError } from "../command.ts";

/** The guides that ship in the package. */
const GUIDES = [
  "architecture.md",
  "authoring-nodes.md",
  "cli.md",
  "configuration.md",
  "observing-nets.md",
  "running-nets.md",
  "simulator.md",
];

/** The command. */
export const downloadAgents: Command = {
  description: "Copies the guides of this package into a folder, for coding agents to read.\n" +
    "Files that exist are kept.",
  positionals: [{ name: "DIR", help: "the folder (./agents)" }],
  options: [{ name: "force", help: "replace files that exist" }],
  examples: [["netrun download-agents docs/netrun", "into a folder of the project"]],
  run: copyGuides,
};

async function copyGuides(call: CommandCall): Promise<number> {
  const name = call.positionals[0] ?? "./agents";
  const folder = resolve(call.io.cwd, name);
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    throw new CommandError(`Cannot write ${folder}: ${(error as Error).message}`, { cause: error });
  }
  let copied = 0;
  let missing = 0;
  for (const guide of GUIDES) {
    const target = join(folder, guide);
    if (!call.flag("force") && await Deno.stat(target).then(() => true, () => false)) {
      call.io.out(`Kept ${guide}\n`);
      continue;
    }
    const text = await readGuide(guide);
    if (text === undefined) {
      call.io.err(`Cannot read ${guide} in the package\n`);
      missing++;
      continue;
    }
    await Deno.writeTextFile(target, text);
    call.io.out(`Copied ${guide}\n`);
    copied++;
  }
  call.io.out(`Downloaded ${copied}/${GUIDES.length} file(s) to ${name}\n`);
  return missing === 0 ? 0 : 1;
}

/** The text of a guide; undefined if the package lies elsewhere and that cannot be reached. */
async function readGuide(name: string): Promise<string | undefined> {
  const url = new URL(`../../docs/${name}`, import.meta.url);
  try {
    if (url.protocol === "file:") return await Deno.readTextFile(url);
    const response = await fetch(url);
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}
