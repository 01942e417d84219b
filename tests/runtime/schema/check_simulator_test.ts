import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import { SIMULATOR_CODES } from "../../../runtime/schema/check_simulator.ts";
import { Graph } from "../../../sim/graph.ts";

const name = fc.constantFrom("a", "b", "c");
const port = fc.constantFrom("x", "y");
const ports = fc.dictionary(port, fc.constant({}));
const term = fc.oneof(
  fc.constant({ type: "true" }),
  fc.record({
    type: fc.constant("port"),
    port_name: port,
    state: fc.constant({ type: "non_empty" }),
  }),
);
const conditions = fc.option(fc.dictionary(
  fc.constantFrom("one", "two"),
  fc.record({
    max_salvos: fc.constantFrom({ type: "finite", max: 1 }, { type: "infinite" }),
    ports: fc.dictionary(port, fc.constant({ type: "all" })),
    term,
  }),
));
const graph = fc.record({
  nodes: fc.uniqueArray(
    fc.record({
      name,
      in_ports: ports,
      out_ports: ports,
      in_salvo_conditions: conditions,
      out_salvo_conditions: conditions,
      dependency_request: fc.option(fc.constant({})),
    }),
    { selector: (node) => node.name },
  ),
  edges: fc.array(fc.record({
    source_node: name,
    source_port: port,
    target_node: name,
    target_port: port,
    dependency: fc.boolean(),
  })),
});

Deno.test("whatever the simulator refuses in a graph is among the problems of its configuration", async () => {
  await fc.assert(fc.asyncProperty(graph, async (graph) => {
    const resolved = await NetConfig.parse({ graph }).resolve({ env: {} });
    const found = new Set(resolved.validate().map(({ code }) => code));
    const refused = new Graph(resolved.toGraph()).validate();
    for (const { kind, message } of refused) {
      // Edges from a port that is not there are reported for that reason alone.
      const isExplained = kind === "multipleEdgesFromOutputPort" &&
        (found.has("missing_node") || found.has("missing_port"));
      assert(found.has(SIMULATOR_CODES[kind]) || isExplained, message);
    }
    assertEquals(refused.length > 0, found.size > 0);
  }));
});

Deno.test("what only the simulator finds is reported at its node", async () => {
  const resolved = await NetConfig.parse({
    graph: { nodes: [{ name: "before" }, { name: "a", in_ports: { i: {} } }] },
  }).resolve();
  assertEquals(resolved.validate(), []);
  const slots = { type: "finite", capacity: 1.5 } as const;
  resolved.data.graph.nodes[1]!.in_ports.get("i")!.slots_spec = slots;
  const [issue, ...others] = resolved.validate();
  assertEquals(others, []);
  assertEquals([issue!.code, issue!.path], ["range", ["graph", "nodes", 1]]);
  assert(issue!.message.includes("1.5"), issue!.message);
});
