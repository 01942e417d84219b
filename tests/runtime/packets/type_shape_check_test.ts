import { assert, assertEquals } from "@std/assert";
import type { TypeDescription, TypeShape } from "../../../runtime/modules/type_shape.ts";
import { describedCheck } from "../../../runtime/packets/type_shape_check.ts";

const string: TypeShape = { kind: "primitive", name: "string" };
const number: TypeShape = { kind: "primitive", name: "number" };

class Animal {}
class Dog extends Animal {}

function problemOf(
  shape: TypeShape,
  value: unknown,
  definitions: TypeDescription["definitions"] = {},
) {
  return describedCheck({ shape, definitions }).check(value, 0);
}

const cases: [shape: TypeShape, fitting: unknown[], others: unknown[]][] = [
  [{ kind: "any" }, [1, undefined], []],
  [{ kind: "unchecked", name: "Row" }, [1, {}], []],
  [{ kind: "never" }, [], [1, undefined]],
  [{ kind: "primitive", name: "null" }, [null], [undefined]],
  [{ kind: "primitive", name: "symbol" }, [Symbol()], ["a"]],
  [{ kind: "literal", value: 0 }, [0, -0], [1, "0", false]],
  [{ kind: "bigintLiteral", digits: "12" }, [12n], [12, 1n]],
  [{ kind: "nonPrimitive" }, [{}, [], () => {}, new Date()], [null, "a"]],
  [{ kind: "function" }, [() => {}, Animal], [{}]],
  [{ kind: "array", element: string }, [[], ["a"]], [[1], "a", new Set()]],
  [{ kind: "record", key: string, value: number }, [{}, { a: 1 }, new Animal()], [
    { a: "b" },
    null,
  ]],
  [{ kind: "record", key: number, value: number }, [{ 1: 1, "2.5": 2 }], [{ a: 1 }]],
  [{ kind: "map", key: string, value: number }, [new Map([["a", 1]])], [new Map([["a", "b"]])]],
  [{ kind: "set", element: number }, [new Set([1])], [new Set(["a"]), [1]]],
  [{ kind: "instance", name: "URL" }, [new URL("a:b")], ["a:b", {}]],
  [{ kind: "instance", name: "Error" }, [new Error(), new TypeError()], [{ message: "" }]],
  [{ kind: "instance", name: "ReadableStream" }, [new Blob().stream()], [new Blob()]],
  [{ kind: "class", name: "Animal" }, [new Animal(), new Dog()], [{}, Animal, null]],
  [{ kind: "union", options: [string, { kind: "array", element: string }] }, ["a", ["a"]], [1, [
    1,
  ]]],
  [{ kind: "object", members: [] }, [{}, [], new Date(), () => {}], [null, 1]],
  [
    { kind: "object", members: [{ name: "a", shape: string }], index: number },
    [{ a: "x", b: 1 }],
    [{ a: "x", b: "y" }, { b: 1 }],
  ],
  [
    {
      kind: "tuple",
      elements: [{ shape: string }, { shape: number, rest: true }, { shape: string }],
    },
    [["a", "b"], ["a", 1, 2, "b"]],
    [["a"], ["a", "b", "c"], ["a", 1]],
  ],
];

Deno.test("each kind of shape takes what fits it and refuses what does not", () => {
  for (const [shape, fitting, others] of cases) {
    for (const value of fitting) {
      assertEquals(problemOf(shape, value), undefined, `${shape.kind}: ${Deno.inspect(value)}`);
    }
    for (const value of others) {
      assert(problemOf(shape, value), `${shape.kind}: ${Deno.inspect(value)}`);
    }
  }
});

Deno.test("objects of another realm are recognised by their tag", async () => {
  const { createContext, runInContext } = await import("node:vm");
  const foreign = (code: string) => runInContext(code, createContext());
  assertEquals(problemOf({ kind: "instance", name: "Date" }, foreign("new Date(0)")), undefined);
  assertEquals(problemOf({ kind: "set", element: number }, foreign("new Set([1])")), undefined);
  assertEquals(
    problemOf({ kind: "record", key: string, value: number }, foreign("({a: 1})")),
    undefined,
  );
});

const tree: TypeShape = {
  kind: "object",
  members: [
    { name: "value", shape: number },
    { name: "next", shape: { kind: "reference", name: "Tree" }, optional: true },
  ],
};

function chain(length: number, last: unknown): unknown {
  return length === 0 ? { value: last } : { value: 1, next: chain(length - 1, last) };
}

Deno.test("a recursive type is followed eight levels deep, and what lies deeper is accepted", () => {
  const shape: TypeShape = { kind: "reference", name: "Tree" };
  assertEquals(problemOf(shape, chain(3, "x"), { Tree: tree })?.path, ".next.next.next.value");
  assert(problemOf(shape, chain(7, "x"), { Tree: tree }));
  assertEquals(problemOf(shape, chain(8, "x"), { Tree: tree }), undefined);
  const cyclic: Record<string, unknown> = { value: 1 };
  cyclic.next = cyclic;
  assertEquals(problemOf(shape, cyclic, { Tree: tree }), undefined);
});

Deno.test("a type that is nothing but itself accepts everything and does not hang", () => {
  const self: TypeShape = { kind: "reference", name: "A" };
  const definitions = { A: { kind: "union", options: [self, string] } as TypeShape };
  assertEquals(problemOf(self, 1, definitions), undefined);
  assertEquals(
    problemOf({ kind: "intersection", parts: [self, string] }, "a", { A: self }),
    undefined,
  );
});

Deno.test("a reference to a missing definition accepts everything", () => {
  assertEquals(problemOf({ kind: "reference", name: "toString" }, 1), undefined);
});

Deno.test("of a union, the option that the value meant is blamed", () => {
  const shape: TypeShape = {
    kind: "union",
    options: [string, { kind: "object", members: [{ name: "id", shape: string }] }],
  };
  assertEquals(problemOf(shape, { id: 1 }), { path: ".id", expected: "string", actual: "number" });
  assertEquals(problemOf(shape, 1), {
    path: "",
    expected: "string | { id: string }",
    actual: "number",
  });
});
