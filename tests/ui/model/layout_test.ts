import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { layeredLayout, type LayoutEdge, type LayoutNode } from "../../../ui/model/layout.ts";

const box = (id: string, inPorts = ["in"], outPorts = ["out"]): LayoutNode => ({
  id,
  width: 100,
  height: 60,
  inPorts,
  outPorts,
});
const line = (source: string, target: string): LayoutEdge => ({
  source,
  sourcePort: "out",
  target,
  targetPort: "in",
});
const graphs = fc.integer({ min: 1, max: 25 }).chain((size) =>
  fc.record({
    nodes: fc.constant(Array.from({ length: size }, (_, i) => box(`n${i}`))),
    edges: fc.array(
      fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).map(([a, b]) => line(`n${a}`, `n${b}`)),
      { maxLength: 60 },
    ),
  })
);

Deno.test("no two nodes overlap, and all are inside the size, whatever the graph", () => {
  fc.assert(fc.property(graphs, ({ nodes, edges }) => {
    const { positions, width, height } = layeredLayout(nodes, edges);
    const boxes = nodes.map(({ id }) => positions.get(id)!);
    for (const [i, a] of boxes.entries()) {
      assert(a.x >= 0 && a.y >= 0 && a.x + 100 <= width && a.y + 60 <= height);
      for (const b of boxes.slice(i + 1)) {
        assert(Math.abs(a.x - b.x) >= 100 || Math.abs(a.y - b.y) >= 60);
      }
    }
  }));
});

Deno.test("edges of a graph without cycles lead to the right", () => {
  fc.assert(fc.property(graphs, ({ nodes, edges }) => {
    const forward = edges.filter(({ source, target }) =>
      Number(source.slice(1)) < Number(target.slice(1))
    );
    const { positions } = layeredLayout(nodes, forward);
    for (const { source, target } of forward) {
      assert(positions.get(source)!.x < positions.get(target)!.x);
    }
  }));
});

Deno.test("branches are ordered by the ports that they leave by", () => {
  const { positions } = layeredLayout(
    [box("low"), box("split", [], ["first", "second"]), box("high")],
    [
      { source: "split", sourcePort: "second", target: "low", targetPort: "in" },
      { source: "split", sourcePort: "first", target: "high", targetPort: "in" },
    ],
  );
  assert(positions.get("high")!.y < positions.get("low")!.y);
});

Deno.test("a chain is straight, also where one of its edges closes a cycle", () => {
  const names = ["a", "b", "c", "d"];
  const edges = names.slice(1).map((name, i) => line(names[i]!, name));
  const { positions } = layeredLayout(names.map((name) => box(name)), [...edges, line("d", "a")]);
  assertEquals([...positions.values()].map(({ x }) => x), [0, 190, 380, 570]);
});

Deno.test("an empty graph, an edge to nowhere and a node by itself are laid out too", () => {
  assertEquals(layeredLayout([], []), { positions: new Map(), width: 0, height: 0 });
  const alone = layeredLayout([box("a")], [line("a", "gone"), line("a", "a")]);
  assertEquals([...alone.positions], [["a", { x: 0, y: 0 }]]);
});
