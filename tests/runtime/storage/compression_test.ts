import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { compress, decompress } from "../../../runtime/storage/compression.ts";
import {
  StoredValueCorruptError,
  UnsupportedCompressionError,
} from "../../../runtime/storage/error.ts";

const methods = ["gzip", "zlib", "zstd", "brotli", "lz4"];
const repetitive = new TextEncoder().encode("the quick brown fox ".repeat(20_000));

for (const method of methods) {
  Deno.test(`${method}: bytes come back as they were, repeated ones are shorter meanwhile`, async () => {
    const small = await compress(repetitive, method);
    assert(small.length < repetitive.length / 20);
    assertEquals(await decompress(small, method, { maxBytes: repetitive.length }), repetitive);
    const pieces = fc.array(fc.oneof(fc.uint8Array(), fc.constant(new Uint8Array(300))));
    await fc.assert(
      fc.asyncProperty(pieces, async (pieces) => {
        const bytes = new Uint8Array(pieces.flatMap((piece) => [...piece]));
        const packed = await compress(bytes, method);
        assertEquals(await decompress(packed, method, { maxBytes: bytes.length }), bytes);
      }),
      { numRuns: 50 },
    );
  });

  Deno.test(`${method}: more than expected never comes out, however much is packed`, async () => {
    const packed = await compress(new Uint8Array(50_000_000), method);
    await assertRejects(
      () => decompress(packed, method, { maxBytes: 1000 }),
      StoredValueCorruptError,
      "more than 1000 bytes",
    );
  });

  Deno.test(`${method}: damaged bytes are reported as damaged`, async () => {
    const packed = await compress(repetitive, method);
    const damagedOnes: Uint8Array[] = [packed.with(0, packed[0]! ^ 255)];
    // The runtime itself takes a cut zstd or brotli stream for a shorter one.
    if (!["zstd", "brotli"].includes(method)) {
      damagedOnes.push(packed.subarray(0, packed.length / 2), new Uint8Array([1, 2, 3, 4]));
    }
    for (const damaged of damagedOnes) {
      await assertRejects(
        () => decompress(damaged, method, { maxBytes: 1e6 }),
        StoredValueCorruptError,
      );
    }
  });
}

Deno.test("a zstd frame names its size, which other readers need", async () => {
  const packed = await compress(new Uint8Array(70_000), "zstd");
  // Two flag bits of the descriptor say how the size is written; 0 without the single segment: none.
  assert((packed[4]! >> 6) !== 0 || (packed[4]! & 32) !== 0);
});

Deno.test("an LZ4 frame of another program is read", async () => {
  // Written by python-lz4: blocks of 64 KiB that may refer to each other, with a content checksum.
  const frame = Uint8Array.fromHex(
    "04224d186c40580200000000000040120000006f68656c6c6f200600ffff3c50656c6c6f2000000000e198eb90",
  );
  assertEquals(
    new TextDecoder().decode(await decompress(frame, "lz4", { maxBytes: 1000 })),
    "hello ".repeat(100),
  );
});

Deno.test("a compression without code here says which there are", async () => {
  await assertRejects(
    () => compress(repetitive, "lzma"),
    UnsupportedCompressionError,
    "there are gzip",
  );
});
