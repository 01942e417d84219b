/**
 * Recipes: modules that change the configuration of a net.
 *
 * A recipe exports `run(config, inputs)`, which returns the changed data, and may export
 * `getPrompts(config)`, which says what inputs it needs.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { InvalidArgumentError } from "../../sim/error.ts";
import { ModuleImportError } from "../modules/error.ts";
import { recordOf } from "./actions.ts";
import { captureConsole } from "./capture_console.ts";
import { RecipeError, RecipeNotFoundError } from "./error.ts";

export { getRecipes, type RecipeConfig, recipePath } from "./recipe_config.ts";
export * from "./error.ts";

/** The data of a net file, as it is written. */
export type NetFile = Record<string, unknown>;

/** What a recipe asks for. */
export interface RecipePrompt {
  /** Key of the answer in the inputs. */
  name: string;
  /** What the user reads. */
  label: string;
  /** What kind of answer it wants. @default {"text"} */
  type?: "text" | "number" | "select" | "checkbox";
  /** The answer if none is given. */
  default?: unknown;
  /** What can be chosen from; a checkbox with options is answered by a list of them. */
  options?: string[];
}

/** What a recipe's module exports. */
export interface RecipeModule {
  /** What inputs the recipe needs. */
  getPrompts?(config: NetFile): RecipePrompt[] | Promise<RecipePrompt[]>;
  /** Returns the changed data. */
  run?(config: NetFile, inputs: Record<string, unknown>): NetFile | Promise<NetFile>;
}

/** What came of a recipe. */
export interface RecipeResult {
  /** The changed data. */
  config: NetFile;
  /** What the recipe wrote to the console. */
  stdout: string;
}

const EXTENSIONS = [".ts", ".mts", ".js", ".mjs"];
const PROMPT_TYPES = ["text", "number", "select", "checkbox"];

/**
 * Loads the module of a recipe, anew if the file has changed since.
 *
 * Modules that it imports stay as they were first loaded by this process. Of a Python file the module
 * of the same name beside it is loaded.
 *
 * @param path Absolute path of the module.
 * @throws {RecipeNotFoundError} If there is no such file.
 * @throws {InvalidArgumentError} If it is no module by its extension.
 * @throws {ModuleImportError} If it throws while loading.
 */
export async function loadRecipeModule(path: string): Promise<RecipeModule> {
  const file = await recipeFile(path);
  const bytes = await Deno.readFile(file);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 16);
  const url = pathToFileURL(file).href;
  try {
    if (!Deno.build.standalone) return await import(`${url}?v=${hash}`);
    const { openModuleImporter } = await import("../modules/module_importer.ts");
    const importer = await openModuleImporter(() => undefined);
    return await importer.import(url);
  } catch (cause) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new ModuleImportError(`Cannot load the recipe ${file}: ${text}`, {
      specifier: path,
      resolvedUrl: url,
      cause,
    });
  }
}

async function recipeFile(path: string): Promise<string> {
  const extension = /\.[^./\\]*$/.exec(path)?.[0] ?? "";
  const candidates = extension === ".py"
    ? EXTENSIONS.map((known) => path.slice(0, -3) + known)
    : [path];
  if (extension !== ".py" && !EXTENSIONS.includes(extension)) {
    throw new InvalidArgumentError(
      `Cannot load the recipe ${path}: a recipe is a module, with one of ${EXTENSIONS.join(", ")}`,
    );
  }
  for (const file of candidates) {
    if (await Deno.stat(file).then((stat) => stat.isFile, () => false)) return file;
  }
  throw new RecipeNotFoundError(path);
}

/**
 * What a recipe asks for; nothing if it has no `getPrompts`.
 *
 * @throws {RecipeError} If what it returns is no list of prompts.
 */
export async function getRecipePrompts(path: string, config: NetFile): Promise<RecipePrompt[]> {
  const { getPrompts } = await loadRecipeModule(path);
  if (typeof getPrompts !== "function") return [];
  const prompts: unknown = await getPrompts(structuredClone(config));
  if (!Array.isArray(prompts)) {
    throw new RecipeError(path, `getPrompts of ${path} must return a list, got ${kind(prompts)}`);
  }
  prompts.forEach((prompt, i) => {
    const problem = promptProblem(prompt);
    if (problem === undefined) return;
    throw new RecipeError(path, `Prompt ${i + 1} of ${path}: ${problem}`);
  });
  return prompts;
}

function promptProblem(prompt: unknown): string | undefined {
  const { name, label, type = "text", options } = recordOf(prompt);
  if (typeof name !== "string" || name === "") return "`name` is required, a text";
  if (typeof label !== "string") return "`label` is required, a text";
  if (!PROMPT_TYPES.includes(type as string)) {
    return `\`type\` is one of ${PROMPT_TYPES.join(", ")}`;
  }
  const isList = Array.isArray(options) && options.every((option) => typeof option === "string");
  if (options !== undefined && !isList) return "`options` is a list of texts";
  return type === "select" && !isList ? "a select needs `options`" : undefined;
}

/**
 * Fills in defaults and checks the inputs of a recipe.
 *
 * @param path Path of the recipe, for the error.
 * @param prompts What it asks for.
 * @param inputs What is given.
 * @returns The inputs that the recipe gets.
 * @throws {RecipeError} With everything that is missing or does not fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const prompts = [{ name: "count", label: "How many", type: "number", default: 2 } as const];
 * assertEquals(checkInputs("./fan.ts", [...prompts], {}), { count: 2 });
 * ```
 */
export function checkInputs(
  path: string,
  prompts: readonly RecipePrompt[],
  inputs: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const checked: Record<string, unknown> = { ...inputs };
  const problems: string[] = [];
  for (const prompt of prompts) {
    const given = Object.hasOwn(inputs, prompt.name) ? inputs[prompt.name] : undefined;
    const value = given ?? prompt.default ?? emptyAnswer(prompt);
    const problem = value === undefined ? "is required" : answerProblem(prompt, value);
    if (problem === undefined) checked[prompt.name] = value;
    else problems.push(`"${prompt.name}" ${problem}`);
  }
  if (problems.length > 0) {
    throw new RecipeError(path, `The inputs of the recipe do not fit: ${problems.join("; ")}`);
  }
  return checked;
}

/** A checkbox that is left alone is an answer too. */
function emptyAnswer({ type, options }: RecipePrompt): unknown {
  if (type !== "checkbox") return undefined;
  return options === undefined ? false : [];
}

function answerProblem(
  { type = "text", options }: RecipePrompt,
  value: unknown,
): string | undefined {
  const isOption = (item: unknown) => options?.includes(item as string) ?? true;
  switch (type) {
    case "text":
      return typeof value === "string" ? undefined : `must be a text, got ${kind(value)}`;
    case "number":
      return typeof value === "number" && Number.isFinite(value)
        ? undefined
        : `must be a number, got ${kind(value)}`;
    case "select":
      return isOption(value) ? undefined : `must be one of ${options!.join(", ")}`;
    case "checkbox":
      if (options === undefined) {
        return typeof value === "boolean" ? undefined : `must be true or false, got ${kind(value)}`;
      }
      return Array.isArray(value) && value.every(isOption)
        ? undefined
        : `must be a list of some of ${options.join(", ")}`;
  }
}

/**
 * Runs a recipe on a copy of the data.
 *
 * @param path Absolute path of its module.
 * @param config The data of the net file, as plain objects.
 * @param inputs Answers to its prompts.
 * @throws {RecipeError} If it has no `run`, or returns no plain object.
 */
export async function executeRecipe(
  path: string,
  config: NetFile,
  inputs: Record<string, unknown> = {},
): Promise<RecipeResult> {
  const { run } = await loadRecipeModule(path);
  if (typeof run !== "function") {
    throw new RecipeError(path, `${path} exports no function \`run\`, so it is no recipe`);
  }
  const { result, output } = await captureConsole(async () =>
    await run(structuredClone(config), inputs) as unknown
  );
  const isPlain = typeof result === "object" && result !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(result));
  if (!isPlain) {
    throw new RecipeError(
      path,
      `\`run\` of ${path} must return the changed config, got ${kind(result)}`,
    );
  }
  return { config: result as NetFile, stdout: output };
}

function kind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return `an object (${value.constructor?.name ?? "without class"})`;
  return typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : String(value);
}
