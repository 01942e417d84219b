/** Documents for tests. */
import { parseNetText } from "../../../runtime/schema/text/net_text.ts";
import type { RawObject } from "../../../runtime/tools/raw_net.ts";

/** Data as it is read from JSON text. */
export function dataOf(value: unknown): RawObject {
  return parseNetText(JSON.stringify(value), "json").data as RawObject;
}

/** An edge between ports `a.out` and `b.in`, written so. */
export function edge(source: string, target: string): Record<string, string> {
  const [source_node, source_port] = splitLast(source);
  const [target_node, target_port] = splitLast(target);
  return { source_node, source_port, target_node, target_port };
}

function splitLast(text: string): [string, string] {
  const dot = text.lastIndexOf(".");
  return [text.slice(0, dot), text.slice(dot + 1)];
}

/** A net `a -> b -> c` with capacities, a condition, a queue and keys that nobody knows. */
export function chain(): RawObject {
  return dataOf({
    pools: { main: { spec: { type: "main" } }, cpu: { spec: { type: "thread" } } },
    output_queues: { results: { ports: [["c", "out"]] } },
    house: { kept: true },
    graph: {
      nodes: [
        { name: "a", out_ports: { out: {} }, execution_config: { pools: ["cpu"] } },
        {
          name: "b",
          in_ports: { in: { slots_spec: { type: "finite", capacity: 3 } } },
          out_ports: { out: {} },
          in_salvo_conditions: {
            two: {
              max_salvos: { type: "finite", max: 1 },
              ports: { in: { type: "count", count: 2 } },
              term: {
                type: "port",
                port_name: "in",
                state: { type: "equals_or_greater_than", value: 2 },
              },
            },
          },
        },
        { name: "c", in_ports: { in: {} }, out_ports: { out: {} } },
      ],
      edges: [edge("a.out", "b.in"), { ...edge("b.out", "c.in"), dependency: true }],
      extra: { decorations: [{ id: "note", decorationType: "label", text: "Hi" }] },
    },
  });
}
