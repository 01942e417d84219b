/**
 * Values that a text or binary format can say without losing anything.
 *
 * @module
 */
import { NotSerializableError } from "../packets/error.ts";
import { isPlainObject } from "../packets/type_check.ts";
import { typeName } from "../packets/type_name.ts";

const maxDepth = 1000;

/** What a format can say beside arrays, plain objects, texts, booleans and null. */
export interface PlainDataFormat {
  /** Its name, for messages. */
  name: string;
  /** Whether it has a form for this number or object. */
  allows(value: unknown): boolean;
}

/** JSON: numbers but NaN, the infinities and -0. */
export const jsonData: PlainDataFormat = {
  name: "JSON",
  allows: (value) => typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0),
};

/** MessagePack: all numbers, bytes, and dates. */
export const messagePackData: PlainDataFormat = {
  name: "MessagePack",
  allows: (value) =>
    (typeof value === "number" && !Object.is(value, -0)) ||
    (value instanceof Uint8Array && value.constructor === Uint8Array) ||
    (value instanceof Date && !Number.isNaN(value.getTime())),
};

/**
 * Throws where the format would drop or change something.
 *
 * @throws {NotSerializableError} With the path of the first such part.
 */
export function assertPlainData(value: unknown, format: PlainDataFormat): void {
  check(value, format, "", new Set());
}

function check(
  value: unknown,
  format: PlainDataFormat,
  path: string,
  ancestors: Set<object>,
): void {
  const refuse = (what: string): never => {
    throw new NotSerializableError(format.name, path, what);
  };
  if (value === null || typeof value === "boolean" || format.allows(value)) return;
  if (typeof value === "string") return value.isWellFormed() ? undefined : refuse("broken text");
  if (typeof value === "number") return refuse(Object.is(value, -0) ? "-0" : String(value));
  if (typeof value !== "object") return refuse(typeof value);
  if (ancestors.has(value)) refuse("cycle");
  if (ancestors.size > maxDepth) refuse(`nesting deeper than ${maxDepth}`);
  ancestors.add(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) check(value[i], format, `${path}[${i}]`, ancestors);
  } else {
    if (!isPlainObject(value)) refuse(typeName(value));
    for (const [key, member] of Object.entries(value)) {
      check(member, format, `${path}[${JSON.stringify(key)}]`, ancestors);
    }
  }
  ancestors.delete(value);
}
