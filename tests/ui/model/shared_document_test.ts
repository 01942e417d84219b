import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { parseNetText } from "../../../runtime/schema/text/net_text.ts";
import { writeJson } from "../../../runtime/schema/text/write_json.ts";
import type { RawObject } from "../../../runtime/tools/raw_net.ts";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import { graphView } from "../../../ui/model/graph_view.ts";
import { sharedDocument } from "../../../ui/model/shared_document.ts";
import { simulationGraph } from "../../../ui/model/simulation_graph.ts";
import { dataOf, edge } from "./_documents.ts";

const EXAMPLES = fileURLToPath(new URL("../../../examples/", import.meta.url));

async function* examples(folder = EXAMPLES): AsyncGenerator<[string, RawObject]> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* examples(path);
    else if (/\.netrun\.(json|toml)$/.test(name)) {
      const text = await Deno.readTextFile(path);
      const format = name.endsWith("toml") ? "toml" : "json";
      yield [path, parseNetText(text, format).data as RawObject];
    }
  }
}

Deno.test("what is shared of an example looks like the example, and is shared of itself unchanged", async () => {
  for await (const [path, data] of examples()) {
    const shared = sharedDocument(data);
    const drawn = (data: RawObject) =>
      graphView(data, ["graph"]).nodes.map(({ id, x, y, width, inRows, outRows, view }) => ({
        ...{ id, x, y, width, inRows, outRows },
        kind: view.kind,
      }));
    assertEquals(drawn(shared), drawn(data), path);
    assertEquals(sharedDocument(shared), shared, path);
  }
});

Deno.test("what nobody is shown stays out, wherever it stands", () => {
  const secret = new Map([["s3cret", "s3cret"]]);
  const data = dataOf({
    node_vars: { key: { value: "s3cret" } },
    graph: {
      nodes: [{
        name: "a",
        s3cret: 1,
        in_ports: { in: { port_type: { name: "T", fields: { s3cret: 1 } }, note: "s3cret" } },
        in_salvo_conditions: {
          go: {
            max_salvos: { type: "finite", max: 1 },
            ports: { in: { type: "all", s3cret: 1 } },
            term: { type: "port", port_name: "in", state: { type: "non_empty" }, s3cret: 1 },
          },
        },
        extra: { ui: { position: { x: 1, y: 2, z: { s3cret: 1 } } }, s3cret: 1 },
      }],
      edges: [{ ...edge("a.x", "a.in"), s3cret: 1 }],
      extra: { decorations: [{ id: "d", text: "shown", action: "s3cret" }], s3cret: 1 },
    },
  });
  data.set("pools", secret);
  const text = writeJson(sharedDocument(data), "");
  assert(!text.includes("s3cret"), text);
  for (const shown of ["non_empty", "shown", '"T"', '"x":1']) assert(text.includes(shown), shown);
});

Deno.test("a document without code and files is simulated as it would be resolved", async () => {
  const data = dataOf({
    default_signals: ["epoch_finished"],
    graph: {
      nodes: [
        { name: "a", out_ports: { out: {} } },
        {
          name: "s",
          type: "subgraph",
          nodes: [{
            name: "b",
            in_ports: { in: { slots_spec: { type: "finite", capacity: 2 } } },
            out_ports: { out: {} },
            execution_config: { controls: ["enable"], error_port: "failed" },
          }],
          edges: [],
          exposed_in_ports: { in: { internal_node: "b", internal_port: "in" } },
        },
      ],
      edges: [edge("a.out", "s.in")],
    },
  });
  const resolved = await NetConfig.parse(data).resolve({ noImport: true });
  assertEquals(simulationGraph(data), resolved.toGraph());
});

Deno.test("factories are simulated with the ports that they are known to make, else those of edges", () => {
  const data = dataOf({
    graph: {
      nodes: [{ name: "f", factory: "./f.ts" }, { name: "b", in_ports: { in: {} } }],
      edges: [edge("f.used", "b.in")],
    },
  });
  const ports = (graph: ReturnType<typeof simulationGraph>) =>
    graph.nodes[0]!.outPorts!.map(({ name }) => name);
  assertEquals(ports(simulationGraph(data)), ["used"]);
  const port = {
    name: "real",
    type: "",
    capacity: null,
    origin: "factory",
    gathers: false,
  } as const;
  const known = simulationGraph(
    data,
    (node) =>
      node.get("name") === "f"
        ? { inPorts: [], outPorts: [port], description: undefined }
        : undefined,
  );
  assertEquals(ports(known), ["real"]);
  assertEquals(known.edges, []);
});
