import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ModuleCache } from "../../../runtime/modules/module_cache.ts";
import { Transpiler, type TranspilerOptions } from "../../../runtime/modules/transpile.ts";
import { zooUrl } from "./reading.ts";

type Exports = Record<string, unknown>;

interface Project {
  url(name: string): string;
  write(files: Record<string, string>): Promise<void>;
  /** A program of its own on the project and its cache. */
  transpiler(options?: Partial<TranspilerOptions>): Transpiler;
  load(name: string, options?: Partial<TranspilerOptions>): Promise<Exports>;
  cached(): string[];
  cache: ModuleCache;
}

async function inProject(
  files: Record<string, string>,
  test: (project: Project) => Promise<void>,
): Promise<void> {
  const base = await Deno.makeTempDir({ prefix: "netrun transpile " });
  const root = pathToFileURL(`${base}/project/`).href;
  const cache = new ModuleCache(`${base}/cache`);
  await Deno.mkdir(cache.folder);
  const url = (name: string) => new URL(name, root).href;
  const project: Project = {
    url,
    cache,
    async write(files) {
      for (const [name, text] of Object.entries(files)) {
        await Deno.mkdir(new URL("./", url(name)), { recursive: true });
        await Deno.writeTextFile(new URL(url(name)), text);
      }
    },
    transpiler: (options) =>
      new Transpiler({ cache, version: "1", importPackage: (name) => import(name), ...options }),
    load: async (name, options) =>
      await import(await project.transpiler(options).prepare(url(name))),
    cached: () => [...Deno.readDirSync(cache.folder)].map(({ name }) => name).sort(),
  };
  try {
    await project.write(files);
    await test(project);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

/** What can be told of exports from outside. */
function describe(value: unknown, depth = 3): unknown {
  if (typeof value === "function") {
    const { name, length, constructor } = value;
    return `${constructor.name} ${name}/${length} ${Object.keys(value)}`;
  }
  if (typeof value !== "object" || value === null || depth === 0) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, describe(member, depth - 1)]);
  return Object.fromEntries(entries);
}

const ZOO = [
  "documented.js",
  "elsewhere.ts",
  "exports_cycle.ts",
  "exports_default.ts",
  "exports_default_class.ts",
  "exports_hub.ts",
  "exports_leaf.ts",
  "markers.ts",
  "node_helper.ts",
  "parameters.ts",
  "refused.ts",
  "results.ts",
  "texts.ts",
];

Deno.test("modules export what they export under Deno", () =>
  inProject({}, async ({ transpiler }) => {
    const one = transpiler();
    for (const file of ZOO) {
      const copy = await one.prepare(zooUrl(file));
      assertEquals(copy === zooUrl(file), file.endsWith(".js"), file);
      const [ours, denos] = [await import(copy), await import(zooUrl(file))];
      assertEquals(Object.keys(ours), Object.keys(denos), file);
      assertEquals(describe({ ...ours }), describe({ ...denos }), file);
    }
  }));

Deno.test("a graph of TypeScript and JavaScript runs, each module once", () =>
  inProject({
    "main.ts": `
import { count, type Count } from "./lib/count.js";
import { count as again } from "./lib/both.mts";
export { default as table } from "./table.json" with { type: "json" };
export const same: boolean = count === again;
export const value: Count = count();
export const later = async (): Promise<unknown> => (await import("./lib/later.ts")).later;
export const computed = async (name: string) => (await import(\`./lib/\${name}.js\`)).plain;`,
    "lib/count.js":
      "import { start } from './start.ts'; let n = start; export const count = () => n++;",
    "lib/start.ts": "export const start: number = 3;",
    "lib/both.mts": "export { count } from './count.js';",
    "lib/later.ts": "export const later: string = 'later';",
    "lib/plain.js": "export const plain = 'plain';",
    "table.json": "[1]",
  }, async ({ load, transpiler, url }) => {
    const { same, value, table, later, computed } = await load("main.ts");
    assertEquals([same, value, table], [true, 3, [1]]);
    assertEquals(await (later as () => unknown)(), "later");
    assertEquals(await (computed as (name: string) => unknown)("plain"), "plain");
    // By another way, and in another program, it is the same module.
    const { count } = await load("lib/count.js");
    assertEquals((count as () => number)(), 4);
    // What leads to no TypeScript needs no copy.
    assertEquals(await transpiler().prepare(url("lib/plain.js")), url("lib/plain.js"));
  }));

Deno.test("modules in a cycle run", () =>
  inProject({
    "a.ts": "import { b } from './b.ts'; export const a = (n: number): number => n ? b(n - 1) : 1;",
    "b.ts": "import { a } from './c.js'; export const b = (n: number): number => n ? a(n - 1) : 2;",
    "c.js": "export { a } from './a.ts';",
  }, async ({ load }) => {
    const { a } = await load("a.ts") as { a: (n: number) => number };
    const { b } = await load("b.ts") as { b: (n: number) => number };
    assertEquals([a(4), a(5), b(4)], [1, 2, 2]);
  }));

Deno.test("an edit counts, wherever in the graph; what was there is taken from the cache", () =>
  inProject({
    "a.ts": "export { b } from './b.ts'; export const a: number = 1;",
    "b.ts": "export const b: number = 2;",
  }, async ({ load, write, cached }) => {
    assertEquals({ ...await load("a.ts") }, { a: 1, b: 2 });
    const first = cached();
    assertEquals(first.length, 4);
    assertEquals({ ...await load("a.ts") }, { a: 1, b: 2 });
    assertEquals(cached(), first);
    await write({ "b.ts": "export const b: number = 3;" });
    assertEquals({ ...await load("a.ts") }, { a: 1, b: 3 });
    await load("a.ts", { version: "2" });
    assertEquals(cached().length, 7 + 4);
  }));

Deno.test("programs that start at the same time do not disturb each other", () =>
  inProject(
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [
      `${i}.ts`,
      `${i < 19 ? `export * from "./${i + 1}.ts";` : ""} export const v${i}: number = ${i};`,
    ])),
    async ({ load, cached }) => {
      const loaded = await Promise.all(Array.from({ length: 8 }, () => load("0.ts")));
      for (const exports of loaded) assertEquals(Object.keys(exports).length, 20);
      assertEquals(cached().filter((name) => name.endsWith(".draft")), []);
    },
  ));

Deno.test("errors are reported at their place in the user's file", () =>
  inProject({
    "nodes.ts": `import { fail } from "./lib/fail.ts"; export const run = (a?: number) => fail(a);`,
    "lib/fail.ts": "type A = 1;\n\nexport function fail(a?: any): never {\n" +
      "  const b = (a as A)!;  throw new Error(`failed ${b}`);\n}\n",
  }, async ({ load, url }) => {
    const { run } = await load("nodes.ts") as { run: () => never };
    let stack = "";
    try {
      run();
    } catch (error) {
      // Deno decodes the URLs that source maps name.
      stack = decodeURI((error as Error).stack!);
    }
    assertStringIncludes(stack, `${decodeURI(url("lib/fail.ts"))}:4:31`);
    assertStringIncludes(stack, `${decodeURI(url("nodes.ts"))}:1:74`);
  }));

Deno.test("a module knows its own place", () =>
  inProject({
    "sub/nodes.ts":
      "#!/usr/bin/env -S deno run\nexport const { url, filename, dirname } = import.meta" +
      " as any;\nexport const next: string = import.meta.resolve('../x.txt');\n" +
      "export const node = import.meta.resolve('node:fs');",
  }, async ({ load, url }) => {
    const nodes = url("sub/nodes.ts");
    assertEquals({ ...await load("sub/nodes.ts") }, {
      url: nodes,
      filename: fileURLToPath(nodes),
      dirname: fileURLToPath(url("sub")),
      next: url("x.txt"),
      node: "node:fs",
    });
  }));

Deno.test("packages that the program holds can be imported, others are refused with advice", () =>
  inProject({
    "good.ts": "import * as z from 'zod'; import { basename } from 'node:path'; " +
      "export const s = z.string().parse(basename('/a'));",
    "mapped.ts": "import { basename } from 'paths'; import { v } from '@/lib/v.ts'; " +
      "export const s = basename('/a') + v;",
    "lib/v.ts": "export const v: number = 1;",
    "bad.ts": "\n import type { T } from 'unheard'; import { chunk } from 'npm:unheard-of@1';" +
      " export const c = chunk;",
    "hidden.ts": "import './good.ts';\nimport './js.js';",
    "js.js": "import 'unheard-of';",
    "lazy.ts": "export const c = () => import('unheard-of');",
  }, async ({ load, url }) => {
    const importPackage = (name: string) =>
      name.includes("unheard") ? Promise.reject(new TypeError("not found")) : import(name);
    assertEquals((await load("good.ts", { importPackage })).s, "a");
    const resolveBare = (name: string) => name === "paths" ? "node:path" : url(name.slice(2));
    assertEquals((await load("mapped.ts", { resolveBare })).s, "a1");
    for (const [file, place] of [["bad.ts", "bad.ts:2:58"], ["hidden.ts", "js.js:1:8"]] as const) {
      const error = await assertRejects(() => load(file, { importPackage }), TypeError);
      assertStringIncludes(error.message, `${url(place)}: the compiled program does not hold `);
      assertStringIncludes(error.message, "deno run -A jsr:@netrun/netrun/cli");
    }
    assert("c" in await load("lazy.ts", { importPackage }));
  }));

Deno.test("what cannot run is refused with file, line and column; once corrected, it runs", () =>
  inProject({
    "enum.ts": "import './color.ts';",
    "color.ts": "\nexport enum Color { Red }",
    "broken.ts": "const a: = 1;",
    "missing.ts": "import './nowhere.ts';",
    "view.ts": "import './view.tsx';",
    "view.tsx": "export {};",
  }, async ({ transpiler, url, write }) => {
    const one = transpiler();
    const refused: Array<[name: string, place: string, says: string]> = [
      ["enum.ts", "color.ts:2:8", "an enum"],
      ["broken.ts", "broken.ts:1:10", "Unexpected token"],
      ["missing.ts", "missing.ts:1:8", `no file ${url("nowhere.ts")}`],
      ["view.ts", "view.ts:1:8", ".tsx"],
      ["view.tsx", "view.tsx", ".tsx"],
    ];
    for (const [name, place, says] of refused) {
      const error = await assertRejects(() => one.prepare(url(name)), Error);
      assertStringIncludes(error.message, `${url(place)}: `);
      assertStringIncludes(error.message, says);
    }
    await write({ "color.ts": "export const Red: number = 0;" });
    await import(await one.prepare(url("enum.ts")));
  }));

Deno.test("an export that is missing is reported for the user's file", () =>
  inProject({
    "a.ts": "import { nope } from './b.ts'; export const a: number = nope;",
    "b.ts": "export const b: number = 1;",
  }, async ({ transpiler, url }) => {
    const one = transpiler();
    const copy = await one.prepare(url("a.ts"));
    const error = await assertRejects(() => import(copy), SyntaxError);
    assertStringIncludes(one.withOriginals(error.message), url("b.ts"));
  }));

Deno.test("the cache drops what nobody has asked for in a month", () =>
  inProject({}, async ({ cache, cached }) => {
    await cache.write("old", "1");
    await cache.write("used", "2");
    const nowMs = Date.now();
    const longAgo = new Date(nowMs - 40 * 24 * 3600 * 1000);
    for (const name of cached()) await Deno.utime(`${cache.folder}/${name}`, longAgo, longAgo);
    assertEquals(await cache.read("used"), "2");
    await cache.prune(nowMs);
    assertEquals(cached(), ["used"]);
    assertEquals(await cache.read("old"), undefined);
  }));
