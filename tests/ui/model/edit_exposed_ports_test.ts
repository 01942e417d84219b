import { assertEquals, assertThrows } from "@std/assert";
import { toPlain } from "../../../runtime/tools/raw_net.ts";
import { type ConfigPath, editData, valueAtPath } from "../../../ui/model/document.ts";
import { exposePort, renameExposedPort } from "../../../ui/model/edit_exposed_ports.ts";
import { EditRefused } from "../../../ui/model/edit_nodes.ts";
import { removePort, renamePort } from "../../../ui/model/edit_ports.ts";
import { dataOf, edge } from "./_documents.ts";

const INNER: ConfigPath = ["graph", "nodes", 0, "nodes", 0];

/** `box` holds `part`, which holds `seal`; `box.bag` leads to `end.in`, and to a queue. */
const NET = dataOf({
  output_queues: { q: { ports: [["box", "bag"]] } },
  graph: {
    nodes: [
      {
        name: "box",
        type: "subgraph",
        nodes: [{
          name: "part",
          type: "subgraph",
          nodes: [{ name: "seal", in_ports: { in: {} }, out_ports: { bag: {}, waste: {} } }],
          edges: [],
          exposed_out_ports: { bag: { internal_node: "seal", internal_port: "bag" } },
        }],
        edges: [],
        exposed_out_ports: { bag: { internal_node: "part", internal_port: "bag" } },
      },
      { name: "end", in_ports: { in: {} } },
    ],
    edges: [edge("box.bag", "end.in")],
  },
});

Deno.test("a port is exposed under its node's name, or with a number", () => {
  const after = editData(NET, (draft) => {
    assertEquals(exposePort(draft, INNER, "out", "seal", "waste"), "seal_waste");
    assertEquals(exposePort(draft, INNER, "out", "seal", "waste"), "seal_waste_1");
  });
  const exposed = toPlain(valueAtPath(after, [...INNER, "exposed_out_ports"])) as object;
  assertEquals(Object.keys(exposed), ["bag", "seal_waste", "seal_waste_1"]);
});

Deno.test("renaming an exposed port follows into edges, queues and the subgraph around", () => {
  const box: ConfigPath = ["graph", "nodes", 0];
  const outer = editData(NET, (draft) => renameExposedPort(draft, box, "out", "bag", "sack"));
  assertEquals(toPlain(valueAtPath(outer, ["graph", "edges"])), [edge("box.sack", "end.in")]);
  assertEquals(toPlain(valueAtPath(outer, ["output_queues", "q", "ports"])), [["box", "sack"]]);
  const inner = editData(NET, (draft) => renameExposedPort(draft, INNER, "out", "bag", "sack"));
  const exposed = toPlain(valueAtPath(inner, [...box, "exposed_out_ports"]));
  assertEquals(exposed, { bag: { internal_node: "part", internal_port: "sack" } });
  for (const name of ["", "bag"]) {
    const twice = editData(NET, (draft) => void exposePort(draft, INNER, "out", "seal", "waste"));
    assertThrows(
      () => editData(twice, (d) => renameExposedPort(d, INNER, "out", "seal_waste", name)),
      EditRefused,
    );
  }
});

Deno.test("removing a port inside takes every exposed port that led to it, and their edges", () => {
  const seal = [...INNER, "nodes", 0];
  const after = editData(NET, (draft) => removePort(draft, seal, "out", "bag"));
  assertEquals(toPlain(valueAtPath(after, ["graph", "edges"])), []);
  assertEquals(toPlain(valueAtPath(after, ["output_queues"])), {});
  assertEquals(toPlain(valueAtPath(after, [...INNER, "exposed_out_ports"])), {});
});

Deno.test("an error port is renamed and removed with the setting that names it", () => {
  const data = dataOf({
    graph: {
      nodes: [{ name: "a", out_ports: { bad: {} }, execution_config: { error_port: "bad" } }],
    },
  });
  const path: ConfigPath = ["graph", "nodes", 0];
  const renamed = editData(data, (draft) => renamePort(draft, path, "out", "bad", "failed"));
  assertEquals(valueAtPath(renamed, [...path, "execution_config", "error_port"]), "failed");
  const removed = editData(data, (draft) => removePort(draft, path, "out", "bad"));
  assertEquals(valueAtPath(removed, [...path, "execution_config"]), undefined);
});
