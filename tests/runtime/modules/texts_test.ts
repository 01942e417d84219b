import { assert, assertEquals } from "@std/assert";
import { functionIn, outputsOf, readF, readZoo, say } from "./reading.ts";

const zoo = await readZoo("texts.ts");
const documented = await readZoo("documented.js");

Deno.test("the description is the comment before its first tag, dedented", () => {
  assertEquals(
    functionIn(zoo, "split").description,
    "Splits a text.\n\n  Indented lines stay so.\n\n```ts\n// @param is no tag in here\n```",
  );
});

Deno.test("@param and @returns describe ports", () => {
  const split = functionIn(zoo, "split");
  assertEquals(split.inputs[0]!.description, "What to split.");
  assertEquals(split.returnsDescription, "The parts,\nover two lines.");
  assertEquals(outputsOf(split)[0]!.description, "The parts,\nover two lines.");
  const area = functionIn(zoo, "area");
  assertEquals(area.inputs.map(({ description }) => description), ["Its width.", "Its height."]);
});

Deno.test("a doc comment inside the parameters describes the port behind it", async () => {
  const f = await readF("export function f(/** One. */ a: 1, b /** Not before. */ = 2) {}");
  assertEquals(f.inputs.map(({ description }) => description), ["One.", undefined]);
});

Deno.test("a comment belongs to the declaration right behind it", () => {
  assertEquals(functionIn(zoo, "first").description, "The first of two.");
  assertEquals(functionIn(zoo, "second").description, "The second.");
  assertEquals(functionIn(zoo, "close").description, "Right before.");
  assertEquals(functionIn(zoo, "computedConfig").description, undefined);
});

Deno.test("nodeConfig is read where it is written out", () => {
  assertEquals(functionIn(zoo, "split").nodeConfig?.value, {
    description: "fixed",
    in_ports: { text: { slots_spec: { type: "finite", capacity: 3 } } },
    extra: { offset: -1, list: [1, null, true] },
  });
  assertEquals(functionIn(zoo, "split").nodeConfig?.computed, []);
  assertEquals(functionIn(zoo, "area").nodeConfig?.value, 'description = "by TOML"');
});

Deno.test("what is no literal in nodeConfig is listed by its path", () => {
  const config = functionIn(zoo, "computedConfig").nodeConfig;
  assertEquals(config?.computed, [["description"], ["extra", "*"]]);
  assertEquals(config?.value, { description: null, extra: { a: 1 } });
});

Deno.test("a key __proto__ in a literal is a key like any other", async () => {
  const f = await readF('export const f = () => {};\nf.nodeConfig = { "__proto__": { a: 1 } };');
  assertEquals(Object.keys(f.nodeConfig?.value as object), ["__proto__"]);
});

Deno.test("node() is recognised by what is imported, under any name", () => {
  const declared = zoo.get("declared");
  assert(declared?.kind === "declared");
  assertEquals(declared.spec.value, {
    in: { rows: {} },
    out: { even: null },
    name: "declared",
    stream: true,
  });
  assertEquals(declared.spec.computed, [["out", "even"], ["*"]]);
  assertEquals(declared.description, "Declared.");
  const qualified = zoo.get("qualified");
  assert(qualified?.kind === "declared");
  assertEquals(qualified.spec.computed, []);
});

Deno.test("a function of one's own called node declares nothing", async () => {
  const { readSignatures } = await import("../../../runtime/modules/read_signatures.ts");
  const signatures = await readSignatures(
    "file:///a.ts",
    "function node(a: unknown) { return a; }\nexport const f = node({});",
  );
  assertEquals(signatures.get("f")?.kind, "fallback");
});

Deno.test("JavaScript takes its types from doc comments", () => {
  const add = functionIn(documented, "add");
  assertEquals(add.inputs.map(say), ["a: number", "b?: number"]);
  assertEquals(outputsOf(add).map(say), ["sum: number"]);
  assertEquals(functionIn(documented, "many").inputs.map(say), [
    "names: string[]",
    "date: Date | null",
    "point: Point",
    "anything",
    "value",
    "odd",
  ]);
  assertEquals(functionIn(documented, "area").inputs.map(say), ["w: number", "unit?: string"]);
  assertEquals(functionIn(documented, "typed").inputs.map(say), ["a: number", "b: string"]);
});

Deno.test("TypeScript ignores types in doc comments", async () => {
  const f = await readF("/** @param {string} a No type. */\nexport function f(a) {}");
  assertEquals(f.inputs.map(say), ["a"]);
  assertEquals(f.inputs[0]!.description, "No type.");
});

Deno.test("JavaScript is no TypeScript: comparisons are no type arguments", () => {
  assertEquals(outputsOf(functionIn(documented, "comparison")).map(say), ["out"]);
});
