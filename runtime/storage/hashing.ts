/**
 * Hashes of bytes, by the names that configurations use.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { HashMethod } from "../schema/file_storage.ts";
import { xxh64 } from "./xxh64.ts";

export type { HashMethod };

/**
 * Hashes bytes; the result is in lower-case hexadecimal digits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("abc");
 * assertEquals(hashBytes(bytes, "xxh64"), "44bc2cf5ad770999");
 * assertEquals(hashBytes(bytes, "crc32"), "352441c2");
 * ```
 */
export function hashBytes(bytes: Uint8Array, method: HashMethod): string {
  switch (method) {
    case "xxh64":
      return xxh64(bytes).toString(16).padStart(16, "0");
    case "sha256":
      return createHash("sha256").update(bytes).digest("hex");
    case "blake2b":
      return createHash("blake2b512").update(bytes).digest("hex");
    case "crc32":
      return word(crc32(bytes));
    case "adler32":
      return word(adler32(bytes));
  }
}

/** SHA-256 in hexadecimal digits. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Adler-32, the checksum of zlib streams. */
function adler32(bytes: Uint8Array): number {
  let a = 1, b = 0;
  // So many additions fit before the sums must be reduced.
  for (let start = 0; start < bytes.length; start += 3800) {
    const end = Math.min(start + 3800, bytes.length);
    for (let i = start; i < end; i++) b += a += bytes[i]!;
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

function word(value: number): string {
  return value.toString(16).padStart(8, "0");
}
