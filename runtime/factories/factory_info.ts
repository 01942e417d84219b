/**
 * What a factory takes, for help texts and forms.
 *
 * @module
 */
import * as z from "zod";
import { schemaTypeName } from "./schema_type_name.ts";
import type { LoadedFactory } from "./load_factory.ts";

/** A parameter of a factory. */
export interface FactoryParameter {
  /** Name of the argument. */
  name: string;
  /** Its type in the notation of TypeScript, if known. */
  type?: string;
  /** What it is when it is left out. */
  default?: unknown;
  /** Whether it must be given. */
  required: boolean;
  /** The only values it may have. */
  enum?: unknown[];
  /** What it means. */
  description?: string;
}

/** What a factory takes. */
export interface FactoryInfo {
  /** The factory, as the configuration names it. */
  factory: string;
  /** Whether it makes nodes or subgraphs. */
  type: "node" | "subgraph";
  /** Its parameters, in order; undefined if it does not say. */
  params?: FactoryParameter[];
  /** Help text in Markdown. */
  description?: string;
}

/** What a loaded factory says about itself. */
export function describeFactory({ factory, name }: LoadedFactory): FactoryInfo {
  return {
    factory: name,
    type: factory.getNodeFuncs === undefined ? "subgraph" : "node",
    ...(factory.argsSchema === undefined ? {} : { params: parametersOf(factory.argsSchema) }),
    ...(factory.factoryDesc === undefined ? {} : { description: factory.factoryDesc }),
  };
}

/** The arguments of a factory as JSON Schema. */
export function argumentsSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" });
}

/** The parameters that a schema of arguments describes. */
function parametersOf(schema: z.ZodType): FactoryParameter[] {
  const { properties = {}, required = [] } = argumentsSchema(schema);
  return Object.entries(properties).map(([name, property]) => {
    const { default: byDefault, description, enum: values } = property as z.core.JSONSchema.Schema;
    const type = schemaTypeName(property as Record<string, unknown>);
    return {
      name,
      ...(type === "unknown" ? {} : { type }),
      ...(byDefault === undefined ? {} : { default: byDefault }),
      required: required.includes(name),
      ...(values === undefined ? {} : { enum: values }),
      ...(description === undefined ? {} : { description }),
    };
  });
}
