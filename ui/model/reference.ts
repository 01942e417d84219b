/**
 * Values that are given by reference: `{"$env": NAME}` and `{"$var": NAME}`, with a default or none.
 *
 * @module
 */
import { asObject } from "../../runtime/tools/raw_net.ts";

/** How a value is given: as it is, or by the name of a variable. */
export type Giving = "value" | "$env" | "$var";

/** A reference as it is written. */
export interface Reference {
  /** The key that it is written with. */
  readonly key: string;
  readonly giving: "$env" | "$var";
  readonly name: string;
  readonly default: unknown;
}

const KEYS: ReadonlyMap<string, "$env" | "$var"> = new Map([
  ["$env", "$env"],
  ["$var", "$var"],
  ["env", "$env"],
  ["var", "$var"],
]);

/** The reference that a value is; undefined if it is none. */
export function referenceOf(value: unknown): Reference | undefined {
  const object = asObject(value);
  if (!object) return undefined;
  for (const [key, giving] of KEYS) {
    const name = object.get(key);
    if (typeof name === "string") return { key, giving, name, default: object.get("default") };
  }
  return undefined;
}

/**
 * The same value given in another way: a literal becomes the default of a reference, and the default
 * of a reference becomes the literal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const reference = giveBy(3, "$env", "RETRIES");
 * assertEquals(reference, new Map<string, unknown>([["$env", "RETRIES"], ["default", 3]]));
 * assertEquals(giveBy(reference, "value", "RETRIES"), 3);
 * ```
 *
 * @param name What a new reference is called.
 */
export function giveBy(value: unknown, giving: Giving, name: string): unknown {
  const old = referenceOf(value);
  const literal = old ? old.default : value;
  if (giving === "value") return literal;
  return new Map<string, unknown>([
    [giving, old?.name ?? name],
    ...literal === undefined || literal === null ? [] : [["default", literal] as const],
  ]);
}
