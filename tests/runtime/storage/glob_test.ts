import { assertEquals } from "@std/assert";
import { matchesGlob } from "../../../runtime/storage/glob.ts";

const matches = (pattern: string, ...names: string[]) =>
  names.filter((name) => matchesGlob(name, pattern));

Deno.test("a pattern matches whole names, case by case", () => {
  assertEquals(matches("load", "load", "Load", "loader", "a.load"), ["load"]);
  assertEquals(matches("load*", "load", "load.a/b.c", "a.load"), ["load", "load.a/b.c"]);
  assertEquals(matches("*.load", "a.load", "a.b.load", "load"), ["a.load", "a.b.load"]);
  assertEquals(matches("?.a", "b.a", "bb.a", ".a"), ["b.a"]);
  assertEquals(matches("[ab]x", "ax", "bx", "cx", "[ab]x"), ["ax", "bx"]);
  assertEquals(matches("[!a-c]x", "ax", "dx"), ["dx"]);
  assertEquals(matches("a+(b)", "a+(b)", "aab"), ["a+(b)"]);
  assertEquals(matches("[]x", "[]x", "x"), ["[]x"]);
});

Deno.test("many stars cost no more than one", () => {
  assertEquals(matchesGlob("a".repeat(5000), `${"*".repeat(50)}b`), false);
});
