import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import fc from "fast-check";
import { readSignatures, SignatureReader } from "../../../runtime/modules/read_signatures.ts";
import { functionIn, readZoo, say, zooUrl } from "./reading.ts";

/** A reader of modules that exist only in the test; `read` counts their parses. */
function readerOf(files: Record<string, string>): SignatureReader {
  return new SignatureReader({
    readText: (url) => {
      const text = files[url.slice("file:///".length)];
      return text === undefined ? Promise.reject(new Error("no such file")) : Promise.resolve(text);
    },
  });
}

Deno.test("exports are found under the names they are exported by, over files and cycles", async () => {
  const hub = await readZoo("exports_hub.ts");
  const found = Object.fromEntries(
    [...hub].map(([name, signature]) => [
      name,
      signature.kind === "function" ? signature.inputs.map(say).join() : signature.kind,
    ]),
  );
  assertEquals(found, {
    cube: "n: number",
    quadrat: "n: number",
    everything: "unreadable",
    imported: "n: number",
    renamed: "a: number,b: number",
    "with space": "a: number,b: number",
    anonymous: "a: number,b?: number",
    default: "a: number,b: number",
    alias: "a: number,b: number",
    viaImport: "n: number",
    x: "fallback",
    z: "fallback",
    later: "fallback",
    fromCycle: "a: string",
    square: "n: number",
    leafOnly: "leaf: Point",
  });
});

Deno.test("a followed export says the file it is written in", async () => {
  const hub = await readZoo("exports_hub.ts");
  assertEquals(functionIn(hub, "viaImport").location?.url, zooUrl("exports_leaf.ts"));
  assertEquals(functionIn(hub, "anonymous").description, "Has no name.");
});

Deno.test("a function keeps its own name under another export", async () => {
  const hub = await readZoo("exports_hub.ts");
  assertEquals(functionIn(hub, "renamed").name, "local");
  assertEquals(functionIn(hub, "anonymous").name, undefined);
});

Deno.test("`export *` leaves out the default export", async () => {
  const reader = readerOf({
    "a.ts": 'export * from "./b.ts";',
    "b.ts": "export default function b() {}\nexport function c() {}",
  });
  assertEquals(await reader.readExport("file:///a.ts", "default"), undefined);
  assertEquals([...await reader.exportNames("file:///a.ts")], ["c"]);
});

Deno.test("a module that throws when it runs can be read", async () => {
  assertEquals(functionIn(await readZoo("throws_at_load.ts"), "quiet").inputs.map(say), [
    "a: number",
  ]);
});

Deno.test("classes and values are refused by what they are", async () => {
  const refused = await readZoo("refused.ts");
  const codes = ["Shape", "limit", "table"].map((name) => {
    const signature = refused.get(name);
    assert(signature?.kind === "unreadable");
    return `${signature.problem.code} ${signature.problem.location?.line}`;
  });
  assertEquals(codes, ["unreadable 23", "not_a_function 25", "not_a_function 27"]);
  assertEquals((await readZoo("exports_default_class.ts")).get("default")?.kind, "unreadable");
});

Deno.test("what only running would show falls back, with the place", async () => {
  const texts = await readZoo("texts.ts");
  for (const name of ["computed", "bound"]) {
    const signature = texts.get(name);
    assert(signature?.kind === "fallback");
    assert(signature.location);
    assertMatch(signature.reason, new RegExp(`\`${name}\` is the result of an expression`));
  }
});

Deno.test("an export of a package falls back, and names the package", async () => {
  const reader = readerOf({
    "a.ts": 'export { b } from "npm:b";\nexport * from "npm:c";\nexport * from "./d.ts";',
    "d.ts": "export function d() {}",
  });
  const b = await reader.readExport("file:///a.ts", "b");
  assertEquals(b, {
    kind: "fallback",
    reason: "`b` comes from the package npm:b",
    location: { url: "file:///a.ts", line: 1, column: 1 },
  });
  assertEquals((await reader.readExport("file:///a.ts", "d"))?.kind, "function");
  assertEquals((await reader.readExport("file:///a.ts", "perhaps_in_c"))?.kind, "fallback");
});

Deno.test("bare specifiers go through the given resolver", async () => {
  const reader = new SignatureReader({
    readText: (url) =>
      Promise.resolve(url.endsWith("b.ts") ? "export function f(x: 1) {}" : 'export * from "b";'),
    resolveBare: (specifier) => specifier === "b" ? "file:///b.ts" : undefined,
  });
  assertEquals((await reader.readExport("file:///a.ts", "f"))?.kind, "function");
});

Deno.test("a file that cannot be parsed falls back, naming line and column", async () => {
  const reader = readerOf({ "a.ts": "export function f() {}\nexport const x = a |> b;" });
  const signature = await reader.readExport("file:///a.ts", "f");
  assert(signature?.kind === "fallback");
  assertMatch(signature.reason, /^cannot parse the module: Unexpected token$/);
  assertEquals(signature.location, { url: "file:///a.ts", line: 2, column: 21 });
  await assertRejects(
    () => readSignatures("file:///a.ts", "export const x = a |> b;"),
    SyntaxError,
    "file:///a.ts:1:21: cannot parse",
  );
});

Deno.test("a re-exported file that cannot be read falls back", async () => {
  const signature = await readerOf({ "a.ts": 'export { f } from "./b.ts";' })
    .readExport("file:///a.ts", "f");
  assert(signature?.kind === "fallback");
  assertMatch(signature.reason, /cannot read file:\/\/\/b.ts: no such file/);
});

Deno.test("an export that is not there is undefined, also by way of a cycle", async () => {
  const reader = readerOf({
    "a.ts":
      'export * from "./b.ts"; export { gone } from "./b.ts"; export { me as me } from "./a.ts";',
    "b.ts": 'export * from "./a.ts";',
  });
  for (const name of ["nothing", "gone", "me"]) {
    assertEquals(await reader.readExport("file:///a.ts", name), undefined, name);
  }
});

Deno.test("constants that name each other in a circle fall back", async () => {
  const reader = readerOf({ "a.ts": "export const a = b; const b = c; const c = b;" });
  assertEquals((await reader.readExport("file:///a.ts", "a"))?.kind, "fallback");
});

Deno.test("types are no exports", async () => {
  const signatures = await readSignatures(
    "file:///a.ts",
    "type A = 1; export type { A }; export { type A as B, A as C }; export interface D {}" +
      " export type E = 2; export default interface F {}",
  );
  assertEquals([...signatures.keys()], []);
});

Deno.test("a text is read anew when it has changed, and only then", async () => {
  const files = { "a.ts": "export function f(a: 1) {}" };
  const reader = readerOf(files);
  const first = await reader.readExport("file:///a.ts", "f");
  assert(await reader.readExport("file:///a.ts", "f") === first);
  files["a.ts"] = "export function f(a: 1, b: 2) {}";
  const second = await reader.readExport("file:///a.ts", "f");
  assert(second?.kind === "function");
  assertEquals(second.inputs.length, 2);
});

Deno.test("TSX is told apart by its extension", async () => {
  const jsx = await readZoo("jsx.tsx");
  assertEquals(functionIn(jsx, "Title").inputs.map(say), ["text: string", "level?: 1 | 2"]);
  assertEquals(functionIn(jsx, "generic").inputs.map(say), ["value"]);
  const ts = await readSignatures("file:///a.ts", "export const f = (a: number) => <string>g(a);");
  assertEquals(functionIn(ts, "f").inputs.map(say), ["a: number"]);
});

Deno.test("signatures are plain data", async () => {
  for (const file of ["parameters.ts", "texts.ts", "exports_hub.ts", "documented.js"]) {
    for (const signature of (await readZoo(file)).values()) {
      assertEquals(JSON.parse(JSON.stringify(signature)), signature);
    }
  }
});

Deno.test("no text makes the reader throw: it reads, or falls back", async () => {
  const files = [
    "parameters.ts",
    "results.ts",
    "types.ts",
    "texts.ts",
    "exports_hub.ts",
    "jsx.tsx",
  ];
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await Deno.readTextFile(new URL(zooUrl(file))) })),
  );
  const pieces = texts.flatMap(({ text }) => text.match(/[\w$]+|\s+|./gs)!);
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.nat({ max: 20 }),
    insert: fc.array(fc.constantFrom(...pieces), { maxLength: 3 }).map((some) => some.join("")),
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...texts), fc.array(edit), async ({ file, text }, edits) => {
      for (const { at, drop, insert } of edits) {
        const start = Math.floor(at * text.length);
        text = text.slice(0, start) + insert + text.slice(start + drop);
      }
      const reader = readerOf({ [file]: text });
      for (const name of await reader.exportNames(`file:///${file}`)) {
        await reader.readExport(`file:///${file}`, name);
      }
      const signature = await reader.readExport(`file:///${file}`, "missing");
      assert(signature === undefined || signature.kind === "fallback");
    }),
  );
});
