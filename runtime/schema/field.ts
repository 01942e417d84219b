/**
 * What the schemas of configuration objects are built from.
 *
 * Every problem is reported for the form that was meant: {@linkcode choice} looks at a value and
 * decides which of several schemas it goes through, so that no message speaks of alternatives.
 *
 * @module
 */
import * as z from "zod";
import type { EnvRef, MapInput, VarRef } from "./reference.ts";

/** Limits of a number. */
export interface NumberLimits {
  /** Smallest value allowed. */
  min?: number;
  /** Values must be above this. */
  above?: number;
  /** Largest value allowed. */
  max?: number;
}

/** A string, nothing else. */
export const str: z.ZodType<string, string> = z.string();

/** Booleans; also 0, 1 and words like `yes` and `off`. */
export const bool: z.ZodType<boolean, boolean> = lenient(toBoolean, z.boolean());

/** An integer; also an integral decimal string. */
export function int(limits: NumberLimits = {}): z.ZodType<number, number> {
  return lenient(toNumber, limited(z.int("must be an integer"), limits));
}

/** A finite number; also a numeric string. */
export function float(limits: NumberLimits = {}): z.ZodType<number, number> {
  return lenient(toNumber, limited(z.number(), limits));
}

function limited(schema: z.ZodNumber, { min, above, max }: NumberLimits): z.ZodNumber {
  let limited = schema;
  if (min !== undefined) limited = limited.min(min);
  if (above !== undefined) limited = limited.gt(above);
  if (max !== undefined) limited = limited.max(max);
  return limited;
}

function lenient<T>(
  convert: (value: unknown) => unknown,
  schema: z.ZodType<T, T>,
): z.ZodType<T, T> {
  return z.preprocess(convert, schema) as unknown as z.ZodType<T, T>;
}

/** The number that a decimal string stands for; anything else as it is. */
export function toNumber(value: unknown): unknown {
  if (typeof value !== "string") return typeof value === "bigint" ? Number(value) : value;
  const text = value.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : value;
}

const WORDS = new Map([
  ...["true", "yes", "on", "t", "y", "1"].map((word) => [word, true] as const),
  ...["false", "no", "off", "f", "n", "0"].map((word) => [word, false] as const),
]);

/** The boolean that a word, 0 or 1 stands for; anything else as it is. */
export function toBoolean(value: unknown): unknown {
  if (typeof value === "string") return WORDS.get(value.trim().toLowerCase()) ?? value;
  return value === 1 ? true : value === 0 ? false : value;
}

/** One of some words, spelled exactly. */
export function oneOf<const T extends readonly string[]>(
  ...words: T
): z.ZodType<T[number], T[number]> {
  return z.enum(words);
}

/** Free data: an object that is neither checked nor changed. */
export const freeData: z.ZodType<Record<string, unknown>, Record<string, unknown>> = z
  .custom<Record<string, unknown>>(isRecord, { error: "must be an object" })
  .meta({ type: "object" });

/** Whether the value is a plain object (not a list, not a `Map`). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Map);
}

/**
 * An object with a name in the JSON Schema.
 *
 * Keys that it does not have are kept; whoever reads a file warns of them.
 */
export function object<Shape extends z.ZodRawShape>(
  id: string,
  description: string,
  shape: Shape,
): z.ZodObject<Shape> {
  return z.looseObject(shape).meta({ id, description }) as unknown as z.ZodObject<Shape>;
}

/** An object with a name in the JSON Schema, in which unknown keys are errors. */
export function closedObject<Shape extends z.ZodRawShape>(
  id: string,
  description: string,
  shape: Shape,
): z.ZodObject<Shape> {
  return z.strictObject(shape).meta({ id, description }) as unknown as z.ZodObject<Shape>;
}

/** Fields that forms and documentation show together, under a title. */
export function category<Shape extends z.ZodRawShape>(title: string, fields: Shape): Shape {
  const entries = Object.entries(fields).map(([key, field]) => {
    const schema = field as z.ZodType;
    return [key, schema.meta({ ...schema.meta(), category: title })];
  });
  return Object.fromEntries(entries);
}

/** The object with checks across its fields; they also run where a field is wrong. */
export function refined<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  ...checks: readonly CrossCheck[]
): z.ZodObject<Shape> {
  const meta = z.globalRegistry.get(schema);
  // Names of definitions are unique: the checked object takes over that of the unchecked one.
  z.globalRegistry.remove(schema);
  let checked = schema;
  for (const { holds, path, code, message } of checks) {
    checked = checked.refine((value) => holds(value as Record<string, unknown>), {
      ...(path === undefined ? {} : { path: [path] }),
      params: { code },
      error: (issue) =>
        typeof message === "string" ? message : message(issue.input as Record<string, unknown>),
      when: ({ value }) => isRecord(value),
    });
  }
  return meta === undefined ? checked : checked.meta(meta);
}

/** A check across the fields of an object. */
export interface CrossCheck {
  /** Whether it holds; fields may be of any type. */
  holds: (value: Record<string, unknown>) => boolean;
  /** The field at which it is reported; the object if left out. */
  path?: string;
  /** Code of the problem. */
  code: string;
  /** What is wrong. */
  message: string | ((value: Record<string, unknown>) => string);
}

/** Whether unknown keys are errors in the objects of a schema. */
export function isClosed(schema: z.core.$ZodType): boolean {
  const { def } = schema._zod;
  return (def as z.core.$ZodObjectDef).catchall?._zod.def.type === "never";
}

interface OrderedMapDef extends z.core.$ZodMapDef {
  valueType: z.core.$ZodType;
}

const ZodMap: typeof z.ZodMap = z.ZodMap;
const ZodUnion: typeof z.ZodUnion = z.ZodUnion;

const OrderedMap = z.core.$constructor("OrderedMap", (schema: z.ZodMap, def: OrderedMapDef) => {
  ZodMap.init(schema, def);
  const { parse } = schema._zod;
  schema._zod.parse = (payload, context) => {
    if (isRecord(payload.value)) payload.value = new Map(Object.entries(payload.value));
    return parse(payload, context);
  };
  schema._zod.processJSONSchema = (context, json, params) => {
    json.type = "object";
    json.additionalProperties = z.core.process(def.valueType, context, {
      ...params,
      path: [...params.path, "additionalProperties"],
    });
  };
});

/** A map with names as keys: a `Map` or an object, held as a `Map` to keep every name and order. */
export function mapOf<Out, In>(
  value: z.ZodType<Out, In>,
): z.ZodType<Map<string, Out>, MapInput<In>> {
  return new OrderedMap({
    type: "map",
    keyType: z.string(),
    valueType: value,
  }) as unknown as z.ZodType<Map<string, Out>, MapInput<In>>;
}

interface ChoiceDef extends z.core.$ZodUnionDef {
  options: readonly z.core.$ZodType[];
  /** Index of the option that a value is meant for. */
  pick: (value: unknown) => number;
  /** What stands for the options in the JSON Schema, if not they themselves. */
  shown?: readonly z.core.$ZodType[] | undefined;
  /** The first option is the value of a field, the second a reference to one. */
  isReferable?: boolean;
}

const Choice = z.core.$constructor("Choice", (schema: z.ZodUnion, def: ChoiceDef) => {
  ZodUnion.init(schema, def);
  // A field is optional only if its values are: an absent one is never meant as a reference.
  Object.defineProperty(schema._zod, "optin", {
    get: () => {
      const first = (def.options[0] as z.core.$ZodTypes)._zod;
      return first.def.type === "pipe" ? first.def.out._zod.optin : first.optin;
    },
    configurable: true,
  });
  schema._zod.parse = (payload, context) =>
    def.options[def.pick(payload.value)]!._zod.run(payload, context);
  schema._zod.processJSONSchema = (context, json, params) => {
    json.anyOf = (def.shown ?? def.options).map((option, i) =>
      z.core.process(option, context, { ...params, path: [...params.path, "anyOf", i] })
    );
  };
});

/**
 * Several schemas, of which `pick` chooses the one that a value is meant for.
 *
 * @param shown How many of the options the JSON Schema shows: those after are of code only.
 */
export function choice<const Options extends readonly z.ZodType[]>(
  options: Options,
  pick: (value: unknown) => number,
  shown: number = options.length,
): z.ZodType<z.output<Options[number]>, z.input<Options[number]>> {
  const def = { type: "union", options, pick, shown: options.slice(0, shown) };
  return new Choice(def as ChoiceDef) as unknown as z.ZodType<
    z.output<Options[number]>,
    z.input<Options[number]>
  >;
}

/** A choice between a schema for objects and one for everything else. */
export function objectOr<ObjectOut, ObjectIn, Out, In>(
  objectSchema: z.ZodType<ObjectOut, ObjectIn>,
  other: z.ZodType<Out, In>,
): z.ZodType<ObjectOut | Out, ObjectIn | In> {
  return choice(
    [other, objectSchema],
    (value) => typeof value === "object" && value !== null ? 1 : 0,
  );
}

/** The option that a choice takes for a value, if the schema is one. */
export function pickOption(schema: z.core.$ZodType, value: unknown): z.core.$ZodType | undefined {
  if (!(schema instanceof Choice)) return undefined;
  const { options, pick } = schema._zod.def as ChoiceDef;
  return options[pick(value)];
}

const REFERENCE_KEYS = ["$env", "$var", "env", "var"];

/** Whether a value is written as a reference, be it a right one or not. */
export function isReferenceLike(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  if (Object.hasOwn(value, "$env") || Object.hasOwn(value, "$var")) return true;
  const keys = Object.keys(value);
  return keys.some((key) => REFERENCE_KEYS.includes(key)) &&
    unknownReferenceKeys(value).length === 0;
}

/** Keys that mean nothing in a reference. */
export function unknownReferenceKeys(reference: Record<string, unknown>): string[] {
  return Object.keys(reference).filter((key) => key !== "default" && !REFERENCE_KEYS.includes(key));
}

/** Whether a value of a parsed configuration is a reference. */
export function isReference(value: unknown): value is VarRef {
  return isRecord(value) && (typeof value.$env === "string" || typeof value.$var === "string");
}

/** A reference as the JSON Schema shows it. */
export const varRefSchema: z.ZodType<VarRef, VarRef> = z
  .custom<VarRef>(isReferenceLike)
  .meta({
    id: "VarRef",
    description: "A reference to an environment variable or a node variable.",
    type: "object",
    properties: {
      $env: { type: "string", description: "Name of the environment variable." },
      $var: { type: "string", description: "Name of the node variable." },
      default: { description: "Used if the variable is not set or declared." },
    },
    additionalProperties: false,
    oneOf: [{ required: ["$env"] }, { required: ["$var"] }],
  });

/** A reference to the environment as the JSON Schema shows it. */
const envRefSchema: z.ZodType<EnvRef, EnvRef> = z.custom<EnvRef>(isReferenceLike).meta({
  id: "EnvRef",
  description: "A reference to an environment variable.",
  type: "object",
  properties: {
    $env: { type: "string", description: "Name of the environment variable." },
    default: { description: "Used if the variable is not set." },
  },
  required: ["$env"],
  additionalProperties: false,
});

/** A value or a reference to one. A reference's default is checked and converted as a value. */
export function v<Out, In>(literal: z.ZodType<Out, In>): z.ZodType<Out | VarRef, In | VarRef> {
  return referable(literal, varRefSchema) as z.ZodType<Out | VarRef, In | VarRef>;
}

/** The value of a node variable, or a reference to the environment. */
export function envOr<Out, In>(literal: z.ZodType<Out, In>): z.ZodType<Out | EnvRef, In | EnvRef> {
  return referable(literal, envRefSchema) as z.ZodType<Out | EnvRef, In | EnvRef>;
}

function referable(literal: z.ZodType, shownReference: z.ZodType): unknown {
  const toRef = z.transform((value: unknown, context) =>
    toReference(value, literal, shownReference === envRefSchema, context)
  );
  return new Choice({
    type: "union",
    options: [literal, toRef],
    shown: [literal, shownReference],
    isReferable: true,
    pick: (value) => isReferenceLike(value) ? 1 : 0,
  });
}

/** The schema of the values of a field, if the field also takes references. */
export function literalOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (!(schema instanceof Choice)) return undefined;
  const { options, isReferable } = schema._zod.def as ChoiceDef;
  return isReferable ? options[0] : undefined;
}

/** Checks a reference, gives it its keys' canonical spelling, and converts its default. */
function toReference(
  value: unknown,
  literal: z.core.$ZodType,
  isEnvOnly: boolean,
  context: z.core.$RefinementCtx,
): VarRef {
  const written = value as Record<string, unknown>;
  const names = REFERENCE_KEYS.filter((key) => Object.hasOwn(written, key));
  const name = written[names[0]!];
  if (names.length > 1) {
    return refuse(context, "reference", 'must have exactly one of the keys "$env" and "$var"');
  }
  if (typeof name !== "string" || name === "") {
    const message = `must name a variable: "${names[0]}" must be a non-empty string`;
    return refuse(context, "reference", message);
  }
  const isEnv = names[0]!.endsWith("env");
  if (isEnvOnly && !isEnv) {
    const message = 'must not be a "$var" reference: a variable cannot have its value from another';
    return refuse(context, "var_circular", message);
  }
  const reference = isEnv ? { $env: name } : { $var: name };
  if (written.default === undefined || written.default === null) return reference;
  const parsed = z.core.safeParse(literal, written.default, { reportInput: true });
  if (parsed.success) return { ...reference, default: parsed.data };
  for (const issue of parsed.error.issues) {
    context.issues.push({ ...issue, path: ["default", ...issue.path] } as z.core.$ZodRawIssue);
  }
  return reference;
}

function refuse(context: z.core.$RefinementCtx, code: string, message: string): never {
  context.addIssue({ code: "custom", message, params: { code } });
  return z.NEVER;
}
