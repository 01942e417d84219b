/**
 * Placing the nodes of a graph as trees: each node beside the nodes that it leads to, in a block of
 * its own.
 *
 * @module
 */
import type { Layout, LayoutEdge, LayoutNode, LayoutOptions } from "./layout.ts";

/** A node with those that it leads to and that no other node has taken before. */
interface Branch {
  readonly node: LayoutNode;
  readonly children: Branch[];
  depth: number;
  /** Height of the block with all that is beneath. */
  block: number;
}

/**
 * Places nodes as trees from left to right: nodes without entering edges, and first nodes of circles,
 * are roots; a node that several lead to stands with the first of them.
 *
 * The same graph always gives the same layout, and no two nodes overlap.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const size = { width: 100, height: 50, inPorts: ["in"], outPorts: ["x", "y"] };
 * const { positions } = treeLayout(
 *   ["a", "b", "c"].map((id) => ({ id, ...size })),
 *   [["x", "b"], ["y", "c"]].map(([sourcePort, target]) => (
 *     { source: "a", sourcePort: sourcePort!, target: target!, targetPort: "in" }
 *   )),
 *   { layerGap: 10, nodeGap: 10 },
 * );
 * assertEquals(positions.get("a"), { x: 0, y: 30 });
 * assertEquals(positions.get("c"), { x: 110, y: 60 });
 * ```
 */
export function treeLayout(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  { layerGap = 90, nodeGap = 40 }: LayoutOptions = {},
): Layout {
  const branches = growBranches(nodes, edges);
  const widths: number[] = [];
  // Beneath come after: what a block holds is known when it is reached from behind.
  for (const branch of branches.all.toReversed()) {
    widths[branch.depth] = Math.max(widths[branch.depth] ?? 0, branch.node.width);
    branch.block = Math.max(branch.node.height, heightOf(branch.children, nodeGap));
  }
  const lefts = widths.map((_, depth) =>
    widths.slice(0, depth).reduce((sum, width) => sum + width + layerGap, 0)
  );
  const positions = new Map<string, { x: number; y: number }>();
  const waiting = stacked(branches.roots, 0, nodeGap);
  for (const { branch, top } of waiting) {
    const { node, depth, block, children } = branch;
    positions.set(node.id, {
      x: Math.round(lefts[depth]! + (widths[depth]! - node.width) / 2),
      y: Math.round(top + (block - node.height) / 2),
    });
    const inner = top + (block - heightOf(children, nodeGap)) / 2;
    waiting.push(...stacked(children, inner, nodeGap));
  }
  return {
    positions,
    width: nodes.length === 0 ? 0 : lefts.at(-1)! + widths.at(-1)!,
    height: Math.round(heightOf(branches.roots, nodeGap)),
  };
}

/** The trees, and all branches with parents before their children. */
function growBranches(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
): { roots: Branch[]; all: Branch[] } {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const known = edges.filter(({ source, target }) =>
    source !== target && byId.has(source) && byId.has(target)
  );
  const leaving = Map.groupBy(known, ({ source }) => source);
  const entered = new Set(known.map(({ target }) => target));
  const taken = new Set<string>();
  const all: Branch[] = [];
  const grow = (node: LayoutNode): Branch => {
    taken.add(node.id);
    const root: Branch = { node, children: [], depth: 0, block: 0 };
    const tree = [root];
    for (const branch of tree) {
      for (const { target } of inPortOrder(branch.node, leaving.get(branch.node.id) ?? [])) {
        if (taken.has(target)) continue;
        taken.add(target);
        const child = { node: byId.get(target)!, children: [], depth: branch.depth + 1, block: 0 };
        branch.children.push(child);
        tree.push(child);
      }
    }
    all.push(...tree);
    return root;
  };
  const sources = nodes.filter(({ id }) => !entered.has(id)).map(grow);
  const circles = nodes.flatMap((node) => taken.has(node.id) ? [] : [grow(node)]);
  return { roots: [...sources, ...circles], all };
}

function inPortOrder(node: LayoutNode, edges: readonly LayoutEdge[]): LayoutEdge[] {
  const rank = ({ sourcePort }: LayoutEdge) => node.outPorts.indexOf(sourcePort);
  return edges.toSorted((a, b) => rank(a) - rank(b));
}

function heightOf(branches: readonly Branch[], gap: number): number {
  return branches.reduce((sum, { block }) => sum + block, 0) +
    Math.max(0, branches.length - 1) * gap;
}

/** Blocks one below the other. */
function stacked(
  branches: readonly Branch[],
  top: number,
  gap: number,
): { branch: Branch; top: number }[] {
  let y = top;
  return branches.map((branch) => {
    const place = { branch, top: y };
    y += branch.block + gap;
    return place;
  });
}
