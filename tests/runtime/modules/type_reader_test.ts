import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { TypeShape } from "../../../runtime/modules/type_shape.ts";
import { functionIn, readF, readZoo, say } from "./reading.ts";

const zoo = await readZoo("types.ts");

function texts(name: string): string[] {
  return functionIn(zoo, name).inputs.map(say);
}

function shape(name: string, port: string): TypeShape | undefined {
  return functionIn(zoo, name).inputs.find((input) => input.name === port)?.type?.type?.shape;
}

function definition(name: string, port: string): TypeShape | undefined {
  const type = functionIn(zoo, name).inputs.find((input) => input.name === port)?.type?.type;
  assert(type?.shape.kind === "reference");
  return type.definitions?.[type.shape.name];
}

const STRING: TypeShape = { kind: "primitive", name: "string" };
const NUMBER: TypeShape = { kind: "primitive", name: "number" };
const POINT: TypeShape = {
  kind: "object",
  members: [{ name: "x", shape: NUMBER }, { name: "y", shape: NUMBER, optional: true }],
};

/** The text and the shape of a type that stands alone. */
async function read(type: string, declarations = "") {
  const { inputs } = await readF(`${declarations}\nexport declare function f(a: ${type}): void;`);
  return inputs[0]!.type;
}

Deno.test("the text of a type does not depend on how it is laid out", async () => {
  const written = [
    ["{x:number;y?:string,}", "{ x: number; y?: string }"],
    ["  Array< Array<number>>", "number[][]"],
    ["Array<string|number>", "(string | number)[]"],
    ["| 'a' | \"b\"", '"a" | "b"'],
    ["(((string)))", "string"],
    ["ReadonlyArray<() => void>", "readonly (() => void)[]"],
    ["(A|B)&C", "(A | B) & C"],
    ["[a:number,b?:string,...rest:boolean[]]", "[a: number, b?: string, ...rest: boolean[]]"],
    ["{ 'a-b': 1, readonly c: 2; [k:string]:any }", '{ "a-b": 1; readonly c: 2; [k:string]:any }'],
    ["(ReadonlyArray<number>)[]", "(readonly number[])[]"],
    ["Map</* key */ string, // value\n number>", "Map<string, number>"],
  ];
  for (const [type, text] of written) assertEquals((await read(type!))?.name, text);
});

Deno.test("any type reads the same from its normal text", async () => {
  const { type } = fc.letrec<{ type: string }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom(
        "string",
        "number",
        "Date",
        "'a'",
        "-1",
        "12n",
        "Foo",
        "() => void",
        "`a${string}`",
      ),
      tie("type").map((of) => `Array< ${of} >`),
      tie("type").map((of) => `ReadonlyArray<${of}>`),
      tie("type").map((of) => `(${of})[]`),
      tie("type").map((of) => `Partial<${of}>`),
      fc.tuple(tie("type"), tie("type")).map(([a, b]) => `Map<${a},${b}>`),
      fc.tuple(tie("type"), tie("type")).map(([a, b]) => `{ a:${a}, 'b-c'?:${b} }`),
      fc.tuple(tie("type"), tie("type")).map(([a, b]) => `[first: ${a}, second?: (${b})]`),
      fc.tuple(tie("type"), tie("type")).map(([a, b]) => `[${a}, ...(${b})[]]`),
      fc.tuple(tie("type"), tie("type")).map(([a, b]) => `(${a}) | (${b})`),
      fc.tuple(tie("type"), tie("type")).map(([a, b]) => `(${a}) & (${b})`),
    ),
  }));
  await fc.assert(fc.asyncProperty(type, async (written) => {
    const first = await read(written);
    if (first) assertEquals(await read(first.name), first);
  }));
});

Deno.test("primitives and literals are shapes of their own", () => {
  assertEquals(shape("primitives", "a"), STRING);
  assertEquals(shape("primitives", "g"), { kind: "primitive", name: "undefined" });
  assertEquals(shape("primitives", "h"), { kind: "nonPrimitive" });
  assertEquals(shape("literals", "b"), {
    kind: "union",
    options: [{ kind: "literal", value: "y" }, { kind: "literal", value: -1 }],
  });
  assertEquals(shape("literals", "c"), { kind: "bigintLiteral", digits: "12" });
  assertEquals(shape("literals", "e"), STRING);
});

Deno.test("types that every value fits are no port types", () => {
  assertEquals(texts("open"), ["a", "b", "c?", "d?"]);
});

Deno.test("lists and tuples know their elements", () => {
  assertEquals(shape("lists", "a"), { kind: "array", element: STRING });
  assertEquals(shape("lists", "b"), {
    kind: "array",
    element: { kind: "union", options: [STRING, NUMBER] },
  });
  assertEquals(shape("lists", "d"), {
    kind: "tuple",
    elements: [
      { shape: NUMBER },
      { shape: STRING, optional: true },
      { shape: { kind: "primitive", name: "boolean" }, rest: true },
    ],
  });
});

Deno.test("objects know their members, index signature and modifiers", () => {
  assertEquals(shape("objects", "b"), {
    kind: "object",
    members: [{ name: "total", shape: NUMBER }],
    index: NUMBER,
  });
  assertEquals(shape("objects", "c"), {
    kind: "record",
    key: STRING,
    value: { kind: "reference", name: "Point" },
  });
  assertEquals(shape("objects", "d"), {
    kind: "object",
    members: [{ name: "left", shape: NUMBER }, { name: "right", shape: NUMBER }],
  });
  assertEquals(shape("objects", "e"), {
    kind: "object",
    members: [
      { name: "x", shape: NUMBER, optional: true },
      { name: "y", shape: NUMBER, optional: true },
    ],
  });
  assertEquals(shape("objects", "f"), {
    kind: "object",
    members: [{ name: "x", shape: NUMBER }, { name: "y", shape: NUMBER }],
  });
  assertEquals(definition("objects", "g"), POINT);
});

Deno.test("collections and classes of the platform are recognised", () => {
  assertEquals(shape("collections", "a"), {
    kind: "map",
    key: STRING,
    value: { kind: "array", element: NUMBER },
  });
  assertEquals(shape("collections", "b"), {
    kind: "set",
    element: { kind: "instance", name: "Date" },
  });
  assertEquals(shape("platform", "c"), { kind: "instance", name: "Uint8Array" });
});

Deno.test("a name of the file shadows the platform's", async () => {
  const type = await read("Date", "interface Date { day: number }");
  assertEquals(type?.type?.definitions?.Date?.kind, "object");
  assertEquals(await read("Date", 'import type { Date } from "./dates.ts";'), {
    name: "Date",
    unchecked: true,
  });
});

Deno.test("interfaces hold what they extend and what other declarations add", () => {
  const labelled = definition("declared", "c");
  assert(labelled?.kind === "object");
  assertEquals(labelled.members.map(({ name }) => name), [
    "x",
    "y",
    "name",
    "title",
    "label",
    "draw",
  ]);
  assertEquals(definition("declared", "i"), {
    kind: "intersection",
    parts: [
      { kind: "object", members: [{ name: "code", shape: NUMBER }] },
      { kind: "instance", name: "Error" },
    ],
  });
});

Deno.test("aliases, enums, classes and callable interfaces are expanded", () => {
  assertEquals(shape("declared", "a"), STRING);
  assertEquals(definition("declared", "d"), {
    kind: "union",
    options: [0, 5, 6].map((value): TypeShape => ({ kind: "literal", value })),
  });
  assertEquals(definition("declared", "e"), {
    kind: "union",
    options: ["yes", "no"].map((value): TypeShape => ({ kind: "literal", value })),
  });
  assertEquals(shape("declared", "f"), { kind: "literal", value: 6 });
  assertEquals(shape("declared", "g"), { kind: "class", name: "Shape" });
  assertEquals(shape("declared", "h"), { kind: "function" });
});

Deno.test("recursive types refer to themselves, and growing ones end", () => {
  assertEquals(definition("recursive", "a"), {
    kind: "object",
    members: [
      { name: "value", shape: STRING },
      {
        name: "children",
        shape: { kind: "array", element: { kind: "reference", name: "Tree<string>" } },
        optional: true,
      },
    ],
  });
  assertEquals(definition("recursive", "c"), {
    kind: "array",
    element: { kind: "reference", name: "Loop" },
  });
  const growing = functionIn(zoo, "recursive").inputs[1]!.type?.type?.definitions ?? {};
  assertEquals(Object.keys(growing).length, 9);
});

Deno.test("parameters of a generic type have defaults", () => {
  assertEquals(definition("recursive", "d"), {
    kind: "tuple",
    elements: [{ shape: STRING }, { shape: STRING }],
  });
});

Deno.test("types that leave no trace at run time are shown, not checked", () => {
  assertEquals(texts("foreign"), [
    "a: Stats (unchecked)",
    "b: Aliased (unchecked)",
    "c: Unknown.Name<string> (unchecked)",
    "d: typeof Shape (unchecked)",
    "e: keyof Point (unchecked)",
    "f: Promise<number> (unchecked)",
  ]);
  assertEquals(texts("combined")[1], "b: Stats | string (unchecked)");
});

Deno.test("a known part is checked beside an unknown one", () => {
  assertEquals(shape("combined", "c"), {
    kind: "array",
    element: { kind: "unchecked", name: "Stats" },
  });
  assertEquals(definition("combined", "d"), POINT);
});

Deno.test("types that lead back to themselves without end put up no check", async () => {
  for (const type of ["type X = X;", "type X = Y; type Y = X;", "type X = Partial<X>;"]) {
    assertEquals((await read("X", type))?.type, undefined, type);
  }
  await read("X", "interface X extends Y { a: 1 } interface Y extends X { b: 2 }");
});

Deno.test("types that branch without end are cut off", async () => {
  const declarations = [
    "type X = A<string>; type A<T> = { l: A<[T, T, T]>; r: A<{ x: T }>; m: A<T[]>; n: A<Set<T>> };",
    "type X = A<string>; type A<T> = [A<B<T>>, B<A<T>>]; type B<T> = [A<B<T>>, B<A<T>>, T];",
    "interface X extends X, Y { a: X } interface Y extends X, Z {} interface Z extends Y, X {}",
  ];
  for (const text of declarations) {
    const definitions = (await read("X", text))?.type?.definitions ?? {};
    assert(Object.keys(definitions).length <= 100, text);
  }
});

Deno.test("a generic type may be applied to itself", async () => {
  const type = await read(
    "Partial<With<With<{ a: 1 }, 'b'>, 'c'>>",
    "type With<T, K extends string> = T & Record<K, number>;",
  );
  assert(type?.type?.shape.kind === "object");
  assertEquals(type.type.shape.members.map(({ name }) => name), ["a", "b", "c"]);
});

Deno.test("a described type is plain data", () => {
  for (const name of zoo.keys()) {
    for (const { type } of functionIn(zoo, name).inputs) {
      assertEquals(structuredClone(type), type);
      assertEquals(JSON.parse(JSON.stringify(type ?? null)), type ?? null);
    }
  }
});
