import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { converted, readVariable, variableText } from "../../../ui/model/variable_value.ts";

Deno.test("what is shown of a value is read back as that value", () => {
  const pair = fc.oneof(
    fc.tuple(fc.constant("int"), fc.maxSafeInteger()),
    fc.tuple(fc.constant("float"), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.tuple(fc.constant("bool"), fc.boolean()),
    fc.tuple(fc.constant("str"), fc.string()),
  );
  fc.assert(fc.property(pair, ([type, value]) => {
    assertEquals(readVariable(variableText(value), type), { value });
    assertEquals(converted(variableText(value), type), value);
  }));
});

Deno.test("each way of writing a boolean is understood, and nothing else", () => {
  for (const text of ["true", "1", "YES"]) {
    assertEquals(readVariable(text, "bool"), { value: true });
  }
  for (const text of ["False", "0", "no"]) {
    assertEquals(readVariable(text, "bool"), { value: false });
  }
  for (const [text, type] of [["maybe", "bool"], ["1.5", "int"], ["", "float"], ["x", "float"]]) {
    assertEquals(readVariable(text!, type!), { message: `“${text}” is no ${type}` });
    assertEquals(converted(text, type!), text);
  }
});
