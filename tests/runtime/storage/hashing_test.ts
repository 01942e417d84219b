import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { hashBytes } from "../../../runtime/storage/hashing.ts";
import { xxh32 } from "../../../runtime/storage/xxh32.ts";
import { xxh64 } from "../../../runtime/storage/xxh64.ts";

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

Deno.test("XXH64 in halves of a word is XXH64, whatever the bytes and wherever they begin", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200, size: "max" }),
    fc.array(fc.constantFrom(0, 0x7f, 0x80, 0xff), { maxLength: 200, size: "max" }).map((all) =>
      new Uint8Array(all)
    ),
  );
  fc.assert(
    fc.property(bytes, fc.nat(7), (bytes, offset) => {
      const part = bytes.subarray(offset);
      assertEquals(xxh64(part), reference(part));
    }),
    { numRuns: 500 },
  );
});

const mask = 0xffff_ffff_ffff_ffffn;
const prime1 = 0x9e37_79b1_85eb_ca87n;
const prime2 = 0xc2b2_ae3d_27d4_eb4fn;
const prime3 = 0x1656_67b1_9e37_79f9n;
const prime4 = 0x85eb_ca77_c2b2_ae63n;
const prime5 = 0x27d4_eb2f_1656_67c5n;

/** XXH64 as it is written down, in whole numbers of 64 bits. */
function reference(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  let at = 0;
  let hash: bigint;
  if (length >= 32) {
    const lanes = [(prime1 + prime2) & mask, prime2, 0n, -prime1 & mask] as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    for (; at + 32 <= length; at += 32) {
      lanes[0] = round(lanes[0], view.getBigUint64(at, true));
      lanes[1] = round(lanes[1], view.getBigUint64(at + 8, true));
      lanes[2] = round(lanes[2], view.getBigUint64(at + 16, true));
      lanes[3] = round(lanes[3], view.getBigUint64(at + 24, true));
    }
    hash = (rotate(lanes[0], 1n) + rotate(lanes[1], 7n) + rotate(lanes[2], 12n) +
      rotate(lanes[3], 18n)) & mask;
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * prime1 + prime4) & mask;
  } else hash = prime5;
  hash = (hash + BigInt(length)) & mask;
  for (; at + 8 <= length; at += 8) {
    hash = (rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * prime1 + prime4) & mask;
  }
  if (at + 4 <= length) {
    const part = (BigInt(view.getUint32(at, true)) * prime1) & mask;
    hash = (rotate(hash ^ part, 23n) * prime2 + prime3) & mask;
    at += 4;
  }
  for (; at < length; at++) {
    hash = (rotate(hash ^ ((BigInt(bytes[at]!) * prime5) & mask), 11n) * prime1) & mask;
  }
  hash = ((hash ^ (hash >> 33n)) * prime2) & mask;
  hash = ((hash ^ (hash >> 29n)) * prime3) & mask;
  return hash ^ (hash >> 32n);
}

function round(lane: bigint, input: bigint): bigint {
  return (rotate((lane + input * prime2) & mask, 31n) * prime1) & mask;
}

function rotate(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & mask;
}
