import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { toPlain } from "../../../runtime/tools/raw_net.ts";
import { checkDocument } from "../../../ui/model/check_document.ts";
import { copyNodes, pasteNodes } from "../../../ui/model/clipboard.ts";
import {
  type ConfigPath,
  editData,
  emptyDocument,
  type RawObject,
  sameData,
  valueAtPath,
} from "../../../ui/model/document.ts";
import { connect, connectByBroadcast, PortTaken } from "../../../ui/model/edit_edges.ts";
import {
  addNode,
  EditRefused,
  nameOf,
  removeNodes,
  renameNode,
  renamePool,
} from "../../../ui/model/edit_nodes.ts";
import { addPort, movePort, removePort, renamePort } from "../../../ui/model/edit_ports.ts";
import { createSubgraph, ungroup } from "../../../ui/model/edit_subgraphs.ts";
import { chain, dataOf, edge } from "./_documents.ts";

const GRAPH: ConfigPath = ["graph"];
const node = (i: number): ConfigPath => ["graph", "nodes", i];
const plain = (data: RawObject, path: ConfigPath) => toPlain(valueAtPath(data, path));
const namesOf = (data: RawObject) =>
  (valueAtPath(data, ["graph", "nodes"]) as RawObject[]).map(nameOf);

Deno.test("renaming a node follows into edges, queues, cache lists and exposed ports", () => {
  const data = dataOf({
    output_queues: { q: { ports: [["pack.seal", "bag"]] } },
    storage: { cache: { include_nodes: ["pack", "pack.seal", "packer"] } },
    graph: {
      nodes: [{
        name: "pack",
        type: "subgraph",
        nodes: [{ name: "seal", in_ports: { in: {} } }],
        edges: [],
        exposed_in_ports: { x: { internal_node: "seal", internal_port: "in" } },
      }, { name: "a", out_ports: { out: {} } }],
      edges: [edge("a.out", "pack.x")],
    },
  });
  const outer = editData(data, (draft) => renameNode(draft, node(0), "wrap"));
  assertEquals(plain(outer, ["output_queues", "q", "ports"]), [["wrap.seal", "bag"]]);
  assertEquals(plain(outer, ["storage", "cache", "include_nodes"]), [
    "wrap",
    "wrap.seal",
    "packer",
  ]);
  assertEquals(plain(outer, ["graph", "edges", 0]), edge("a.out", "wrap.x"));
  const inner = editData(data, (draft) => renameNode(draft, [...node(0), "nodes", 0], "close"));
  assertEquals(plain(inner, [...node(0), "exposed_in_ports", "x", "internal_node"]), "close");
  assertEquals(plain(inner, ["output_queues", "q", "ports"]), [["pack.close", "bag"]]);
});

Deno.test("a node is not renamed to nothing or to a name that is taken", () => {
  const data = chain();
  for (const [name, message] of [["b", 'a node "b" already'], [" ", "needs a name"]] as const) {
    assertThrows(
      () => editData(data, (draft) => renameNode(draft, node(0), name)),
      EditRefused,
      message,
    );
  }
});

Deno.test("removing nodes takes their edges and queue entries, and nothing else", () => {
  const data = chain();
  const after = editData(data, (draft) => removeNodes(draft, [node(0), node(2)]));
  assertEquals(namesOf(after), ["b"]);
  assertEquals(plain(after, ["graph", "edges"]), []);
  assertEquals(plain(after, ["output_queues"]), {});
  assertEquals(plain(after, ["house"]), { kept: true });
});

Deno.test("renaming a port follows into edges, conditions, terms and queues, and keeps its place", () => {
  const renamed = editData(chain(), (draft) => renamePort(draft, node(1), "in", "in", "lot"));
  assertEquals(plain(renamed, ["graph", "edges", 0]), edge("a.out", "b.lot"));
  const condition = [...node(1), "in_salvo_conditions", "two"];
  assertEquals(plain(renamed, [...condition, "ports"]), { lot: { type: "count", count: 2 } });
  assertEquals(plain(renamed, [...condition, "term", "port_name"]), "lot");
  assertEquals(plain(renamed, [...node(1), "in_ports", "lot", "slots_spec", "capacity"]), 3);
  const out = editData(chain(), (draft) => renamePort(draft, node(2), "out", "out", "bag"));
  assertEquals(plain(out, ["output_queues", "results", "ports"]), [["c", "bag"]]);
});

Deno.test("ports are added under free names, reordered, and removed with their edges", () => {
  const data = editData(chain(), (draft) => {
    assertEquals(addPort(draft, node(1), "in"), "in_1");
    movePort(draft, node(1), "in", "in_1", -1);
    removePort(draft, node(0), "out", "out");
  });
  assertEquals(Object.keys(plain(data, [...node(1), "in_ports"]) as object), ["in_1", "in"]);
  assertEquals(plain(data, ["graph", "edges"]), [{ ...edge("b.out", "c.in"), dependency: true }]);
});

Deno.test("an output port takes one edge; a broadcast takes the second, and grows with the third", () => {
  const names = { sourceNode: "a", sourcePort: "out", targetNode: "c", targetPort: "in" };
  const data = chain();
  assertThrows(
    () => editData(data, (draft) => connect(draft, GRAPH, names)),
    PortTaken,
    "broadcast",
  );
  const two = editData(data, (draft) => connectByBroadcast(draft, GRAPH, names, { x: 0, y: 0 }));
  assertEquals(namesOf(two), ["a", "b", "c", "broadcast"]);
  assertEquals(plain(two, ["graph", "edges"]), [
    edge("a.out", "broadcast.in_0"),
    { ...edge("b.out", "c.in"), dependency: true },
    edge("broadcast.out_0", "b.in"),
    edge("broadcast.out_1", "c.in"),
  ]);
  const three = editData(two, (draft) => connectByBroadcast(draft, GRAPH, names, { x: 0, y: 0 }));
  assertEquals(plain(three, [...node(3), "factory_args"]), { num_outputs: 3 });
  assertEquals(plain(three, ["graph", "edges", 4]), edge("broadcast.out_2", "c.in"));
});

Deno.test("renaming a pool follows into nodes", () => {
  const data = editData(chain(), (draft) => renamePool(draft, "cpu", "cores"));
  assertEquals(plain(data, [...node(0), "execution_config", "pools"]), ["cores"]);
  assertEquals(Object.keys(plain(data, ["pools"]) as object), ["main", "cores"]);
});

Deno.test("copies come with the edges between them, under free names, beside the originals", () => {
  const text = copyNodes(chain(), [node(0), node(1), ["graph", "extra", "decorations", 0]]);
  const pasted = editData(chain(), (draft) => {
    assertEquals(pasteNodes(draft, GRAPH, text, 50).length, 3);
  });
  assertEquals(namesOf(pasted), ["a", "b", "c", "a_1", "b_1"]);
  assertEquals(plain(pasted, ["graph", "edges", 2]), edge("a_1.out", "b_1.in"));
  assertEquals(plain(pasted, [...node(4), "in_ports", "in", "slots_spec", "capacity"]), 3);
  assertEquals(plain(pasted, ["graph", "extra", "decorations", 1, "id"]), "note_1");
  assertEquals(pasteNodes(emptyDocument(), GRAPH, "no copy", 50), []);
});

Deno.test("a new node is called after the last word of its factory", () => {
  const data = emptyDocument();
  const names = ["netrun:broadcast", "./steps/clean.ts", "netrun.node_factories.join", undefined];
  const after = editData(data, (draft) => {
    for (const factory of [...names, undefined]) {
      addNode(draft, GRAPH, { x: 1.4, y: 2 }, factory === undefined ? {} : { factory });
    }
  });
  assertEquals(namesOf(after), ["broadcast", "clean", "join", "Node", "Node_1"]);
  assertEquals(plain(after, [...node(0), "extra", "ui", "position"]), { x: 1, y: 2 });
});

/** Nets of plain nodes with edges from outputs that are used once. */
const nets = fc.integer({ min: 2, max: 6 }).chain((size) =>
  fc.record({
    ends: fc.array(fc.option(fc.nat(size - 1)), { minLength: size, maxLength: size }),
    chosen: fc.subarray([...Array(size).keys()], { minLength: 2 }),
    queued: fc.nat(size - 1),
  }).map(({ ends, chosen, queued }) => ({
    chosen,
    data: dataOf({
      output_queues: { q: { ports: [[`n${queued}`, "spare"]] } },
      graph: {
        nodes: ends.map((_, i) => ({
          name: `n${i}`,
          in_ports: { in: {} },
          out_ports: { out: {}, spare: {} },
          extra: { ui: { position: { x: i * 10, y: 5 } }, own: i },
        })),
        edges: ends.flatMap((end, i) => end === null ? [] : [edge(`n${i}.out`, `n${end}.in`)]),
      },
    }),
  }))
);

Deno.test("a subgraph that is made and dissolved again leaves the same nodes, edges and queues", () => {
  fc.assert(fc.property(nets, ({ data, chosen }) => {
    const grouped = editData(data, (draft) => createSubgraph(draft, GRAPH, chosen));
    assertEquals(checkDocument(grouped).filter(({ severity }) => severity === "error"), []);
    const index = Math.min(...chosen);
    assertEquals(nameOf(valueAtPath(grouped, node(index)) as RawObject), "Subgraph");
    const back = editData(grouped, (draft) => ungroup(draft, node(index)));
    const sorted = (path: ConfigPath, data: RawObject) =>
      (plain(data, path) as unknown[]).map((item) => JSON.stringify(item)).sort();
    for (const path of [["graph", "nodes"], ["graph", "edges"]]) {
      assertEquals(sorted(path, back), sorted(path, data));
    }
    assert(sameData(back.get("output_queues"), data.get("output_queues")));
  }));
});

Deno.test("nodes go into a subgraph as they are: factories, settings and unknown keys too", () => {
  const data = dataOf({
    graph: {
      nodes: [
        { name: "f", factory: "netrun:broadcast", factory_args: { num_outputs: 2 }, own: 1 },
        { name: "g", in_ports: { in: {} }, execution_config: { retries: 2 } },
      ],
      edges: [edge("f.out_0", "g.in")],
    },
  });
  const grouped = editData(data, (draft) => createSubgraph(draft, GRAPH, [0, 1]));
  assert(
    sameData(valueAtPath(grouped, [...node(0), "nodes"]), valueAtPath(data, ["graph", "nodes"])),
  );
  assert(
    sameData(valueAtPath(grouped, [...node(0), "edges"]), valueAtPath(data, ["graph", "edges"])),
  );
  assertThrows(
    () => editData(data, (draft) => createSubgraph(draft, GRAPH, [0])),
    EditRefused,
    "two nodes",
  );
});
