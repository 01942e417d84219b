import { assertEquals } from "@std/assert";
import { describeFactory } from "../../../runtime/factories/factory_info.ts";
import { loadFactory } from "../../../runtime/factories/load_factory.ts";
import { schemaTypeName } from "../../../runtime/factories/schema_type_name.ts";
import { BUILT_IN_FACTORIES } from "../../../runtime/modules/reference.ts";
import { factoryContext } from "./_context.ts";

async function infoOf(ref: string) {
  return describeFactory((await loadFactory(ref, factoryContext()))!);
}

Deno.test("a built-in factory tells its parameters, types and defaults", async () => {
  const { factory, type, params } = await infoOf("netrun:broadcast");
  assertEquals([factory, type], ["netrun:broadcast", "node"]);
  assertEquals(
    params!.map((
      { name, type, default: byDefault, required },
    ) => [name, type, byDefault, required]),
    [
      ["num_inputs", "number", 1, false],
      ["num_outputs", "number", 2, false],
      ["copy_mode", '"none" | "shallow" | "deep"', "none", false],
    ],
  );
  assertEquals((await infoOf("netrun:function")).params![0]!.required, true);
});

Deno.test("every built-in factory describes itself and each of its parameters", async () => {
  for (const name of BUILT_IN_FACTORIES) {
    const { description, params } = await infoOf(`netrun:${name}`);
    assertEquals(typeof description, "string");
    for (const param of params!) assertEquals(typeof param.description, "string", param.name);
  }
});

Deno.test("a factory without a schema tells no parameters, one without functions makes subgraphs", async () => {
  const info = await infoOf("./fac.ts::chain");
  assertEquals(info, { factory: "./fac.ts::chain", type: "subgraph" });
});

const names: [schema: Record<string, unknown>, name: string][] = [
  [{}, "unknown"],
  [{ type: "integer" }, "number"],
  [{ type: ["string", "null"] }, "string | null"],
  [{ const: "a" }, '"a"'],
  [{ anyOf: [{ type: "string" }, { type: "number" }] }, "string | number"],
  [
    { type: "array", items: { anyOf: [{ type: "string" }, { type: "null" }] } },
    "(string | null)[]",
  ],
  [{ type: "array", prefixItems: [{ type: "string" }, true] }, "[string, unknown]"],
  [{ type: "object", additionalProperties: { type: "number" } }, "Record<string, number>"],
  [{ $ref: "#/$defs/Order" }, "Order"],
  [{ type: "object" }, "object"],
];
for (const [schema, name] of names) {
  Deno.test(`${JSON.stringify(schema)} is called ${name}`, () => {
    assertEquals(schemaTypeName(schema), name);
  });
}
