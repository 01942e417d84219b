import { assertEquals } from "@std/assert";
import { netConfigJsonSchema } from "../../../runtime/schema/json_schema.ts";
import { describeObjects } from "../../../runtime/schema/field_list.ts";
import { planOf } from "../../../runtime/schema/plan.ts";
import { netConfigSchema } from "../../../runtime/schema/net.ts";

type Json = Record<string, unknown> & {
  $defs: Record<string, Json>;
  properties: Record<string, Json>;
  required?: string[];
};

const schema = netConfigJsonSchema() as Json;

/** Every object in a JSON value. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const member of Object.values(value)) yield* objectsIn(member);
}

Deno.test("every reference in the JSON Schema leads to a definition", () => {
  for (const { $ref } of objectsIn(schema)) {
    if (typeof $ref !== "string") continue;
    assertEquals(Object.hasOwn(schema.$defs, $ref.replace("#/$defs/", "")), true, $ref);
  }
});

Deno.test("the JSON Schema has every field of the net, with its default", () => {
  const plan = planOf(netConfigSchema);
  const fields = plan.kind === "object" ? plan.fields : new Map();
  assertEquals(Object.keys(schema.properties), ["$schema", ...fields.keys()]);
  assertEquals(schema.properties.max_epochs?.default, -1);
  assertEquals(schema.required, ["graph"]);
});

Deno.test("numbers that have no default are required, references or not", () => {
  assertEquals(schema.$defs.FiniteSlots?.required, ["type", "capacity"]);
  assertEquals(schema.$defs.CountState?.required, ["type", "value"]);
});

Deno.test("a reference has exactly one of its keys", () => {
  assertEquals(schema.$defs.VarRef?.oneOf, [{ required: ["$env"] }, { required: ["$var"] }]);
});

Deno.test("unknown keys are refused inside storage, and with `strict` everywhere", () => {
  assertEquals(schema.$defs.CacheConfig?.additionalProperties, false);
  assertEquals(schema.$defs.NodeConfig?.additionalProperties, undefined);
  const strict = netConfigJsonSchema({ strict: true }) as Json;
  assertEquals(strict.$defs.NodeConfig?.additionalProperties, false);
  assertEquals(strict.additionalProperties, false);
});

Deno.test("the list of fields says what may stand in each", () => {
  const objects = new Map(describeObjects().map(({ name, fields }) => [name, fields]));
  const [type, capacity] = objects.get("FiniteSlots")!;
  assertEquals(type?.type, '`"finite"`');
  assertEquals(capacity, {
    name: "capacity",
    type: "integer, 0 or more",
    isRequired: true,
    isReferable: true,
    default: undefined,
    values: undefined,
    description: "Number of packets, 0 or more.",
    category: undefined,
  });
  const method = objects.get("NetConfig")!.find(({ name }) =>
    name === "default_pool_allocation_method"
  );
  assertEquals(method?.values, ["round-robin", "random", "least-busy"]);
  assertEquals(method?.category, "Running");
});
