/**
 * `netrun init`: begins a project.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { minimal } from "../init/minimal.ts";
import { package_ } from "../init/package.ts";
import { pipeline } from "../init/pipeline.ts";
import type { Template } from "../init/template.ts";
import { workers } from "../init/workers.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { shortPath } from "../output.ts";
import { programText } from "../program.ts";
import { version } from "../version.ts";

const templates: Readonly<Record<string, Template>> = {
  minimal,
  pipeline,
  workers,
  package: package_,
};

/** The command. */
export const init: Command = {
  description: "Writes a project that runs, with a net, its functions and their tests.\n" +
    Object.entries(templates).map(([name, { summary }]) => `  ${name}: ${summary}`).join("\n"),
  positionals: [{ name: "DIR", help: "the folder; this one by default" }],
  options: [
    {
      name: "template",
      short: "t",
      value: "NAME",
      choices: Object.keys(templates),
      help: "what to begin with (minimal)",
    },
    { name: "force", help: "replace files that exist" },
  ],
  examples: [
    ["netrun init hello", "the smallest project, in a folder of its own"],
    ["netrun init --template pipeline", "in this folder"],
  ],
  run: writeProject,
};

async function writeProject(call: CommandCall): Promise<number> {
  const { io } = call;
  const folder = resolve(io.cwd, call.positionals[0] ?? ".");
  const { files } = templates[call.value("template") ?? "minimal"]!;
  const program = programText();
  const texts = Object.entries(files({
    version,
    tasks: {
      run: `${program} run`,
      test: `deno test -A && ${program} test`,
      ui: `${program} ui`,
    },
    flowTest: `${program} test`,
    schemaHint: `#:schema https://jsr.io/@netrun/netrun/${version}/docs/netrun.schema.json\n`,
  }));
  const existing: string[] = [];
  for (const [path] of texts) {
    if (await Deno.stat(join(folder, path)).then(() => true, () => false)) existing.push(path);
  }
  if (existing.length > 0 && !call.flag("force")) {
    throw new CommandError(
      `${folder} holds ${existing.join(", ")} already; --force replaces what exists`,
    );
  }
  for (const [path, text] of texts) {
    const target = join(folder, path);
    try {
      await Deno.mkdir(dirname(target), { recursive: true });
      await Deno.writeTextFile(target, text);
    } catch (error) {
      throw new CommandError(`Cannot write ${target}: ${(error as Error).message}`, {
        cause: error,
      });
    }
    io.out(`${shortPath(io, join(folder, path))}\n`);
  }
  const enter = folder === io.cwd ? "" : `cd ${shortPath(io, folder)} && `;
  const [run, test] = Deno.build.standalone
    ? ["netrun run", "netrun test"]
    : ["deno task run", "deno task test"];
  io.err(`Now: ${enter}${run}, then ${test}\n`);
  return 0;
}
