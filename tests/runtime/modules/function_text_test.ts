import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { SignatureReader } from "../../../runtime/modules/read_signatures.ts";
import {
  functionIn,
  outputsOf,
  readSummary,
  readZoo,
  say,
  sayArguments,
  zooUrl,
} from "./reading.ts";

const reader = new SignatureReader();

// deno-lint-ignore ban-types
async function read(fn: Function) {
  return functionIn(new Map([["f", await reader.readFunction(fn)]]), "f");
}

for (
  const file of [
    "parameters.ts",
    "refused.ts",
    "results.ts",
    "types.ts",
    "texts.ts",
    "exports_hub.ts",
    "jsx.tsx",
    "documented.js",
  ]
) {
  Deno.test(`source and toString() give the same ports for all functions of ${file}`, async () => {
    const module: Record<string, unknown> = await import(zooUrl(file));
    let compared = 0;
    for (const [name, bySource] of await readZoo(file)) {
      const fn = module[name];
      if (bySource.kind !== "function" || typeof fn !== "function") continue;
      assertEquals(readSummary(await read(fn)), readSummary(bySource), name);
      compared++;
    }
    assert(compared > 0);
  });
}

Deno.test("any names, in any form of function, come back in order", async () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z$_ä][a-zA-Z0-9]{2,5}$/), { maxLength: 6 });
  const forms: ((list: string, names: string[]) => string)[] = [
    (list) => `function f(${list}) {}`,
    (list) => `async function* f(${list}) {}`,
    (list) => `(${list}) => 1`,
    (list) => `async (${list}) => { return 1; }`,
    (list) => `({ m(${list}) {} }).m`,
    (list) => `({ async *["a b"](${list}) {} })["a b"]`,
    (list) => `(class { static m(${list}) {} }).m`,
    (list) => `(class { static #m(${list}) {} static m = this.#m; }).m`,
    (list) => `({ set m(_x) {}, get m() { return (${list}) => 1; } }).m`,
    (list) => `({ ${list} }) => 1`,
  ];
  const reserved =
    /^(?:ctx|print|log|await|async|break|case|catch|class|const|do|else|enum|eval|for|if|in|let|new|null|return|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|static|false|export|import|delete|public|import)$/;
  await fc.assert(
    fc.asyncProperty(names, fc.constantFrom(...forms), async (all, form) => {
      const list = all.filter((name) => !reserved.test(name));
      // The text is made of names alone, and evaluating it is the only way to get such functions.
      const fn = new Function(`return ${form(list.join(", "), list)};`)();
      assertEquals((await read(fn)).inputs.map(({ name }) => name), list);
    }),
  );
});

Deno.test("names, defaults and kind are known, types are not", async () => {
  const fn = await read(async function* (a: number, ctx: unknown, b = 2) {
    yield await Promise.resolve([a, ctx, b]);
  });
  assertEquals(fn.inputs.map(say), ["a", "b?"]);
  assertEquals(sayArguments(fn), "a, ctx!, b");
  assertEquals([fn.async, fn.generator, fn.yields, fn.readFrom], [true, true, true, "function"]);
  assertEquals(outputsOf(fn).map(say), ["out"]);
  assertEquals(fn.location, undefined);
});

Deno.test("accessors and methods are read by their own parameters", async () => {
  const object = {
    plain(a: number) {
      return a;
    },
    async "quoted name"({ b }: { b: number }) {
      return await Promise.resolve(b);
    },
  };
  assertEquals(sayArguments(await read(object.plain)), "a");
  assertEquals(sayArguments(await read(object["quoted name"])), "{b}");
});

Deno.test("native and bound functions and classes are unreadable", async () => {
  function own(a: number) {
    return a;
  }
  for (const fn of [Math.max, own.bind(null), class Own {}, Date]) {
    const signature = await reader.readFunction(fn);
    assert(signature.kind === "unreadable", fn.name);
    assertEquals(signature.problem.code, "unreadable");
    assert(signature.problem.message.includes("node(spec, fn)"));
  }
});

Deno.test("a function that only looks native is read", async () => {
  const fn = await read((a: string) => `${a} { [native code] }`);
  assertEquals(sayArguments(fn), "a");
});

Deno.test("a forged toString() is not asked", async () => {
  const fn = Object.assign((a: number) => a, { toString: () => "(b) => b" });
  assertEquals(sayArguments(await read(fn)), "a");
});
