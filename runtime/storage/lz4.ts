/**
 * The LZ4 frame format.
 *
 * @module
 */
import { StoredValueCorruptError } from "./error.ts";
import { xxh32 } from "./xxh32.ts";

const magic = 0x184d2204;
const blockBytes = 4 * 1024 * 1024;
const minMatch = 4;
/** The last bytes of a block are literals, so that decoders may copy in steps. */
const lastLiterals = 5;
const matchMargin = 12;
const hashBits = 16;

/** Compresses bytes into one frame of independent blocks, with their total size. */
export function compressLZ4(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil(bytes.length / blockBytes);
  const out = new Uint8Array(19 + bytes.length + Math.ceil(bytes.length / 255) + 16 * blocks + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, magic, true);
  // Version 1, independent blocks, content size and content checksum; blocks of 4 MiB.
  out.set([0b0110_1100, 0x70], 4);
  view.setBigUint64(6, BigInt(bytes.length), true);
  out[14] = (xxh32(out.subarray(4, 14)) >>> 8) & 255;
  let at = 15;
  for (let start = 0; start < bytes.length; start += blockBytes) {
    const block = bytes.subarray(start, start + blockBytes);
    const end = compressBlock(block, out, at + 4);
    if (end - at - 4 < block.length) {
      view.setUint32(at, end - at - 4, true);
      at = end;
    } else {
      view.setUint32(at, (block.length | 0x8000_0000) >>> 0, true);
      out.set(block, at + 4);
      at += 4 + block.length;
    }
  }
  view.setUint32(at, 0, true);
  view.setUint32(at + 4, xxh32(bytes), true);
  return out.slice(0, at + 8);
}

/**
 * Decompresses one frame.
 *
 * @throws {StoredValueCorruptError} If it is none, or holds more than `maxBytes`.
 */
export function decompressLZ4(bytes: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  try {
    return readFrame(bytes, maxBytes);
  } catch (error) {
    // Beyond the end there is nothing to read.
    throw error instanceof RangeError ? corrupt("it ends too early") : error;
  }
}

function readFrame(bytes: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== magic) throw corrupt("it does not begin as one");
  const flags = view.getUint8(4);
  if (flags >> 6 !== 1 || flags & 1) throw corrupt("it is of a version that is not read");
  const hasBlockChecksum = (flags & 16) !== 0;
  const hasSize = (flags & 8) !== 0;
  const headerEnd = hasSize ? 14 : 6;
  if (view.getUint8(headerEnd) !== ((xxh32(bytes.subarray(4, headerEnd)) >>> 8) & 255)) {
    throw corrupt("its header is damaged");
  }
  const stated = hasSize ? Number(view.getBigUint64(6, true)) : undefined;
  if (stated !== undefined && stated > maxBytes) throw tooLarge(maxBytes);
  let out: Uint8Array<ArrayBuffer> = new Uint8Array(
    stated ?? Math.min(maxBytes, 4 * bytes.length + 64),
  );
  let used = 0;
  for (let at = headerEnd + 1;;) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) {
      const content = out.subarray(0, used);
      if (stated !== undefined && used !== stated) {
        throw corrupt("it has another size than it says");
      }
      if (flags & 4 && view.getUint32(at, true) !== xxh32(content)) {
        throw corrupt("its checksum is wrong");
      }
      return used === out.length ? out : content.slice();
    }
    const size = word & 0x7fff_ffff;
    if (at + size > bytes.length) throw corrupt("it ends too early");
    const block = bytes.subarray(at, at + size);
    const most = (word >>> 31) === 1 ? size : Math.min(maxBytes - used, 255 * size + blockBytes);
    const grow = (needed: number) => {
      if (needed > maxBytes) throw tooLarge(maxBytes);
      if (needed <= out.length) return out;
      const larger = new Uint8Array(Math.min(maxBytes, Math.max(needed, 2 * out.length)));
      larger.set(out.subarray(0, used));
      return out = larger;
    };
    if ((word >>> 31) === 1) {
      grow(used + most).set(block, used);
      used += size;
    } else used = readBlock(block, used, grow, (end) => used = end);
    at += size + (hasBlockChecksum ? 4 : 0);
  }
}

/** Reads a block to the end of what was read before; returns the new end. */
function readBlock(
  block: Uint8Array,
  start: number,
  grow: (needed: number) => Uint8Array,
  reached: (end: number) => void,
): number {
  let at = 0;
  let end = start;
  const length = (first: number): number => {
    if (first < 15) return first;
    for (let sum = 15;;) {
      const more = block[at++];
      if (more === undefined) throw corrupt("a block ends too early");
      sum += more;
      if (more < 255) return sum;
    }
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = length(token >> 4);
    if (at + literals > block.length) throw corrupt("a block ends too early");
    let out = grow(end + literals);
    out.set(block.subarray(at, at + literals), end);
    at += literals;
    end += literals;
    reached(end);
    if (at >= block.length) break;
    const distance = block[at]! | (block[at + 1]! << 8);
    at += 2;
    if (distance === 0 || distance > end) throw corrupt("a match points before the beginning");
    const matched = length(token & 15) + minMatch;
    out = grow(end + matched);
    if (distance >= matched) out.copyWithin(end, end - distance, end - distance + matched);
    else for (let i = 0; i < matched; i++) out[end + i] = out[end + i - distance]!;
    end += matched;
    reached(end);
  }
  return end;
}

/** Writes a block and returns its end; it may come out longer than the input. */
function compressBlock(block: Uint8Array, out: Uint8Array, start: number): number {
  const table = new Int32Array(1 << hashBits).fill(-1);
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  let at = start;
  let anchor = 0;
  const writeLength = (rest: number) => {
    for (; rest >= 255; rest -= 255) out[at++] = 255;
    out[at++] = rest;
  };
  const writeLiterals = (end: number, matched: number) => {
    const literals = end - anchor;
    out[at++] = (Math.min(literals, 15) << 4) | Math.min(matched, 15);
    if (literals >= 15) writeLength(literals - 15);
    out.set(block.subarray(anchor, end), at);
    at += literals;
  };
  for (let i = 0; i < block.length - matchMargin;) {
    const four = view.getUint32(i, true);
    const slot = Math.imul(four, 2654435761) >>> (32 - hashBits);
    const candidate = table[slot]!;
    table[slot] = i;
    if (candidate < 0 || i - candidate > 65535 || view.getUint32(candidate, true) !== four) {
      // What does not compress is passed over faster and faster.
      i += 1 + ((i - anchor) >> 6);
      continue;
    }
    let matched = minMatch;
    const limit = block.length - lastLiterals - i;
    while (matched < limit && block[candidate + matched] === block[i + matched]) matched++;
    writeLiterals(i, matched - minMatch);
    const distance = i - candidate;
    out[at++] = distance & 255;
    out[at++] = distance >> 8;
    if (matched - minMatch >= 15) writeLength(matched - minMatch - 15);
    i += matched;
    anchor = i;
  }
  writeLiterals(block.length, 0);
  return at;
}

function tooLarge(maxBytes: number): StoredValueCorruptError {
  return corrupt(`it holds more than ${maxBytes} bytes`);
}

function corrupt(reason: string): StoredValueCorruptError {
  return new StoredValueCorruptError("an LZ4 frame", reason);
}
