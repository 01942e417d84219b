import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import {
  ConfigError,
  ConfigFileError,
  ConfigOverrideError,
  ConfigResolveError,
  ConfigSchemaError,
} from "../../../runtime/schema/error.ts";
import type { ConfigIssue } from "../../../runtime/schema/issue.ts";

const graph = { nodes: [] };

/** Runs with a folder of files, which is removed afterwards. */
async function withFiles<T>(
  files: Record<string, string>,
  run: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    return await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const briefly = (issues: readonly ConfigIssue[]) =>
  issues.map(({ code, path }) => `${code} ${path.join(".")}`);

Deno.test("fromFile() says what is wrong with a file that it cannot read", async () => {
  await withFiles(
    { "net.yaml": "", "UPPER.NETRUN.JSON": '{"graph": {"nodes": []}}' },
    async (folder) => {
      const codeOf = (name: string) =>
        assertRejects(() => NetConfig.fromFile(`${folder}/${name}`), ConfigFileError)
          .then(({ code, filePath }) => [code, filePath === `${folder}/${name}`]);
      assertEquals(await codeOf("none.netrun.json"), ["not_found", true]);
      assertEquals(await codeOf("net.yaml"), ["unsupported_format", true]);
      const config = await NetConfig.fromFile(`${folder}/UPPER.NETRUN.JSON`);
      assertEquals(config.filePath, `${folder}/UPPER.NETRUN.JSON`);
    },
  );
});

Deno.test("every problem of a file is listed with its path and line", async () => {
  const text = `retries = -1
timeuot = 3
[graph]
[[graph.nodes]]
name = "a"
in_ports.p = { slots_spec = { type = "finite" } }
[[graph.edges]]
source_node = "a"
`;
  await withFiles({ "net.toml": text }, async (folder) => {
    const error = await assertRejects(
      () => NetConfig.fromFile(`${folder}/net.toml`, { strict: true }),
      ConfigSchemaError,
    );
    assertEquals(
      error.issues.map(({ code, path, line }) => `${line} ${code} ${path.join(".")}`).sort(),
      [
        "1 range retries",
        "2 unknown_key timeuot",
        "6 missing graph.nodes.0.in_ports.p.slots_spec.capacity",
        "7 missing graph.edges.0.source_port",
        "7 missing graph.edges.0.target_node",
        "7 missing graph.edges.0.target_port",
      ],
    );
    assert(error.message.startsWith(`${folder}/net.toml: 6 problems`), error.message);
    assert(error.message.includes('did you mean "timeout"?'), error.message);
  });
});

Deno.test("unknown keys warn and are kept; inside storage they are errors", () => {
  const config = NetConfig.parse({ graph, colour: { a: 1 }, $schema: "./s.json" });
  assertEquals(briefly(config.warnings), ["unknown_key colour"]);
  assertEquals(config.toData() as unknown, { graph, colour: { a: 1 }, $schema: "./s.json" });
  const error = assertThrows(
    () => NetConfig.parse({ graph, storage: { cache: { enabeld: true } } }),
    ConfigSchemaError,
  );
  assertEquals(briefly(error.issues), ["unknown_key storage.cache.enabeld"]);
});

Deno.test("what exists in memory only has no effect in a file", async () => {
  const condition = {
    max_salvos: { type: "finite", max: 1 },
    ports: {},
    term: { type: "true" },
    manual: true,
  };
  const config = NetConfig.parse({
    graph: { nodes: [{ name: "n", in_salvo_conditions: { c: condition } }] },
  });
  assertEquals(briefly(config.warnings), [
    "unknown_key graph.nodes.0.in_salvo_conditions.c.manual",
  ]);
  const { graph: resolved } = (await config.resolve()).data;
  assertEquals(resolved.nodes[0]!.in_salvo_conditions.get("c")!.manual, undefined);
});

Deno.test("old keys are applied with a warning, and the new key wins", () => {
  const config = NetConfig.parse({
    project_root: "old",
    project_root_override: "new",
    cache: { enabled: true },
    graph: {
      nodes: [{ name: "n", execution_config: { start_node_func: "./a.ts::f", cache: {} } }],
      edges: [{ source_str: "a.b.c", target_str: "n.i" }].slice(1),
    },
  });
  assertEquals(briefly(config.warnings).sort(), [
    "deprecated_key cache",
    "deprecated_key graph.nodes.0.execution_config.cache",
    "deprecated_key graph.nodes.0.execution_config.start_node_func",
    "deprecated_key project_root",
  ]);
  assertEquals(config.data.project_root_override, "new");
  assertEquals(config.data.storage?.cache?.enabled, true);
  const ambiguous = { nodes: [], edges: [{ source_str: "a.b.c", target_str: "n.i" }] };
  const error = assertThrows(() => NetConfig.parse({ graph: ambiguous }), ConfigSchemaError);
  assertEquals(briefly(error.issues), ["type graph.edges.0.source_str"]);
});

Deno.test("values on loading go to declared variables only", async () => {
  const net = {
    node_vars: { n: { type: "int", value: 1, options: [1, 2] } },
    graph: {
      nodes: [
        { name: "a", execution_config: { node_vars: { v: {} } } },
        { type: "subgraph", name: "s", nodes: [{ name: "b" }] },
      ],
    },
  };
  await withFiles({ "net.json": JSON.stringify(net) }, async (folder) => {
    const load = (options: Parameters<typeof NetConfig.fromFile>[1]) =>
      NetConfig.fromFile(`${folder}/net.json`, options);
    const config = await load({ globalNodeVars: { n: 2 }, nodeVars: { a: { v: "x" } } });
    const { vars } = (await config.resolve()).data.graph.nodes[0]!;
    assertEquals({ ...vars }, { n: 2, v: "x" });
    const refused = await assertRejects(
      () => load({ nodeVars: [["a", { w: 1 }], ["s", { x: 1 }], [["a", "b"], { x: 1 }]] }),
      ConfigOverrideError,
    );
    assertEquals(refused.issues.map(({ code }) => code), [
      "unknown_variable",
      "unknown_node",
      "not_a_subgraph",
    ]);
    const unfit = await assertRejects(
      async () => await (await load({ globalNodeVars: { n: "3" } })).resolve(),
      ConfigResolveError,
    );
    assertEquals(unfit.code, "var_option");
  });
});

Deno.test("the project root follows the override, the file, then the working folder", () => {
  const rootOf = (override: unknown, filePath?: string) =>
    NetConfig.parse(
      { graph, project_root_override: override, node_vars: { v: { value: "w" } } },
      filePath === undefined ? {} : { filePath },
    ).projectRootPath;
  assertEquals(rootOf("/abs", "/nets/a.json"), "/abs");
  assertEquals(rootOf("..", "/nets/a.json"), "/");
  assertEquals(rootOf(null, "/nets/a.json"), "/nets");
  assertEquals(rootOf({ $env: "SURELY_UNSET_X", default: "d" }, "/nets/a.json"), "/nets/d");
  assertEquals(rootOf({ $var: "v" }, "/nets/a.json"), "/nets/w");
  assertEquals(rootOf(null), Deno.cwd());
  const unset = NetConfig.parse({ graph, project_root_override: { $env: "SURELY_UNSET_X" } });
  assertThrows(() => unset.projectRootPath, ConfigResolveError, "SURELY_UNSET_X");
});

Deno.test("a problem in a subgraph's file points into that file and to the key that names it", async () => {
  await withFiles({
    "net.json": JSON.stringify({
      graph: { nodes: [{ type: "subgraph", name: "s", path: "parts/s.toml" }] },
    }),
    "parts/s.toml": `[[nodes]]
name = "n"
[[edges]]
source_node = "n"
source_port = "o"
target_node = "gone"
target_port = "i"
`,
    "bad.json": JSON.stringify({
      graph: { nodes: [{ type: "subgraph", name: "s", path: "parts/bad.toml" }] },
    }),
    "parts/bad.toml": "[[nodes]]\nname = 3\n",
  }, async (folder) => {
    const resolved = await (await NetConfig.fromFile(`${folder}/net.json`)).resolve();
    const [first] = resolved.validate();
    assertEquals(first?.code, "missing_port");
    assertEquals(first?.path, ["graph", "nodes", 0, "path"]);
    assertEquals([first?.file, first?.line], [`${folder}/parts/s.toml`, 3]);
    const bad = await NetConfig.fromFile(`${folder}/bad.json`);
    const error = await assertRejects(() => bad.resolve(), ConfigResolveError);
    assertEquals(error.code, "type");
    assert(error.message.includes(`${folder}/parts/bad.toml:2:1`), error.message);
  });
});

Deno.test("resolving changes neither the configuration nor what it was made of", async () => {
  const data = {
    retries: { $env: "N" },
    graph: {
      nodes: [
        { name: "a", out_ports: { o: {} } },
        { name: "b", in_ports: { i: {} } },
        { name: "c", factory: "netrun:broadcast" },
      ],
      edges: [
        {
          source_node: "a",
          source_port: "o",
          target_node: "b",
          target_port: "i",
          dependency: true,
        },
      ],
    },
  };
  const config = NetConfig.parse(data);
  const before = Deno.inspect([data, config.data], { depth: 20 });
  const resolved = await config.resolve({ env: { N: "2" } });
  assertEquals(Deno.inspect([data, config.data], { depth: 20 }), before);
  assertEquals(resolved.data.graph.nodes[1]!.dependency_request?.label, "main");
  assertEquals(await resolved.resolve(), resolved);
});

Deno.test("a resolved configuration can be written, read and resolved to the same again", async () => {
  const config = NetConfig.parse({
    default_signals: ["epoch_failed"],
    node_vars: { v: { value: "1", type: "int" } },
    graph: {
      nodes: [
        { name: "a", execution_config: { error_port: "failed", retries: { $var: "v" } } },
        { type: "subgraph", name: "s", nodes: [{ name: "t", factory: "netrun:join" }] },
      ],
    },
  });
  const resolved = await config.resolve();
  const again = await NetConfig.parse(resolved.toData()).resolve();
  assertEquals(again.data, resolved.data);
});

Deno.test("without imports, nodes of the project's factories stay as written", async () => {
  const config = NetConfig.parse({
    graph: {
      nodes: [
        { name: "own", factory: "./factory.ts" },
        { name: "tee", factory: "netrun:broadcast" },
      ],
      edges: [
        { source_node: "own", source_port: "x", target_node: "tee", target_port: "in_0" },
        { source_node: "tee", source_port: "nope", target_node: "own", target_port: "y" },
      ],
    },
  });
  const resolved = await config.resolve({ noImport: true });
  assertEquals(resolved.unexpanded, ["own"]);
  assertEquals(briefly(resolved.validate()), ["missing_port graph.edges.1"]);
  assertThrows(() => resolved.toGraph(), ConfigError, "own");
});

Deno.test("factories see the net with its values, but without credentials", async () => {
  let seen: NetConfig | undefined;
  const factory = {
    getNodeConfig(net: NetConfig) {
      seen = net;
      return { out_ports: { made: {} } };
    },
    getNodeFuncs: () => ({ exec: null }),
  };
  const config = NetConfig.parse({
    retries: { $env: "N" },
    project_root_override: "sub",
    storage: { backends: { b: { type: "ssh", host: "h", base_path: "p", password: "hunter2" } } },
    graph: { nodes: [{ name: "n", factory }] },
  }, { filePath: "/nets/net.json" });
  const resolved = await config.resolve({ env: { N: "3" } });
  assertEquals([...resolved.data.graph.nodes[0]!.out_ports.keys()], ["made"]);
  assertEquals(seen?.data.retries, 3);
  assertEquals(seen?.projectRootPath, "/nets/sub");
  assert(!Deno.inspect(seen, { depth: 20 }).includes("hunter2"));
  assertEquals(briefly(config.warnings), ["literal_secret storage.backends.b.password"]);
});

Deno.test("all functions that cannot be imported are reported at once", async () => {
  await withFiles({ "f.ts": "export const there = () => {};" }, async (folder) => {
    const run = (ref: string) => ({ execution_config: { exec_node_func: ref } });
    const config = NetConfig.parse({
      dead_letter_callback: "./none.ts::f",
      graph: {
        nodes: [
          { name: "a", ...run("./f.ts::there") },
          { name: "b", ...run("./f.ts::their") },
          { name: "c", ...run("./g.ts::there") },
        ],
      },
    }, { filePath: `${folder}/net.json` });
    const error = await assertRejects(() => config.resolve(), ConfigResolveError);
    assertEquals(briefly(error.issues), [
      "import_failed graph.nodes.1.execution_config.exec_node_func",
      "import_failed graph.nodes.2.execution_config.exec_node_func",
      "import_failed dead_letter_callback",
    ]);
  });
});

Deno.test("ports that gather until all is done make their conditions manual", async () => {
  const config = NetConfig.parse({
    graph: {
      nodes: [{ name: "n", in_ports: { rows: { gather: { until: "done" } }, go: {} } }],
    },
  });
  const [condition] = (await config.resolve()).toGraph().nodes[0]!.inSalvoConditions!;
  assertEquals(condition?.manual, true);
  for (const gather of [{ until: "later" }, { until: "done", maxwait: 1 }, { max_wait: -1 }]) {
    const nodes = [{ name: "n", in_ports: { rows: { gather } } }];
    assertThrows(() => NetConfig.parse({ graph: { nodes } }), ConfigSchemaError);
  }
});

Deno.test("an error port exists, is left out of default conditions, and warns if it leads nowhere", async () => {
  const net = (queues: unknown) =>
    NetConfig.parse({
      output_queues: queues,
      graph: {
        nodes: [{
          name: "n",
          out_ports: { out: {} },
          execution_config: { error_port: "failed" },
        }],
      },
    });
  const resolved = await net(null).resolve();
  const [node] = resolved.data.graph.nodes;
  assertEquals([...node!.out_ports.keys()], ["out", "failed"]);
  assertEquals([...node!.out_salvo_conditions.get("default")!.ports.keys()], ["out"]);
  assertEquals([...resolved.data.output_queues.keys()], ["n::out", "n::failed"]);
  assertEquals(resolved.validate(), []);
  assertEquals(briefly((await net({}).resolve()).validate()), [
    "error_port_unconnected graph.nodes.0.execution_config.error_port",
  ]);
});

Deno.test("problems of several nodes are reported at once, each at its node", async () => {
  const broken = { execution_config: { signals: { $var: "gone" }, retries: { $var: "gone" } } };
  const config = NetConfig.parse({
    graph: {
      nodes: [
        { name: "a", ...broken },
        { type: "subgraph", name: "s", nodes: [{ name: "b", ...broken }] },
      ],
    },
  });
  const error = await assertRejects(() => config.resolve(), ConfigResolveError);
  assertEquals(briefly(error.issues).sort(), [
    "var_missing graph.nodes.0.execution_config.retries",
    "var_missing graph.nodes.0.execution_config.signals",
    "var_missing graph.nodes.1.nodes.0.execution_config.retries",
    "var_missing graph.nodes.1.nodes.0.execution_config.signals",
  ]);
});

Deno.test("a file that contains itself, is missing or is no graph is reported where it is named", async () => {
  const uses = (path: string) =>
    JSON.stringify({ nodes: [{ type: "subgraph", name: "inner", path }] });
  await withFiles({
    "a.json": uses("b.json"),
    "b.json": uses("./a.json"),
    "list.json": "[]",
    "broken.toml": "nodes = [",
  }, async (folder) => {
    const config = NetConfig.parse({
      graph: {
        nodes: ["a.json", "none.json", "list.json", "broken.toml"].map((path, i) => ({
          type: "subgraph",
          name: `s${i}`,
          path,
        })),
      },
    }, { filePath: `${folder}/net.json` });
    const error = await assertRejects(() => config.resolve(), ConfigResolveError);
    assertEquals(briefly(error.issues), [
      "subgraph_cycle graph.nodes.0.path",
      "subgraph_file_not_found graph.nodes.1.path",
      "subgraph_file_invalid graph.nodes.2.path",
      "subgraph_file_invalid graph.nodes.3.path",
    ]);
  });
});

Deno.test("links in the path of a file are followed, unless they are to be kept", async () => {
  await withFiles({ "real/net.json": JSON.stringify({ graph }) }, async (folder) => {
    await Deno.symlink(`${folder}/real/net.json`, `${folder}/link.json`);
    const followed = await NetConfig.fromFile(`${folder}/link.json`);
    assertEquals(followed.projectRootPath, `${folder}/real`);
    const kept = await NetConfig.fromFile(`${folder}/link.json`, { keepSymlinks: true });
    assertEquals(kept.projectRootPath, folder);
  });
});
