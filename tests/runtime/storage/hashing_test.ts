import { assertEquals } from "@std/assert";
import { hashBytes } from "../../../runtime/storage/hashing.ts";
import { xxh32 } from "../../../runtime/storage/xxh32.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("hashes are those that other programs compute", () => {
  assertEquals(hashBytes(bytes("abc"), "xxh64"), "44bc2cf5ad770999");
  assertEquals(hashBytes(bytes(""), "xxh64"), "ef46db3751d8e999");
  assertEquals(hashBytes(bytes("abc"), "crc32"), "352441c2");
  assertEquals(hashBytes(bytes(""), "crc32"), "00000000");
  assertEquals(hashBytes(bytes("abc"), "adler32"), "024d0127");
  assertEquals(hashBytes(bytes(""), "adler32"), "00000001");
  const blake = hashBytes(bytes("abc"), "blake2b");
  assertEquals([blake.slice(0, 8), blake.slice(-7), blake.length], ["ba80a53f", "4009923", 128]);
  const sha = hashBytes(bytes("abc"), "sha256");
  assertEquals([sha.slice(0, 8), sha.slice(-8)], ["ba7816bf", "f20015ad"]);
});

Deno.test("XXH64 handles whole stripes, long tails and views into larger buffers", () => {
  const text = "Nobody inspects the spammish repetition";
  assertEquals(hashBytes(bytes(text), "xxh64"), "fbcea83c8a378bf1");
  assertEquals(hashBytes(bytes(`xx${text}`).subarray(2), "xxh64"), "fbcea83c8a378bf1");
  assertEquals(xxh32(bytes(text)).toString(16), "e2293b2f");
});

Deno.test("Adler-32 stays right over many bytes", () => {
  // The sums of 65,521 times 255 and of their partial sums, taken modulo 65,521.
  assertEquals(hashBytes(new Uint8Array(65_521).fill(255), "adler32"), "00000001");
});
