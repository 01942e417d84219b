import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { LayoutEdge, LayoutNode } from "../../../ui/model/layout.ts";
import { treeLayout } from "../../../ui/model/tree_layout.ts";

const node = (id: string, height = 50): LayoutNode => ({
  id,
  width: 100,
  height,
  inPorts: ["in"],
  outPorts: ["a", "b"],
});
const edge = (source: string, target: string, sourcePort = "a"): LayoutEdge => ({
  source,
  sourcePort,
  target,
  targetPort: "in",
});

Deno.test("a node stands in the middle beside those that it leads to, in the order of its ports", () => {
  const { positions, width, height } = treeLayout(
    ["root", "lower", "upper"].map((id) => node(id)),
    [edge("root", "lower", "b"), edge("root", "upper", "a")],
    { layerGap: 20, nodeGap: 10 },
  );
  assertEquals(positions.get("root"), { x: 0, y: 30 });
  assertEquals(positions.get("upper"), { x: 120, y: 0 });
  assertEquals(positions.get("lower"), { x: 120, y: 60 });
  assertEquals([width, height], [220, 110]);
});

Deno.test("a circle is a tree from its first node on, and an empty graph has no size", () => {
  const { positions } = treeLayout([node("a"), node("b")], [edge("a", "b"), edge("b", "a")]);
  assert(positions.get("a")!.x < positions.get("b")!.x);
  assertEquals(treeLayout([], []), { positions: new Map(), width: 0, height: 0 });
});

Deno.test("all nodes of any graph are placed, and none overlaps another", () => {
  const graphs = fc.record({
    heights: fc.array(fc.integer({ min: 20, max: 300 }), { minLength: 1, maxLength: 30 }),
    pairs: fc.array(fc.tuple(fc.nat(29), fc.nat(29)), { maxLength: 60 }),
  });
  fc.assert(fc.property(graphs, ({ heights, pairs }) => {
    const nodes = heights.map((height, i) => node(`n${i}`, height));
    const { positions } = treeLayout(nodes, pairs.map(([a, b]) => edge(`n${a}`, `n${b}`)));
    assertEquals(positions.size, nodes.length);
    for (const [i, a] of nodes.entries()) {
      for (const b of nodes.slice(i + 1)) {
        const [p, q] = [positions.get(a.id)!, positions.get(b.id)!];
        const isApart = p.x + a.width <= q.x || q.x + b.width <= p.x ||
          p.y + a.height <= q.y || q.y + b.height <= p.y;
        assert(isApart, `${a.id} overlaps ${b.id}`);
      }
    }
  }));
});
