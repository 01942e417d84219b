import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { simple } from "../../../runtime/packets/type_check.ts";
import { className } from "../../../runtime/packets/type_name.ts";
import { parseType, type TypeNames } from "../../../runtime/packets/type_text.ts";

const names: TypeNames = {
  named: (name) => simple(name, (value) => className(value) === name),
  reference: (reference) => simple(reference, () => false),
};

function fits(text: string, value: unknown): boolean {
  const check = parseType(text, names);
  assert(check, `not readable: ${text}`);
  return check.check(value, 0) === undefined;
}

/** Types with values that fit them and values that do not. */
const cases: [text: string, fitting: unknown[], others: unknown[]][] = [
  ["int | None", [1, null], ["1", 1.5, undefined]],
  ["Optional[str]", ["a", null], [1]],
  ["typing.Union[int, str]", [1, "a"], [true]],
  ["string | number[]", ["a", [1], []], [["a"], 1]],
  ["(string | number)[]", [["a", 1]], ["a", [true]]],
  ["number[][]", [[[1], []]], [[1]]],
  ["readonly string[]", [["a"]], [[1]]],
  ["ReadonlyArray<string>", [["a"]], [[1]]],
  ['"a" | "b"', ["a", "b"], ["c", 1]],
  ['Literal["a", 1, True]', ["a", 1, true], [false, "1"]],
  ["1 | -2.5 | 3n", [1, -2.5, 3n], [2.5, 3]],
  ["true", [true], [false, 1]],
  ["[string, number]", [["a", 1]], [["a"], ["a", 1, 2], [1, "a"]]],
  ["[string, number?]", [["a"], ["a", 1], ["a", undefined]], [[], ["a", "b"]]],
  ["[string, ...number[]]", [["a"], ["a", 1, 2]], [["a", "b"], []]],
  ["[...number[], string]", [["a"], [1, 2, "a"]], [["a", 1]]],
  ["[name: string, age?: number]", [["a"], ["a", 1]], [[1]]],
  ["tuple[int, str]", [[1, "a"]], [[1], ["a", 1]]],
  ["tuple[int, ...]", [[], [1, 2]], [[1, "a"]]],
  ["dict[str, int]", [{}, { a: 1 }], [{ a: "1" }, [1], new Map()]],
  ["Record<string, number>", [{ a: 1 }], [{ a: "1" }, 1]],
  ["Record<number, string>", [{ 1: "a" }], [{ a: "a" }]],
  ["Map<string, number>", [new Map([["a", 1]])], [new Map([[1, 1]]), new Map([["a", "b"]]), {}]],
  ["Set<string>", [new Set(["a"])], [new Set([1]), ["a"]]],
  ["{ a: number; b?: string }", [{ a: 1 }, { a: 1, b: "x", c: 0 }], [{ b: "x" }, { a: 1, b: 2 }]],
  ["{readonly a: number, 'b-c': string,}", [{ a: 1, "b-c": "" }], [{ a: 1 }]],
  ["{ readonly: number }", [{ readonly: 1 }], [{}]],
  ["{ [key: string]: number }", [{}, { a: 1 }], [{ a: "1" }]],
  ["{ a: string; [key: string]: unknown }", [{ a: "x", b: 1 }], [{ b: 1 }]],
  ["{ a: { b: number[] } }", [{ a: { b: [1] } }], [{ a: {} }, { a: { b: ["x"] } }]],
  ["{ a: number } & { b: number }", [{ a: 1, b: 2 }], [{ a: 1 }]],
  ["| string | null", ["a", null], [1]],
  ["Callable[[int], str]", [() => {}], [1]],
  ["Promise<number>", [Promise.resolve(1)], [1]],
];

Deno.test("each type expression takes what fits it and refuses what does not", () => {
  for (const [text, fitting, others] of cases) {
    for (const value of fitting) assert(fits(text, value), `${text} takes ${Deno.inspect(value)}`);
    for (const value of others) assert(!fits(text, value), `${text} takes ${Deno.inspect(value)}`);
  }
});

Deno.test("blanks mean nothing", () => {
  for (const text of ["list[int]", " list [ int ] ", "list[\n  int\n]"]) {
    assert(fits(text, [1]) && !fits(text, ["1"]), JSON.stringify(text));
  }
});

Deno.test("text that is no type, or says nothing about values, is not readable", () => {
  const texts = [
    "",
    "list[",
    "list[]int",
    "a b",
    "{a}",
    "(a: number) => b",
    "typeof x",
    "A extends B ? C : D",
  ];
  for (const text of [...texts, "list[int", "int]", "./a.ts", "1n2", "'a", "dict[str]", "[...x]"]) {
    assertEquals(parseType(text, names), undefined, text);
  }
});

Deno.test("no text makes the reader throw or hang", () => {
  const pieces = fc.constantFrom(
    ..."[]{}<>()|&,;?:.=\"'",
    "...",
    "int",
    "list",
    "Map",
    "a::b",
    "1",
    " ",
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
    parseType(parts.join(""), names)?.check([{ a: 1 }], 0);
  }));
  assertEquals(parseType("[".repeat(100_000), names), undefined);
});

Deno.test("the name of a check says what the type is", () => {
  const nameOf = (text: string) => parseType(text, names)?.name;
  assertEquals(nameOf("Array<string|null>"), "(string | null)[]");
  assertEquals(nameOf("{a:number,b?:string}"), "{ a: number; b?: string }");
  assertEquals(nameOf("dict[str,int]"), "dict[str, int]");
});
