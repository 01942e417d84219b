import { assert, assertEquals } from "@std/assert";
import { readSignatures } from "../../../runtime/modules/read_signatures.ts";
import { compilePortType, type PortTypeCheck } from "../../../runtime/packets/port_type.ts";

const declarations = `
import type { Imported } from "./elsewhere.ts";
type Id = string | number;
type Brand = { readonly __brand: unique symbol };
interface Point { x: number; y?: number }
interface Tree { value: number; children: Tree[] }
enum Color { Red = "red", Blue = "blue" }
class Dog { bark() {} }
`;

class Dog {}

/** Types as a function may state them, with values that fit and values that do not. */
const rows: [type: string, fitting: unknown[], others: unknown[]][] = [
  ["string", ["a"], [1]],
  ["number", [1, NaN], ["1"]],
  ["boolean", [true], [0]],
  ["bigint", [1n], [1]],
  ["symbol", [Symbol()], ["a"]],
  ["null", [null], [undefined]],
  ['"a" | 1 | true', ["a", 1, true], ["b", 2, false]],
  ["`id-${string}`", ["id-1"], [1]],
  ["number[]", [[1]], [["a"], 1]],
  ["readonly string[]", [["a"]], [[1]]],
  ["[string, number?, ...boolean[]]", [["a"], ["a", 1, true]], [[1], ["a", 1, 2]]],
  ["Record<string, number>", [{ a: 1 }], [{ a: "b" }]],
  ["{ a: string; b?: number }", [{ a: "x" }, { a: "x", c: 1 }], [{}, { a: "x", b: "y" }]],
  ["{ [key: string]: number }", [{ a: 1 }], [{ a: "b" }]],
  ["Map<string, number>", [new Map([["a", 1]])], [new Map([["a", "b"]]), {}]],
  ["Set<number>", [new Set([1])], [new Set(["a"]), [1]]],
  ['string & { __brand: "Id" }', ["a"], [1, { __brand: "Id" }]],
  ["string & Brand", ["a"], [1]],
  ["Point & { z: number }", [{ x: 1, z: 2 }], [{ x: 1 }, { z: 1 }, 1]],
  ["Partial<Point>", [{}, { y: 1 }], [{ x: "a" }]],
  ["Required<Point>", [{ x: 1, y: 2 }], [{ x: 1 }]],
  ["Date", [new Date()], ["2026-01-01", {}]],
  ["URL", [new URL("a:b")], ["a:b"]],
  ["Error", [new RangeError()], [{ message: "" }]],
  ["Uint8Array", [new Uint8Array()], [[1], new Int8Array()]],
  ["ReadableStream", [new Blob().stream()], [new Blob()]],
  ["Id", ["a", 1], [true]],
  ["Point", [{ x: 1 }], [{ y: 1 }, { x: "a" }]],
  ["Tree", [{ value: 1, children: [{ value: 2, children: [] }] }], [{
    value: 1,
    children: [{ value: "a", children: [] }],
  }]],
  ["Color", ["red"], ["green"]],
  ["Dog", [new Dog()], [{}]],
  ["object", [{}, []], ["a"]],
  ["(x: number) => string", [() => "a"], ["a"]],
];

/** The check of the parameter of a function with this type. */
async function checkOf(type: string): Promise<PortTypeCheck | undefined> {
  const text = `${declarations}\nexport function f(value: ${type}): void {}`;
  const signature = (await readSignatures("file:///project/nodes.ts", text)).get("f");
  assert(signature?.kind === "function", `${type}: ${Deno.inspect(signature)}`);
  return compilePortType(signature.inputs[0]?.type ?? null);
}

Deno.test("every kind of type that a function can state takes its values and refuses others", async () => {
  for (const [type, fitting, others] of rows) {
    const check = await checkOf(type);
    assert(check, `${type} is not checked`);
    for (const value of fitting) {
      assertEquals(check(value), undefined, `${type}: ${Deno.inspect(value)}`);
    }
    for (const value of others) assert(check(value), `${type} takes ${Deno.inspect(value)}`);
  }
});

Deno.test("types that leave no trace at run time are not checked", async () => {
  for (const type of ["any", "unknown", "Imported", "Imported[]", "string | Imported"]) {
    const check = await checkOf(type);
    assertEquals(check?.([3]), undefined, type);
  }
});

Deno.test("a mismatch shows the type as it was written", async () => {
  const check = await checkOf("Array<Point>");
  assertEquals(check!([{ x: 1 }, { x: "a" }]), {
    kind: "mismatch",
    expected: "Point[]",
    actual: "array",
    hint: "at [1].x: expected number, got string",
  });
});
