/**
 * In place of `@std/ulid` in the page, where the simulator is always given ids.
 *
 * @module
 */

/** Makes no id. */
export function monotonicUlid(): string {
  throw new Error("The studio's simulations number their packets");
}

/** Knows no time. */
export function decodeTime(): number {
  return 0;
}
