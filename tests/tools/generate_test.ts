import { assertEquals, assertThrows } from "@std/assert";
import { generated, replaceBetween } from "../../tools/generate.ts";

Deno.test("every generated file is as it would be generated now", async () => {
  for (const { path, generate } of generated) {
    const current = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
    assertEquals(generate(current) === current, true, `${path}: run deno task gen`);
  }
});

Deno.test("a generated part takes the place of the one between its marks", () => {
  const text = "a\n<!-- t -->\nold\n<!-- end of t -->\nb\n";
  assertEquals(replaceBetween(text, "t", "new\n"), "a\n<!-- t -->\nnew\n<!-- end of t -->\nb\n");
  assertThrows(() => replaceBetween("", "t", ""), Error, "<!-- t -->");
});
