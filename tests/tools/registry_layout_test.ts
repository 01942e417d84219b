import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { contentHash, registryFiles } from "../../tools/registry_layout.ts";

Deno.test("a package has a list of versions, a manifest and its module", async () => {
  const source = "export const ü = 1;";
  const files = await registryFiles([{ name: "@std/x", source }]);
  assertEquals([...files.keys()], [
    "@std/x/meta.json",
    "@std/x/1.0.0_meta.json",
    "@std/x/1.0.0/mod.ts",
  ]);
  assertEquals(JSON.parse(files.get("@std/x/meta.json")!), { versions: { "1.0.0": {} } });
  const { manifest, exports } = JSON.parse(files.get("@std/x/1.0.0_meta.json")!);
  assertEquals(exports, { ".": "./mod.ts" });
  assertEquals(manifest["/mod.ts"].size, 20);
  assertMatch(manifest["/mod.ts"].checksum, /^sha256-[0-9a-f]{64}$/);
  assertEquals(files.get("@std/x/1.0.0/mod.ts"), source);
});

Deno.test("the hash depends on names and texts, not on the order", async () => {
  const a = { name: "@std/a", source: "1" };
  const b = { name: "@std/b", source: "2" };
  const hash = async (...standIns: typeof a[]) => await contentHash(await registryFiles(standIns));
  assertEquals(await hash(a, b), await hash(b, a));
  assertNotEquals(await hash(a, b), await hash(a, { ...b, source: "3" }));
  assertNotEquals(await hash(a), await hash({ ...a, name: "@std/c" }));
});
