import { assertEquals, assertThrows } from "@std/assert";
import { toPlain } from "../../../runtime/tools/raw_net.ts";
import { editData, type RawObject } from "../../../ui/model/document.ts";
import { EditRefused } from "../../../ui/model/edit_nodes.ts";
import {
  addQueue,
  collectFrom,
  nameQueues,
  outputPorts,
  queuesOf,
  renameQueue,
} from "../../../ui/model/edit_queues.ts";
import { dataOf, edge } from "./_documents.ts";

const net = (more: object = {}): RawObject =>
  dataOf({
    ...more,
    default_signals: ["epoch_failed"],
    graph: {
      nodes: [
        { name: "a", out_ports: { out: {}, rest: {} }, execution_config: { error_port: "bad" } },
        {
          name: "pack",
          type: "subgraph",
          nodes: [{ name: "seal", in_ports: { in: {} }, out_ports: { bag: {}, waste: {} } }],
          edges: [],
          exposed_in_ports: { in: { internal_node: "seal", internal_port: "in" } },
          exposed_out_ports: { bag: { internal_node: "seal", internal_port: "bag" } },
        },
        { name: "end", in_ports: { in: {} } },
      ],
      edges: [edge("a.out", "pack.in"), edge("pack.bag", "end.in")],
    },
  });

Deno.test("output ports are those of all nodes but signals, with whether an edge leaves them", () => {
  const ports = outputPorts(net()).map(({ node, port, isConnected }) => [node, port, isConnected]);
  assertEquals(ports, [
    ["a", "out", true],
    ["a", "rest", false],
    ["a", "bad", false],
    ["pack.seal", "bag", true],
    ["pack.seal", "waste", false],
  ]);
});

Deno.test("naming the queues writes those that the net has by itself", () => {
  const data = net();
  const named = editData(data, (draft) => nameQueues(draft, outputPorts(data)));
  assertEquals(toPlain(named.get("output_queues")), {
    "a::rest": { ports: [["a", "rest"]] },
    "a::bad": { ports: [["a", "bad"]] },
    "pack.seal::waste": { ports: [["pack.seal", "waste"]] },
  });
});

Deno.test("queues are added and renamed, and no port is collected from twice", () => {
  const data = net({ output_queues: { q: { ports: [["a", "rest"]] } } });
  const after = editData(data, (draft) => {
    assertEquals(addQueue(draft), "queue");
    renameQueue(draft, "queue", "waste");
    collectFrom(draft, "waste", "pack.seal", "waste");
    const refused: [() => void, string][] = [
      [() => collectFrom(draft, "waste", "a", "rest"), 'Queue "q" collects from a.rest already'],
      [() => renameQueue(draft, "waste", "q"), 'There is a queue "q" already'],
      [() => renameQueue(draft, "waste", " "), "needs a name"],
    ];
    for (const [act, message] of refused) assertThrows(act, EditRefused, message);
  });
  assertEquals(queuesOf(after), [
    ["q", { ports: [["a", "rest"]] }],
    ["waste", { ports: [["pack.seal", "waste"]] }],
  ]);
});
