/**
 * Ids of packets and epochs.
 *
 * @module
 */
import { InvalidArgumentError } from "./error.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODES: readonly number[] = Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const LAST = CODES[31]!;
const TIME_LENGTH = 10;
const LENGTH = 26;

/** The code after each code of the alphabet. */
const NEXT = new Uint8Array(128);
CODES.forEach((code, i) => NEXT[code] = CODES[i + 1] ?? CODES[0]!);

/** What mints an id, given the time of the action in milliseconds UTC. */
export type IdSource = (ms: number) => string;

/** Mints ids: an {@linkcode IdSource} as an object, so that calls of it always have one target. */
export interface IdMinter {
  /** A new id. */
  next(ms: number): string;
}

/** Mints monotonic ULIDs. */
export class UlidMinter implements IdMinter {
  readonly #codes: number[] = new Array(LENGTH).fill(CODES[0]!);
  readonly #random = new Uint8Array(LENGTH - TIME_LENGTH);
  #lastMs = -1;

  /** A new ULID, which sorts behind the one before. */
  next(ms: number): string {
    const wholeMs = Math.floor(ms);
    if (wholeMs > this.#lastMs) this.#startMs(wholeMs);
    else this.#countUp();
    const c = this.#codes;
    // deno-fmt-ignore
    return String.fromCharCode(
      c[0]!, c[1]!, c[2]!, c[3]!, c[4]!, c[5]!, c[6]!, c[7]!, c[8]!, c[9]!, c[10]!, c[11]!, c[12]!,
      c[13]!, c[14]!, c[15]!, c[16]!, c[17]!, c[18]!, c[19]!, c[20]!, c[21]!, c[22]!, c[23]!,
      c[24]!, c[25]!,
    );
  }

  #startMs(ms: number): void {
    this.#lastMs = ms;
    let rest = ms;
    for (let i = TIME_LENGTH - 1; i >= 0; i--) {
      this.#codes[i] = CODES[rest % 32]!;
      rest = Math.floor(rest / 32);
    }
    crypto.getRandomValues(this.#random);
    // The first random letter is one of the lower half: counting up never overflows.
    this.#random[0]! &= 15;
    for (let i = TIME_LENGTH; i < LENGTH; i++) {
      this.#codes[i] = CODES[this.#random[i - TIME_LENGTH]! & 31]!;
    }
  }

  #countUp(): void {
    const codes = this.#codes;
    let i = LENGTH - 1;
    while (codes[i] === LAST) codes[i--] = CODES[0]!;
    codes[i] = NEXT[codes[i]!]!;
  }
}

/**
 * Makes a source of monotonic ULIDs: every id sorts behind the one before, also within a
 * millisecond and when the clock goes backward.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { epochStartTime, ulidSource } from "@netrun/netrun/sim";
 *
 * const newId = ulidSource();
 * const [first, second] = [newId(1_700_000_000_000), newId(1_700_000_000_000)];
 * assert(first < second);
 * assertEquals(epochStartTime({ id: second }), 1_700_000_000_000);
 * ```
 */
export function ulidSource(): IdSource {
  const minter = new UlidMinter();
  return (ms) => minter.next(ms);
}

/**
 * When an epoch was created, in milliseconds UTC: the time part of its id.
 *
 * @param epoch The epoch, or anything else that has a ULID as id.
 * @throws {InvalidArgumentError} If the id is no ULID, but one from a source of the caller's own.
 */
export function epochStartTime(epoch: { readonly id: string }): number {
  const { id } = epoch;
  let ms = 0;
  for (let i = 0; i < TIME_LENGTH; i++) {
    const digit = id.length === LENGTH ? ALPHABET.indexOf(id.charAt(i)) : -1;
    if (digit < 0) {
      throw new InvalidArgumentError(
        `Cannot tell the start time of epoch "${id}": its id is not a ULID`,
      );
    }
    ms = ms * 32 + digit;
  }
  return ms;
}
