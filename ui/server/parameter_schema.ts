/**
 * Parameters that are known by the names of their types alone, as JSON Schema.
 *
 * @module
 */
import type { FactoryParameter } from "../../runtime/factories/factory_info.ts";

const SIMPLE: ReadonlySet<string> = new Set(["string", "number", "boolean"]);

/**
 * A schema for an object with a property for each parameter.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const schema = schemaOfParameters([{ name: "mode", type: '"a" | "b"', required: true }]);
 * assertEquals(schema.properties, { mode: { enum: ["a", "b"] } });
 * ```
 */
export function schemaOfParameters(
  parameters: readonly FactoryParameter[],
): { type: "object"; properties: Record<string, unknown>; required: string[] } {
  return {
    type: "object",
    properties: Object.fromEntries(
      parameters.map(({ name, type, default: byDefault, description }) => [name, {
        ...schemaOfType(type),
        ...(byDefault === undefined ? {} : { default: byDefault }),
        ...(description === undefined ? {} : { description }),
      }]),
    ),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
  };
}

/** What a type in the notation of TypeScript allows; anything if it is not understood. */
function schemaOfType(type: string | undefined): Record<string, unknown> {
  if (type === undefined) return {};
  if (SIMPLE.has(type)) return { type };
  const item = /^(\w+)\[\]$/.exec(type)?.[1];
  if (item !== undefined && SIMPLE.has(item)) return { type: "array", items: { type: item } };
  const parts = type.split(" | ");
  try {
    return { enum: parts.map((part) => JSON.parse(part)) };
  } catch {
    return parts.length > 1 && parts.every((part) => SIMPLE.has(part))
      ? { anyOf: parts.map((part) => ({ type: part })) }
      : {};
  }
}
