/**
 * `netrun functions`: what can become a node.
 *
 * @module
 */
import { resolve } from "node:path";
import { listFunctions, projectModules } from "../../runtime/tools/list_functions.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { printJson } from "../output.ts";
import { findProject } from "../project.ts";

/** The command. */
export const functions: Command = {
  description: "Lists the exported functions that can become nodes, with their ports.\n" +
    "They are read from the source; no code of the project is run.",
  positionals: [{
    name: "MODULE",
    many: true,
    help: "modules; all of the project if none is named",
  }],
  examples: [
    ["netrun functions", "of all modules of the project"],
    ["netrun functions nodes.ts", "of one; `add-node --function` takes the `ref`"],
  ],
  run: printFunctions,
};

async function printFunctions(call: CommandCall): Promise<number> {
  const { root, loader } = await findProject(call);
  const named = call.positionals.map((module) => resolve(call.io.cwd, module));
  for (const module of named) {
    if (!await Deno.stat(module).then((stat) => stat.isFile, () => false)) {
      throw new CommandError(`Cannot read ${module}: there is no such file`);
    }
  }
  const found = [];
  for (const module of named.length > 0 ? named : await projectModules(root)) {
    found.push(...await listFunctions(loader, root, module));
  }
  printJson(call, found);
  return 0;
}
