/**
 * What messages call a value.
 *
 * @module
 */

/** Longest text of a value in a message. */
const maxShown = 40;

/**
 * The name of a value's type: `string`, `null`, `array`, `object`, or the name of its class.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, [], {}, new Date(), null].map(typeName), [
 *   "number",
 *   "array",
 *   "object",
 *   "Date",
 *   "null",
 * ]);
 * ```
 */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  if (Array.isArray(value)) return "array";
  const name = className(value);
  return name === undefined || name === "Object" ? "object" : name;
}

/** The name of the class that made a value, or undefined if it has none. */
export function className(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  const { constructor } = value as { constructor?: unknown };
  return typeof constructor === "function" && constructor.name ? constructor.name : undefined;
}

/** The names of the classes that a value is an instance of, its own first. */
export function* classNames(value: unknown): IterableIterator<string> {
  if (value === null || value === undefined) return;
  let prototype: unknown = Object.getPrototypeOf(value);
  for (; prototype; prototype = Object.getPrototypeOf(prototype)) {
    if (!Object.hasOwn(prototype as object, "constructor")) continue;
    const name = className(prototype);
    if (name !== undefined) yield name;
  }
}

/** A primitive value as it would be written, shortened; an object by the name of its type. */
export function showValue(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > maxShown ? `${value.slice(0, maxShown)}…` : value);
  }
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "object" || typeof value === "function" ? typeName(value) : String(value);
}
