/**
 * Archives in the ustar format.
 *
 * @module
 */
import { StoredValueCorruptError } from "./error.ts";
import { InvalidStorageKeyError } from "./error.ts";

const block = 512;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Packs files, by their names, into one archive. */
export function packTar(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const total = [...files.values()].reduce((sum, { length }) => sum + block + padded(length), 0);
  const archive = new Uint8Array(total + 2 * block);
  let at = 0;
  for (const [name, bytes] of files) {
    archive.set(header(name, bytes.length), at);
    archive.set(bytes, at + block);
    at += block + padded(bytes.length);
  }
  return archive;
}

/**
 * The files of an archive by their names; what is no plain file is left out.
 *
 * @throws {StoredValueCorruptError} If it is damaged.
 */
export function unpackTar(archive: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let at = 0; at + block <= archive.length && archive[at] !== 0;) {
    const head = archive.subarray(at, at + block);
    if (octal(head, 148, 8) !== checksum(head)) throw corrupt("the checksum of a header is wrong");
    const size = octal(head, 124, 12);
    if (!(at + block + size <= archive.length)) throw corrupt("a file is longer than the archive");
    const type = head[156];
    if (type === 0 || type === 48) {
      const prefix = text(head, 345, 155);
      const name = text(head, 0, 100);
      files.set(
        prefix === "" ? name : `${prefix}/${name}`,
        archive.slice(at + block, at + block + size),
      );
    }
    at += block + padded(size);
  }
  return files;
}

function header(name: string, size: number): Uint8Array {
  const head = new Uint8Array(block);
  const [prefix, rest] = splitName(name);
  const put = (text: string, at: number) => head.set(encoder.encode(text), at);
  put(rest, 0);
  put("0000644\0", 100);
  put("0000000\0", 108);
  put("0000000\0", 116);
  put(`${size.toString(8).padStart(11, "0")}\0`, 124);
  // No time: equal contents make equal archives.
  put("00000000000\0", 136);
  put("0", 156);
  put("ustar\0" + "00", 257);
  put(prefix, 345);
  put(`${checksum(head).toString(8).padStart(6, "0")}\0 `, 148);
  return head;
}

/** A long name is split at a slash. */
function splitName(name: string): [prefix: string, rest: string] {
  if (encoder.encode(name).length <= 100) return ["", name];
  for (let slash = name.indexOf("/"); slash > 0; slash = name.indexOf("/", slash + 1)) {
    const [prefix, rest] = [name.slice(0, slash), name.slice(slash + 1)];
    const fits = encoder.encode(prefix).length <= 155 && encoder.encode(rest).length <= 100;
    if (fits) return [prefix, rest];
  }
  throw new InvalidStorageKeyError(name, "it is too long for a file in a tar archive; use zip");
}

/** The sum of a header, its own field counted as spaces. */
function checksum(head: Uint8Array): number {
  return head.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
}

function octal(head: Uint8Array, at: number, length: number): number {
  return parseInt(text(head, at, length).trim(), 8);
}

function text(head: Uint8Array, at: number, length: number): string {
  const field = head.subarray(at, at + length);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}

function corrupt(reason: string): StoredValueCorruptError {
  return new StoredValueCorruptError("a tar archive", reason);
}
