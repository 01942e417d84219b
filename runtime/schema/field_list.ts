/**
 * Every field of every configuration object as a list, for documentation and forms.
 *
 * @module
 */
import { netConfigJsonSchema } from "./json_schema.ts";

/** One field of a configuration object. */
export interface FieldDescription {
  /** Its key. */
  name: string;
  /** The type of its values in words, such as `integer, 0 or more`. */
  type: string;
  /** Whether it must be given. */
  isRequired: boolean;
  /** Whether a reference may stand in its place. */
  isReferable: boolean;
  /** Its default; undefined if it has none. */
  default: unknown;
  /** The only values allowed, where they are few words. */
  values: string[] | undefined;
  /** What it is for. */
  description: string;
  /** Title of the fields that it is shown with; undefined where an object has no such groups. */
  category: string | undefined;
}

/** A configuration object with its fields. */
export interface ObjectDescription {
  /** Name of its type. */
  name: string;
  /** What it is. */
  description: string;
  /** Its fields, in order. */
  fields: FieldDescription[];
}

/** The parts of a JSON Schema that are read here. */
interface Json {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Json>;
  required?: string[];
  additionalProperties?: Json | boolean;
  items?: Json;
  prefixItems?: Json[];
  anyOf?: Json[];
  oneOf?: Json[];
  enum?: string[];
  const?: string;
  default?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  format?: string;
  "x-category"?: string;
  $defs?: Record<string, Json>;
}

/** All configuration objects that have fields, the net first. */
export function describeObjects(): ObjectDescription[] {
  const root = netConfigJsonSchema() as Json;
  const definitions = root.$defs ?? {};
  const { $schema: _, ...properties } = root.properties ?? {};
  const objects: [string, Json][] = [["NetConfig", { ...root, properties }]];
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.properties !== undefined) objects.push([name, definition]);
  }
  return objects.map(([name, { description = "", properties = {}, required = [] }]) => ({
    name,
    description,
    fields: Object.entries(properties).map(([key, field]) =>
      describeField(key, field, required.includes(key), definitions)
    ),
  }));
}

function describeField(
  name: string,
  field: Json,
  isRequired: boolean,
  definitions: Record<string, Json>,
): FieldDescription {
  const parts = alternatives(field);
  const plain = parts.filter((part) => !isReference(part));
  return {
    name,
    type: plain.map((part) => typeText(part, definitions)).join(" or "),
    isRequired,
    isReferable: plain.length < parts.length,
    default: field.default,
    values: plain.find((part) => part.enum !== undefined)?.enum,
    description: field.description ?? "",
    category: field["x-category"],
  };
}

function alternatives(field: Json): Json[] {
  return field.anyOf ?? field.oneOf ?? [field];
}

function isReference({ $ref }: Json): boolean {
  return $ref === "#/$defs/VarRef" || $ref === "#/$defs/EnvRef";
}

function typeText(json: Json, definitions: Record<string, Json>): string {
  if (json.$ref !== undefined) return refText(json.$ref.split("/").at(-1)!, definitions);
  if (json.anyOf !== undefined) {
    return json.anyOf.map((part) => typeText(part, definitions)).join(" or ");
  }
  if (json.const !== undefined) return `\`${JSON.stringify(json.const)}\``;
  if (json.enum !== undefined) return json.enum.map((word) => `\`${word}\``).join(", ");
  if (json.prefixItems !== undefined) {
    return `pair of ${json.prefixItems.map((item) => typeText(item, definitions)).join(" and ")}`;
  }
  if (json.type === "array") return `list of ${typeText(json.items ?? {}, definitions)}`;
  if (json.type === "object") {
    const { additionalProperties: values } = json;
    return typeof values === "object" ? `map of ${typeText(values, definitions)}` : "object";
  }
  const types = [json.type ?? "anything"].flat().map((type) => type === "null" ? "null" : type);
  return `${types.join(" or ")}${json.format === "path" ? " (path)" : ""}${limits(json)}`;
}

function refText(name: string, definitions: Record<string, Json>): string {
  const definition = definitions[name];
  if (definition?.properties !== undefined) return `[${name}](#${name.toLowerCase()})`;
  const parts = definition?.oneOf ?? definition?.anyOf;
  if (parts !== undefined) return parts.map((part) => typeText(part, definitions)).join(" or ");
  if (definition === undefined || definition.$ref === undefined) {
    return definition === undefined ? name : typeText(definition, definitions);
  }
  return "term";
}

function limits({ minimum, exclusiveMinimum, maximum }: Json): string {
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`;
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`;
  return minimum === undefined ? "" : `, ${minimum} or more`;
}
