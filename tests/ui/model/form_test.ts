import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { netConfigJsonSchema } from "../../../runtime/schema/json_schema.ts";
import {
  blankOf,
  type Definitions,
  fieldsOf,
  fits,
  type Form,
  formOf,
  type JsonSchema,
  readNumber,
  switchVariant,
  variantOf,
} from "../../../ui/model/form.ts";

const DEFINITIONS = (netConfigJsonSchema() as { $defs: Definitions }).$defs;
const field = (object: string, name: string) =>
  fieldsOf(DEFINITIONS[object], DEFINITIONS).find((field) => field.name === name)!;

/** All forms inside a form, itself included. */
function formsIn(form: Form): Form[] {
  switch (form.kind) {
    case "list":
      return [form, ...formsIn(form.item)];
    case "map":
      return [form, ...formsIn(form.value)];
    case "object":
      return [form, ...form.fields.flatMap(({ form }) => formsIn(form))];
    case "variants":
      return [form, ...form.variants.flatMap(({ form }) => formsIn(form))];
    default:
      return [form];
  }
}

const ALL = Object.keys(DEFINITIONS).flatMap((name) =>
  formsIn(formOf(DEFINITIONS[name]!, DEFINITIONS))
);

Deno.test("each kind of schema has its form", () => {
  const kinds: [JsonSchema, Form["kind"]][] = [
    [{ type: "string" }, "text"],
    [{ type: "integer" }, "number"],
    [{ type: "number" }, "number"],
    [{ type: "boolean" }, "boolean"],
    [{ enum: ["a", 1] }, "choice"],
    [{ type: "array", items: { type: "string" } }, "list"],
    [{ type: "array", prefixItems: [{}] }, "json"],
    [{ type: "object", properties: { a: {} } }, "object"],
    [{ type: "object", additionalProperties: { type: "number" } }, "map"],
    [{ type: "object" }, "json"],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, "text"],
    [{ anyOf: [{ type: "string" }, { type: "number" }] }, "variants"],
    [{ type: ["string", "number"] }, "variants"],
    [{ anyOf: [{ enum: ["a"] }, { const: "b" }] }, "choice"],
    [{}, "json"],
    [{ $ref: "#/$defs/Gone" }, "json"],
  ];
  for (const [schema, kind] of kinds) assertEquals(formOf(schema).kind, kind, Deno.inspect(schema));
});

Deno.test("what is nested deeper than asked for is JSON", () => {
  const schema: JsonSchema = {
    type: "array",
    items: { type: "array", items: { type: "array", items: { type: "string" } } },
  };
  const kinds = (depth: number) => formsIn(formOf(schema, {}, depth)).map(({ kind }) => kind);
  assertEquals(kinds(2), ["list", "list", "json"]);
  assertEquals(kinds(3), ["list", "list", "list", "text"]);
});

Deno.test("a schema that holds itself has a form all the same", () => {
  const definitions: Definitions = {
    Tree: {
      type: "object",
      properties: { left: { $ref: "#/$defs/Tree" }, name: { type: "string" } },
    },
  };
  assertEquals(formOf(definitions.Tree!, definitions).kind, "object");
});

Deno.test("fields tell whether they inherit, may be references, are secret or hidden", () => {
  assertEquals(field("NodeExecutionConfig", "retries").inherits, true);
  assertEquals(field("NodeExecutionConfig", "retries").isReferable, true);
  assertEquals(field("NodeExecutionConfig", "error_port").inherits, false);
  assertEquals(field("S3BackendConfig", "secret_key").form, { kind: "text", isSecret: true });
  assertEquals(field("S3BackendConfig", "bucket").form, { kind: "text", isSecret: false });
  const hidden = fieldsOf({ type: "object", properties: { _own: {}, shown: {} } });
  assertEquals(hidden.map(({ name }) => name), ["shown"]);
});

Deno.test("kinds of pools, backends and gathering are told apart by what they say", () => {
  const labels = (form: Form) =>
    form.kind === "variants" ? form.variants.map(({ label }) => label) : [];
  assertEquals(labels(field("PoolConfig", "spec").form), [
    "main",
    "thread",
    "multiprocess",
    "remote",
  ]);
  assertEquals(labels(field("PortConfig", "gather").form), ["until done", "max wait"]);
  const { form } = field("StorageConfig", "backends");
  assert(form.kind === "map");
  assertEquals(labels(form.value), ["local", "s3", "gcs", "ssh", "rclone"]);
});

Deno.test("what a form begins with fits it, and is recognized as that variant", () => {
  for (const form of ALL) {
    assert(fits(form, blankOf(form)), Deno.inspect(form, { depth: 2 }));
    if (form.kind !== "variants") continue;
    form.variants.forEach(({ form: variant, label }, i) => {
      if (variant.kind === "json") return;
      assertEquals(variantOf(form.variants, blankOf(variant)), i, label);
    });
  }
});

Deno.test("switching the kind of a pool there and back keeps what both kinds have", () => {
  const { form } = field("PoolConfig", "spec");
  assert(form.kind === "variants");
  const [, thread, multiprocess] = form.variants;
  fc.assert(fc.property(fc.nat(), fc.nat(), (prefetch, workers) => {
    const value = new Map<string, unknown>([
      ["type", "thread"],
      ["num_workers", workers],
      ["prefetch", prefetch],
    ]);
    const other = switchVariant(value, multiprocess!.form) as Map<string, unknown>;
    assertEquals(
      other,
      new Map<string, unknown>([["type", "multiprocess"], ["prefetch", prefetch]]),
    );
    assertEquals(
      switchVariant(other, thread!.form),
      new Map<string, unknown>([["type", "thread"], ["prefetch", prefetch]]),
    );
  }));
});

Deno.test("a number is read exactly where it is one within the limits", () => {
  const form = {
    kind: "number",
    isInteger: true,
    minimum: 0,
    exclusiveMinimum: undefined,
    maximum: 63,
  } as const;
  fc.assert(fc.property(fc.oneof(fc.integer(), fc.double(), fc.string()), (value) => {
    const reading = readNumber(`${value}`, form);
    const number = Number(value);
    const isRight = `${value}`.trim() !== "" && Number.isInteger(number) && number >= 0 &&
      number <= 63;
    assertEquals("value" in reading, isRight);
    if ("value" in reading) assertEquals(reading.value, number);
  }));
  assertEquals(readNumber("-1", form), { message: "This must be 0 or more" });
  assertEquals(readNumber("1.5", form), { message: "This must be a whole number" });
  assertEquals(readNumber("64", form), { message: "This must be 63 or less" });
  const above = { ...form, minimum: undefined, exclusiveMinimum: 0 };
  assertEquals(readNumber("0", above), { message: "This must be more than 0" });
});
