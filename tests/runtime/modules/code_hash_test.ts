import { assertEquals, assertNotEquals } from "@std/assert";
import { CodeHasher, type CodeHasherOptions } from "../../../runtime/modules/code_hash.ts";

type Files = Record<string, string>;

function hash(files: Files, name = "f", options: CodeHasherOptions = {}): Promise<string> {
  const hasher = new CodeHasher({
    rootUrl: "file:///project",
    readText: (url) => {
      const text = files[url.slice("file:///project/".length)];
      return text === undefined ? Promise.reject(new Error(url)) : Promise.resolve(text);
    },
    ...options,
  });
  return hasher.hash("file:///project/main.ts", name);
}

/** Whether the hash of `f` is another one after files were replaced. */
async function changes(files: Files, edits: Files, options?: CodeHasherOptions): Promise<boolean> {
  return await hash(files, "f", options) !== await hash({ ...files, ...edits }, "f", options);
}

const main = `
import { help } from "./help.ts";
import { other } from "./other.ts";
import type { T } from "./types.ts";
import zod from "zod";
const factor = 2;
let unused = 1;
function inner(x: number): number { return x * factor; }
export const f = (x: T) => inner(x) + help(x);
export function g() { return unused + other + zod.x; }
`;
const files: Files = {
  "main.ts": main,
  "help.ts": 'import { deep } from "./deep/deep.ts"; export const help = (x: number) => deep + x;',
  "deep/deep.ts": "export const deep = 1;",
  "other.ts": "export const other = 1;",
  "types.ts": "export type T = number;",
};

Deno.test("an edit of the function, or of what it reaches, is another hash", async () => {
  const replaced = (from: string, to: string) => ({ "main.ts": main.replace(from, to) });
  assertEquals(await changes(files, replaced("+ help(x)", "- help(x)")), true);
  assertEquals(await changes(files, replaced("x * factor", "x + factor")), true);
  assertEquals(await changes(files, replaced("factor = 2", "factor = 3")), true);
  assertEquals(await changes(files, { "help.ts": "export const help = () => 1;" }), true);
  assertEquals(await changes(files, { "deep/deep.ts": "export const deep = 2;" }), true);
});

Deno.test("an edit of what the function does not reach is the same hash", async () => {
  const replaced = (from: string, to: string) => ({ "main.ts": main.replace(from, to) });
  assertEquals(await changes(files, replaced("return unused", "return 5 * unused")), false);
  assertEquals(await changes(files, replaced("let unused = 1", "let unused = 2")), false);
  assertEquals(await changes(files, { "other.ts": "export const other = 2;" }), false);
  assertEquals(await changes(files, { "types.ts": "export type T = string;" }), false);
  assertEquals(await changes(files, { "main.ts": `\n\n${main}\nexport const h = 1;` }), false);
});

Deno.test("statements that declare nothing, and imports for their effects, count in any case", async () => {
  const base = { "main.ts": 'import "./setup.ts";\nexport const f = () => 1;', "setup.ts": "a();" };
  assertEquals(await changes(base, { "setup.ts": "b();" }), true);
  const run = { "main.ts": "const table = {}; table.x = 1;\nexport const f = () => 1;" };
  assertEquals(
    await changes(run, { "main.ts": run["main.ts"].replace("= 1;", "= 2;") }),
    true,
  );
});

Deno.test("re-exports are followed to the declaration, `export *` to all of its module", async () => {
  const base = {
    "main.ts": 'export { real as f } from "./a.ts";',
    "a.ts": "export const real = () => 1; export const not = 1;",
  };
  assertEquals(await changes(base, { "a.ts": base["a.ts"].replace("() => 1", "() => 2") }), true);
  assertEquals(await changes(base, { "a.ts": base["a.ts"].replace("not = 1", "not = 2") }), false);
  const star = { "main.ts": 'export * from "./a.ts";', "a.ts": "export const f = () => 1;" };
  assertEquals(await changes(star, { "a.ts": "export const f = () => 2;" }), true);
});

Deno.test("defaults, classes, destructuring and dynamic imports are reached", async () => {
  for (
    const [text, from, to] of [
      ["const { a, b } = { a: 1, b: 2 }; export const f = () => a;", "a: 1", "a: 9"],
      [
        "class Base { x = 1 } class Sub extends Base {} export const f = () => new Sub();",
        "x = 1",
        "x = 2",
      ],
      ["enum E { A = 1 } export function f() { return E.A; }", "A = 1", "A = 2"],
      ["function g() { return 1; } export { g as f };", "return 1", "return 2"],
    ] as const
  ) {
    assertEquals(await changes({ "main.ts": text }, { "main.ts": text.replace(from, to) }), true);
  }
  const lazy = {
    "main.ts": 'export const f = async () => (await import("./lazy.ts")).x;',
    "lazy.ts": "export const x = 1;",
  };
  assertEquals(await changes(lazy, { "lazy.ts": "export const x = 2;" }), true);
  const base = { "main.ts": "const k = 1; export default function () { return k; }" };
  assertNotEquals(
    await hash(base, "default"),
    await hash({ "main.ts": base["main.ts"].replace("k = 1", "k = 2") }, "default"),
  );
});

Deno.test("bare names go by the import map, packages by their exact versions", async () => {
  const base = {
    "main.ts": 'import { x } from "lib"; import z from "zod"; export const f = () => x + z;',
    "lib/mod.ts": "export const x = 1;",
  };
  const options = (version: string): CodeHasherOptions => ({
    resolveBare: (specifier) =>
      ({ lib: "file:///project/lib/mod.ts", zod: "npm:zod@^4" })[specifier],
    packageVersion: () => version,
  });
  assertEquals(await changes(base, { "lib/mod.ts": "export const x = 2;" }, options("4.1")), true);
  assertNotEquals(await hash(base, "f", options("4.1")), await hash(base, "f", options("4.2")));
});

Deno.test("modules that cannot be parsed count as a whole, with what they import", async () => {
  const broken = {
    "main.ts": 'import { x } from "./x.ts"; export const f = () => x; const = 1;',
    "x.ts": "export const x = 1;",
  };
  assertEquals(await changes(broken, { "x.ts": "export const x = 2;" }), true);
  assertEquals(await changes(broken, { "main.ts": `${broken["main.ts"]} ` }), true);
});

Deno.test("modules that import each other, and absent ones, come to an end", async () => {
  const circular = {
    "main.ts": 'import { b } from "./b.ts"; export const f = () => b; export const a = 1;',
    "b.ts": 'import { a } from "./main.ts"; import "./absent.ts"; export const b = () => a;',
  };
  assertEquals(await changes(circular, { "b.ts": `${circular["b.ts"]} b();` }), true);
});

Deno.test("a project that was moved has the same hashes", async () => {
  const at = (root: string) =>
    new CodeHasher({
      rootUrl: root,
      readText: (url) => Promise.resolve(files[url.slice(root.length + 1)]!),
    }).hash(`${root}/main.ts`, "f");
  assertEquals(await at("file:///one"), await at("file:///two/deep"));
});

Deno.test("the files that a function reaches have hashes of their own, by their paths", async () => {
  const hashes = (edits: Files) =>
    new CodeHasher({
      rootUrl: "file:///project",
      readText: (url) => {
        const text = { ...files, ...edits }[url.slice("file:///project/".length)];
        return text === undefined ? Promise.reject(new Error(url)) : Promise.resolve(text);
      },
    }).files("file:///project/main.ts", "f");
  const before = await hashes({});
  assertEquals(before.has("./main.ts") && before.has("./help.ts"), true);
  assertEquals(before.has("./other.ts"), false);
  const after = await hashes({ "help.ts": `${files["help.ts"]} ` });
  const changed = [...before.keys()].filter((file) => before.get(file) !== after.get(file));
  assertEquals(changed, ["./help.ts"]);
});
