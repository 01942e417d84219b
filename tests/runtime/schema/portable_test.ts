import { assertEquals } from "@std/assert";

const FOLDER = new URL("../../../runtime/schema/", import.meta.url);

/** All modules in a folder. */
function* modulesIn(folder: URL): Generator<URL> {
  for (const entry of Deno.readDirSync(folder)) {
    if (entry.isDirectory) yield* modulesIn(new URL(`${entry.name}/`, folder));
    else if (entry.name.endsWith(".ts")) yield new URL(entry.name, folder);
  }
}

Deno.test("schemas, references, flattening and checks run in a browser: they use neither Deno nor Node", () => {
  const using = [...modulesIn(FOLDER)].filter((module) => {
    const code = Deno.readTextFileSync(module).replace(/\/\*[\s\S]*?\*\//g, "");
    return /\bDeno\.|from "node:|import\("node:/.test(code);
  });
  assertEquals(using.map(String), []);
});
