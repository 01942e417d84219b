/**
 * The fields of all configuration objects, by the names of these.
 *
 * @module
 */
import { netConfigJsonSchema } from "../../runtime/schema/json_schema.ts";
import { fieldsOf, type FormField, type JsonSchema } from "../model/form.ts";

/** The fields of the net (`NetConfig`) and of every object in it. */
export function schemaForms(): ReadonlyMap<string, readonly FormField[]> {
  const schema = netConfigJsonSchema() as JsonSchema & { $defs?: Record<string, JsonSchema> };
  const { $defs: definitions = {}, properties: { $schema: _, ...properties } = {} } = schema;
  return new Map(
    [["NetConfig", { ...schema, properties }] as const, ...Object.entries(definitions)].map(
      ([name, definition]) => [name, fieldsOf(definition, definitions)],
    ),
  );
}
