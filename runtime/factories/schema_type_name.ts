/**
 * What to call the type that a JSON Schema describes.
 *
 * @module
 */

/** Deeper parts of a type are shown as `…`: a name must fit a label. */
const MAX_DEPTH = 3;

/**
 * A JSON Schema as a type in the notation of TypeScript.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const schema = {
 *   type: "object",
 *   properties: { id: { type: "integer" }, tags: { type: "array", items: { type: "string" } } },
 *   required: ["id"],
 * };
 * assertEquals(schemaTypeName(schema), "{ id: number; tags?: string[] }");
 * ```
 */
export function schemaTypeName(schema: Readonly<Record<string, unknown>>): string {
  return nameOf(schema, 0);
}

function nameOf(schema: unknown, depth: number): string {
  if (typeof schema !== "object" || schema === null) return schema === false ? "never" : "unknown";
  if (depth > MAX_DEPTH) return "…";
  const { type, title, $ref, ...rest } = schema as Record<string, unknown>;
  if (typeof title === "string") return title;
  if (typeof $ref === "string") return $ref.split("/").pop() || "…";
  if ("const" in rest) return JSON.stringify(rest.const);
  if (Array.isArray(rest.enum)) return rest.enum.map((value) => JSON.stringify(value)).join(" | ");
  const options = rest.anyOf ?? rest.oneOf;
  if (Array.isArray(options)) return options.map((option) => nameOf(option, depth)).join(" | ");
  if (Array.isArray(rest.allOf)) return rest.allOf.map((part) => nameOf(part, depth)).join(" & ");
  if (Array.isArray(type)) {
    return type.map((one) => nameOf({ ...rest, type: one }, depth)).join(" | ");
  }
  switch (type) {
    case "integer":
      return "number";
    case "array":
      return arrayName(rest, depth);
    case "object":
      return objectName(rest, depth);
    default:
      return typeof type === "string" ? type : "unknown";
  }
}

function arrayName(schema: Record<string, unknown>, depth: number): string {
  if (Array.isArray(schema.prefixItems)) {
    return `[${schema.prefixItems.map((item) => nameOf(item, depth + 1)).join(", ")}]`;
  }
  const item = nameOf(schema.items, depth + 1);
  return /[|&]/.test(item) && !item.startsWith("{") ? `(${item})[]` : `${item}[]`;
}

function objectName(schema: Record<string, unknown>, depth: number): string {
  const required = Array.isArray(schema.required) ? schema.required : [];
  const members = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const name = /^[\w$]+$/.test(key) ? key : JSON.stringify(key);
    return `${name}${required.includes(key) ? "" : "?"}: ${nameOf(value, depth + 1)}`;
  });
  if (members.length > 0) return `{ ${members.join("; ")} }`;
  return typeof schema.additionalProperties === "object"
    ? `Record<string, ${nameOf(schema.additionalProperties, depth + 1)}>`
    : "object";
}
