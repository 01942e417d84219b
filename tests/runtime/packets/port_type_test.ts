import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import {
  compilePortType,
  type PortTypeMismatch,
  portTypeReferences,
} from "../../../runtime/packets/port_type.ts";
import type { PortType } from "../../../runtime/schema/port.ts";

class Animal {
  readonly legs: number;
  constructor(legs = 4) {
    this.legs = legs;
  }
}
class Dog extends Animal {}

/** Whether a port of this type takes a value as it is. */
function takes(type: PortType | null, value: unknown): boolean {
  return compilePortType(type)?.(value) === undefined;
}

function mismatchOf(type: PortType, value: unknown): PortTypeMismatch {
  const result = compilePortType(type)?.(value);
  assert(result?.kind === "mismatch", `expected a mismatch, got ${Deno.inspect(result)}`);
  return result;
}

/** A value of each kind, by a name. */
const samples: Record<string, unknown> = {
  integer: 3,
  fraction: 2.5,
  NaN: NaN,
  bigint: 3n,
  text: "3",
  true: true,
  array: [1],
  object: { a: 1 },
  bare: Object.create(null),
  instance: new Animal(),
  bytes: new Uint8Array(1),
  floats: new Float64Array(1),
  date: new Date(0),
  map: new Map(),
  set: new Set(),
  null: null,
  undefined: undefined,
  function: () => {},
};

/** The samples that each name takes; all others it refuses. */
const vocabulary: [names: string[], accepted: string[]][] = [
  [["int", "integer"], ["integer"]],
  [["float", "number"], ["integer", "fraction", "NaN"]],
  [["str", "string"], ["text"]],
  [["bool", "boolean"], ["true"]],
  [["list", "array", "tuple", "any[]", "list[Any]", "Array<unknown>"], ["array"]],
  [["dict", "object", "dict[str, Any]"], ["object", "bare"]],
  [["bytes", "Uint8Array"], ["bytes"]],
  [["None", "null"], ["null"]],
  [["undefined", "void"], ["undefined"]],
  [["bigint"], ["bigint"]],
  [["Date", "datetime", "datetime.datetime"], ["date"]],
  [["Map", "Map<string, number>"], ["map"]],
  [["set", "Set", "set[int]"], ["set"]],
  [["Animal", "zoo.Animal"], ["instance"]],
  [["Callable", "function"], ["function"]],
  [["Any", "any", "unknown"], Object.keys(samples)],
];

Deno.test("each name of a type takes its own values and refuses all others", () => {
  for (const [names, accepted] of vocabulary) {
    for (const name of names) {
      const found = Object.keys(samples).filter((key) => takes(name, samples[key]));
      assertEquals(found, accepted, name);
    }
  }
});

Deno.test("a port without a constraint has no check at all", () => {
  for (
    const type of [
      null,
      "Any",
      "unknown",
      "int | any",
      { name: "Row", unchecked: true },
      { name: "{id: string}", schema: { type: "object" } },
      "(a: number) => string",
      "keyof Row",
    ]
  ) {
    assertEquals(compilePortType(type), undefined, JSON.stringify(type));
  }
});

Deno.test("a mismatch names both types, and the place where they part", () => {
  assertEquals(mismatchOf("int", "x"), {
    kind: "mismatch",
    expected: "int",
    actual: "string",
    hint: "",
  });
  assertEquals(mismatchOf("int", 2.5).hint, "2.5 is not an integer");
  assertEquals(mismatchOf("int", 2n).hint, "for big integers the type is bigint");
  assertEquals(mismatchOf("dict[str, list[int]]", { a: [1], "b c": [1, "x"] }), {
    kind: "mismatch",
    expected: "dict[str, list[int]]",
    actual: "object",
    hint: 'at ["b c"][1]: expected int, got string',
  });
  assertEquals(
    mismatchOf("{ id: string; tags?: string[] }", { id: "a", tags: ["x", null] }).hint,
    "at tags[1]: expected string, got null",
  );
  assertEquals(mismatchOf("{ id: string }", {}).hint, "at id: expected string, got nothing");
});

Deno.test("a class name takes that very class, with isinstance_check also those that extend it", () => {
  assertEquals([takes("Animal", new Animal()), takes("Animal", new Dog())], [true, false]);
  const loose = { name: "Animal", isinstance_check: true };
  assertEquals([takes(loose, new Dog()), takes(loose, {})], [true, false]);
  assertEquals(
    mismatchOf("Animal", { legs: 4 }).hint,
    "an instance becomes a plain object when it is sent to a worker",
  );
});

Deno.test("a class in code takes its instances, also those of classes that extend it", () => {
  assertEquals([takes(Animal, new Dog()), takes(Animal, { legs: 4 })], [true, false]);
  assertEquals(mismatchOf(Animal, 3).expected, "Animal");
});

Deno.test("the classes of primitive values mean those values", () => {
  for (
    const [type, value] of [[String, "a"], [Number, 1], [Boolean, true], [BigInt, 1n]] as const
  ) {
    assert(takes(type, value), type.name);
    assert(!takes(type, null), type.name);
  }
});

Deno.test("a schema passes on what it made of the value", () => {
  const check = compilePortType(z.object({ n: z.coerce.number(), unit: z.string().default("m") }))!;
  assertEquals(check({ n: "4" }), { kind: "parsed", value: { n: 4, unit: "m" } });
  assertEquals(compilePortType(z.string())!("same"), undefined);
});

Deno.test("a refusal by a schema says where and why, shortened", () => {
  const check = mismatchOf(z.object({ rows: z.array(z.object({ id: z.string() })) }), {
    rows: Array.from({ length: 9 }, () => ({ id: 1 })),
  });
  assertEquals(check.actual, "object");
  assert(check.hint.startsWith("at rows[0].id: "), check.hint);
  assert(check.hint.endsWith("; 4 more"), check.hint);
});

Deno.test("a schema that throws, or has to wait, is a mismatch and no crash", () => {
  const throws = z.string().transform(() => {
    throw new Error("out of order");
  });
  assertEquals(mismatchOf(throws, "x").hint, "the schema threw: out of order");
  const waits = z.string().refine(() => Promise.resolve(true));
  assert(mismatchOf(waits, "x").hint.startsWith("the schema threw: "));
});

Deno.test("a reference to code is a class, a schema, or else the name of a class", () => {
  const loaded = new Map<string, unknown>([
    ["./zoo.ts::Animal", Animal],
    ["./zoo.ts::Row", z.object({ id: z.coerce.number() })],
  ]);
  const compile = (type: PortType) =>
    compilePortType(type, { resolve: (reference) => loaded.get(reference) })!;
  assertEquals(compile("./zoo.ts::Animal")(new Dog()), undefined);
  assertEquals(compile("./zoo.ts::Animal")({})?.kind, "mismatch");
  assertEquals(compile("./zoo.ts::Row")({ id: "1" }), { kind: "parsed", value: { id: 1 } });
  assertEquals(compile("list[./zoo.ts::Animal]")([new Animal(), new Dog()]), undefined);
  assertEquals(compile("./zoo.ts::Row[]")([{ id: "1" }, { id: "x" }])?.kind, "mismatch");
  assertEquals(compile("./missing.ts::Dog")(new Dog()), undefined);
  assertEquals(compile("./missing.ts::Dog")(new Animal())?.kind, "mismatch");
});

Deno.test("portTypeReferences() finds what has to be loaded, in every form", () => {
  assertEquals(portTypeReferences("jsr:@acme/zoo@1::Dog"), ["jsr:@acme/zoo@1::Dog"]);
  assertEquals(portTypeReferences({ name: "dict[str, ./zoo.ts::Dog | npm:zoo::Cat]" }), [
    "./zoo.ts::Dog",
    "npm:zoo::Cat",
  ]);
  for (const type of [null, "int", Animal, z.string(), { name: "./a.ts::B", unchecked: true }]) {
    assertEquals(portTypeReferences(type), []);
  }
});

Deno.test("a type read from source is checked by its shape and shown by its name", () => {
  const type = {
    name: "Shape",
    type: {
      shape: { kind: "reference", name: "Shape" },
      definitions: {
        Shape: {
          kind: "object",
          members: [{ name: "sides", shape: { kind: "primitive", name: "number" } }],
        },
      },
    },
  };
  assert(takes(type, { sides: 3, color: "red" }));
  assertEquals(mismatchOf(type, { sides: "3" }), {
    kind: "mismatch",
    expected: "Shape",
    actual: "object",
    hint: "at sides: expected number, got string",
  });
});
