import { assertEquals, assertRejects } from "@std/assert";
import { compress } from "../../../runtime/storage/compression.ts";
import { StoredValueCorruptError } from "../../../runtime/storage/error.ts";
import { hashBytes } from "../../../runtime/storage/hashing.ts";
import { openBackend } from "../../../runtime/storage/open_backend.ts";
import { retrieveFromBundle, retrieveValue } from "../../../runtime/storage/retrieval.ts";
import { packTar } from "../../../runtime/storage/tar.ts";

const gigabytes = 10;
const member = new Uint8Array(10 * 1024 * 1024);

/** Bytes that begin as `first` and go on with 10 GB of zeros, as gzip: a file may have many members. */
async function bomb(first: Uint8Array = new Uint8Array()): Promise<Uint8Array> {
  const zeros = await compress(member, "gzip", 9);
  const count = Math.ceil(gigabytes * 1024 ** 3 / member.length);
  const head = await compress(first, "gzip");
  const bytes = new Uint8Array(head.length + count * zeros.length);
  bytes.set(head);
  for (let i = 0; i < count; i++) bytes.set(zeros, head.length + i * zeros.length);
  return bytes;
}

Deno.test("18: 10 GB of zeros in a small file are given up at the size that was recorded", async () => {
  const base_path = await Deno.makeTempDir();
  await using backend = openBackend({ type: "local", base_path });
  const bytes = await bomb();
  assertEquals(bytes.length < 11 * 1024 ** 2, true);
  await backend.write("value.bin.gz", bytes);
  const place = { backend, serialization: "binary", sha256: hashBytes(bytes, "sha256") };
  await assertRejects(
    () =>
      retrieveValue({ ...place, key: "value.bin.gz", compression: "gzip", maxBytes: 10_000_000 }),
    StoredValueCorruptError,
    "more than 10000000 bytes",
  );
  // The archive is right as far as its first file goes.
  const archive = packTar(new Map([["s/p.bin", new Uint8Array([7])]]));
  const bundle = await bomb(archive.subarray(0, 1024));
  await backend.write("outputs.tar.gz", bundle);
  await assertRejects(
    () =>
      retrieveFromBundle({
        backend,
        bundleKey: "outputs.tar.gz",
        entryName: "s/p.bin",
        bundleFormat: "tar.gz",
        size: 1,
        serialization: "binary",
      }),
    StoredValueCorruptError,
  );
  await Deno.remove(base_path, { recursive: true });
});
