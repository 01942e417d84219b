/**
 * Checks of the shape of data that comes from outside.
 *
 * @module
 */

/** A value whose shape is not known yet. */
export type Unchecked = { readonly [key: string]: unknown };

/** The value as an object; `where` names it in the error. */
export function requireObject(value: unknown, where: string): Unchecked {
  if (typeof value === "object" && value !== null) return value as Unchecked;
  throw wrongShape(where, "an object", value);
}

/** The value as an array. */
export function requireArray(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrongShape(where, "an array", value);
}

/** The value as a string. */
export function requireString(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  throw wrongShape(where, "a string", value);
}

/** The value as one of the given strings. */
export function requireOneOf<T extends string>(
  value: unknown,
  allowed: readonly T[],
  where: string,
): T {
  if (allowed.includes(value as T)) return value as T;
  throw wrongShape(where, `one of ${allowed.map((name) => `"${name}"`).join(", ")}`, value);
}

/** The error for a value that is not what it must be. */
export function wrongShape(where: string, required: string, value: unknown): TypeError {
  return new TypeError(`${where} must be ${required}, got ${describe(value)}`);
}

/** A value as error messages show it: short, and never failing. */
export function describe(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  }
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "function") return "a function";
  return String(value);
}
