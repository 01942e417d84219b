import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { giveBy, type Giving, referenceOf } from "../../../ui/model/reference.ts";

const giving = fc.constantFrom<Giving>("value", "$env", "$var");
const literal = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()));

Deno.test("a value goes through any ways of being given and comes back as it was", () => {
  fc.assert(fc.property(literal, fc.array(giving), (value, ways) => {
    const given = ways.reduce<unknown>((now, way) => giveBy(now, way, "NAME"), value);
    assertEquals(giveBy(given, "value", "NAME"), value);
    const last = ways.at(-1) ?? "value";
    assertEquals(referenceOf(given)?.giving ?? "value", last);
  }));
});

Deno.test("the name of a variable stays when the kind of reference changes", () => {
  const written = new Map<string, unknown>([["env", "RETRIES"], ["default", 3]]);
  assertEquals(
    giveBy(written, "$var", "OTHER"),
    new Map<string, unknown>([["$var", "RETRIES"], ["default", 3]]),
  );
  assertEquals(giveBy(undefined, "$env", "NAME"), new Map([["$env", "NAME"]]));
  assertEquals(giveBy(new Map([["$env", "NAME"]]), "value", "NAME"), undefined);
});
