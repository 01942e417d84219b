import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";
import { stripTypes } from "../../../runtime/modules/strip_types.ts";
import { loadParser, type SyntaxNode } from "../../../runtime/modules/syntax.ts";
import { editSource } from "../../../runtime/modules/text_edits.ts";

const FILE = "file:///project/nodes.ts";
const parse = await loadParser();

/** The JavaScript of a TypeScript text, without its source map. */
function strip(text: string, url = FILE): string {
  const { edits } = stripTypes(parse(url, text, "ts"), true);
  return editSource(text, edits, url).replace(/\n\/\/# sourceMappingURL=.*\n$/, "");
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** TypeScript, and what is to be left of it. */
const CASES: ReadonlyArray<[typeScript: string, javaScript: string]> = [
  ["function f<T>(a: T, b?: number, ...c: T[]): a is T {}", "function f (a , b , ...c ) {}"],
  ["function f(this: Date, a: 1) {} function g(this: X) {}", "function f( a ) {} function g( ) {}"],
  ["function f(a: 1): 1; function f(a: any) { return a; }", "; function f(a ) { return a; }"],
  ["let x!: string, y: A | B = z as A;", "let x , y = z ;"],
  ["const v = (a as any)!.b!.c satisfies D;", "const v = (a ) .b .c ;"],
  ["v = x /* a as */ as /* as b */ T;", "v = x /* a as */ ;"],
  ["const f = () => <T>{ a: 1 };", "const f = () => ( { a: 1 });"],
  [
    "new Map<string, number[]>(); f<T>(1); g?.<T>(1); t<T>`x`; const h = f<T>;",
    "new Map (); f (1); g?. (1); t `x`; const h = f ;",
  ],
  ["abstract class A<T> extends B<T> implements C, D<T> {}", "class A extends B {}"],
  [
    "class A { declare a: 1; b?: 2; c!: 3 = 3; readonly d; [k: string]: any; }",
    "class A { ; b ; c = 3; ; d; ; }",
  ],
  [
    "abstract class A { abstract a: 1; abstract m(): void; constructor(); constructor() {} }",
    "class A { ; ; ; constructor() {} }",
  ],
  [
    "class A extends B { private static async *m?<T>(a?: T): any {} protected override get g(): 1 { return 1; } }",
    "class A extends B { ; static async *m (a ) {} ; get g() { return 1; } }",
  ],
  [
    "class A { public public = 1; static readonly readonly = 2; private ['x'] = 3; }",
    "class A { ; public = 1; static readonly = 2; ; ['x'] = 3; }",
  ],
  [
    "interface I {} type T = 1; declare const c: 1; declare module 'm' {} export type { T };",
    "; ; ; ; ;",
  ],
  [
    "export interface I {} export type T = 1; export declare function f(): 1; namespace N { export type X = 1; }",
    "; ; ; ;",
  ],
  ["export default interface I {}", ";"],
  ["declare enum E { A } declare namespace N { const a: 1; } declare class C { m(): 1; }", "; ; ;"],
  [
    "import type A from 'a'; import { type B } from 'b'; import { C } from 'c'; let x: C;",
    "; ; ; let x ;",
  ],
  [
    "import D, { type B, c as d, E } from 'a'; D; d; let x: E;",
    "import D, { c as d } from 'a'; D; d; let x ;",
  ],
  [
    "import * as n from 'n'; import * as m from 'm'; let x: typeof m; n.y;",
    "import * as n from 'n'; ; let x ; n.y;",
  ],
  ["import 'a'; import {} from 'b';", "import 'a'; import {} from 'b';"],
  [
    "import { a, b } from 'a'; export { a }; ({ b });",
    "import { a, b } from 'a'; export { a }; ({ b });",
  ],
  [
    "import { a } from 'a'; x.a; ({ a: 1 }); a: for (;;) break a;",
    "; x.a; ({ a: 1 }); a: for (;;) break a;",
  ],
  ["type T = 1; const v = 1; export { type T as U, v, T };", "; const v = 1; export { v };"],
  [
    "export { type A, b } from 'a'; export type * from 'c'; export * from 'd';",
    "export { b } from 'a'; ; export * from 'd';",
  ],
  [
    "for (let i = 0 as number; i < 1; ) {} for (const x of y as T[]) {}",
    "for (let i = 0 ; i < 1; ) {} for (const x of y ) {}",
  ],
  ["try {} catch (e: unknown) {}", "try {} catch (e ) {}"],
  ["const { a, b: [c] }: T = x; (x as any) = 1;", "const { a, b: [c] } = x; (x ) = 1;"],
];

Deno.test("types are left out, and nothing else", () => {
  for (const [typeScript, javaScript] of CASES) {
    assertEquals(squeezed(strip(typeScript)), javaScript);
  }
});

Deno.test("what stays keeps its line and column", () => {
  const text =
    "interface A {\n  a: 1;\n}\nconst f = (\n  a: A,\n): {\n  b: 1;\n} => g<A>(a as A)!;\n";
  const lines = strip(text).split("\n");
  assertEquals(lines.length, text.split("\n").length);
  for (const word of ["const f", "a", "=> g", "(a"]) {
    const line = text.split("\n").findLastIndex((line) => line.includes(word));
    assertEquals(lines[line]!.indexOf(word), text.split("\n")[line]!.indexOf(word), word);
  }
});

Deno.test("an import keeps its lines when specifiers go", () => {
  const text =
    "import D, {\n  type A,\n  b,\n  c as\n    d,\n} from 'a';\nexport {\n  type A,\n  b,\n};\nD; d;\n";
  const lines = strip(text).split("\n");
  assertEquals(lines.length, text.split("\n").length);
  assertEquals(lines[10], "D; d;");
});

Deno.test("an arrow stays on the line of its parameters' end", async () => {
  const { f, g, h } = await run(
    "export const f = (a: number): {\n  b: number;\n} => ({ b: a });\n" +
      "export const g = async <\n  T,\n>(a: T): Promise<\n  T\n> => await a;\n" +
      "export const h = (a: number, /* :( */): // (\n  number => a;",
  );
  assertEquals(f!(1), { b: 1 });
  assertEquals(await g!(2), 2);
  assertEquals(h!(3), 3);
});

Deno.test("a statement that a type ended does not go on in the next line", async () => {
  const { called } = await run(
    "export let calls = 0;\nexport const called = () => calls;\nconst x: any = () => calls++;\n" +
      "const a = x as any\n(1 as number)\nconst b = x satisfies any\n(1)\nlet c: any\n[c] = [1]\n" +
      "c = x\ninterface I {}\n(2)\nclass K {\n  x: any = x\n  private ['y'] = 1\n  z: number\n  ['w']\n}\nnew K()",
  );
  assertEquals(called!(), 0);
});

/** Imports the JavaScript of a TypeScript text. */
async function run(text: string): Promise<Record<string, (...args: unknown[]) => unknown>> {
  return await import(`data:text/javascript,${encodeURIComponent(strip(text))}`);
}

Deno.test("what is more than a type is refused by name, with its file, line and column", () => {
  const refused: Array<[text: string, what: string]> = [
    ["enum Color { Red }", "an enum"],
    ["const enum Color { Red }", "an enum"],
    ["namespace N { export const a = 1; }", "a namespace with values"],
    ["class A { constructor(private a: number) {} }", "a parameter property"],
    ["class A { accessor a = 1; }", "an `accessor`"],
    ["@sealed class A {}", "a decorator"],
    ["class A { @bound m() {} }", "a decorator"],
    ["import fs = require('fs');", "`import … =`"],
    ["export = a;", "`export =`"],
  ];
  for (const [text, what] of refused) {
    const error = assertThrows(() => strip(`let a: 1;\n  ${text}`), SyntaxError);
    assert(/^file:\/\/\/project\/nodes\.ts:2:\d+: /.test(error.message), error.message);
    assertStringIncludes(error.message, what);
    assertStringIncludes(error.message, "run the net with Deno");
  }
});

Deno.test("links are found with their places; the module's own URL is asked for or not", () => {
  const text = "import a from './a.ts';\nexport * from 'b';\nimport('./c.ts');\n" +
    "import d from './d.json' with { type: 'json' };\na; d;";
  const { links, usesMeta } = stripTypes(parse(FILE, text, "ts"), true);
  assertEquals(
    links.map(({ specifier, kind, line }) => `${line} ${kind} ${specifier}`).sort(),
    ["1 static ./a.ts", "2 static b", "3 dynamic ./c.ts", "4 data ./d.json"],
  );
  assertEquals(usesMeta, false);
  assertEquals(stripTypes(parse(FILE, "import.meta.url", "ts"), true).usesMeta, true);
});

Deno.test("JavaScript loses no import", () => {
  const { edits } = stripTypes(parse("file:///a.js", "import { a } from 'a';", "js"), false);
  assertEquals(edits, []);
});

const referee = (nodeModule as { stripTypeScriptTypes?: (text: string) => string })
  .stripTypeScriptTypes;

Deno.test({
  name: "the files of this project come out as by Node's own stripping",
  ignore: referee === undefined,
  async fn() {
    for (const folder of ["sim", "runtime/modules", "runtime/factories"]) {
      const url = new URL(`../../../${folder}/`, import.meta.url);
      for await (const { name, isFile } of Deno.readDir(url)) {
        if (!isFile || !name.endsWith(".ts")) continue;
        const file = new URL(name, url).href;
        const text = await Deno.readTextFile(new URL(file));
        const [ours, theirs] = [attempt(() => strip(text, file)), attempt(() => referee!(text))];
        assertEquals(ours === undefined, theirs === undefined, fileURLToPath(file));
        if (ours === undefined) continue;
        const [a, b] = [ours, theirs!].map((js) => shape(parse(file, js, "js").body));
        assertEquals(a, b, fileURLToPath(file));
      }
    }
  },
});

/** What a call returns; undefined if it refuses the syntax. */
function attempt(call: () => string): string | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}

/**
 * A tree without places, empty statements and imports (ours leave out what only types use), and with
 * the arguments of `import()` as they were written.
 */
function shape(node: unknown): string {
  return JSON.stringify(node, (key, value) => {
    if (["start", "end", "loc"].includes(key)) return undefined;
    if (typeof value === "bigint" || value instanceof RegExp) return String(value);
    if (Array.isArray(value)) return value.filter((item) => !isLeftOut(item));
    if (value?.type === "ImportExpression") return { ...value, source: written(value.source) };
    return value;
  });
}

function isLeftOut(node: SyntaxNode | null): boolean {
  return node?.type === "EmptyStatement" || node?.type === "ImportDeclaration";
}

function written(source: { callee?: { object?: SyntaxNode }; arguments?: unknown[] }): unknown {
  return source.callee?.object?.type === "MetaProperty" ? source.arguments![0] : source;
}
