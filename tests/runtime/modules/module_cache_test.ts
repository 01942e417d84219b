import { assertEquals, assertRejects } from "@std/assert";
import { madeModules, ModuleCache } from "../../../runtime/modules/module_cache.ts";

Deno.test("a cache that is only read gives what another has made, and makes nothing", async () => {
  const folder = await Deno.makeTempDir();
  const cache = new ModuleCache(folder);
  await cache.write("a.js", "export {};");
  const reader = new ModuleCache(folder, { isReadOnly: true });
  assertEquals(await reader.read("a.js"), "export {};");
  assertEquals(reader.url("a.js"), cache.url("a.js"));
  assertEquals([await reader.has("a.js"), await reader.has("b.js")], [true, false]);
  await assertRejects(() => reader.write("b.js", ""), TypeError, "permissions are restricted");
  assertEquals(await cache.has("b.js"), false);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a program that Deno runs makes no JavaScript", () => {
  assertEquals(madeModules(), null);
});
