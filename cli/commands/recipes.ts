/**
 * `netrun recipes list`: the modules that change a net file.
 *
 * @module
 */
import { toPlain } from "../../runtime/tools/raw_net.ts";
import { getRecipes } from "../../runtime/tools/recipe_config.ts";
import type { Command } from "../command.ts";
import { readNetFile } from "../net_file.ts";
import { printJson } from "../output.ts";

/** `netrun recipes list`. */
export const list: Command = {
  description: "Lists the recipes of a net: modules that change its file.",
  examples: [["netrun recipes list", "name, path and description of each"]],
  async run(call) {
    const { net } = await readNetFile(call);
    const recipes = getRecipes(toPlain(net));
    printJson(
      call,
      new Map([...recipes].map(([name, { path, description }]) => [
        name,
        { path, description: description ?? null },
      ])),
    );
    return 0;
  },
};
