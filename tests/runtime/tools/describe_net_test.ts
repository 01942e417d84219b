import { assertEquals } from "@std/assert";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import { toDot } from "../../../runtime/tools/draw_dot.ts";
import { toMermaid } from "../../../runtime/tools/draw_mermaid.ts";
import { toText } from "../../../runtime/tools/draw_text.ts";
import { drawingOf } from "../../../runtime/tools/drawing.ts";
import { executionOrder, orderGroups } from "../../../runtime/tools/execution_order.ts";
import { toSvg } from "../../../ui/model/graph_svg.ts";

const ports = { in_ports: { in: {} }, out_ports: { out: {} } };
const edge = (source: string, target: string, dependency = false) => ({
  source_node: source,
  source_port: "out",
  target_node: target,
  target_port: "in",
  dependency,
});

async function shown(graph: Parameters<typeof NetConfig.parse>[0]) {
  const written = NetConfig.parse({ graph });
  return { written, resolved: await written.resolve() };
}

Deno.test("nodes on a cycle stand together, at the place of the first", async () => {
  const names = ["sink", "b", "a", "source", "loner"];
  const net = await shown({
    nodes: names.map((name) => ({ name, ...ports })),
    edges: [edge("source", "a"), edge("a", "b"), edge("b", "a")],
  });
  const { execution_order, cycles, source_nodes, sink_nodes } = executionOrder(net);
  assertEquals(execution_order.map(({ node }) => node), ["sink", "source", "b", "a", "loner"]);
  assertEquals(cycles, [["b", "a"]]);
  assertEquals([source_nodes, sink_nodes], [["sink", "source", "loner"], ["sink", "loner"]]);
  const before = new Map([
    ["x", new Set(["z"])],
    ["y", new Set(["x"])],
    ["z", new Set(["y"])],
    ["first", new Set<string>()],
    ["self", new Set(["self", "x"])],
  ]);
  assertEquals(orderGroups(before), [["x", "y", "z"], ["first"], ["self"]]);
});

Deno.test("a dependency edge and depends_on count as the spec of the order says", async () => {
  const net = await shown({
    nodes: [
      { name: "late", ...ports, execution_config: { depends_on: ["early"] } },
      { name: "asked", ...ports },
      { name: "early", ...ports },
    ],
    edges: [edge("asked", "late", true)],
  });
  const order = executionOrder(net);
  assertEquals(order.execution_order.map(({ node }) => node), ["asked", "early", "late"]);
  assertEquals(order.execution_order[2]!.depends_on, ["early"]);
});

Deno.test("twenty thousand nodes in a row are ordered without recursion", () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `n${i}`);
  const before = new Map(names.map((name, i) => [name, new Set(i === 0 ? [] : [names[i - 1]!])]));
  assertEquals(orderGroups(before).length, names.length);
});

const odd = {
  nodes: [
    { name: 'say "hi"', ...ports },
    { name: "a b", ...ports },
    { name: "a_b", ...ports },
    { name: "end", ...ports },
    {
      name: "S",
      nodes: [{ name: "x<y>", ...ports }],
      exposed_in_ports: { in: { internal_node: "x<y>", internal_port: "in" } },
    },
  ],
  edges: [edge("a b", "S"), edge("a_b", "end", true)],
};

Deno.test("Mermaid: ids are unique, quotes escaped, subgraphs framed, dependencies dotted", async () => {
  assertEquals(
    toMermaid(drawingOf(await shown(odd))),
    `graph LR
    say__hi_["say #quot;hi#quot;"]
    a_b["a b"]
    a_b_2["a_b"]
    n_end["end"]
    subgraph S["S"]
        S_x_y_["x<y>"]
    end
    a_b -->|"out → in"| S_x_y_
    a_b_2 -.->|"out → in"| n_end
`,
  );
});

Deno.test("DOT, SVG and text show every node and edge, whatever their names", async () => {
  const drawing = drawingOf(await shown(odd));
  const dot = toDot(drawing);
  assertEquals(dot.match(/->/g)?.length, 2);
  assertEquals(dot.includes('label="{{<i0> in}|say \\"hi\\"|{<o0> out}}"'), true);
  const svg = toSvg(drawing);
  assertEquals(svg.match(/<rect /g)?.length, 5);
  assertEquals(svg.match(/class="edge/g)?.length, 2);
  assertEquals(svg.includes("S.x&lt;y&gt;"), true);
  assertEquals(
    toText(drawing).split("\n").slice(2, 4),
    ["a b", "└─ out ──▶ S.x<y>.in"],
  );
});
