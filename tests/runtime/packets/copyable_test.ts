import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { assertCopyable, findObstacle } from "../../../runtime/packets/copyable.ts";
import { NotSerializableError } from "../../../runtime/packets/error.ts";

class Account {
  owner = "Ada";
  close = () => {};
}

Deno.test("plain data, in cycles too, can be copied", () => {
  const cyclic: unknown[] = [1n, -0, NaN, undefined, "a", null, new Date(), /x/g];
  cyclic.push(cyclic, new Map([[{ a: 1 }, new Set([cyclic])]]), new Float64Array(2));
  cyclic.push(new ArrayBuffer(1), new TypeError("x", { cause: cyclic }), Object.create(null));
  assertEquals(findObstacle(cyclic), undefined);
});

Deno.test("the first part without a copy is named, wherever it is", () => {
  const stop = () => {};
  const cases: [value: unknown, path: string, typeName: string][] = [
    [stop, "", "function"],
    [Symbol("x"), "", "symbol"],
    [[1, { "a b": [stop] }], '[1]["a b"][0]', "function"],
    [new Map([["k", stop]]), '.get("k")', "function"],
    [new Map([[stop, 1]]), ".key()", "function"],
    [{ s: new Set([Promise.resolve()]) }, ".s.element", "Promise"],
    [new Error("x", { cause: new URL("a:b") }), ".cause", "URL"],
    [new AggregateError([stop]), ".errors[0]", "function"],
    [{ body: new Blob() }, ".body", "Blob"],
    [{ signal: AbortSignal.abort() }, ".signal", "AbortSignal"],
    [{ weak: new WeakMap() }, ".weak", "WeakMap"],
  ];
  for (const [value, path, typeName] of cases) {
    assertEquals(findObstacle(value), { path, typeName });
  }
});

Deno.test("instances of classes can be copied only where that is asked for", () => {
  const account = new Account();
  assertEquals(findObstacle({ account }), { path: ".account", typeName: "Account" });
  assertEquals(findObstacle({ account }, { classInstances: true }), {
    path: ".account.close",
    typeName: "function",
  });
});

Deno.test("nesting beyond 1,000 levels is an obstacle and no stack overflow", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const obstacle = findObstacle(deep);
  assertEquals(obstacle?.typeName, "nesting deeper than 1000");
});

Deno.test("assertCopyable() names what was to be copied, and the part", () => {
  const error = assertThrows(
    () => assertCopyable([{ cb() {} }], 'packet "out"'),
    NotSerializableError,
    'Cannot copy packet "out"[0].cb: a value of type function has no copy',
  );
  assertEquals([error.path, error.typeName], ["[0].cb", "function"]);
});

Deno.test("whatever has no obstacle, structuredClone() copies", () => {
  fc.assert(fc.property(fc.anything({ withMap: true, withSet: true, withDate: true }), (value) => {
    if (findObstacle(value) === undefined) structuredClone(value);
  }));
});
