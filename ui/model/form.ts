/**
 * Forms: how a value is asked for, derived from the JSON Schema that describes it.
 *
 * One derivation serves the objects of a configuration and the arguments of factories alike.
 *
 * @module
 */
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";

/** A JSON Schema, as far as forms read it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly "x-category"?: string;
}

/** Schemas by the names under which others refer to them. */
export type Definitions = Readonly<Record<string, JsonSchema>>;

/** How a value is asked for. */
export type Form =
  | { readonly kind: "text"; readonly isSecret: boolean }
  | NumberForm
  | { readonly kind: "boolean" }
  | { readonly kind: "choice"; readonly values: readonly unknown[] }
  | { readonly kind: "list"; readonly item: Form }
  | { readonly kind: "map"; readonly value: Form }
  | ObjectForm
  | { readonly kind: "variants"; readonly variants: readonly Variant[] }
  | { readonly kind: "json" };

/** A number within limits. */
export interface NumberForm {
  readonly kind: "number";
  readonly isInteger: boolean;
  readonly minimum: number | undefined;
  readonly exclusiveMinimum: number | undefined;
  readonly maximum: number | undefined;
}

/** An object with fields. */
export interface ObjectForm {
  readonly kind: "object";
  readonly fields: readonly FormField[];
}

/** One of several forms that a value may have. */
export interface Variant {
  readonly label: string;
  readonly form: Form;
}

/** A field of an object. */
export interface FormField {
  readonly name: string;
  readonly form: Form;
  readonly isRequired: boolean;
  /** Whether a reference to a variable may stand in its place. */
  readonly isReferable: boolean;
  /** What it is if nothing is given; undefined if it has no default. */
  readonly default: unknown;
  /** Whether it then takes what is said elsewhere. */
  readonly inherits: boolean;
  readonly description: string;
  /** Title of the fields that it is shown with. */
  readonly category: string | undefined;
  /** The only value that it may have, which tells the variants of an object apart. */
  readonly tag: unknown;
}

const REFERENCES: ReadonlySet<string> = new Set(["#/$defs/VarRef", "#/$defs/EnvRef"]);

/** How deep forms go inside each other before data is asked for as JSON. */
const MAX_DEPTH = 5;

/**
 * How a value that a schema describes is asked for.
 *
 * @param depth How deep forms may go inside each other; data beneath is asked for as JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formOf({ anyOf: [{ type: "array", items: { type: "string" } }, { type: "null" }] }), {
 *   kind: "list",
 *   item: { kind: "text", isSecret: false },
 * });
 * ```
 */
export function formOf(
  schema: JsonSchema,
  definitions: Definitions = {},
  depth: number = MAX_DEPTH,
): Form {
  const parts = alternatives(schema, definitions).filter((part) =>
    part.type !== "null" && !REFERENCES.has(part.$ref ?? "")
  );
  const forms = parts.map((part) => formOfOne(part, schema, definitions, depth));
  const values = forms.flatMap((form) => form.kind === "choice" ? form.values : [undefined]);
  if (forms.length > 1 && !values.includes(undefined)) return { kind: "choice", values };
  if (forms.length === 1) return forms[0]!;
  if (forms.length === 0 || forms.every(({ kind }) => kind === "json")) return { kind: "json" };
  return {
    kind: "variants",
    variants: forms.map((form, i) => ({ label: labelOf(parts[i]!, form), form })),
  };
}

/** The fields of an object that a schema describes; none if it describes something else. */
export function fieldsOf(
  schema: JsonSchema | undefined,
  definitions: Definitions = {},
  depth: number = MAX_DEPTH,
): readonly FormField[] {
  const form = schema && formOf(schema, definitions, depth);
  return form?.kind === "object" ? form.fields : [];
}

/** The schemas of which a value fits one, references to variables as they are, others followed. */
function alternatives(schema: JsonSchema, definitions: Definitions): JsonSchema[] {
  const { $ref, type } = schema;
  if ($ref !== undefined) {
    const definition = definitions[$ref.split("/").at(-1)!];
    if (REFERENCES.has($ref) || definition === undefined) return [schema];
    return alternatives(definition, definitions);
  }
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts) return parts.flatMap((part) => alternatives(part, definitions));
  if (typeof type === "object") return type.map((one) => ({ ...schema, type: one }));
  return [schema];
}

function formOfOne(
  schema: JsonSchema,
  outer: JsonSchema,
  definitions: Definitions,
  depth: number,
): Form {
  if (schema.const !== undefined) return { kind: "choice", values: [schema.const] };
  if (schema.enum) return { kind: "choice", values: schema.enum };
  switch (schema.type) {
    case "string":
      return { kind: "text", isSecret: (schema.format ?? outer.format) === "password" };
    case "integer":
    case "number":
      return {
        kind: "number",
        isInteger: schema.type === "integer",
        minimum: schema.minimum === Number.MIN_SAFE_INTEGER ? undefined : schema.minimum,
        exclusiveMinimum: schema.exclusiveMinimum,
        maximum: schema.maximum === Number.MAX_SAFE_INTEGER ? undefined : schema.maximum,
      };
    case "boolean":
      return { kind: "boolean" };
  }
  if (depth <= 0) return { kind: "json" };
  if (schema.type === "array" && schema.items && !schema.prefixItems) {
    return { kind: "list", item: formOf(schema.items, definitions, depth - 1) };
  }
  const { properties, additionalProperties, required = [] } = schema;
  if (properties && Object.keys(properties).length > 0) {
    return {
      kind: "object",
      fields: Object.entries(properties)
        .filter(([name]) => !name.startsWith("_"))
        .map(([name, field]) =>
          fieldOf(name, field, required.includes(name), definitions, depth - 1)
        ),
    };
  }
  if (typeof additionalProperties === "object") {
    return { kind: "map", value: formOf(additionalProperties, definitions, depth - 1) };
  }
  return { kind: "json" };
}

function fieldOf(
  name: string,
  schema: JsonSchema,
  isRequired: boolean,
  definitions: Definitions,
  depth: number,
): FormField {
  const parts = alternatives(schema, definitions);
  const description = schema.description ?? parts[0]?.description ?? "";
  return {
    name,
    form: formOf(schema, definitions, depth),
    isRequired,
    isReferable: parts.some(({ $ref }) => REFERENCES.has($ref ?? "")),
    default: schema.default,
    inherits: parts.some(({ type }) => type === "null") &&
      /\bnull\b.*\binherits\b/.test(description),
    description,
    category: schema["x-category"],
    tag: parts.length === 1 ? parts[0]!.const : undefined,
  };
}

function labelOf(schema: JsonSchema, form: Form): string {
  switch (form.kind) {
    case "choice":
      return form.values.map(String).join(" / ");
    case "object": {
      const tag = form.fields.find(({ tag }) => tag !== undefined);
      if (tag) return tag.name === "type" ? `${tag.tag}` : words(`${tag.name} ${tag.tag}`);
      const required = form.fields.filter(({ isRequired }) => isRequired);
      return schema.title ?? (required.map(({ name }) => words(name)).join(", ") || "fields");
    }
    case "number":
      return form.isInteger ? "whole number" : "number";
    case "map":
      return "names and values";
    case "boolean":
      return "yes or no";
    default:
      return form.kind;
  }
}

/** A name without underscores. */
function words(name: string): string {
  return name.replaceAll("_", " ");
}

/** Whether a form can show a value; what does not fit is shown as JSON, as it is. */
export function fits(form: Form, value: unknown): boolean {
  switch (form.kind) {
    case "text":
      return typeof value === "string";
    case "number":
      // Files may also write numbers as texts.
      return typeof value === "number" || typeof value === "string" && isNumberText(value);
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return form.values.includes(value);
    case "list":
      return Array.isArray(value) && value.every((item) => fits(form.item, item));
    case "map":
      return value instanceof Map && value.values().every((member) => fits(form.value, member));
    case "object":
      return value instanceof Map && form.fields.every((field) => fitsField(field, value, form));
    case "variants":
      return form.variants.some((variant) => fits(variant.form, value));
    case "json":
      return true;
  }
}

/** Whether an object has what tells it apart: tags, a word out of few, else what it must have. */
function fitsField(
  { name, tag, form, isRequired }: FormField,
  value: RawObject,
  whole: ObjectForm,
): boolean {
  if (tag !== undefined) return value.get(name) === tag;
  if (!isRequired) return true;
  return form.kind === "choice" ? fits(form, value.get(name)) : hasTag(whole) || value.has(name);
}

/** Whether an object says by a tag which it is, so that it is recognized while it is incomplete. */
function hasTag(form: ObjectForm): boolean {
  return form.fields.some(({ tag }) => tag !== undefined);
}

/** Which variant a value is; -1 if none. */
export function variantOf(variants: readonly Variant[], value: unknown): number {
  return variants.findIndex(({ form }) => fits(form, value));
}

/** What a value of a form is at first: as little as makes it one. */
export function blankOf(form: Form): unknown {
  switch (form.kind) {
    case "text":
      return "";
    case "number": {
      const { minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity } = form;
      return Math.min(Math.max(1, minimum, Math.floor(exclusiveMinimum) + 1), maximum);
    }
    case "boolean":
      return true;
    case "choice":
      return form.values[0];
    case "list":
      return [];
    case "map":
      return new Map();
    case "object": {
      const isTagged = hasTag(form);
      return new Map(
        form.fields.filter(({ tag, isRequired }) => tag !== undefined || isRequired && !isTagged)
          .map(({ name, tag, form }) => [name, tag ?? blankOf(form)]),
      );
    }
    case "variants":
      return blankOf(form.variants[0]!.form);
    case "json":
      return new Map();
  }
}

/** A value made into another variant, with the fields that both have. */
export function switchVariant(value: unknown, to: Form): unknown {
  const blank = blankOf(to);
  const old = asObject(value);
  if (!old || to.kind !== "object") return blank;
  const made = new Map(blank as RawObject);
  for (const { name, tag, form } of to.fields) {
    const kept = old.get(name);
    if (tag === undefined && kept !== undefined && fits(form, kept)) made.set(name, kept);
  }
  return made;
}

/** Reads a number; else says what is wrong with the text. */
export function readNumber(
  text: string,
  { isInteger, minimum, exclusiveMinimum, maximum }: NumberForm,
): { readonly value: number } | { readonly message: string } {
  const value = Number(text);
  if (!isNumberText(text)) return { message: `“${text}” is no number` };
  if (isInteger && !Number.isInteger(value)) return { message: "This must be a whole number" };
  if (minimum !== undefined && value < minimum) {
    return { message: `This must be ${minimum} or more` };
  }
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
    return { message: `This must be more than ${exclusiveMinimum}` };
  }
  if (maximum !== undefined && value > maximum) {
    return { message: `This must be ${maximum} or less` };
  }
  return { value };
}

function isNumberText(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}
