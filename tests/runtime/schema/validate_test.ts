import { assert, assertEquals } from "@std/assert";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import type { ConfigIssue } from "../../../runtime/schema/issue.ts";

const edge = (
  source_node: string,
  source_port: string,
  target_node: string,
  target_port: string,
) => ({ source_node, source_port, target_node, target_port });
const briefly = (issues: readonly ConfigIssue[]) =>
  issues.map(({ code, path }) => `${code} ${path.join(".")}`);

/** What is wrong with a net, before and after resolving. */
async function problems(
  net: Record<string, unknown>,
): Promise<{ raw: string[]; resolved: string[] }> {
  const config = NetConfig.parse(net);
  const resolved = await config.resolve({ env: {} });
  return { raw: briefly(config.validate()), resolved: briefly(resolved.validate()) };
}

/** As above, where both must agree. */
async function problemsOf(net: Record<string, unknown>): Promise<string[]> {
  const { raw, resolved } = await problems(net);
  assertEquals(raw, resolved);
  return resolved;
}

const condition = (fields: object) => ({
  max_salvos: { type: "finite", max: 1 },
  ports: {},
  term: { type: "true" },
  ...fields,
});

Deno.test("each wrong end of an edge is reported, a missing node hides its port", async () => {
  assertEquals(
    await problemsOf({
      graph: {
        nodes: [{ name: "a", out_ports: { o: {} } }],
        edges: [edge("a", "p", "b", "i"), edge("a", "o", "a", "i")],
      },
    }),
    [
      "missing_port graph.edges.0",
      "missing_node graph.edges.0",
      "missing_port graph.edges.1",
    ],
  );
});

Deno.test("every edge of a port with several is reported, the same edge twice is not", async () => {
  const nodes = [
    { name: "a", out_ports: { o: {}, p: {} } },
    { name: "b", in_ports: { i: {}, j: {} } },
  ];
  const twice = edge("a", "p", "b", "i");
  assertEquals(
    await problemsOf({
      graph: { nodes, edges: [edge("a", "o", "b", "i"), twice, edge("a", "o", "b", "j"), twice] },
    }),
    ["fan_out graph.edges.0", "fan_out graph.edges.2"],
  );
});

Deno.test("fan-in, loops, unconnected ports and an empty graph are fine", async () => {
  const nodes = [
    { name: "a", in_ports: { i: {} }, out_ports: { o: {}, p: {} } },
    { name: "b", in_ports: { i: {} }, out_ports: { o: {} } },
  ];
  const edges = [edge("a", "o", "a", "i"), edge("b", "o", "a", "i"), edge("a", "p", "b", "i")];
  assertEquals(await problemsOf({ graph: { nodes, edges } }), []);
  assertEquals(await problemsOf({ graph: { nodes: [] } }), []);
});

Deno.test("ports and terms of conditions must be on their side of the node", async () => {
  const term = {
    type: "and",
    terms: [
      { type: "not", term: { type: "port", port_name: "o", state: { type: "empty" } } },
      { type: "port", port_name: "o", state: { type: "full" } },
    ],
  };
  assertEquals(
    await problemsOf({
      graph: {
        nodes: [{
          name: "n",
          in_ports: { i: {} },
          out_ports: { o: {} },
          in_salvo_conditions: { c: condition({ ports: { o: { type: "all" } }, term }) },
          out_salvo_conditions: {
            " ": condition({}),
            "__signal_epoch_failed__": condition({}),
            "__control_enable__": condition({}),
          },
        }],
      },
    }),
    [
      "invalid_salvo_port graph.nodes.0.in_salvo_conditions.c.ports.o",
      "invalid_salvo_term_port graph.nodes.0.in_salvo_conditions.c.term",
      "empty_salvo_condition_name graph.nodes.0.out_salvo_conditions. ",
      "reserved_salvo_condition_name graph.nodes.0.out_salvo_conditions.__signal_epoch_failed__",
      "reserved_salvo_condition_name graph.nodes.0.out_salvo_conditions.__control_enable__",
    ],
  );
});

Deno.test("ports that will be made count as existing", async () => {
  assertEquals(
    await problemsOf({
      default_signals: ["epoch_finished"],
      graph: {
        nodes: [
          { name: "a", execution_config: { error_port: "failed" } },
          { name: "b", in_ports: { i: {} }, execution_config: { controls: ["enable"] } },
        ],
        edges: [
          edge("a", "__signal_epoch_finished__", "b", "__control_enable__"),
          edge("a", "failed", "b", "i"),
        ],
      },
    }),
    [],
  );
});

Deno.test("a written condition must not send by the error port", async () => {
  assertEquals(
    await problemsOf({
      graph: {
        nodes: [{
          name: "n",
          out_salvo_conditions: { c: condition({ ports: { failed: { type: "all" } } }) },
          execution_config: { error_port: "failed" },
        }],
      },
    }),
    ["invalid_salvo_port graph.nodes.0.out_salvo_conditions.c.ports.failed"],
  );
});

Deno.test("what a reference decides is not known before resolving", async () => {
  const net = {
    node_vars: { signals: { type: "json", value: "[]" } },
    graph: {
      nodes: [
        { name: "a", execution_config: { signals: { $var: "signals" } } },
        { name: "b", in_ports: { i: {} } },
      ],
      edges: [edge("a", "__signal_epoch_failed__", "b", "i")],
    },
  };
  assertEquals(await problems(net), { raw: [], resolved: ["missing_port graph.edges.0"] });
});

Deno.test("parts of a flattened graph are reported where they are written", async () => {
  const net = {
    graph: {
      nodes: [{
        type: "subgraph",
        name: "s",
        nodes: [{
          type: "subgraph",
          name: "t",
          nodes: [{
            name: "n",
            in_salvo_conditions: { c: condition({ max_salvos: { type: "infinite" } }) },
          }],
          edges: [edge("n", "o", "m", "i")],
        }],
      }],
    },
  };
  const config = NetConfig.parse(net);
  const issues = (await config.resolve()).validate();
  assertEquals(briefly(issues), briefly(config.validate()));
  assertEquals(briefly(issues), [
    "missing_port graph.nodes.0.nodes.0.edges.0",
    "missing_node graph.nodes.0.nodes.0.edges.0",
    "invalid_input_salvo_max_salvos graph.nodes.0.nodes.0.nodes.0.in_salvo_conditions.c.max_salvos",
  ]);
  assert(issues[0]!.message.includes('"s.t.n"'), issues[0]!.message);
});

Deno.test("pools, groups and storage that do not fit are reported", async () => {
  const store = (fields: object) => ({ storage: { file_storage: { backend: "disk", ...fields } } });
  assertEquals(
    await problemsOf({
      pools: {
        far: { spec: { type: "remote" } },
        fast: { spec: { type: "thread", permissions: "none" } },
      },
      default_pools: ["main", "fsat"],
      storage: { backends: { disk: { type: "local", base_path: "out" } } },
      graph: {
        nodes: [
          { name: "a", execution_config: { rate_limit_group: "g", rate_limit_per_second: 1 } },
          { name: "b", execution_config: { rate_limit_group: "g", rate_limit_per_second: 2 } },
          { name: "c", execution_config: { rate_limit_group: "g", pools: ["gpu"] } },
          { name: "d", execution_config: store({ backend: "dsik", serialization: "torch" }) },
          { name: "e", execution_config: store({ serialization: "jsno", compression: "bz2" }) },
        ],
      },
    }),
    [
      "unknown_backend graph.nodes.3.execution_config.storage.file_storage.backend",
      "unsupported_serialization graph.nodes.3.execution_config.storage.file_storage.serialization",
      "unsupported_serialization graph.nodes.4.execution_config.storage.file_storage.serialization",
      "unsupported_compression graph.nodes.4.execution_config.storage.file_storage.compression",
      "rate_group_conflict graph.nodes.1.execution_config.rate_limit_group",
      "remote_pool_incomplete pools.far.spec.url",
      "permissions_unsupported pools.fast.spec.permissions",
      "unknown_pool default_pools.1",
      "unknown_pool graph.nodes.2.execution_config.pools.0",
    ],
  );
});

Deno.test("names of stored files must be of what the node sends, and differ", async () => {
  const output_names = { default: { o: "p", q: "x" }, other: {} };
  const { resolved } = await problems({
    storage: { backends: { disk: { type: "local", base_path: "out" } } },
    graph: {
      nodes: [{
        name: "n",
        out_ports: { o: {}, p: {} },
        execution_config: { storage: { file_storage: { backend: "disk", output_names } } },
      }],
    },
  });
  const at = "storage_names graph.nodes.0.execution_config.storage.file_storage.output_names";
  assertEquals(resolved, [`${at}.default.o`, `${at}.default.q`, `${at}.other`]);
});

Deno.test("a stored stream and an ordered stream are refused", async () => {
  const factory = {
    getNodeConfig: () => ({ out_ports: { o: {} }, streams: true }),
    getNodeFuncs: () => ({ exec: null }),
  };
  const { resolved } = await problems({
    storage: { backends: { disk: { type: "local", base_path: "out" } } },
    graph: {
      nodes: [{
        name: "n",
        factory,
        execution_config: { ordered: true, storage: { file_storage: { backend: "disk" } } },
      }],
    },
  });
  assertEquals(resolved, [
    "storage_conflict graph.nodes.0.execution_config.storage",
    "ordered_stream graph.nodes.0.execution_config.ordered",
  ]);
});

Deno.test("what hardly anybody means is allowed with a warning", () => {
  const config = NetConfig.parse({
    pools: { far: { spec: { type: "remote", url: "ws://h", token: "sixteen letters!" } } },
    storage: {
      backends: {
        b: {
          type: "s3",
          bucket: "b",
          endpoint_url: "http://example.com",
          secret_key: { $env: "K" },
        },
        local: { type: "s3", bucket: "b", endpoint_url: "http://127.0.0.1:9000" },
      },
    },
    graph: {
      nodes: [
        {
          name: "n",
          in_ports: { p: { slots_spec: { type: "finite", capacity: 0 } } },
          out_ports: { o: { gather: { until: "done" } } },
          execution_config: { defer_net_actions: false },
        },
        { type: "subgraph", name: "s", path: "s.json", edges: [edge("a", "b", "c", "d")] },
      ],
    },
  });
  assertEquals(briefly(config.warnings), [
    "literal_secret pools.far.spec.token",
    "insecure_endpoint storage.backends.b.endpoint_url",
    "range graph.nodes.0.in_ports.p.slots_spec.capacity",
    "unknown_key graph.nodes.0.out_ports.o.gather",
    "range graph.nodes.0.execution_config.defer_net_actions",
    "subgraph_source graph.nodes.1.edges",
  ]);
});
