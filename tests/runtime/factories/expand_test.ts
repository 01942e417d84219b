import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  FactoryArgsError,
  FactoryProtocolError,
  FactoryRecursionError,
} from "../../../runtime/factories/error.ts";
import { expandFactoryNode } from "../../../runtime/factories/expand.ts";
import { nodeConfigFromFactory } from "../../../runtime/factories/node_config_from_factory.ts";
import { ModuleImportError } from "../../../runtime/modules/error.ts";
import type { NodeConfigInput } from "../../../runtime/schema/node.ts";
import { nodeConfigSchema } from "../../../runtime/schema/node.ts";
import { factoryContext, PROJECT } from "./_context.ts";
import { makeNode, runNode } from "./_run_node.ts";

function expand(node: NodeConfigInput, over: Parameters<typeof factoryContext>[0] = {}) {
  return expandFactoryNode(nodeConfigSchema.parse(node), factoryContext(over));
}

async function expandNode(node: NodeConfigInput) {
  const expanded = await expand(node);
  assert(expanded.kind === "node");
  return expanded.node;
}

Deno.test("a factory of one's own makes the ports and runs", async () => {
  const made = await makeNode({ factory: "./fac.ts", factory_args: { times: 3 } });
  assertEquals(made.config.name, "repeat");
  assertEquals((await runNode(made, { value: ["x"] })).outputs, { out: ["x", "x", "x"] });
});

Deno.test("every name of a factory's module is understood", async () => {
  for (
    const factory of [
      "./fac.ts",
      "fac",
      `${PROJECT}/fac.ts`,
      `file://${PROJECT}/fac.ts`,
      "./fac.py",
    ]
  ) {
    assertEquals((await expandNode({ factory })).name, "repeat", factory);
  }
  assertEquals((await expandNode({ factory: "./fac.ts::asynchronous" })).name, "later");
});

Deno.test("the schema fills in defaults, and other arguments arrive untouched", async () => {
  const node = await expandNode({
    factory: "./fac.ts",
    factory_args: { label: { $env: "NOT_SET" } },
  });
  assertEquals(node.out_ports.get("out")!.slots_spec, { type: "finite", capacity: 2 });
  assertEquals(node.factory_args, { label: { $env: "NOT_SET" } });
});

Deno.test("refused arguments are all listed", async () => {
  const error = await assertRejects(
    () => expand({ factory: "./fac.ts", factory_args: { times: 0, tiems: 3 } }),
    FactoryArgsError,
  );
  assertEquals(error.factory, "./fac.ts");
  assertEquals(error.issues.map(({ path }) => path), [["times"], ["tiems"]]);
  assertStringIncludes(error.message, 'did you mean "times"?');
});

Deno.test("name, description and dependency_request: the node's, else the factory's", async () => {
  assertEquals((await expandNode({ factory: "./fac.ts", name: "mine" })).name, "mine");
  const node = await expandNode({ factory: "./fac.ts", description: "Mine" });
  assertEquals([node.name, node.description], ["repeat", "Mine"]);
});

Deno.test("ports merge field by field, the factory's first", async () => {
  const node = await expandNode({
    factory: "./fac.ts",
    in_ports: { extra: {}, value: { slots_spec: { type: "finite", capacity: 5 } } },
    out_ports: { out: { port_type: "str" } },
  });
  assertEquals([...node.in_ports.keys()], ["value", "extra"]);
  assertEquals(node.in_ports.get("value"), {
    slots_spec: { type: "finite", capacity: 5 },
    port_type: "int",
    gather: null,
  });
  assertEquals(node.out_ports.get("out"), {
    slots_spec: { type: "finite", capacity: 2 },
    port_type: "str",
    gather: null,
  });
});

Deno.test("stated conditions replace the factory's as a whole, even with none", async () => {
  const node = await expandNode({ factory: "./fac.ts", out_salvo_conditions: {} });
  assertEquals(node.out_salvo_conditions?.size, 0);
  assertEquals(node.in_salvo_conditions, null);
});

Deno.test("extra merges deeply, arrays are replaced", async () => {
  const node = await expandNode({
    factory: "./fac.ts",
    extra: { ui: { tags: ["b"], position: { x: 1 } } },
  });
  assertEquals(node.extra, {
    ui: { shape: "circle", tags: ["b"], position: { x: 1 } },
    kept: 1,
  });
  const broadcast = await expandNode({
    factory: "netrun:broadcast",
    extra: { ui: { position: { x: 1, y: 2 } } },
  });
  assertEquals((broadcast.extra.ui as Record<string, unknown>).shape, "triangle-left");
});

Deno.test("a factory node always has execution settings, and they are the node's", async () => {
  const expanded = await expand({ factory: "./fac.ts::withExecution" });
  assert(expanded.kind === "node");
  assertEquals(expanded.node.execution_config?.retries, null);
  const warnings = expanded.warnings.map(({ message }) => message).join("\n");
  assertStringIncludes(warnings, "`execution_config`, which is dropped");
  assertStringIncludes(warnings, 'unknown key "inPorts"; did you mean "in_ports"?');
});

Deno.test("a node without functions is an error when it is expanded", async () => {
  await assertRejects(
    () => expand({ factory: "./fac.ts::withoutFunctions" }),
    FactoryProtocolError,
    "nothing would run its epochs",
  );
  const withOwn = await expandNode({
    factory: "./fac.ts::withoutFunctions",
    execution_config: { exec_node_func: "./nodes.ts::add" },
  });
  assertEquals(withOwn.name, "bare");
});

const broken: [factory: string, message: string][] = [
  ["./fac.ts::wrongResult", "got 7"],
  ["./fac.ts::wrongPorts", "in_ports.a.slots_spec.capacity"],
  ["./fac.ts::notAFactory", "has no function `getNodeConfig`"],
  ["./nodes.ts", "has no function `getNodeConfig`"],
];
for (const [factory, message] of broken) {
  Deno.test(`${factory} is refused: ${message}`, async () => {
    await assertRejects(() => expand({ factory }), FactoryProtocolError, message);
  });
}

Deno.test("a malformed set of functions is refused when they are loaded", async () => {
  const factory = {
    getNodeConfig: () => ({ name: "x" }),
    getNodeFuncs: () => ({ exec: "run" }),
  };
  await assertRejects(() => makeNode({ factory }), FactoryProtocolError, '"run" as `exec`');
});

Deno.test("an explicit function goes before the factory's, one by one", async () => {
  const exec = () => 1;
  const factory = {
    getNodeConfig: () => ({ name: "x" }),
    getNodeFuncs: () => ({ exec: () => 2, init: () => 3, close: () => 4 }),
  };
  const { functions } = await makeNode({
    factory,
    execution_config: { exec_node_func: exec, close_node_func: () => 5 },
  });
  const call = (func: unknown) => (func as () => unknown)();
  assertEquals([functions.exec, functions.init, functions.close].map(call), [1, 3, 5]);
  assertEquals(functions.onFailure, null);
});

Deno.test("a subgraph takes the name and texts of its node", async () => {
  const expanded = await expand({
    factory: "./fac.ts::chain",
    factory_args: { length: 3 },
    name: "line",
    description: "A line",
    extra: { ui: { position: 1 } },
  });
  assert(expanded.kind === "subgraph");
  const { subgraph, chain } = expanded;
  assertEquals([subgraph.name, subgraph.description, subgraph.nodes?.length], [
    "line",
    "A line",
    3,
  ]);
  assertEquals(subgraph.extra, { ui: { shape: "box", position: 1 } });
  assertEquals(chain, ["./fac.ts::chain"]);
});

Deno.test("what a subgraph cannot have must not be stated at its node", async () => {
  await assertRejects(
    () => expand({ factory: "./fac.ts::chain", in_ports: { a: {} }, execution_config: {} }),
    FactoryProtocolError,
    "`in_ports`, `execution_config`",
  );
});

Deno.test("factories that lead on without an end are stopped, with the chain", async () => {
  let chain: readonly string[] = [];
  const error = await assertRejects(async () => {
    for (;;) {
      const expanded = await expand({ factory: "./fac.ts::endless" }, { chain });
      assert(expanded.kind === "subgraph");
      chain = expanded.chain;
    }
  }, FactoryRecursionError);
  assertEquals(error.chain.length, 33);
});

Deno.test("a missing module and a missing export are named", async () => {
  const error = await assertRejects(() => expand({ factory: "./fca.ts" }), ModuleImportError);
  assertStringIncludes(error.message, "fac.ts");
  await assertRejects(
    () => expand({ factory: "./fac.ts::chian" }),
    ModuleImportError,
    "did you mean `chain`?",
  );
});

Deno.test("where imports are forbidden only the built-in factories are called", async () => {
  const context = { noImport: true };
  assertEquals(await expand({ factory: "./fac.ts" }, context), { kind: "unexpanded" });
  assertEquals((await expand({ factory: "netrun:join" }, context)).kind, "node");
});

Deno.test("nodeConfigFromFactory gives a whole node with its functions", async () => {
  const node = await nodeConfigFromFactory("./fac.ts", {
    args: { times: 4 },
    name: "four",
    projectRoot: PROJECT,
  });
  assertEquals([node.name, node.factory, node.factory_args], ["four", null, {}]);
  assertEquals(typeof node.execution_config?.exec_node_func, "function");
  assertEquals(node.execution_config?.init_node_func, null);
  await assertRejects(
    () => nodeConfigFromFactory("./fac.ts::chain", { projectRoot: PROJECT }),
    FactoryProtocolError,
    "subgraph",
  );
});
