import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { fromJSONValue, toJSONValue } from "../../../runtime/packets/json_value.ts";

Deno.test("what JSON has no form for is written as an object with one key", () => {
  class Account {
    owner = "Ada";
  }
  assertEquals(
    toJSONValue([
      new Uint8Array([1, 2]),
      2n ** 70n,
      new Map(),
      new Date(NaN),
      Infinity,
      undefined,
      { a: undefined, b: 1 },
      new Account(),
      new URL("a:b"),
      new RangeError("far"),
      new (class extends Array {})(),
    ]),
    [
      { $bytes: "AQI=" },
      { $bigint: "1180591620717411303424" },
      { $type: "Map" },
      { $type: "Invalid Date" },
      { $type: "Infinity" },
      null,
      { b: 1 },
      { owner: "Ada" },
      "a:b",
      { $type: "RangeError", message: "far" },
      [],
    ],
  );
});

Deno.test("cycles, depth, and members that throw break nothing", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  assertEquals(toJSONValue(cyclic), { self: { $type: "circular" } });
  const twice = { a: 1 };
  assertEquals(toJSONValue([twice, twice]), [{ a: 1 }, { a: 1 }]);
  assertEquals(
    toJSONValue({
      get a() {
        throw new Error("no");
      },
    }),
    { $type: "unreadable" },
  );
  let deep: unknown = 1;
  for (let i = 0; i < 50_000; i++) deep = [deep];
  JSON.stringify(toJSONValue(deep));
});

Deno.test("a key that means something to the language stays a key", () => {
  const value = JSON.parse('{"__proto__": {"a": 1}}');
  assertEquals(JSON.stringify(toJSONValue(value)), '{"__proto__":{"a":1}}');
  assertEquals(JSON.stringify(fromJSONValue(value)), '{"__proto__":{"a":1}}');
});

Deno.test("text that only looks like bytes or a bigint stays as it is", () => {
  for (const value of [{ $bytes: "?" }, { $bigint: "1.5" }, { $bigint: 1 }, { $bytes: "", a: 1 }]) {
    assertEquals(fromJSONValue(value), value);
  }
});

Deno.test("JSON data, bigints and bytes come back equal", () => {
  const leaf = fc.oneof(
    fc.jsonValue() as fc.Arbitrary<unknown>,
    fc.bigInt(),
    fc.uint8Array() as fc.Arbitrary<unknown>,
  );
  fc.assert(fc.property(fc.array(leaf), (value) => {
    const json = JSON.parse(JSON.stringify(toJSONValue(value)));
    // JSON itself has no -0.
    assertEquals(fromJSONValue(json), JSON.parse(JSON.stringify(value, tag), untag));
  }));
});

function tag(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `bigint:${value}`;
  return value instanceof Uint8Array ? `bytes:${value.toBase64()}` : value;
}

function untag(_key: string, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (/^bigint:/.test(value)) return BigInt(value.slice(7));
  return /^bytes:/.test(value) ? Uint8Array.fromBase64(value.slice(6)) : value;
}

Deno.test("no value makes it throw, and the result is always JSON", () => {
  fc.assert(fc.property(fc.anything(), (value) => {
    JSON.stringify(toJSONValue(value));
  }));
});
