import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ConfigResolveError } from "../../../runtime/schema/error.ts";
import { nodeVariableSchema } from "../../../runtime/schema/variable.ts";
import { resolveNodeVariable } from "../../../runtime/schema/variables.ts";

type Written = Parameters<typeof nodeVariableSchema.parse>[0];

const valueOf = (written: Written) => resolveNodeVariable(nodeVariableSchema.parse(written));
const codeOf = (written: Written) => assertThrows(() => valueOf(written), ConfigResolveError).code;

Deno.test("a value is converted to the type of its variable", () => {
  assertEquals(valueOf({ value: 7 }), "7");
  assertEquals(valueOf({ value: true, type: "" }), "true");
  assertEquals(valueOf({ value: "-12", type: "int" }), -12);
  assertEquals(valueOf({ value: -2.7, type: "int" }), -2);
  assertEquals(valueOf({ value: " 1e3 ", type: "float" }), 1000);
  assertEquals(valueOf({ value: " YES ", type: "bool" }), true);
  assertEquals(valueOf({ value: 0, type: "bool" }), false);
  assertEquals(valueOf({ value: '{"a": [1]}', type: "json" }), { a: [1] });
  assertEquals(valueOf({ value: 3, type: "json" }), 3);
});

Deno.test("text that does not stand for the type is refused", () => {
  assertEquals(codeOf({ value: "12.5", type: "int" }), "cast_failed");
  assertEquals(codeOf({ value: true, type: "int" }), "cast_failed");
  assertEquals(codeOf({ value: "1e999", type: "float" }), "cast_failed");
  assertEquals(codeOf({ value: "on", type: "bool" }), "cast_failed");
  assertEquals(codeOf({ value: "{", type: "json" }), "cast_failed");
});

Deno.test("a variable without value is a placeholder, unless it is optional", () => {
  assertEquals(codeOf({}), "var_placeholder");
  assertEquals(valueOf({ optional: true, options: ["x"] }), null);
});

Deno.test("options are compared with the converted value", () => {
  assertEquals(valueOf({ value: "2", type: "int", options: [1, 2.0] }), 2);
  assertEquals(codeOf({ value: "2", type: "int", options: ["2"] }), "var_option");
});

Deno.test("every integer survives the way through text", () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (value) => {
    assertEquals(valueOf({ value: String(value), type: "int" }), value);
  }));
});
