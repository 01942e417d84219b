import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { ModuleImportError } from "../../../runtime/modules/error.ts";
import {
  checkInputs,
  executeRecipe,
  getRecipePrompts,
  getRecipes,
  RecipeError,
  RecipeNotFoundError,
  type RecipePrompt,
} from "../../../runtime/tools/recipes.ts";

async function recipe(text: string, name = "recipe.ts"): Promise<string> {
  const path = join(await Deno.makeTempDir({ prefix: "netrun-recipe-" }), name);
  await Deno.writeTextFile(path, text);
  return path;
}

Deno.test("a recipe gets a copy, may be async, and what it prints is captured", async () => {
  const path = await recipe(`export async function run(config, { name }) {
    console.log("adding", name, { n: 1 });
    config.graph.nodes.push({ name });
    await new Promise((resolve) => setTimeout(resolve, 1));
    return config;
  }`);
  const config = { graph: { nodes: [] } };
  const result = await executeRecipe(path, config, { name: "a" });
  assertEquals(result, {
    config: { graph: { nodes: [{ name: "a" }] } },
    stdout: "adding a { n: 1 }\n",
  });
  assertEquals(config, { graph: { nodes: [] } });
});

Deno.test("a recipe that was edited is loaded anew", async () => {
  const path = await recipe("export const run = () => ({ version: 1 });");
  assertEquals((await executeRecipe(path, {})).config, { version: 1 });
  await Deno.writeTextFile(path, "export const run = () => ({ version: 2 });");
  assertEquals((await executeRecipe(path, {})).config, { version: 2 });
});

Deno.test("what cannot be used as a recipe says why", async () => {
  await assertRejects(() => executeRecipe("/nowhere.ts", {}), RecipeNotFoundError);
  await assertRejects(() => executeRecipe("/etc/hosts", {}), InvalidArgumentError);
  const throws = await recipe("throw new Error('at load');");
  await assertRejects(() => executeRecipe(throws, {}), ModuleImportError, "at load");
  const empty = await recipe("export const x = 1;");
  await assertRejects(() => executeRecipe(empty, {}), RecipeError, "no function `run`");
  for (const value of ["[]", "null", "undefined", "new Map()", "3"]) {
    const path = await recipe(`export const run = () => (${value});`);
    await assertRejects(
      () => executeRecipe(path, {}),
      RecipeError,
      "must return the changed config",
    );
  }
});

Deno.test("of a Python file the module beside it is loaded", async () => {
  const path = await recipe("export const run = () => ({ here: true });", "add.ts");
  assertEquals((await executeRecipe(path.replace(/ts$/, "py"), {})).config, { here: true });
});

Deno.test("prompts are checked, and there are none without getPrompts", async () => {
  assertEquals(await getRecipePrompts(await recipe("export const x = 1;"), {}), []);
  const good = await recipe(
    "export const getPrompts = (config) => [{ name: 'n', label: config.title }];",
  );
  assertEquals(await getRecipePrompts(good, { title: "N" }), [{ name: "n", label: "N" }]);
  const wrong: [string, string][] = [
    ["({})", "must return a list"],
    ["[{ label: 'x' }]", "`name` is required"],
    ["[{ name: 'a', label: 'x', type: 'date' }]", "`type` is one of"],
    ["[{ name: 'a', label: 'x', type: 'select' }]", "needs `options`"],
    ["[{ name: 'a', label: 'x', options: [1] }]", "list of texts"],
  ];
  for (const [value, message] of wrong) {
    const path = await recipe(`export const getPrompts = () => (${value});`);
    await assertRejects(() => getRecipePrompts(path, {}), RecipeError, message);
  }
});

Deno.test("inputs get their defaults, and all that is wrong is said at once", () => {
  const prompts: RecipePrompt[] = [
    { name: "text", label: "T" },
    { name: "count", label: "C", type: "number", default: 3 },
    { name: "kind", label: "K", type: "select", options: ["a", "b"], default: "a" },
    { name: "flag", label: "F", type: "checkbox" },
    { name: "many", label: "M", type: "checkbox", options: ["x", "y"] },
  ];
  assertEquals(checkInputs("r.ts", prompts, { text: "t", more: 1 }), {
    text: "t",
    count: 3,
    kind: "a",
    flag: false,
    many: [],
    more: 1,
  });
  const error = assertThrows(
    () => checkInputs("r.ts", prompts, { count: "3", kind: "c", flag: "yes", many: ["z"] }),
    RecipeError,
  );
  for (const name of ["text", "count", "kind", "flag", "many"]) {
    assertStringIncludes(error.message, `"${name}"`);
  }
});

Deno.test("recipes without a path are no recipes", () => {
  const recipes = getRecipes({ recipes: { a: { path: "./a.ts" }, b: {}, c: 1 } });
  assertEquals([...recipes], [["a", { path: "./a.ts", description: null }]]);
});
