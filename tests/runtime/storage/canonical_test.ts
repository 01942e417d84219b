import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { NotSerializableError } from "../../../runtime/packets/error.ts";
import { canonicalBytes, canonicalDigest } from "../../../runtime/storage/canonical.ts";
import { inputDigest } from "../../../runtime/storage/input_digest.ts";

Deno.test("12: the same values have the same form, whether parts are shared or copied", () => {
  const a = { x: [1, "two"] };
  assertEquals(canonicalDigest([a, a]), canonicalDigest([a, structuredClone(a)]));
  assertEquals(canonicalDigest(NaN), canonicalDigest(0 / 0));
  assertEquals(
    canonicalDigest(new Uint8Array([1, 2, 3]).subarray(1)),
    canonicalDigest(new Uint8Array([2, 3])),
  );
});

Deno.test("12: values that differ in anything have different forms", () => {
  const distinct: unknown[] = [
    undefined,
    null,
    0,
    -0,
    1,
    1n,
    "1",
    true,
    false,
    "",
    [],
    [undefined],
    [,],
    [[]],
    {},
    { a: 1, b: 2 },
    { b: 2, a: 1 },
    { a: undefined },
    new Map(),
    new Map([["a", 1]]),
    new Set(),
    new Set(["a", 1]),
    new Set([1, "a"]),
    new Date(0),
    /a/,
    /a/g,
    new ArrayBuffer(1),
    new Uint8Array(1),
    new Int8Array(1),
    new Uint8Array([1]),
    new Error("a"),
    new TypeError("a"),
    new Error("a", { cause: 1 }),
    ["ab", "c"],
    ["a", "bc"],
    "\ud800",
    "\ud801",
    "\ufffd",
  ];
  const forms = new Set(distinct.map((value) => canonicalDigest(value)));
  assertEquals(forms.size, distinct.length);
});

Deno.test("12: cycles end, and lead to different forms where they lead back differently far", () => {
  const short: unknown[] = [];
  short.push([short]);
  const long: unknown[] = [[]];
  (long[0] as unknown[]).push(long[0]);
  assertNotEquals(canonicalBytes(short), canonicalBytes(long));
});

Deno.test("large parts are hashed without a copy of the whole", () => {
  const large = { bytes: new Uint8Array(1_000_000), text: "x".repeat(200_000) };
  assertEquals(canonicalDigest(large), canonicalDigest(structuredClone(large)));
  assertNotEquals(canonicalDigest(large), canonicalDigest({ ...large, text: "y" }));
});

Deno.test("what cannot be stored is refused by its path", () => {
  const error = assertThrows(
    () => canonicalDigest([{ call: () => 1 }]),
    NotSerializableError,
  );
  assertEquals([error.path, error.typeName], ["[0].call", "function"]);
});

Deno.test("a value that holds the same part again and again is given up at the limit", () => {
  let value: unknown = "x";
  for (let i = 0; i < 60; i++) value = [value, value];
  assertThrows(() => canonicalDigest(value, 1_000_000), NotSerializableError, "1000000 bytes");
});

Deno.test("12: inputs are told apart by their ports and by their order, not by the order of ports", () => {
  const of = (...inputs: [port: string, value: unknown][]) =>
    inputDigest(inputs.map(([portName, value]) => ({ portName, value })));
  assertEquals(of(["a", 1], ["b", 2]), of(["b", 2], ["a", 1]));
  const digests = [
    of(["a", 1], ["b", 2]),
    of(["a", 2], ["b", 1]),
    of(["a", 1], ["a", 2]),
    of(["a", 2], ["a", 1]),
    of(["a", 1], ["b", 1]),
    of(["a", true], ["b", 2]),
  ];
  assertEquals(new Set(digests).size, digests.length);
});
