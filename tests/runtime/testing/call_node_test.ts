import { assertEquals, assertRejects } from "@std/assert";
import * as z from "zod";
import { InvalidArgumentError, PacketTypeMismatch } from "@netrun/netrun";
import { batch, node, type NodeExecutionContext } from "@netrun/netrun/node";
import { callNode } from "@netrun/netrun/testing";

Deno.test("13: callNode() calls each form of a function", async () => {
  const add = (a: number, b = 10) => a + b;
  assertEquals((await callNode(add, { a: 1, b: 2 })).outputs, { out: [3] });
  assertEquals((await callNode(add, { a: 1 })).outputs, { out: [11] });

  const area = ({ w, h }: { w: number; h: number }) => w * h;
  assertEquals((await callNode(area, { w: 2, h: 3 })).outputs, { out: [6] });

  const split = node({
    in: { rows: batch(z.string()) },
    out: { long: z.string().array(), short: z.string().array() },
  }, ({ rows }) => ({
    long: rows.filter(({ length }) => length > 2),
    short: rows.filter(({ length }) => length <= 2),
  }));
  assertEquals((await callNode(split, { rows: ["a", "abc", "b"] })).outputs, {
    long: [["abc"]],
    short: [["a", "b"]],
  });

  function* count(n: number): Generator<number> {
    for (let i = 0; i < n; i++) yield i;
  }
  assertEquals((await callNode(count, { n: 3 })).outputs, { out: [0, 1, 2] });

  const later = async (x: number): Promise<number> => await Promise.resolve(x);
  assertEquals((await callNode(later, { x: 1 })).outputs, { out: [1] });

  const manual = node(
    { in: { x: z.number() }, out: { big: z.number() }, manualOutput: true },
    ({ x }, ctx) => {
      if (x < 10) return;
      ctx.loadOutputPort("big", ctx.createPacket(x));
      ctx.sendOutputSalvo("send");
    },
  );
  assertEquals((await callNode(manual, { x: 11 })).outputs, { big: [11] });
  assertEquals((await callNode(manual, { x: 1 })).outputs, {});
});

Deno.test("callNode() takes a reference to a function", async () => {
  const projectRoot = new URL("../factories/project/", import.meta.url).pathname;
  const file = await Deno.makeTempFile({ dir: projectRoot, suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, "export const double = (x: number): number => 2 * x;\n");
    const name = file.slice(projectRoot.length);
    const { outputs } = await callNode(`./${name}::double`, { x: 4 }, { projectRoot });
    assertEquals(outputs, { out: [8] });
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("callNode() tells what was printed and logged, and gives variables and retry count", async () => {
  const fn = (x: number, ctx: NodeExecutionContext) => {
    ctx.print("x is", x);
    ctx.log("tried", { times: ctx.retryCount });
    return ctx.vars.factor as number * x;
  };
  const { outputs, prints, logs } = await callNode(fn, { x: 2 }, {
    vars: { factor: 21 },
    retryCount: 3,
  });
  assertEquals(outputs, { out: [42] });
  assertEquals(prints, ["x is 2", "tried | times=3"]);
  assertEquals(logs.map(({ message, fields }) => ({ message, fields })), [
    { message: "tried", fields: { times: 3 } },
  ]);
});

Deno.test("callNode() throws what the function throws, and refuses what does not fit", async () => {
  const fails = (x: number) => {
    throw new RangeError(`no ${x}`);
  };
  await assertRejects(() => callNode(fails, { x: 1 }), RangeError, "no 1");
  await assertRejects(() => callNode(fails, { y: 1 }), InvalidArgumentError, 'port "y", but x');
  const typed = node({ in: { x: z.number() }, out: z.number() }, ({ x }) => x);
  await assertRejects(() => callNode(typed, { x: "one" }), PacketTypeMismatch);
  const many = node({ in: { xs: batch(z.number()) }, out: z.number() }, ({ xs }) => xs.length);
  await assertRejects(() => callNode(many, { xs: 1 }), InvalidArgumentError, "must be an array");
});
