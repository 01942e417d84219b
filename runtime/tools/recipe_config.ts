/**
 * Recipes as a net file names them.
 *
 * @module
 */
import { resolve } from "node:path";
import { resolveProjectRoot } from "./actions.ts";
import { isReference, recordOf } from "./actions.ts";
import { referencedText } from "./referenced_text.ts";
import type { ConfigIssue, ConfigPath } from "../schema/issue.ts";
import type { VarRef } from "../schema/reference.ts";

/** A recipe as a net file names it. */
export interface RecipeConfig {
  /** Its module, relative to the net file, or a reference to that path. */
  path: string | VarRef;
  /** What it does. */
  description?: string | null | undefined;
}

/**
 * The recipes of a file.
 *
 * @param raw The data of the file, as plain objects.
 * @returns By name; entries without a path are left out.
 */
export function getRecipes(raw: unknown): Map<string, RecipeConfig> {
  const recipes = new Map<string, RecipeConfig>();
  for (const [name, value] of Object.entries(recordOf(recordOf(raw).recipes))) {
    const { path, description } = recordOf(value);
    if (typeof path !== "string" && !isReference(path)) continue;
    recipes.set(name, { path, description: typeof description === "string" ? description : null });
  }
  return recipes;
}

/**
 * Absolute path of a recipe's module.
 *
 * @throws {InvalidArgumentError} If the path refers to a variable without a value.
 */
export function recipePath({ path }: RecipeConfig, netFile: string): string {
  const folder = resolveProjectRoot(null, netFile)!;
  return resolve(folder, referencedText(path, "The path of the recipe"));
}

/** Everything that is wrong with the recipes of a file. */
export async function checkRecipes(recipes: unknown, netFile: string): Promise<ConfigIssue[]> {
  if (recipes === undefined || recipes === null) return [];
  const issues: ConfigIssue[] = [];
  for (const [name, value] of Object.entries(recordOf(recipes))) {
    const at: ConfigPath = ["recipes", name];
    const recipe = getRecipes({ recipes: { [name]: value } }).get(name);
    if (!recipe || recipe.path === "") {
      issues.push(issue("invalid_recipe", at, `recipe "${name}" needs a \`path\`: its module`));
      continue;
    }
    // What a reference stands for need not be known where the file is checked.
    if (typeof recipe.path !== "string") continue;
    const path = recipePath(recipe, netFile);
    const isFile = await Deno.stat(path).then((stat) => stat.isFile, () => false);
    if (isFile) continue;
    const message = `recipe "${name}": there is no file ${path}`;
    issues.push(issue("missing_recipe_file", [...at, "path"], message));
  }
  return issues;
}

function issue(code: string, path: ConfigPath, message: string): ConfigIssue {
  return { code, path, message, severity: "error" };
}
