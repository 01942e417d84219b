/**
 * What the schemas say about the shape of a configuration, in a form that is quick to walk.
 *
 * Whatever follows the data of a configuration (unknown keys, references, dumps, paths) goes by
 * these plans, which are read off the schemas: a new field is stated in its schema and nowhere else.
 *
 * @module
 */
import * as z from "zod";
import { freeData, literalOf, pickOption } from "./field.ts";

/** The shape of a value. */
export type Plan =
  | ObjectPlan
  | { kind: "map"; value: () => Plan }
  | { kind: "list"; item: () => Plan }
  | { kind: "choice"; pick: (value: unknown) => Plan }
  | { kind: "free" }
  | { kind: "leaf" };

/** The shape of an object. */
export interface ObjectPlan {
  kind: "object";
  /** Its fields, in the order of the schema. */
  fields: ReadonlyMap<string, FieldPlan>;
  /** Whether keys that are no fields are errors. */
  closed: boolean;
}

/** One field of an object. */
export interface FieldPlan {
  /** The shape of its value. */
  plan: Plan;
  /** The schema of its values without references, if it takes references. */
  literal: z.core.$ZodType | undefined;
  /** Makes its default; undefined where there is none. */
  makeDefault: (() => unknown) | undefined;
  /** Whether null is allowed. */
  nullable: boolean;
  /** Whether it is a path relative to the project root. */
  isPath: boolean;
  /** Whether messages must not show its value. */
  isSecret: boolean;
  /** Whether its value says which of several shapes the object has, and dumps always keep it. */
  isTag: boolean;
}

const LEAF: Plan = { kind: "leaf" };
const FREE: Plan = { kind: "free" };
const plans = new WeakMap<z.core.$ZodType, Plan>();

/** The plan of the values of a schema. */
export function planOf(schema: z.core.$ZodType): Plan {
  let plan = plans.get(schema);
  if (plan === undefined) plans.set(schema, plan = makePlan(schema));
  return plan;
}

function makePlan(schema: z.core.$ZodType): Plan {
  if (isFree(schema)) return FREE;
  const literal = literalOf(schema);
  if (literal !== undefined) return planOf(literal);
  if (pickOption(schema, undefined) !== undefined) {
    return { kind: "choice", pick: (value) => planOf(pickOption(schema, value)!) };
  }
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case "object":
      return objectPlan(def);
    case "map":
      return { kind: "map", value: () => planOf(def.valueType) };
    case "array":
      return { kind: "list", item: () => planOf(def.element) };
    case "union":
      return unionPlan(def as z.core.$ZodDiscriminatedUnionDef);
    case "lazy":
      return planOf(def.getter());
    case "pipe":
      return planOf(def.out);
    case "default":
    case "nullable":
    case "optional":
      return planOf(def.innerType);
    default:
      return LEAF;
  }
}

/** Free data stays free however often its schema was copied to describe a field. */
function isFree(schema: z.core.$ZodType): boolean {
  const { def } = schema._zod;
  const free = freeData._zod.def as z.core.$ZodCustomDef;
  return def.type === "custom" && (def as z.core.$ZodCustomDef).fn === free.fn;
}

function objectPlan(def: z.core.$ZodObjectDef): ObjectPlan {
  const fields = new Map<string, FieldPlan>();
  for (const [key, schema] of Object.entries(def.shape)) fields.set(key, fieldPlan(key, schema));
  return { kind: "object", fields, closed: def.catchall?._zod.def.type === "never" };
}

function fieldPlan(key: string, schema: z.core.$ZodType): FieldPlan {
  const meta = z.globalRegistry.get(schema as z.ZodType);
  let makeDefault: FieldPlan["makeDefault"];
  let inner = schema;
  let nullable = false;
  for (;;) {
    const def = (inner as z.core.$ZodTypes)._zod.def;
    if (def.type === "default") makeDefault = () => def.defaultValue;
    else if (def.type === "nullable") nullable = true;
    else if (def.type !== "optional") break;
    inner = def.innerType;
  }
  const literal = literalOf(inner);
  if (literal?._zod.def.type === "nullable") nullable = true;
  return {
    plan: planOf(inner),
    literal,
    makeDefault,
    nullable,
    isPath: meta?.format === "path",
    isSecret: meta?.format === "password",
    isTag: key === "type" && inner._zod.values !== undefined &&
      (makeDefault === undefined || makeDefault() === "subgraph"),
  };
}

/** The plan of a union whose options are told apart by a tag. */
function unionPlan(def: z.core.$ZodDiscriminatedUnionDef): Plan {
  const byTag = new Map<unknown, z.core.$ZodType>();
  for (const option of def.options) {
    for (const tag of option._zod.propValues?.[def.discriminator] ?? []) byTag.set(tag, option);
  }
  return {
    kind: "choice",
    pick: (value) => {
      const option = byTag.get((value as Record<string, unknown> | null)?.[def.discriminator]);
      return option === undefined ? LEAF : planOf(option);
    },
  };
}
