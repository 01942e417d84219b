/**
 * XXH64, a fast hash that is not cryptographic, in halves of 32 bits: bigints take six times as long.
 *
 * @module
 */

/** Numbers of 64 bits, each as its low and its high half. */
type Numbers = Int32Array;

/** A number of 64 bits: its low and its high half. */
interface Halves {
  readonly low: number;
  readonly high: number;
}

const prime1: Halves = { low: 0x85eb_ca87, high: 0x9e37_79b1 };
const prime2: Halves = { low: 0x27d4_eb4f, high: 0xc2b2_ae3d };
const prime3: Halves = { low: 0x9e37_79f9, high: 0x1656_67b1 };
const prime4: Halves = { low: 0xc2b2_ae63, high: 0x85eb_ca77 };
const prime5: Halves = { low: 0x1656_67c5, high: 0x27d4_eb2f };

/** Place of the hash among the numbers; before it are the four lanes, after it an input. */
const hash = 8;
const input = 10;

/** The XXH64 hash of bytes with seed 0. */
export function xxh64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  const n: Numbers = new Int32Array(12);
  let at = 0;
  if (length >= 32) {
    add(n, 0, prime1);
    add(n, 0, prime2);
    add(n, 2, prime2);
    // 0 - prime1
    add(n, 6, { low: -prime1.low, high: ~prime1.high });
    for (; at + 32 <= length; at += 32) {
      for (let lane = 0; lane < 8; lane += 2) {
        const place = at + 4 * lane;
        round(n, lane, view.getInt32(place, true), view.getInt32(place + 4, true));
      }
    }
    mergeLanes(n);
  } else add(n, hash, prime5);
  add(n, hash, { low: length, high: Math.floor(length / 2 ** 32) });
  for (; at + 8 <= length; at += 8) {
    n.fill(0, input);
    round(n, input, view.getInt32(at, true), view.getInt32(at + 4, true));
    combine(n, { rotation: 27, factor: prime1, summand: prime4 });
  }
  if (at + 4 <= length) {
    setInput(n, view.getInt32(at, true), prime1);
    combine(n, { rotation: 23, factor: prime2, summand: prime3 });
    at += 4;
  }
  for (; at < length; at++) {
    setInput(n, bytes[at]!, prime5);
    combine(n, { rotation: 11, factor: prime1, summand: { low: 0, high: 0 } });
  }
  avalanche(n);
  return BigInt(n[hash + 1]! >>> 0) << 32n | BigInt(n[hash]! >>> 0);
}

function mergeLanes(n: Numbers): void {
  for (const [lane, by] of [1, 7, 12, 18].entries()) {
    const rotated = n.slice(2 * lane, 2 * lane + 2);
    rotate(rotated, 0, by);
    add(n, hash, { low: rotated[0]!, high: rotated[1]! });
  }
  for (let lane = 0; lane < 8; lane += 2) {
    n.fill(0, input);
    round(n, input, n[lane]!, n[lane + 1]!);
    n[hash]! ^= n[input]!;
    n[hash + 1]! ^= n[input + 1]!;
    multiply(n, hash, prime1);
    add(n, hash, prime4);
  }
}

function setInput(n: Numbers, value: number, factor: Halves): void {
  n[input] = value;
  n[input + 1] = 0;
  multiply(n, input, factor);
}

/** Takes the input into the hash. */
function combine(
  n: Numbers,
  step: { readonly rotation: number; readonly factor: Halves; readonly summand: Halves },
): void {
  n[hash]! ^= n[input]!;
  n[hash + 1]! ^= n[input + 1]!;
  rotate(n, hash, step.rotation);
  multiply(n, hash, step.factor);
  add(n, hash, step.summand);
}

/** Lets each bit of the hash depend on all. */
function avalanche(n: Numbers): void {
  n[hash]! ^= n[hash + 1]! >>> 1;
  multiply(n, hash, prime2);
  const low = n[hash]! >>> 29 | n[hash + 1]! << 3;
  n[hash + 1]! ^= n[hash + 1]! >>> 29;
  n[hash]! ^= low;
  multiply(n, hash, prime3);
  n[hash]! ^= n[hash + 1]!;
}

/** `lane = rotate(lane + input * prime2, 31) * prime1` */
function round(n: Numbers, lane: number, low: number, high: number): void {
  const product = Math.imul(low, prime2.low);
  const sum = (n[lane]! >>> 0) + (product >>> 0);
  const top = highOfProduct(low, prime2.low) + Math.imul(low, prime2.high) +
      Math.imul(high, prime2.low) + n[lane + 1]! + (sum > 0xffff_ffff ? 1 : 0) | 0;
  // A rotation by 31 is one by 32, which swaps the halves, and one by 1 back.
  n[lane] = top >>> 1 | sum << 31;
  n[lane + 1] = sum >>> 1 | top << 31;
  multiply(n, lane, prime1);
}

function multiply(n: Numbers, at: number, by: Halves): void {
  const low = n[at]!;
  n[at + 1] = highOfProduct(low, by.low) + Math.imul(low, by.high) +
    Math.imul(n[at + 1]!, by.low);
  n[at] = Math.imul(low, by.low);
}

function add(n: Numbers, at: number, { low, high }: Halves): void {
  const sum = (n[at]! >>> 0) + (low >>> 0);
  n[at] = sum;
  n[at + 1]! += high + (sum > 0xffff_ffff ? 1 : 0);
}

function rotate(n: Numbers, at: number, by: number): void {
  const low = n[at]!;
  const high = n[at + 1]!;
  n[at] = low << by | high >>> (32 - by);
  n[at + 1] = high << by | low >>> (32 - by);
}

/** The upper half of the product of two numbers of 32 bits, which are taken without a sign. */
function highOfProduct(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = Math.imul(a1, b0) + (Math.imul(a0, b0) >>> 16) >>> 0;
  const other = Math.imul(a0, b1) + (middle & 0xffff) >>> 0;
  return Math.imul(a1, b1) + (middle >>> 16) + (other >>> 16) | 0;
}
