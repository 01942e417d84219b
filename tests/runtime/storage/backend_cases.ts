/**
 * What holds for every backend.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { InvalidStorageKeyError, StorageKeyNotFoundError } from "../../../runtime/storage/error.ts";
import type { StorageBackend } from "../../../runtime/storage/backend.ts";

const text = (value: string) => new TextEncoder().encode(value);

/** Declares the tests of a backend; `open` makes one with a place of its own. */
export function testBackend(
  name: string,
  open: () => Promise<StorageBackend>,
  skipped?: string,
): void {
  const test = (claim: string, run: (backend: StorageBackend) => Promise<void>) =>
    Deno.test({
      name: `19: ${name}: ${claim}${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
      ignore: skipped !== undefined,
      // Vendor clients keep connections and timers of their own.
      sanitizeOps: false,
      sanitizeResources: false,
      async fn() {
        await using backend = await open();
        await run(backend);
      },
    });

  test("what was written is read, replaced, measured and deleted", async (backend) => {
    const key = "A/out_0.json.gz";
    assertEquals(await backend.exists(key), false);
    await backend.write(key, text("one"));
    assertEquals(await backend.read(key), text("one"));
    await backend.write(key, text("twice"));
    assertEquals(await backend.read(key), text("twice"));
    assertEquals(await backend.stat(key), { size: 5 });
    await backend.delete(key);
    assertEquals(await backend.stat(key), null);
  });

  test("an absent key is told apart from trouble, in every operation", async (backend) => {
    await backend.write("folder/inside", text("x"));
    for (const key of ["absent", "folder", "folder/absent"]) {
      await assertRejects(() => backend.read(key), StorageKeyNotFoundError, key);
      await assertRejects(() => backend.open(key), StorageKeyNotFoundError, key);
      await assertRejects(() => backend.delete(key), StorageKeyNotFoundError, key);
      assertEquals(await backend.exists(key), false);
    }
    assertEquals(await backend.read("folder/inside"), text("x"));
  });

  test("empty values, odd names and streams are kept as they are", async (backend) => {
    await backend.write("empty", new Uint8Array());
    assertEquals((await backend.read("empty")).length, 0);
    const key = "%2E%2E%2Fx/Grüße & 'mehr' 100%+#?.bin";
    await backend.write(key, new Blob([text("streamed "), text("bytes")]).stream());
    assertEquals(new TextDecoder().decode(await backend.read(key)), "streamed bytes");
  });

  test("12 MiB come back byte for byte, also as a stream", async (backend) => {
    const bytes = new Uint8Array(12 * 1024 * 1024).map((_, i) => (i * 31) >> (i % 7));
    await backend.write("large", new Blob([bytes]).stream());
    let at = 0;
    for await (const chunk of await backend.open("large")) {
      assertEquals(chunk.length, bytes.subarray(at, at + chunk.length).length);
      assert(chunk.every((byte, i) => byte === bytes[at + i]));
      at += chunk.length;
    }
    assertEquals(at, bytes.length);
  });

  test("keys that lead elsewhere are refused before anything is done", async (backend) => {
    for (const key of ["", "../x", "a//b", "/a", "a/./b", "a\\b", "a\nb", "x".repeat(1025)]) {
      await assertRejects(() => backend.write(key, text("x")), InvalidStorageKeyError);
      await assertRejects(() => backend.exists(key), InvalidStorageKeyError);
    }
  });

  test("an aborted operation rejects with the reason and writes nothing", async (backend) => {
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await assertRejects(() => backend.write("aborted", text("x"), { signal }), Error, "enough");
    assertEquals(await backend.exists("aborted"), false);
  });
}
