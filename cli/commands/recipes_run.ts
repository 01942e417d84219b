/**
 * `netrun recipes run`: runs a module that changes a net file.
 *
 * @module
 */
import { resolve } from "node:path";
import { ConfigError } from "../../runtime/schema/error.ts";
import type { ConfigIssue } from "../../runtime/schema/issue.ts";
import { formatNetText } from "../../runtime/schema/text/format_net_text.ts";
import { recordOf } from "../../runtime/tools/actions.ts";
import { toPlain } from "../../runtime/tools/raw_net.ts";
import { getRecipes, recipePath } from "../../runtime/tools/recipe_config.ts";
import type { NetFile, RecipePrompt } from "../../runtime/tools/recipes.ts";
import { nearestName } from "../../runtime/schema/nearest_name.ts";
import { type Command, type CommandCall, CommandError, UsageError } from "../command.ts";
import { jsonOrText, parseGivenObject } from "../edit.ts";
import { readStdin } from "../io.ts";
import { readNetFile } from "../net_file.ts";
import { printJson, printWarning, printWarnings, writeFile } from "../output.ts";
import { splitAssignment } from "../variables.ts";

/** `netrun recipes run`. */
export const run: Command = {
  description: "Runs a recipe and prints the changed config, or writes it.\n" +
    "Without inputs it asks for what the recipe needs, if standard input is a terminal.",
  positionals: [{ name: "NAME", required: true, help: "the recipe" }],
  options: [
    {
      name: "inputs",
      short: "i",
      value: "JSON",
      help: "its inputs: an object, @FILE, or - (stdin)",
    },
    { name: "input", value: "NAME=VALUE", many: true, help: "one input; VALUE is JSON, else text" },
    { name: "defaults", help: "do not ask: take the defaults" },
    {
      name: "output",
      short: "o",
      value: "FILE",
      help: "write this file, in the format of its ending",
    },
    { name: "write", help: "change the net file itself" },
    { name: "diff", help: "show what changes; alone, nothing is printed or written" },
    { name: "force", help: "also if the result is not valid" },
  ],
  examples: [
    ["netrun recipes run add-logging --diff", "what it would change"],
    ["netrun recipes run add-logging --input level=debug --write", "changes the net file"],
  ],
  run: runRecipe,
};

async function runRecipe(call: CommandCall): Promise<number> {
  const [name] = call.positionals;
  const output = call.value("output");
  if (output !== undefined && call.flag("write")) {
    throw new UsageError("--output and --write exclude each other");
  }
  const given = await givenInputs(call);
  const { net, filePath, source, text } = await readNetFile(call);
  const config = recordOf(toPlain(net));
  const recipes = getRecipes(config);
  const recipe = recipes.get(name!);
  if (!recipe) {
    const near = nearestName(name!, recipes.keys());
    throw new CommandError(
      `No recipe ${name}: ` +
        (near !== undefined
          ? `did you mean ${near}?`
          : recipes.size === 0
          ? "the net has none"
          : `there are ${[...recipes.keys()].join(", ")}`),
    );
  }
  const path = recipePath(recipe, filePath);
  const { checkInputs, executeRecipe, getRecipePrompts } = await import(
    "../../runtime/tools/recipes.ts"
  );
  const prompts = await getRecipePrompts(path, config);
  const answers = given ?? await askFor(call, prompts);
  if (answers === undefined) return 1;
  warnOfUnasked(call, prompts.map(({ name }) => name));
  const result = await executeRecipe(path, config, checkInputs(path, prompts, answers));
  if (result.stdout !== "") call.io.err(result.stdout);
  if (!await isAcceptable(call, result.config, filePath)) return 1;

  const format = output?.endsWith(".toml")
    ? "toml"
    : output?.endsWith(".json")
    ? "json"
    : text.format;
  const losses: ConfigIssue[] = [];
  const written = formatNetText(result.config, format, {
    ...format === text.format ? { over: source } : {},
    warn: (issue) => losses.push(issue),
  });
  if (call.flag("diff")) {
    const { createPatch } = await import("diff");
    call.io.err(createPatch(filePath, source, written, undefined, undefined, { context: 3 }));
  }
  const target = call.flag("write")
    ? filePath
    : output === undefined
    ? undefined
    : resolve(call.io.cwd, output);
  if (target === undefined) {
    if (!call.flag("diff")) printJson(call, result.config);
    return 0;
  }
  printWarnings(call, losses);
  await writeFile(target, written);
  call.io.out(`Written to ${output ?? target}\n`);
  return 0;
}

/** A name that was mistyped would silently count for nothing. */
function warnOfUnasked(call: CommandCall, asked: readonly string[]): void {
  if (asked.length === 0) return;
  for (const assignment of call.values("input")) {
    const [name] = splitAssignment("input", assignment, "NAME=VALUE");
    if (asked.includes(name)) continue;
    const near = nearestName(name, asked);
    const hint = near === undefined ? `it asks for ${asked.join(", ")}` : `did you mean ${near}?`;
    printWarning(call, `--input ${name}: the recipe does not ask for it; ${hint}`);
  }
}

async function givenInputs(call: CommandCall): Promise<Record<string, unknown> | undefined> {
  const text = call.value("inputs");
  const single = call.values("input");
  if (text === undefined && single.length === 0 && !call.flag("defaults")) return undefined;
  const inputs = text === undefined ? {} : recordOf(toPlain(await readInputs(call, text)));
  for (const assignment of single) {
    const [name, value] = splitAssignment("input", assignment, "NAME=VALUE");
    inputs[name] = toPlain(jsonOrText(value));
  }
  return inputs;
}

async function readInputs(call: CommandCall, text: string): Promise<unknown> {
  if (text === "-") return parseGivenObject(await readStdin(call.io), "Standard input");
  if (!text.startsWith("@")) return parseGivenObject(text, "--inputs");
  const path = resolve(call.io.cwd, text.slice(1));
  try {
    return parseGivenObject(await Deno.readTextFile(path), path);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`Cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Asks on a terminal; elsewhere says what is needed. */
async function askFor(
  call: CommandCall,
  prompts: readonly RecipePrompt[],
): Promise<Record<string, unknown> | undefined> {
  if (prompts.length === 0) return {};
  if (call.io.terminal.stdin) {
    const { ask } = await import("../ask.ts");
    return await ask(call.io, prompts);
  }
  call.io.err("The recipe needs inputs: give them by --input NAME=VALUE, -i JSON or --defaults\n");
  for (const { name, label, type = "text", options, default: otherwise } of prompts) {
    const choices = options === undefined ? "" : ` of ${options.join(", ")}`;
    const standard = otherwise === undefined ? "" : `, default ${JSON.stringify(otherwise)}`;
    call.io.err(`  ${name}: ${label} (${type}${choices}${standard})\n`);
  }
  return undefined;
}

/** Says what is wrong with the result; false if that keeps it from being used. */
async function isAcceptable(
  call: CommandCall,
  config: NetFile,
  filePath: string,
): Promise<boolean> {
  const { NetConfig } = await import("../../runtime/config/net_config.ts");
  let issues: readonly ConfigIssue[];
  try {
    issues = NetConfig.parse(config, { filePath }).validate();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    issues = error.issues;
  }
  const errors = issues.filter(({ severity }) => severity === "error");
  for (const { code, message } of errors) printWarning(call, `${code}: ${message}`);
  if (errors.length === 0 || call.flag("force")) return true;
  call.io.err(
    "The result of the recipe is not valid, so nothing was done; --force does it anyway\n",
  );
  return false;
}
