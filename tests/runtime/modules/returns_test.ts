import { assert, assertEquals, assertMatch } from "@std/assert";
import { SignatureReader } from "../../../runtime/modules/read_signatures.ts";
import { functionIn, outputsOf, readF, readZoo, say } from "./reading.ts";

const zoo = await readZoo("results.ts");

function result(name: string): string {
  const signature = functionIn(zoo, name);
  return [signature.result.kind, ...outputsOf(signature).map(say)].join(" ");
}

Deno.test("an inline object type gives a port a member, also if there is one", () => {
  assertEquals(result("inline"), "object left: number right?: string");
  assertEquals(result("oneMember"), "object only: number");
  assertEquals(result("promised"), "object even?: number group.odd?: number");
});

Deno.test("the comment of a member describes its port", () => {
  const [even] = outputsOf(functionIn(zoo, "promised"));
  assertEquals(even?.description, "Even numbers.");
});

Deno.test("a tuple gives a port a label, if all have one", () => {
  assertEquals(result("labelled"), "tuple left: number right?: string");
  assertEquals(result("unlabelled"), "single out: [number, string]");
});

Deno.test("a named type is one value, unless Outputs spreads it", () => {
  assertEquals(result("named"), "single out: Halves");
  assertEquals(result("spread"), "object left: number right?: number");
  assertEquals(result("spreadInline"), "object a: number b: string");
});

Deno.test("Out keeps an inline object type whole", () => {
  assertEquals(result("whole"), "single out: { a: number }");
  assertEquals(result("record"), "single out: Record<string, number>");
});

Deno.test("void, undefined, never and assertions give no port, also by another name", () => {
  for (const name of ["nothing", "promisedNothing", "never", "aliasOfNothing", "asserted"]) {
    assertEquals(result(name), "none", name);
  }
});

Deno.test("a name that stands for a promise counts as the promise", () => {
  assertEquals(result("aliasOfPromise"), "object a: number");
});

Deno.test("a type guard is a boolean", () => {
  assertEquals(result("guessed"), "single out: boolean");
});

Deno.test("without annotation the body decides, by what it returns itself", () => {
  assertEquals(result("expression"), "single out");
  assertEquals(result("block"), "single out");
  assertEquals(result("silent"), "none");
  assertEquals(result("early"), "none");
  assertEquals(functionIn(zoo, "expression").annotated, false);
});

Deno.test("what a generator or stream yields is what counts", () => {
  const yields = (name: string) => [result(name), functionIn(zoo, name).yields];
  assertEquals(yields("numbers"), ["single out: number", true]);
  assertEquals(yields("pairs"), ["object a: number b: number", true]);
  assertEquals(yields("iterated"), ["single out: string", true]);
  assertEquals(yields("unannotated"), ["single out", true]);
  assertEquals(yields("expressions"), ["object word?: string n?: number", true]);
  assertEquals(yields("stream"), ["single out: number", true]);
  assertEquals(yields("promisedStream"), ["single out: number", true]);
});

Deno.test("an iterable that a plain function returns is one value", () => {
  assertEquals(result("iterable"), "single out: Iterable<number> (unchecked)");
  assertEquals(functionIn(zoo, "iterable").yields, false);
});

Deno.test("PreCreatedPacket marks the port, whose type is that of the value", () => {
  const marked = (name: string) =>
    outputsOf(functionIn(zoo, name)).map((port) => `${say(port)} ${port.preCreated}`);
  assertEquals(marked("packet"), ["out: number true"]);
  assertEquals(marked("packets"), ["a: string true", "b true"]);
});

Deno.test("Outputs of a type that cannot be found is a problem", async () => {
  for (const from of ["./gone.ts", "npm:x"]) {
    const f = await readF(
      `import type { X } from "${from}";\nexport declare function f(): Outputs<X>;`,
    );
    assertEquals(f.problems.map(({ code }) => code), ["unreadable"]);
    assertMatch(f.problems[0]!.message, /declare it in this file/);
  }
});

Deno.test("Outputs of an imported type has the members that its own file states", async () => {
  const files: Record<string, string> = {
    "file:///main.ts": 'import type { Split as Halves } from "./hub.ts";\n' +
      "type Left = boolean;\nexport declare function f(): Promise<Outputs<Halves<string>>>;",
    "file:///hub.ts": 'export * from "./hub.ts"; export type { S as Split } from "./types.ts";',
    "file:///types.ts": "type Left = number;\nimport type { Far } from './far.ts';\n" +
      "interface S<T> { /** One. */ left: Left; right?: T[]; far: Far }\nexport type { S };",
  };
  const reader = new SignatureReader({
    readText: (url) =>
      url in files ? Promise.resolve(files[url]!) : Promise.reject(new Error("no such file")),
  });
  const read = async () => {
    const f = await reader.readExport("file:///main.ts", "f");
    assert(f?.kind === "function");
    return f;
  };
  const f = await read();
  assertEquals(outputsOf(f).map(say), ["left: Left", "right?: string[]", "far: Far (unchecked)"]);
  assertEquals(outputsOf(f)[0]!.type?.type?.shape, { kind: "primitive", name: "number" });
  assertEquals(outputsOf(f)[0]!.description, "One.");
  assertEquals(outputsOf(f)[0]!.location?.url, "file:///types.ts");
  assert(await read() === f);
  files["file:///types.ts"] = "export interface S<T> { only: T }";
  assertEquals(outputsOf(await read()).map(say), ["only: string"]);
  files["file:///types.ts"] = "export interface S<T> { |";
  assertEquals((await read()).problems.length, 1);
  delete files["file:///types.ts"];
  assertEquals((await read()).problems.length, 1);
  files["file:///types.ts"] = "export type S<T> = { again: T };";
  assertEquals(outputsOf(await read()).map(say), ["again: string"]);
});

Deno.test("two outputs of one name are a problem", async () => {
  const f = await readF("export declare function f(): [a: number, a: string];");
  assertEquals(f.problems.map(({ code }) => code), ["duplicate_port"]);
});
