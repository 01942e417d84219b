import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import * as z from "zod";
import {
  any,
  type Batch,
  batch,
  declarationOf,
  node,
  NODE_DECLARATION,
  type NodeFn,
  optional,
  type Out,
  type Outputs,
  type PreCreatedPacket,
} from "../../../runtime/factories/node.ts";

type Same<A, B> = [A] extends [B] ? [B] extends [A] ? true : false : false;
/** Fails to compile unless both types are the same. */
const same = <A, B>(_same: Same<A, B>) => {};

Deno.test("node() returns the function itself, with a declaration that nobody sees", () => {
  const fn = () => 1;
  const spec = { out: z.number() };
  const declared = node(spec, fn);
  assertStrictEquals<unknown>(declared, fn);
  assertStrictEquals<unknown>(declarationOf(fn), spec);
  assertEquals(Object.keys(fn), []);
  assertStrictEquals(NODE_DECLARATION, Symbol.for("netrun.node"));
  assertEquals(declarationOf(() => 1), undefined);
  assertThrows(() => node({}, 5 as never), TypeError, "must be a function, got 5");
});

Deno.test("the types of inputs and results follow from the declaration", () => {
  node({
    in: {
      plain: z.string(),
      transformed: z.string().transform(Number),
      withDefault: z.number().default(1),
      maybe: optional(z.string()),
      rows: batch(z.number()),
      whatever: any<Date>(),
    },
    out: { a: z.string(), b: z.number() },
  }, (inputs) => {
    same<typeof inputs.plain, string>(true);
    same<typeof inputs.transformed, number>(true);
    same<typeof inputs.withDefault, number>(true);
    same<typeof inputs.maybe, string | undefined>(true);
    same<typeof inputs.rows, number[]>(true);
    same<typeof inputs.whatever, Date>(true);
    return { a: "x" };
  });
  // @ts-expect-error a member of another type
  node({ out: { a: z.string() } }, () => ({ a: 5 }));
  // @ts-expect-error a single value of another type
  node({ out: z.string() }, () => 5);
  node({ out: z.string() }, async () => await Promise.resolve("x"));
  node({ out: z.number() }, function* () {
    yield 1;
  });
  node({ out: { a: z.string() }, manualOutput: true }, () => {});
  node({ in: { a: z.string() } }, () => {});
});

Deno.test("NodeFn states the type of a declared function", () => {
  const fn: NodeFn<{ a: string }, { out: number; rest: string }> = node(
    { in: { a: z.string() }, out: { out: z.number(), rest: z.string() } },
    ({ a }) => ({ out: a.length }),
  );
  assert(declarationOf(fn));
  // @ts-expect-error an input of another type
  const wrong: NodeFn<{ a: number }, { out: number }> = node(
    { in: { a: z.string() }, out: { out: z.number() } },
    ({ a }) => ({ out: a.length }),
  );
  assert(wrong);
});

Deno.test("the types for plain functions are what they stand for", () => {
  same<Batch<string, 5, 5>, string[]>(true);
  same<Batch<string, "done">, string[]>(true);
  same<Out<{ a: 1 }>, { a: 1 }>(true);
  same<PreCreatedPacket<Date>, string>(true);
  const partly: Outputs<{ a: number; b: string }> = { a: 1 };
  assertEquals(partly, { a: 1 });
});

Deno.test("the entry point loads neither zod nor anything else that is large", async () => {
  const entry = new URL("../../../runtime/factories/node.ts", import.meta.url).pathname;
  const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", entry] })
    .output();
  const { modules } = JSON.parse(new TextDecoder().decode(info.stdout)) as {
    modules: { specifier: string; dependencies?: { specifier: string; code?: unknown }[] }[];
  };
  const loaded = new Set([`file://${entry}`]);
  for (const url of loaded) {
    const found = modules.find(({ specifier }) => specifier === url);
    for (const { code } of found?.dependencies ?? []) {
      const target = (code as { specifier?: string } | undefined)?.specifier;
      if (target !== undefined) loaded.add(target);
    }
  }
  const root = entry.slice(0, -"runtime/factories/node.ts".length);
  assertEquals([...loaded].filter((url) => !url.startsWith(`file://${root}`)), []);
  assert(loaded.size < 8, [...loaded].join("\n"));
});
