import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import {
  ConfigError,
  ConfigResolveError,
  ConfigSchemaError,
} from "../../../runtime/schema/error.ts";

const node = (term: unknown) => ({
  graph: {
    nodes: [{
      name: "n",
      in_ports: { p: {} },
      in_salvo_conditions: {
        c: { max_salvos: { type: "finite", max: 1 }, ports: {}, term },
      },
    }],
  },
});

function nested(depth: number, wrap: (inner: unknown) => unknown, innermost: unknown): unknown {
  let value = innermost;
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
}

const not = (term: unknown) => ({ type: "not", term });
const and = (term: unknown) => ({ type: "and", terms: [term] });
const subgraph = (inner: unknown) => ({ type: "subgraph", name: "s", nodes: [inner] });

Deno.test("terms and subgraphs may be nested 200 deep", async () => {
  for (const wrap of [not, and]) {
    const config = NetConfig.parse(node(nested(200, wrap, { type: "true" })));
    (await config.resolve()).toGraph();
  }
  const config = NetConfig.parse({ graph: { nodes: [nested(200, subgraph, { name: "n" })] } });
  const resolved = await config.resolve();
  assertEquals(resolved.data.graph.nodes[0]!.name, "s.".repeat(200) + "n");
  assertEquals(NetConfig.parse(config.toData({ full: true })).data, config.data);
});

Deno.test("terms, subgraphs and free data nested 10,000 deep are an error", () => {
  const hostile = [
    node(nested(10_000, not, { type: "true" })),
    node(nested(10_000, and, { type: "true" })),
    { graph: { nodes: [nested(10_000, subgraph, { name: "n" })] } },
    { graph: { nodes: [], extra: nested(10_000, (a) => ({ a }), 1) } },
    { graph: { nodes: [] }, extra: { list: nested(10_000, (a) => [a], 1) } },
  ];
  for (const data of hostile) {
    const error = assertThrows(() => NetConfig.parse(data), ConfigSchemaError);
    assertEquals(error.code, "too_deep");
  }
});

Deno.test("data that contains itself is an error", () => {
  const extra: Record<string, unknown> = {};
  extra.self = extra;
  const error = assertThrows(() => NetConfig.parse({ graph: { nodes: [] }, extra }), ConfigError);
  assertEquals(error.code, "too_deep");
});

Deno.test("code that is given in place of a reference is left alone, whatever it holds", async () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const factory = Object.defineProperty(
    Object.assign(Object.create(null), {
      getNodeConfig: () => ({ in_ports: { i: { port_type: Map } } }),
      getNodeFuncs: () => ({ exec: null }),
      cyclic,
    }),
    Symbol.toStringTag,
    { value: "Module" },
  );
  const config = NetConfig.parse({ graph: { nodes: [{ name: "n", factory }] } });
  const [node] = (await config.resolve()).data.graph.nodes;
  assertEquals(node!.in_ports.get("i")!.port_type, Map);
  assertEquals(node!.factory, factory);
});

Deno.test("names like __proto__ and constructor are names like any other", async () => {
  const names = ["__proto__", "constructor", "toString", "a b", "ä.ö", "10", "2"];
  const ports = new Map(names.map((name) => [name, {}]));
  const config = NetConfig.parse({
    node_vars: new Map(names.map((name) => [name, { value: name }])),
    graph: { nodes: [{ name: "__proto__", in_ports: ports, out_ports: ports }] },
  });
  const resolved = await config.resolve();
  const [only] = resolved.data.graph.nodes;
  assertEquals([...only!.in_ports.keys()], names);
  assertEquals(Object.keys(only!.vars).sort(), [...names].sort());
  assertEquals(only!.vars.__proto__, "__proto__");
  assertEquals(({} as Record<string, unknown>).value, undefined);
  resolved.toGraph();
});

Deno.test("__proto__ in free data stays a key", () => {
  const text = '{"graph": {"nodes": [], "extra": {"__proto__": {"polluted": 1}}}}';
  const { extra } = NetConfig.parse(JSON.parse(text)).data.graph;
  assertEquals(Object.keys(extra), ["__proto__"]);
  assertEquals(({} as Record<string, unknown>).polluted, undefined);
});

Deno.test("a file that uses another twice, and so on, stops at a million nodes", async () => {
  const folder = await Deno.makeTempDir();
  const twice = (path: string) => ({
    nodes: ["a", "b"].map((name) => ({ type: "subgraph", name, path })),
  });
  for (let i = 0; i < 12; i++) {
    await Deno.writeTextFile(`${folder}/${i}.json`, JSON.stringify(twice(`${i + 1}.json`)));
  }
  const nodes = Array.from({ length: 1000 }, (_, i) => ({ name: `n${i}` }));
  await Deno.writeTextFile(`${folder}/12.json`, JSON.stringify({ nodes }));
  const config = NetConfig.parse({ graph: twice("0.json") }, { filePath: `${folder}/net.json` });
  const error = await assertRejects(() => config.resolve(), ConfigResolveError);
  assertEquals(error.code, "too_large");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("files that use one another 1,000 deep are an error", async () => {
  const folder = await Deno.makeTempDir();
  for (let i = 0; i < 1000; i++) {
    const nodes = [{ type: "subgraph", name: "s", path: `${i + 1}.json` }];
    await Deno.writeTextFile(`${folder}/${i}.json`, JSON.stringify({ nodes }));
  }
  const config = NetConfig.parse({
    graph: { nodes: [{ type: "subgraph", name: "s", path: "0.json" }] },
  }, { filePath: `${folder}/net.json` });
  const error = await assertRejects(() => config.resolve(), ConfigResolveError);
  assertEquals(error.code, "too_deep");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a name of a million dots is compared in no time", async () => {
  const long = ".".repeat(1_000_000);
  const config = NetConfig.parse({ graph: { nodes: [{ name: long }, { name: `a${long}` }] } });
  assertEquals((await config.resolve()).data.graph.nodes.length, 2);
});

Deno.test("a value of a wrong kind anywhere is a listed problem, never a crash", () => {
  const wrong = [null, 0, "", true, [], {}, new Map(), [[]], [null], "x", -1, NaN, Infinity];
  const paths = [
    ["graph"],
    ["graph", "nodes"],
    ["pools"],
    ["node_vars"],
    ["output_queues"],
    ["storage"],
    ["storage", "backends"],
    ["recipes"],
    ["extra"],
    ["retries"],
    ["cache"],
  ];
  for (const value of wrong) {
    for (const path of paths) {
      const data: Record<string, unknown> = { graph: { nodes: [] } };
      let at = data;
      for (const step of path.slice(0, -1)) {
        at = at[step] = { ...(at[step] as object ?? {}) } as typeof at;
      }
      at[path.at(-1)!] = value;
      try {
        NetConfig.parse(data);
      } catch (error) {
        assert(error instanceof ConfigError, `${path.join(".")}: ${error}`);
      }
    }
  }
});

Deno.test("a net in which everything is wrong is refused in little time and a message of bounded size", async () => {
  const count = 20_000;
  const list = <T>(make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  const config = NetConfig.parse({
    output_queues: { q: { ports: list((i) => ["n", `queue_port_${i}`]) } },
    graph: {
      nodes: [{ name: "n", out_ports: Object.fromEntries(list((i) => [`port_number_${i}`, {}])) }],
      edges: list((i) => ({
        source_node: "n",
        source_port: `prot_number_${i}`,
        target_node: `m${i}`,
        target_port: "p",
      })),
    },
  });
  assertEquals((await config.resolve()).validate().length, 3 * count);
  const unknown = Object.fromEntries(list((i) => [`retires${i}`, "x".repeat(100)]));
  const error = assertThrows(
    () => NetConfig.parse({ ...unknown, graph: { nodes: [] } }, { strict: true }),
    ConfigSchemaError,
  );
  assertEquals(error.issues.length, count);
  assert(error.message.length < 500_000);
});

Deno.test("there may be more remarks than a call can have arguments", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const keys = Array.from({ length: 150_000 }, (_, i) => [`unknown${i}`, 1]);
    const graph = { nodes: [], ...Object.fromEntries(keys) };
    await Deno.writeTextFile(`${folder}/inner.json`, JSON.stringify(graph));
    const subgraph = { type: "subgraph", name: "s", path: `${folder}/inner.json` };
    const resolved = await NetConfig.parse({ graph: { nodes: [subgraph] } }).resolve();
    assertEquals(resolved.warnings.length, keys.length);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
