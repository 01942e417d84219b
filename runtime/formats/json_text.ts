/**
 * Values as JSON text, including those that JSON has no form for.
 *
 * @module
 */

/**
 * The JSON text of a value: bytes as `{"$bytes": base64}`, bigints as `{"$bigint": "…"}`, dates as
 * ISO text, Maps as objects, Sets as arrays, `undefined` as null.
 *
 * @param value The value.
 * @param indent Spaces of indentation, if it is to be on several lines.
 * @throws {TypeError} If it holds a cycle, a function, a symbol, or a number that is not finite.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toJsonText({ id: 7n, tags: new Set(["a"]) }), '{"id":{"$bigint":"7"},"tags":["a"]}');
 * ```
 */
export function toJsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value === undefined ? null : value, toJsonMember, indent);
}

function toJsonMember(key: string, value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return { $bigint: String(value) };
    case "number":
      if (Number.isFinite(value)) return value;
      throw new TypeError(`${place(key)}${value} has no form in JSON`);
    case "function":
    case "symbol":
      throw new TypeError(`${place(key)}a ${typeof value} has no form in JSON`);
    case "object":
      if (value instanceof Uint8Array) return { $bytes: value.toBase64() };
      if (value instanceof Map) return Object.fromEntries(value);
      if (value instanceof Set) return [...value];
      return value;
    default:
      return value;
  }
}

function place(key: string): string {
  return key === "" ? "" : `${JSON.stringify(key)}: `;
}
