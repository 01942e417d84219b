import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import * as z from "zod";
import { PacketTypeMismatch } from "../../../runtime/execution/error.ts";
import { NodeInputError, NodeOutputError } from "../../../runtime/factories/error.ts";
import { batch, node, preCreated } from "../../../runtime/factories/node.ts";
import type { NodeExecutionContext } from "../../../runtime/factories/node.ts";
import { PacketNotFoundError } from "../../../sim/error.ts";
import { makeNode, runNode } from "./_run_node.ts";

// deno-lint-ignore no-explicit-any
type Func = string | ((...args: any[]) => unknown);

function fromFunction(func: Func, args: Record<string, unknown> = {}, over = {}) {
  const named = typeof func === "string" ? `./nodes.ts::${func}` : func;
  return makeNode({ factory: "netrun:function", factory_args: { func: named, ...args }, ...over });
}

async function run(func: Func, inputs: Record<string, unknown[]> = {}, args = {}) {
  return await runNode(await fromFunction(func, args), inputs);
}

Deno.test("the function gets the values and its result leaves by out", async () => {
  const { outputs, result } = await run("add", { a: [1], b: [2] });
  assertEquals(outputs, { out: [3] });
  assertEquals(result, 3);
});

Deno.test("a function that returns no promise is not made to wait", async () => {
  const { functions } = await fromFunction("add");
  const result = functions.exec!({
    node: { execution_config: {}, out_salvo_conditions: new Map([["send", {}]]) },
    consumePacket: Number,
    createPacket: () => "id",
    loadOutputPort() {},
    sendOutputSalvo() {},
  } as unknown as NodeExecutionContext, { a: ["1"], b: ["2"] });
  assertEquals(result, 3);
});

Deno.test("object form: renamed and nested patterns get their values", async () => {
  assertEquals((await run("area", { w: [3], h: [{ m: 4 }] })).outputs, { out: [12] });
});

Deno.test("ctx, print and log work from where they stand", async () => {
  const { outputs, prints } = await run("specials", { a: ["x"], b: ["y"] });
  assertEquals(outputs, { out: ["xy"] });
  assertEquals(prints, ["got x y\n", "called | node=specials\n"]);
});

Deno.test("a missing optional packet is undefined, so that the default counts", async () => {
  assertEquals((await run("withDefault", { a: [1] })).outputs, { out: [6] });
  assertEquals((await run("withDefault", { a: [1], b: [2] })).outputs, { out: [3] });
  assertEquals((await run("allOptional", { b: [5] })).outputs, { out: [6] });
});

Deno.test("a batch is an array, also of one packet", async () => {
  assertEquals((await run("firstThree", { xs: [1], scale: [10] })).outputs, { out: [[10]] });
  assertEquals((await run("firstThree", { xs: [1, 2, 3], scale: [2] })).outputs, {
    out: [[2, 4, 6]],
  });
});

Deno.test("an array type takes one packet that holds an array", async () => {
  assertEquals((await run("total", { xs: [[1, 2, 3]] })).outputs, { out: [6] });
});

Deno.test("several packets where one is taken, and none where one is needed, are refused", async () => {
  const several = await assertRejects(() => run("add", { a: [1, 2], b: [3] }), NodeInputError);
  assertEquals([several.port, several.nodeName], ["a", "add"]);
  assertStringIncludes(several.message, "holds 2");
  assertStringIncludes(several.message, "Batch");
  await assertRejects(() => run("add", { a: [1] }), NodeInputError, '"b"');
});

Deno.test("a port may be called like a member of every object", async () => {
  const func = ({ constructor }: { constructor: unknown }) => String(constructor);
  assertEquals((await run(func, { constructor: [7] })).outputs, { out: ["7"] });
  await assertRejects(() => run(func, {}), NodeInputError, '"constructor"');
});

Deno.test("a router sends what it returns and nothing else", async () => {
  assertEquals((await run("route", { n: [4] })).outputs, { even: [4] });
  assertEquals((await run("route", { n: [5] })).outputs, { odd: [5] });
  assertEquals((await run("routeAny", { value: [{}] })).salvos, []);
  assertEquals((await run("routeAny", { value: [{ even: undefined, odd: 1 }] })).outputs, {
    odd: [1],
  });
});

for (const value of [{ evn: 2 }, 5, [1], "text", null, new Date(0)]) {
  Deno.test(`a router that returns ${JSON.stringify(value)} fails and says what came`, async () => {
    const error = await assertRejects(
      () => run("routeAny", { value: [value] }),
      NodeOutputError,
    );
    assertStringIncludes(error.message, "even, odd");
  });
}

Deno.test("a misspelled member is named with the port that was meant", async () => {
  await assertRejects(
    () => run("routeAny", { value: [{ evn: 2 }] }),
    NodeOutputError,
    "did you mean even?",
  );
});

Deno.test("a labelled tuple goes element by element, other tuples whole", async () => {
  assertEquals((await run("pair", { n: [4] })).outputs, { half: [2], double: [8] });
});

Deno.test("a single value is never taken apart", async () => {
  assertEquals((await run("whole", { text: ["x"] })).outputs, { out: [{ out: "x" }] });
  assertEquals((await run("record", { text: ["x"] })).outputs, { out: [{ out: "x" }] });
});

Deno.test("null is a value, undefined sends nothing", async () => {
  assertEquals((await run("nil", { _n: [1] })).outputs, { out: [null] });
  assertEquals((await run("sometimes", { n: [0] })).salvos, []);
  assertEquals((await run("sometimes", { n: [1] })).outputs, { out: [1] });
});

Deno.test("a promise is awaited", async () => {
  assertEquals((await run("later", { n: [21] })).outputs, { out: [42] });
});

Deno.test("a result without an output port warns once", async () => {
  const made = await fromFunction(Object.assign((_n: number) => {}, {}));
  const exec = made.functions.exec!;
  assertEquals((await runNode(made, { _n: [1] })).prints, []);
  const returning = await fromFunction(
    node({ in: { n: z.number() } }, (({ n }: { n: number }) => n) as never),
  );
  const first = await runNode(returning, { n: [1] });
  const second = await runNode(returning, { n: [2] });
  assertStringIncludes(first.prints.join(""), "has no output port");
  assertEquals(second.prints, []);
  assert(exec);
});

Deno.test("manual output goes by ctx, through ports of nodeConfig or of the node", async () => {
  const manual = { manual_output: true };
  assertEquals((await run("manual", { n: [4] }, manual)).outputs, { out: [40] });
  const byNode = await fromFunction("manual", manual, { out_ports: { other: {} } });
  assertEquals([...byNode.config.out_salvo_conditions.get("send")!.ports.keys()], ["out", "other"]);
});

Deno.test("manual output must return nothing", async () => {
  await assertRejects(
    () => run("manualReturns", { n: [1] }, { manual_output: true }),
    NodeOutputError,
    "manual_output",
  );
});

Deno.test("manual output without any port says how to declare ports", async () => {
  const error = await assertRejects(
    () => run("manualBare", { n: [1] }, { manual_output: true }),
    NodeOutputError,
  );
  assertStringIncludes(error.message, "out_ports");
  assertEquals((error.cause as { code: string }).code, "OutputPortNotFound");
});

Deno.test("a packet made beforehand is handed over by its id", async () => {
  assertEquals((await run("made", { n: [7] })).outputs, { now: [7] });
  await assertRejects(() => run("madeWrong", { _n: [7] }), PacketNotFoundError);
  const lazy = node(
    { out: { later: preCreated<string>() } },
    (_inputs, ctx) => ({ later: ctx.createPacketFromValueFunc("./nodes.ts::upto", [3]) }),
  );
  const { outputs } = await run(lazy);
  assertEquals(
    (outputs.later![0] as { funcImportPath: string }).funcImportPath,
    "./nodes.ts::upto",
  );
  const notAnId = node({ out: { now: preCreated() } }, () => ({ now: 5 as never }));
  await assertRejects(() => run(notAnId), NodeOutputError, "takes the id of a packet");
});

Deno.test("each yield is a salvo of its own, in order", async () => {
  const { salvos } = await run("upto", { n: [3] });
  assertEquals(salvos, [{ out: [0] }, { out: [1] }, { out: [2] }]);
  const { salvos: words } = await run("words", { text: ["a 1 b"] });
  assertEquals(words, [{ word: ["a"] }, { number: [1] }, { word: ["b"] }]);
  assertEquals((await run("bytes", { text: ["xy"] })).outputs, { out: ["x", "y"] });
});

Deno.test("what a generator returns is routed last, unless it is undefined", async () => {
  const func = function* (n: number) {
    yield n;
    return n + 1;
  };
  const { outputs, result } = await run(func, { n: [1] });
  assertEquals(outputs, { out: [1, 2] });
  assertEquals(result, 2);
});

Deno.test("a generator whose value does not fit is closed", async () => {
  const closed: string[] = [];
  const sync = node({ out: { a: z.number() } }, function* () {
    try {
      yield { b: 1 } as never;
    } finally {
      closed.push("sync");
    }
  });
  const async = node({ out: { a: z.number() } }, async function* () {
    try {
      yield { b: 1 } as never;
    } finally {
      closed.push("async");
    }
  });
  await assertRejects(() => run(sync), NodeOutputError);
  await assertRejects(() => run(async), NodeOutputError);
  assertEquals(closed, ["sync", "async"]);
});

Deno.test("an abort closes a generator and ends the attempt", async () => {
  const aborter = new AbortController();
  let closed = false;
  const func = node({ out: z.number() }, async function* () {
    try {
      yield 1;
      aborter.abort(new Error("enough"));
      yield 2;
      yield 3;
    } finally {
      closed = true;
    }
  });
  const made = await fromFunction(func);
  await assertRejects(() => runNode(made, {}, { signal: aborter.signal }), Error, "enough");
  assert(closed);
});

Deno.test("an abort from inside a streaming generator that is not asynchronous closes it too", async () => {
  const aborter = new AbortController();
  let closed = false;
  const func = node({ out: z.number(), stream: true }, function* () {
    try {
      yield 1;
      aborter.abort(new Error("enough"));
      yield 2;
    } finally {
      closed = true;
    }
  });
  const made = await fromFunction(func);
  await assertRejects(() => runNode(made, {}, { signal: aborter.signal }), Error, "enough");
  assert(closed);
});

Deno.test("with stream every yield can be committed before the next is computed", async () => {
  const computed: number[] = [];
  const func = function* (n: number) {
    for (let i = 0; i < n; i++) {
      computed.push(i);
      yield i;
    }
  };
  const made = await fromFunction(func, { stream: true });
  const steps = made.functions.exec!({
    node: made.config,
    nodeName: "f",
    signal: new AbortController().signal,
    consumePacket: () => 2,
    createPacket: () => "id",
    loadOutputPort() {},
    sendOutputSalvo() {},
  } as unknown as NodeExecutionContext, { n: ["n"] }) as AsyncGenerator;
  assertEquals(computed, []);
  assertEquals((await steps.next()).done, false);
  assertEquals(computed, [0]);
  assertEquals((await steps.next()).done, false);
  assertEquals(computed, [0, 1]);
  assertEquals((await steps.next()).done, true);
});

Deno.test("a streaming generator that is left early is closed", async () => {
  let closed = false;
  const func = node({ out: z.number(), stream: true }, async function* () {
    try {
      for (let i = 0;; i++) yield i;
    } finally {
      closed = true;
    }
  });
  const made = await fromFunction(func);
  await runNode(made, {}, {
    exec: async function* (ctx, packets) {
      const steps = made.functions.exec!(ctx, packets) as AsyncGenerator;
      yield await steps.next();
      await steps.return(undefined);
    },
  });
  assert(closed);
});

Deno.test("a schema checks, fills in and transforms, on the way in and out", async () => {
  const func = node(
    {
      in: {
        row: z.object({ id: z.coerce.number(), tag: z.string().default("none") }),
        more: z.number().default(7),
      },
      out: z.number().transform(String),
    },
    ({ row, more }) => row.id + more + row.tag.length,
  );
  assertEquals((await run(func, { row: [{ id: "5" }] })).outputs, { out: ["16"] });
  const error = await assertRejects(() => run(func, { row: [{ id: "x" }] }), PacketTypeMismatch);
  assertEquals([error.portName, error.packetId, error.actual], ["row", "row-0", "object"]);
  assertStringIncludes(error.hint, "id: ");
});

Deno.test("type_checking_enabled: false passes values on as they are", async () => {
  const func = node({ in: { n: z.coerce.number() }, out: z.string() }, ({ n }) => n as never);
  const made = await fromFunction(func, {}, { execution_config: { type_checking_enabled: false } });
  assertEquals((await runNode(made, { n: ["5"] })).outputs, { out: ["5"] });
});

Deno.test("a declared batch gives parsed values", async () => {
  const func = node(
    { in: { rows: batch(z.coerce.number() as z.ZodType<number>, { count: 2 }) }, out: z.number() },
    ({ rows }) => rows.reduce((sum, row) => sum + row, 0),
  );
  const made = await fromFunction(func);
  assertEquals(made.config.in_salvo_conditions.get("trigger")!.ports.get("rows"), {
    type: "count",
    count: 2,
  });
  assertEquals((await runNode(made, { rows: ["1", "2"] })).outputs, { out: [3] });
});

Deno.test("a gather that may be empty gets an empty array", async () => {
  const func = node(
    { in: { rows: batch(z.number(), { until: "done", empty: true }) }, out: z.number() },
    ({ rows }) => rows.length,
  );
  const made = await fromFunction(func);
  assertEquals(made.config.in_ports.get("rows")!.gather, { until: "done", empty: true });
  assertEquals((await runNode(made, {})).outputs, { out: [0] });
});

Deno.test("without a condition send, every condition whose term holds sends", async () => {
  const condition = (port: string) => ({
    max_salvos: { type: "finite", max: 1 } as const,
    ports: { [port]: { type: "all" } as const },
    term: { type: "port", port_name: port, state: { type: "non_empty" } } as const,
  });
  const made = await fromFunction("route", {}, {
    out_salvo_conditions: { evens: condition("even"), odds: condition("odd") },
  });
  assertEquals((await runNode(made, { n: [4] })).salvos, [{ even: [4] }]);
  assertEquals((await runNode(made, { n: [5] })).salvos, [{ odd: [5] }]);
});
