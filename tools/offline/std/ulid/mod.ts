/**
 * Stands in for `@std/ulid` where the registry cannot be reached.
 *
 * @module
 */
import * as npm from "npm:ulid@^3";

const monotonic = npm.monotonicFactory();

/** A new ULID of time `seedTime` (ms since 1970). */
export function ulid(seedTime: number = Date.now()): string {
  return npm.ulid(seedTime);
}

/** A new ULID that sorts after all that this function returned before. */
export function monotonicUlid(seedTime: number = Date.now()): string {
  return monotonic(seedTime);
}

/** The time (ms since 1970) in a ULID. */
export function decodeTime(ulid: string): number {
  return npm.decodeTime(ulid);
}
