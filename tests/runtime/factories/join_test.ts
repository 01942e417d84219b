import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FactoryArgsError, NodeInputError } from "../../../runtime/factories/error.ts";
import { makeNode, runNode } from "./_run_node.ts";

function join(factory_args: Record<string, unknown>) {
  return makeNode({ factory: "netrun:join", factory_args });
}

Deno.test("one packet of every port makes one object", async () => {
  const { salvos } = await runNode(await join({}), { a: [1], b: ["x"] });
  assertEquals(salvos, [{ out: [{ a: 1, b: "x" }] }]);
});

Deno.test("a port that takes several gives an array in salvo order", async () => {
  const made = await join({ ports: { a: 1, b: 3 } });
  assertEquals((await runNode(made, { a: [0], b: [1, 2, 3] })).outputs, {
    out: [{ a: 0, b: [1, 2, 3] }],
  });
  await assertRejects(() => runNode(made, { a: [0], b: [1, 2] }), NodeInputError, '"b"');
});

Deno.test("ports keep the order of a Map, whatever they are called", async () => {
  const { config } = await join({ ports: new Map([["2", 1], ["1", 1], ["__proto__", 1]]) });
  assertEquals([...config.in_ports.keys()], ["2", "1", "__proto__"]);
});

Deno.test("by: conditions that the net fires, and a key for every packet", async () => {
  const { config, functions } = await join({ by: { a: "id", b: "order.id" } });
  assertEquals([...config.out_ports.keys()], ["out", "unmatched"]);
  assertEquals(
    [...config.in_salvo_conditions].map(([name, { manual }]) => [name, manual]),
    [["pair", true], ["rest", true]],
  );
  const { pairing } = functions;
  assertEquals([pairing?.pair, pairing?.rest], ["pair", "rest"]);
  assertEquals(pairing?.keyOf("a", { id: 7 }), 7);
  assertEquals(pairing?.keyOf("b", { order: new Map([["id", 7n]]) }), 7n);
  assertEquals(pairing?.keyOf("a", { id: { no: "key" } }), undefined);
  assertEquals(pairing?.keyOf("a", null), undefined);
});

Deno.test("by: packets of one key leave joined, others unmatched", async () => {
  const made = await join({ by: "id" });
  assertEquals((await runNode(made, { a: [{ id: 1, n: "x" }], b: [{ id: 1 }] })).outputs, {
    out: [{ a: { id: 1, n: "x" }, b: { id: 1 } }],
  });
  assertEquals((await runNode(made, { a: [{ id: 1 }, { id: 2 }], b: [{ id: 3 }] })).outputs, {
    unmatched: [
      { port: "a", value: { id: 1 } },
      { port: "a", value: { id: 2 } },
      { port: "b", value: { id: 3 } },
    ],
  });
});

Deno.test("by: a packet without a key fails its epoch and says what stands there", async () => {
  const error = await assertRejects(
    async () => runNode(await join({ by: "order.id" }), { a: [{ order: { id: [1] } }] }),
    NodeInputError,
  );
  assertEquals(error.port, "a");
  assertStringIncludes(error.message, "order.id");
  assertStringIncludes(error.message, "got [1]");
});

const refused: [args: Record<string, unknown>, message: string][] = [
  [{ ports: { a: 2 }, by: "id" }, "ports.a must be 1"],
  [{ by: { a: "id" } }, "must have a path for port 'b'"],
  [{ by: { a: "id", b: "id", c: "id" } }, "by.c must name one of the ports"],
  [{ by: "a..b" }, "must be a path"],
  [{ by: 7 }, "must be a path or an object"],
  [{ ports: [""] }, "must be a name that is not empty"],
];
for (const [args, message] of refused) {
  Deno.test(`join refuses ${JSON.stringify(args)}`, async () => {
    await assertRejects(() => join(args), FactoryArgsError, message);
  });
}
