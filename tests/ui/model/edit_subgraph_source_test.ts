import { assertEquals, assertThrows } from "@std/assert";
import { toPlain } from "../../../runtime/tools/raw_net.ts";
import { type ConfigPath, editData, sameData, valueAtPath } from "../../../ui/model/document.ts";
import { EditRefused } from "../../../ui/model/edit_nodes.ts";
import { graphFile, moveInPlace, moveToFile } from "../../../ui/model/edit_subgraph_source.ts";
import { dataOf, edge } from "./_documents.ts";

const PATH: ConfigPath = ["graph", "nodes", 0];
const NET = dataOf({
  graph: {
    nodes: [{
      type: "subgraph",
      name: "part",
      nodes: [{ name: "x", own: 1 }, { name: "y" }],
      edges: [edge("x.out", "y.in")],
      exposed_in_ports: { in: { internal_node: "x", internal_port: "in" } },
    }],
  },
});

Deno.test("nodes of a subgraph go to a file and back, and all is as it was", () => {
  const file = graphFile(NET, PATH);
  assertEquals(toPlain(file), {
    nodes: [{ name: "x", own: 1 }, { name: "y" }],
    edges: [edge("x.out", "y.in")],
  });
  const apart = editData(NET, (draft) => moveToFile(draft, PATH, "part.graph.json"));
  assertEquals(toPlain(valueAtPath(apart, PATH)), {
    type: "subgraph",
    name: "part",
    path: "part.graph.json",
    exposed_in_ports: { in: { internal_node: "x", internal_port: "in" } },
  });
  assertThrows(() => graphFile(apart, PATH), EditRefused, "in a file already");
  const back = editData(apart, (draft) => moveInPlace(draft, PATH, file));
  assertEquals(sameData(back, NET), true);
});

Deno.test("of a net in a file the graph counts", () => {
  const apart = dataOf({ graph: { nodes: [{ name: "part", path: "net.netrun.json" }] } });
  const net = dataOf({ retries: 1, graph: { nodes: [{ name: "x" }] } });
  const inline = editData(apart, (draft) => moveInPlace(draft, PATH, net));
  assertEquals(toPlain(valueAtPath(inline, PATH)), {
    name: "part",
    nodes: [{ name: "x" }],
    edges: [],
  });
});
