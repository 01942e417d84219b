/**
 * The JSON Schema of net files, for editors and for other tools.
 *
 * @module
 */
import * as z from "zod";
import { isClosed } from "./field.ts";
import { netConfigSchema } from "./net.ts";

/** Options of {@linkcode netConfigJsonSchema}. */
export interface JsonSchemaOptions {
  /**
   * Refuse keys that do not exist everywhere, not only where loading refuses them.
   *
   * @default {false}
   */
  strict?: boolean;
}

/** Name of the schema. */
const ID = "https://jsr.io/@netrun/netrun/netrun.schema.json";

/**
 * The JSON Schema (draft 2020-12) of `*.netrun.json` and `*.netrun.toml` files.
 *
 * @param options How strict it is.
 * @returns A schema with every object under `$defs`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const schema = netConfigJsonSchema() as { $schema: string; required: string[] };
 * assertEquals(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
 * assertEquals(schema.required, ["graph"]);
 * ```
 */
export function netConfigJsonSchema(options: JsonSchemaOptions = {}): Record<string, unknown> {
  const { strict = false } = options;
  const generated = z.toJSONSchema(netConfigSchema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => tidy(zodSchema, jsonSchema, strict),
  }) as Record<string, unknown>;
  // The whole is a definition like any other, so that the top level can also hold `$schema`.
  const { $schema, id: _, ...schema } = inlineRoot(generated);
  const { properties } = schema as { properties: Record<string, unknown> };
  return {
    $schema,
    $id: ID,
    title: "netrun net",
    ...schema,
    properties: {
      $schema: { type: "string", description: "Where this schema is." },
      ...properties,
    },
  };
}

/** The root is not a reference to a definition but the definition itself. */
function inlineRoot(schema: Record<string, unknown>): Record<string, unknown> {
  const { $ref, $defs, ...rest } = schema as {
    $ref?: string;
    $defs?: Record<string, Record<string, unknown>>;
  };
  const name = $ref?.split("/").at(-1);
  if (name === undefined || $defs === undefined) return schema;
  const { [name]: root, ...others } = $defs;
  return { ...rest, ...root, $defs: others };
}

function tidy(
  zodSchema: z.core.$ZodTypes,
  json: z.core.JSONSchema.BaseSchema,
  strict: boolean,
): void {
  // `id` is what zod names definitions by; as a keyword it means nothing in this draft.
  delete json.id;
  if (json.category !== undefined) {
    json["x-category"] = json.category;
    delete json.category;
  }
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  if (json.anyOf !== undefined) json.anyOf = json.anyOf.flatMap(alternatives);
  if (zodSchema._zod.def.type === "default") json.default = toJson(zodSchema._zod.def.defaultValue);
  if (zodSchema._zod.def.type === "object") {
    if (strict || isClosed(zodSchema)) json.additionalProperties = false;
    else delete json.additionalProperties;
  }
}

/** Alternatives of alternatives are alternatives. */
function alternatives(option: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema[] {
  return option.anyOf !== undefined && Object.keys(option).length === 1 ? option.anyOf : [option];
}

/** A default as JSON: the only maps among defaults are empty. */
function toJson(value: unknown): unknown {
  return value instanceof Map ? {} : value;
}
