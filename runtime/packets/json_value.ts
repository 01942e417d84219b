/**
 * Values of packets and log fields as JSON, whatever they are.
 *
 * @module
 */
/** Nesting below which a value is only named: far beyond real data, safe for the stack. */
const maxDepth = 500;

/**
 * Turns any value into data that `JSON.stringify` accepts.
 *
 * What JSON has no form for is written as an object with one key: bytes as `{"$bytes": base64}`,
 * bigints as `{"$bigint": digits}`, everything else as `{"$type": name}`. Dates become ISO text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toJSONValue({ id: 12n, at: new Date(0), go() {} }), {
 *   id: { $bigint: "12" },
 *   at: "1970-01-01T00:00:00.000Z",
 *   go: { $type: "Function" },
 * });
 * ```
 */
export function toJSONValue(value: unknown): unknown {
  return convert(value, new Set(), 0);
}

function convert(value: unknown, ancestors: Set<object>, depth: number): unknown {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : { $type: String(value) };
    case "bigint":
      return { $bigint: String(value) };
    case "symbol":
      return { $type: "Symbol" };
    case "function":
      return { $type: "Function" };
  }
  if (value instanceof Uint8Array) return { $bytes: value.toBase64() };
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? { $type: "Invalid Date" } : value.toISOString();
  }
  if (value instanceof Error) return { $type: value.name, message: value.message };
  if (ancestors.has(value)) return { $type: "circular" };
  if (depth > maxDepth) return { $type: "too deep" };
  ancestors.add(value);
  const result = convertObject(value, ancestors, depth + 1);
  ancestors.delete(value);
  return result;
}

function convertObject(value: object, ancestors: Set<object>, depth: number): unknown {
  if (Array.isArray(value)) {
    return Array.from(value, (element) => convert(element, ancestors, depth));
  }
  try {
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") return convert(toJSON.call(value, ""), ancestors, depth);
    // The platform's own classes keep their content where JSON does not see it.
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    if (tag !== "Object") return { $type: tag };
    const result: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      setOwn(result, key, convert(member, ancestors, depth));
    }
    return result;
  } catch {
    // A getter, a proxy or a `toJSON` that throws.
    return { $type: "unreadable" };
  }
}

/**
 * Reads what {@linkcode toJSONValue} writes: `$bytes` and `$bigint` become values again, all else
 * stays as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fromJSONValue([{ $bigint: "12" }, { $bytes: "AQI=" }]), [
 *   12n,
 *   new Uint8Array([1, 2]),
 * ]);
 * ```
 */
export function fromJSONValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(fromJSONValue);
  const entries = Object.entries(value);
  const [key, content] = entries.length === 1 ? entries[0]! : [];
  if (key === "$bigint" && typeof content === "string" && /^-?\d+$/.test(content)) {
    return BigInt(content);
  }
  if (key === "$bytes" && typeof content === "string") return bytes(content) ?? value;
  const result: Record<string, unknown> = {};
  for (const [name, member] of entries) setOwn(result, name, fromJSONValue(member));
  return result;
}

function bytes(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(base64);
  } catch {
    return undefined;
  }
}

/** Sets a property, also where its name means something to the language. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else {Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });}
}
