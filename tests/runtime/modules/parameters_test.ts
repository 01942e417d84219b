import { assertEquals } from "@std/assert";
import { functionIn, readF, readZoo, say, sayArguments, zooUrl } from "./reading.ts";

const zoo = await readZoo("parameters.ts");
const refused = await readZoo("refused.ts");

Deno.test("each regular parameter is an input port, in order", () => {
  const ports = (name: string) => functionIn(zoo, name).inputs.map(say);
  assertEquals(ports("add"), ["a: number", "b: number"]);
  assertEquals(ports("scale"), ["value: number", "factor?"]);
  assertEquals(ports("greet"), ["name: string", "title?: string"]);
  assertEquals(ports("list"), ["values: number[]"]);
  assertEquals(ports("nothing"), []);
  assertEquals(ports("commented"), ["a: number", "b: string", "c?"]);
  assertEquals(ports("defaults"), ["a?", "b?", "c?", "d?"]);
});

Deno.test("the keys of a lone object pattern are the ports, under the names of the keys", () => {
  const renamed = functionIn(zoo, "renamed");
  assertEquals(renamed.inputs.map(say), [
    "a: string",
    "b: { c: number }",
    "features.color?: string",
    "d?: number",
    "5: boolean",
  ]);
  assertEquals(sayArguments(renamed), "{a, b, features.color, d, 5}");
  assertEquals(sayArguments(functionIn(zoo, "area")), "{w, h}");
});

Deno.test("a pattern takes its types from an interface, with what that says of its members", () => {
  const named = functionIn(zoo, "named");
  assertEquals(named.inputs.map(say), ["width: number", "height?: number"]);
  assertEquals(named.inputs[0]!.description, "In metres.");
});

Deno.test("a default for the whole pattern makes every port optional", () => {
  const bounded = functionIn(zoo, "bounded");
  assertEquals(bounded.inputs.map(say), ["width?: number", "height?: number"]);
  assertEquals(sayArguments(bounded), "{width, ctx!, height}");
});

Deno.test("ctx, print and log are handed over where they stand, and are no ports", () => {
  assertEquals(sayArguments(functionIn(zoo, "specials")), "print!, a, ctx!, b, log!");
  assertEquals(functionIn(zoo, "specials").inputs.map(say), ["a: number", "b: string"]);
  assertEquals(sayArguments(functionIn(zoo, "besidePattern")), "ctx!, {a, print!, b}");
  assertEquals(sayArguments(functionIn(zoo, "source")), "ctx!");
});

Deno.test("a `this` parameter is ignored", () => {
  assertEquals(sayArguments(functionIn(zoo, "withThis")), "a");
});

Deno.test("Batch is recognised directly, in a namespace, and under another name", () => {
  const { inputs } = functionIn(zoo, "batches");
  assertEquals(inputs.map(({ batch }) => batch), [
    {},
    { count: 5 },
    { count: 5, waitFor: 5 },
    { until: "done" },
  ]);
  assertEquals(inputs.map(say), [
    "all: number",
    "five: string",
    "waiting: boolean",
    "gathered: Size",
  ]);
});

Deno.test("Batch may be the default export of where it comes from", async () => {
  const f = await readF(
    'import Batch from "./b.ts";\nexport function f(a: Batch<string>, b: other.Batch, c: Batches) {}',
  );
  assertEquals(f.inputs.map(({ batch }) => batch), [{}, {}, undefined]);
});

Deno.test("a batch can be a member of the pattern's type", () => {
  const { inputs } = functionIn(zoo, "batchMember");
  assertEquals(inputs.map(({ batch }) => batch), [{ count: 3 }, undefined]);
});

Deno.test("type parameters put no constraint on a port", () => {
  assertEquals(functionIn(zoo, "generic").inputs.map(say), ["value", "key", "values: T[]"]);
});

Deno.test("the type of the constant types an arrow function", () => {
  const typed = functionIn(zoo, "typedByConstant");
  assertEquals(typed.inputs.map(say), ["a: number", "b: string"]);
  assertEquals(typed.annotated, true);
});

Deno.test("of an overload set the implementation counts", () => {
  const { inputs, location } = functionIn(zoo, "overloaded");
  assertEquals(inputs.map(say), ["value"]);
  assertEquals(location?.line, 91);
});

Deno.test("what makes no port is a problem with its code and place", () => {
  const problems = (name: string) =>
    functionIn(refused, name).problems.map(({ code, location }) =>
      `${code} ${location?.line}:${location?.column}`
    );
  assertEquals(problems("rest"), ["rest_parameter 7:33"]);
  assertEquals(problems("restInPattern"), ["rest_parameter 9:36"]);
  assertEquals(problems("arrayPattern"), ["pattern_parameter 11:30"]);
  assertEquals(problems("mixed"), ["pattern_parameter 13:23"]);
  assertEquals(problems("twoPatterns"), ["pattern_parameter 15:29", "pattern_parameter 15:51"]);
  assertEquals(problems("computed"), ["computed_key 17:28"]);
  assertEquals(problems("repeated"), ["duplicate_port 19:31"]);
  assertEquals(problems("badBatch"), ["bad_batch 21:32", "bad_batch 21:55"]);
});

Deno.test("every function of the zoo of parameters is free of problems", () => {
  for (const name of zoo.keys()) assertEquals(functionIn(zoo, name).problems, [], name);
});

Deno.test("a port says where it is written", async () => {
  const f = await readF("export const f = (\n  a: number,\n  b: string,\n) => {};");
  assertEquals(f.inputs[1]!.location, { url: "file:///f.ts", line: 3, column: 3 });
  assertEquals(functionIn(zoo, "add").location, {
    url: zooUrl("parameters.ts"),
    line: 6,
    column: 17,
  });
});
