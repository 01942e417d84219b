import { assertEquals, assertRejects } from "@std/assert";
import { packBundle } from "../../../runtime/storage/bundle.ts";
import { compress } from "../../../runtime/storage/compression.ts";
import {
  StorageKeyNotFoundError,
  StoredValueCorruptError,
} from "../../../runtime/storage/error.ts";
import { hashBytes } from "../../../runtime/storage/hashing.ts";
import { openBackend } from "../../../runtime/storage/open_backend.ts";
import { retrieveFromBundle, retrieveValue } from "../../../runtime/storage/retrieval.ts";
import { serialize } from "../../../runtime/storage/serialization.ts";

Deno.test("a value is read, verified, decompressed and decoded", async () => {
  const base_path = await Deno.makeTempDir();
  await using backend = openBackend({ type: "local", base_path });
  const bytes = await compress(await serialize([1, "x"], "json"), "lz4");
  await backend.write("a/b", bytes);
  const place = { backend, key: "a/b", serialization: "json", compression: "lz4" };
  const sha256 = hashBytes(bytes, "sha256");
  assertEquals(await retrieveValue({ ...place, sha256, size: bytes.length }), [1, "x"]);
  for (
    const wrong of [{ size: 1 }, { sha256: "00" }, { maxBytes: 3 }, { serialization: "numpy" }]
  ) {
    await assertRejects(() => retrieveValue({ ...place, ...wrong }), StoredValueCorruptError);
  }
  await assertRejects(() => retrieveValue({ ...place, key: "none" }), StorageKeyNotFoundError);
  await Deno.remove(base_path, { recursive: true });
});

Deno.test("a value is read out of a bundle", async () => {
  const base_path = await Deno.makeTempDir();
  await using backend = openBackend({ type: "local", base_path });
  const entry = await serialize({ a: 1 }, "structured");
  for (const bundleFormat of ["zip", "tar.gz"] as const) {
    const bundleKey = `outputs.${bundleFormat}`;
    await backend.write(bundleKey, await packBundle(new Map([["s/p.v8", entry]]), bundleFormat));
    const place = {
      backend,
      bundleKey,
      entryName: "s/p.v8",
      bundleFormat,
      serialization: "pickle",
    };
    assertEquals(await retrieveFromBundle({ ...place, size: entry.length }), { a: 1 });
    await assertRejects(
      () => retrieveFromBundle({ ...place, size: entry.length, sha256: "00" }),
      StoredValueCorruptError,
    );
  }
  await Deno.remove(base_path, { recursive: true });
});
