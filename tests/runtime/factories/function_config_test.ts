import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FactoryArgsError, FunctionSignatureError } from "../../../runtime/factories/error.ts";
import { expandFactoryNode } from "../../../runtime/factories/expand.ts";
import { node, optional } from "../../../runtime/factories/node.ts";
import { nodeConfigSchema } from "../../../runtime/schema/node.ts";
import type { PortTypeSpec } from "../../../runtime/schema/port.ts";
import * as z from "zod";
import { factoryContext } from "./_context.ts";
import { makeNode, runNode } from "./_run_node.ts";

/** A node of a function of the test project. */
function fromProject(name: string, args: Record<string, unknown> = {}, over = {}) {
  return makeNode({
    factory: "netrun:function",
    factory_args: { func: `./nodes.ts::${name}`, ...args },
  }, over);
}

/** Names of the types of ports, in order. */
function typesOf(ports: ReadonlyMap<string, { port_type: unknown }>): [string, string | null][] {
  return [...ports].map(([name, { port_type }]) => [
    name,
    (port_type as PortTypeSpec | null)?.name ?? null,
  ]);
}

const whenBothHold = {
  type: "and",
  terms: [
    { type: "port", port_name: "a", state: { type: "non_empty" } },
    { type: "port", port_name: "b", state: { type: "non_empty" } },
  ],
};

Deno.test("parameters become typed input ports, the result the port out", async () => {
  const { config, warnings } = await fromProject("add");
  assertEquals(config.name, "add");
  assertEquals(typesOf(config.in_ports), [["a", "number"], ["b", "number"]]);
  assertEquals(typesOf(config.out_ports), [["out", "number"]]);
  const trigger = config.in_salvo_conditions.get("trigger")!;
  assertEquals([...config.in_salvo_conditions.keys()], ["trigger"]);
  assertEquals([...trigger.ports], [
    ["a", { type: "count", count: 1 }],
    ["b", { type: "count", count: 1 }],
  ]);
  assertEquals(trigger.term as unknown, whenBothHold);
  const send = config.out_salvo_conditions.get("send")!;
  assertEquals(send.max_salvos, { type: "finite", max: 1 });
  assertEquals([...send.ports], [["out", { type: "all" }]]);
  assertEquals(warnings, []);
});

Deno.test("a function given as a value has the same ports, without types", async () => {
  const { add } = await import("./project/nodes.ts");
  const { config } = await makeNode({ factory: "netrun:function", factory_args: { func: add } });
  assertEquals(typesOf(config.in_ports), [["a", null], ["b", null]]);
  assertEquals(typesOf(config.out_ports), [["out", null]]);
  assertEquals(config.in_salvo_conditions.get("trigger")!.term as unknown, whenBothHold);
});

Deno.test("the keys of one object pattern are the ports, under their own names", async () => {
  const { config } = await fromProject("area");
  assertEquals(typesOf(config.in_ports), [["w", "number"], ["h", "{ m: number }"]]);
});

Deno.test("ctx, print and log are no ports, wherever they stand", async () => {
  assertEquals([...(await fromProject("specials")).config.in_ports.keys()], ["a", "b"]);
});

Deno.test("a function of ctx alone states no input condition", async () => {
  const expanded = await expandFactoryNode(
    nodeConfigSchema.parse({
      factory: "netrun:function",
      factory_args: { func: "./nodes.ts::tick" },
    }),
    factoryContext(),
  );
  assert(expanded.kind === "node");
  assertEquals(expanded.node.in_salvo_conditions, null);
});

Deno.test("doc comment, place and texts of the ports are in the config", async () => {
  const { config } = await fromProject("add");
  assertEquals(config.description, "Adds two numbers.");
  assertEquals(config.extra.source_path, "nodes.ts");
  assertEquals(typeof config.extra.source_line, "number");
  assertEquals(config.extra.ui, {
    portDescriptions: { a: "The first.", b: "The second.", out: "The sum." },
  });
});

Deno.test("an unconnected parameter with a default is not waited for, a connected one is", async () => {
  const term = async (connected: string[]) =>
    (await fromProject("withDefault", {}, { connected })).config.in_salvo_conditions.get("trigger")!
      .term as unknown;
  assertEquals(await term(["a"]), {
    type: "port",
    port_name: "a",
    state: { type: "non_empty" },
  });
  assertEquals(await term(["a", "b"]), whenBothHold);
});

Deno.test("if all parameters have defaults and no edge, any packet fires", async () => {
  const { config } = await fromProject("allOptional");
  const trigger = config.in_salvo_conditions.get("trigger")!;
  assertEquals(trigger.term as unknown, { ...whenBothHold, type: "or" });
  assertEquals([...trigger.ports.keys()], ["a", "b"]);
});

Deno.test("Batch takes all, some, or waits for so many", async () => {
  const trigger = async (name: string) =>
    (await fromProject(name)).config.in_salvo_conditions.get("trigger")!;
  const three = await trigger("firstThree");
  assertEquals(three.ports.get("xs"), { type: "count", count: 3 });
  const every = await trigger("everyThree");
  assertEquals(every.ports.get("xs"), { type: "count", count: 3 });
  assertEquals(every.term as unknown, {
    type: "port",
    port_name: "xs",
    state: { type: "equals_or_greater_than", value: 3 },
  });
  const { config } = await fromProject("atTheEnd");
  assertEquals(config.in_ports.get("rows")!.gather, { until: "done", empty: false });
  assertEquals(config.in_salvo_conditions.get("trigger")!.ports.get("rows"), { type: "all" });
});

const results: [name: string, ports: string[]][] = [
  ["route", ["even", "odd"]],
  ["pair", ["half", "double"]],
  ["named", ["left", "right"]],
  ["whole", ["out"]],
  ["record", ["out"]],
  ["nothing", []],
  ["expression", ["out"]],
  ["block", []],
  ["later", ["out"]],
  ["upto", ["out"]],
  ["words", ["word", "number"]],
  ["bytes", ["out"]],
  ["made", ["now"]],
];
for (const [name, ports] of results) {
  Deno.test(`the result of ${name} makes the ports [${ports}]`, async () => {
    const { config } = await fromProject(name);
    assertEquals([...config.out_ports.keys()], ports);
    assertEquals([...config.out_salvo_conditions.keys()], ports.length === 0 ? [] : ["send"]);
  });
}

Deno.test("a generator may send any number of salvos", async () => {
  const { config } = await fromProject("upto");
  assertEquals(config.out_salvo_conditions.get("send")!.max_salvos, { type: "infinite" });
});

Deno.test("a foreign type is shown and not checked", async () => {
  const { config } = await fromProject("foreign");
  assertEquals(config.in_ports.get("value")!.port_type, { name: "Foreign", unchecked: true });
});

Deno.test("include_port_types: false clears all types", async () => {
  const { config } = await fromProject("add", { include_port_types: false });
  assertEquals(typesOf(config.in_ports), [["a", null], ["b", null]]);
  assertEquals(typesOf(config.out_ports), [["out", null]]);
});

Deno.test("nodeConfig in TOML is merged, and ports that it adds are sent", async () => {
  const { config } = await fromProject("described");
  assertEquals(config.description, "From TOML");
  assertEquals([...config.out_salvo_conditions.get("send")!.ports.keys()], ["out", "audit"]);
  assertEquals((config.extra.ui as Record<string, unknown>).shape, "circle");
  assertEquals(config.extra.source_path, "nodes.ts");
});

Deno.test("output ports that the node adds are sent, input ports give a warning", async () => {
  const { config, warnings } = await makeNode({
    factory: "netrun:function",
    factory_args: { func: "./nodes.ts::add" },
    in_ports: { extra: {} },
    out_ports: { audit: {} },
  });
  assertEquals([...config.out_salvo_conditions.get("send")!.ports.keys()], ["out", "audit"]);
  assertEquals([...config.in_salvo_conditions.get("trigger")!.ports.keys()], ["a", "b"]);
  assertStringIncludes(warnings.join(), 'input port "extra"');
});

Deno.test("an input port of nodeConfig that no parameter takes gives a warning", async () => {
  const func = (a: number) => a;
  func.nodeConfig = { in_ports: { extra: {} } };
  const { config, warnings } = await makeNode({
    factory: "netrun:function",
    factory_args: { func },
  });
  assertEquals([...config.in_ports.keys()], ["a", "extra"]);
  assertEquals([...config.in_salvo_conditions.get("trigger")!.ports.keys()], ["a"]);
  assertStringIncludes(warnings.join(), 'input port "extra"');
});

Deno.test("conditions that the node states stand as written", async () => {
  const stated = new Map([["mine", {
    max_salvos: { type: "finite", max: 1 } as const,
    ports: new Map([["a", { type: "all" } as const]]),
    term: { type: "true" } as const,
  }]]);
  const { config } = await makeNode({
    factory: "netrun:function",
    factory_args: { func: "./nodes.ts::add" },
    in_ports: { extra: {} },
    in_salvo_conditions: stated,
  });
  assertEquals([...config.in_salvo_conditions], [...stated]);
});

Deno.test("execution_config in nodeConfig is dropped with a warning, a factory is refused", async () => {
  const { config, warnings } = await fromProject("running");
  assertEquals(config.execution_config.retries as number | null, null);
  assertStringIncludes(warnings.join(), "`execution_config`, which is dropped");
  const error = await assertRejects(() => fromProject("forbidden"), FunctionSignatureError);
  assertEquals(error.code, "bad_node_config");
  assertStringIncludes(error.message, '"factory"');
});

const refused: [name: string, code: string][] = [
  ["rest", "rest_parameter"],
  ["list", "pattern_parameter"],
  ["mixed", "pattern_parameter"],
];
for (const [name, code] of refused) {
  Deno.test(`${name} cannot become a node: ${code}, with file and line`, async () => {
    const error = await assertRejects(() => fromProject(name), FunctionSignatureError);
    assertEquals(error.code, code);
    assert(error.location!.file.endsWith("project/nodes.ts"));
    assert(error.location!.line > 100);
  });
}

Deno.test("classes, native and bound functions are unreadable, and node() is advised", async () => {
  const { Shape, add } = await import("./project/nodes.ts");
  for (const func of [Shape, Math.max, add.bind(null)]) {
    const error = await assertRejects(
      () => makeNode({ factory: "netrun:function", factory_args: { func } }),
      FunctionSignatureError,
    );
    assert(["unreadable", "not_a_function"].includes(error.code), error.code);
    assertStringIncludes(error.message, "node(");
  }
});

Deno.test("execution settings among the arguments are refused, and the place for them is named", async () => {
  const error = await assertRejects(
    () => fromProject("add", { retries: 3, nonsense: 1, stream: "yes" }),
    FactoryArgsError,
  );
  assertEquals(error.issues.map(({ path }) => path), [["stream"], ["retries"], ["nonsense"]]);
  assertStringIncludes(error.message, "retries is no argument of the factory");
  assertStringIncludes(error.message, "execution_config");
});

Deno.test("stream is refused for a function that is no generator", async () => {
  await assertRejects(() => fromProject("add", { stream: true }), FactoryArgsError, "no generator");
});

Deno.test("nothing is run where imports are forbidden, and what needs one stays unexpanded", async () => {
  const projectRoot = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${projectRoot}/throws.ts`,
    `import { node } from "@netrun/netrun/node";
     throw new Error("was run");
     export const add = (a: number, b: number): number => a + b;
     export const made = make(() => 1);`,
  );
  const expand = (name: string) =>
    expandFactoryNode(
      nodeConfigSchema.parse({
        factory: "netrun:function",
        factory_args: { func: `./throws.ts::${name}` },
      }),
      factoryContext({ projectRoot, noImport: true }),
    );
  const expanded = await expand("add");
  assert(expanded.kind === "node");
  assertEquals(typesOf(expanded.node.in_ports), [["a", "number"], ["b", "number"]]);
  assertEquals((await expand("made")).kind, "unexpanded");
  await Deno.remove(projectRoot, { recursive: true });
});

Deno.test("a module that the parser does not know is imported instead, with a warning", async () => {
  const projectRoot = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${projectRoot}/odd.ts`,
    "export const add = (a: number, b: number): number => a + b;\nclass A { override b() {} }\n",
  );
  const { config, warnings } = await makeNode(
    { factory: "netrun:function", factory_args: { func: "./odd.ts::add" } },
    { projectRoot },
  );
  assertEquals(typesOf(config.in_ports), [["a", null], ["b", null]]);
  assertStringIncludes(warnings.join(), "odd.ts:2");
  assertStringIncludes(warnings.join(), "node()");
  await Deno.remove(projectRoot, { recursive: true });
});

Deno.test("a declaration needs no source: bound functions, schemas as types, optional ports", async () => {
  const scale = node(
    {
      in: { value: z.number(), factor: optional(z.number()), unit: z.string().default("m") },
      out: z.array(z.number()),
      name: "scale",
      description: "Scales.",
    },
    (function (
      this: unknown,
      { value, factor = 1 }: { value: number; factor?: number | undefined },
    ) {
      return [value * factor];
    }).bind(null),
  );
  const { config } = await makeNode({ factory: "netrun:function", factory_args: { func: scale } });
  assertEquals([config.name, config.description], ["scale", "Scales."]);
  assertEquals(config.in_ports.get("value")!.port_type, {
    name: "number",
    schema: { type: "number" },
  });
  assertEquals(typesOf(config.out_ports), [["out", "number[]"]]);
  assertEquals(
    [...config.in_ports].map(([name, { optional }]) => [name, optional === true]),
    [["value", false], ["factor", true], ["unit", true]],
  );
});

Deno.test("a declaration survives a minifier", async () => {
  const projectRoot = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${projectRoot}/nodes.min.js`,
    'import{node as n,any as a}from"@netrun/netrun/node";import*as z from"zod";' +
      "const t=n({in:{price:z.number(),note:a()},out:{sum:z.number()}},({price:e})=>({sum:2*e}));" +
      "export{t as total};",
  );
  const made = await makeNode(
    { factory: "netrun:function", factory_args: { func: "./nodes.min.js::total" } },
    { projectRoot },
  );
  assertEquals(made.config.name, "total");
  assertEquals(typesOf(made.config.in_ports), [["price", "number"], ["note", null]]);
  assertEquals([made.config.extra.source_path, made.warnings], ["nodes.min.js", []]);
  assertEquals((await runNode(made, { price: [4], note: [null] })).outputs, { sum: [8] });
  await Deno.remove(projectRoot, { recursive: true });
});

Deno.test("a malformed declaration names the port", async () => {
  // deno-lint-ignore no-explicit-any
  const bad = node({ in: { a: "number" as any } }, () => {});
  const error = await assertRejects(
    () => makeNode({ factory: "netrun:function", factory_args: { func: bad } }),
    FunctionSignatureError,
    "`in.a`",
  );
  assertEquals(error.code, "bad_node_config");
});

Deno.test("a declaration and the function itself may state more about the node", async () => {
  const func = node(
    { in: { a: z.number() }, nodeConfig: { out_ports: { audit: {} }, extra: { ui: { x: 1 } } } },
    () => {},
  );
  Object.assign(func, { nodeConfig: { description: "Mine", extra: { ui: { y: 2 } } } });
  const { config } = await makeNode({ factory: "netrun:function", factory_args: { func } });
  assertEquals(config.description, "Mine");
  assertEquals([...config.out_salvo_conditions.get("send")!.ports.keys()], ["audit"]);
  assertEquals(config.extra.ui, { x: 1, y: 2 });
});

Deno.test("conditions in nodeConfig go over the generated ones and are fitted no more", async () => {
  const func = node({ in: { a: z.number() }, out: z.number() }, ({ a }) => a);
  Object.assign(func, {
    nodeConfig: {
      out_ports: { audit: {} },
      out_salvo_conditions: { send: { max_salvos: { type: "finite", max: 3 } } },
    },
  });
  const { config } = await makeNode({ factory: "netrun:function", factory_args: { func } });
  const send = config.out_salvo_conditions.get("send")!;
  assertEquals(send.max_salvos, { type: "finite", max: 3 });
  assertEquals([...send.ports.keys()], ["out"]);
});

Deno.test("source and loaded function give the same input ports in the same order", async () => {
  const module: Record<string, unknown> = await import("./project/nodes.ts");
  const readable = Object.entries(module).filter(([name, value]) =>
    typeof value === "function" && !["rest", "list", "mixed", "Shape", "forbidden"].includes(name)
  );
  assert(readable.length > 30);
  for (const [name, func] of readable) {
    const fromSource = await fromProject(name);
    const fromValue = await makeNode({ factory: "netrun:function", factory_args: { func } });
    assertEquals(
      [...fromValue.config.in_ports.keys()],
      [...fromSource.config.in_ports.keys()],
      name,
    );
  }
});
