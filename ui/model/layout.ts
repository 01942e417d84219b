/**
 * Placing the nodes of a graph in layers, so that edges lead from left to right.
 *
 * Cycles are broken, each node stands one layer behind the farthest of those that lead to it, and
 * within the layers nodes are ordered so that few edges cross, ports included.
 *
 * @module
 */
import { type Cell, cellOf, crossings, type Link, numberSlots } from "./layout_crossings.ts";

/** A box to be placed. */
export interface LayoutNode {
  /** Its name, unique. */
  readonly id: string;
  /** Its size. */
  readonly width: number;
  /** Its size. */
  readonly height: number;
  /** Ports on its left side, from top to bottom. */
  readonly inPorts: readonly string[];
  /** Ports on its right side, from top to bottom. */
  readonly outPorts: readonly string[];
}

/** A line from an output port to an input port. */
export interface LayoutEdge {
  /** Node that it leaves. */
  readonly source: string;
  /** Port that it leaves by. */
  readonly sourcePort: string;
  /** Node that it enters. */
  readonly target: string;
  /** Port that it enters by. */
  readonly targetPort: string;
}

/** Distances. */
export interface LayoutOptions {
  /** Between two layers. @default {90} */
  layerGap?: number;
  /** Between two nodes of a layer. @default {40} */
  nodeGap?: number;
}

/** Where the nodes are. */
export interface Layout {
  /** Upper left corner of each node; the uppermost and leftmost are at 0. */
  readonly positions: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  /** Size of the whole. */
  readonly width: number;
  /** Size of the whole. */
  readonly height: number;
}

const SWEEPS = 8;
/** So many places for long edges there are for each node; the longest edges go without. */
const PASSING_PER_NODE = 4;

/**
 * Places nodes in layers from left to right.
 *
 * The same graph always gives the same layout. Edges that name no node are ignored.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const size = { width: 100, height: 50 };
 * const { positions } = layeredLayout([
 *   { id: "a", ...size, inPorts: [], outPorts: ["out"] },
 *   { id: "b", ...size, inPorts: ["in"], outPorts: [] },
 * ], [{ source: "a", sourcePort: "out", target: "b", targetPort: "in" }], { layerGap: 10 });
 * assertEquals(positions.get("b"), { x: 110, y: 0 });
 * ```
 */
export function layeredLayout(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  options: LayoutOptions = {},
): Layout {
  const { layerGap = 90, nodeGap = 40 } = options;
  const cells = new Map(nodes.map((node) => [node.id, cellOf(node)]));
  const lines = forwardEdges(
    nodes,
    edges.filter(({ source, target }) =>
      source !== target && cells.has(source) && cells.has(target)
    ),
  );
  assignLayers(cells, lines);
  const layers = buildLayers([...cells.values()], cells, lines);
  orderLayers(layers);
  placeVertically(layers, nodeGap);
  return positionsOf(layers, layerGap);
}

/** The edges with those that close a cycle turned around, found by a walk from the first node on. */
function forwardEdges(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
): readonly LayoutEdge[] {
  const leaving = Map.groupBy(edges, ({ source }) => source);
  const state = new Map<string, "open" | "done">();
  const turned = new Set<LayoutEdge>();
  const hasEntry = new Set(edges.map(({ target }) => target));
  const sourcesFirst = [
    ...nodes.filter(({ id }) => !hasEntry.has(id)),
    ...nodes.filter(({ id }) => hasEntry.has(id)),
  ];
  for (const { id } of sourcesFirst) {
    if (state.has(id)) continue;
    const walk = [{ id, rest: [...leaving.get(id) ?? []].reverse() }];
    state.set(id, "open");
    while (walk.length > 0) {
      const { id, rest } = walk.at(-1)!;
      const edge = rest.pop();
      if (edge === undefined) {
        state.set(id, "done");
        walk.pop();
      } else if (state.get(edge.target) === "open") turned.add(edge);
      else if (!state.has(edge.target)) {
        state.set(edge.target, "open");
        walk.push({ id: edge.target, rest: [...leaving.get(edge.target) ?? []].reverse() });
      }
    }
  }
  return edges.map((edge) =>
    turned.has(edge)
      ? {
        source: edge.target,
        sourcePort: edge.targetPort,
        target: edge.source,
        targetPort: edge.sourcePort,
      }
      : edge
  );
}

/** Each node one layer behind the farthest of those before it; sources move up to their first use. */
function assignLayers(cells: ReadonlyMap<string, Cell>, lines: readonly LayoutEdge[]): void {
  const leaving = Map.groupBy(lines, ({ source }) => source);
  const open = new Map([...cells.keys()].map((id) => [id, 0]));
  for (const { target } of lines) open.set(target, open.get(target)! + 1);
  const ready = [...cells.keys()].filter((id) => open.get(id) === 0);
  for (const id of ready) {
    const { layer } = cells.get(id)!;
    for (const { target } of leaving.get(id) ?? []) {
      const cell = cells.get(target)!;
      cell.layer = Math.max(cell.layer, layer + 1);
      open.set(target, open.get(target)! - 1);
      if (open.get(target) === 0) ready.push(target);
    }
  }
  const entered = new Set(lines.map(({ target }) => target));
  for (const [id, edges] of leaving) {
    if (entered.has(id)) continue;
    cells.get(id)!.layer = Math.min(...edges.map(({ target }) => cells.get(target)!.layer)) - 1;
  }
}

/** Links the cells, with a cell in every layer that a line passes through, shortest lines first. */
function buildLayers(
  all: readonly Cell[],
  cells: ReadonlyMap<string, Cell>,
  lines: readonly LayoutEdge[],
): Cell[][] {
  const layers: Cell[][] = [];
  for (const cell of all) (layers[cell.layer] ??= []).push(cell);
  for (let i = 0; i < layers.length; i++) layers[i] ??= [];
  const span = ({ source, target }: LayoutEdge) =>
    cells.get(target)!.layer - cells.get(source)!.layer;
  let left = PASSING_PER_NODE * all.length;
  for (const line of lines.toSorted((a, b) => span(a) - span(b))) {
    const source = cells.get(line.source)!;
    const target = cells.get(line.target)!;
    left -= span(line) - 1;
    if (left < 0) {
      link(
        source,
        attachment(source.node!, line.sourcePort),
        target,
        attachment(target.node!, line.targetPort),
      );
      continue;
    }
    let cell = source;
    let at = attachment(source.node!, line.sourcePort);
    for (let layer = source.layer + 1; layer < target.layer; layer++) {
      const passing = cellOf(undefined, layer);
      layers[layer]!.push(passing);
      link(cell, at, passing, 0);
      cell = passing;
      at = 0;
    }
    link(cell, at, target, attachment(target.node!, line.targetPort));
  }
  for (const layer of layers) rank(layer);
  numberSlots(layers);
  return layers;
}

/** How far down a port is, from 0 to 1; ports of edges that were turned around are on either side. */
function attachment({ inPorts, outPorts }: LayoutNode, port: string): number {
  const ports = outPorts.includes(port) ? outPorts : inPorts;
  return (ports.indexOf(port) + 1) / (ports.length + 1);
}

function link(source: Cell, sourceAt: number, target: Cell, targetAt: number): void {
  source.after.push({ cell: target, there: targetAt, here: sourceAt, slot: -1 });
  target.before.push({ cell: source, there: sourceAt, here: targetAt, slot: -1 });
}

function rank(layer: readonly Cell[]): void {
  layer.forEach((cell, i) => cell.rank = i);
}

/** Sweeps to and fro, each layer by the means of its neighbours; the order with fewest crossings stays. */
function orderLayers(layers: Cell[][]): void {
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(layers);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const isForward = sweep % 2 === 0;
    for (const layer of isForward ? layers : [...layers].reverse()) {
      for (const cell of layer) cell.mean = meanRank(cell, isForward ? cell.before : cell.after);
      layer.sort((a, b) => a.mean - b.mean || a.rank - b.rank);
      rank(layer);
    }
    const count = crossings(layers);
    if (count < fewest) [fewest, best] = [count, layers.map((layer) => [...layer])];
  }
  best.forEach((layer, i) => {
    layers[i] = layer;
    rank(layer);
  });
}

function meanRank({ rank }: Cell, links: readonly Link[]): number {
  if (links.length === 0) return rank;
  let sum = 0;
  for (const { cell, there } of links) sum += cell.rank + there;
  return sum / links.length;
}

/** Pulls each cell towards its neighbours, keeping the order and the distances of its layer. */
function placeVertically(layers: readonly Cell[][], gap: number): void {
  for (const layer of layers) {
    let y = 0;
    for (const cell of layer) {
      cell.y = y;
      y += cell.height + gap;
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isForward = sweep % 2 === 0;
    for (const layer of isForward ? layers : [...layers].reverse()) settle(layer, isForward, gap);
  }
}

/** Where a cell would stand if its lines were straight. */
function wantedY(cell: Cell, isForward: boolean): number {
  const near = isForward ? cell.before : cell.after;
  const links = near.length > 0 ? near : isForward ? cell.after : cell.before;
  if (links.length === 0) return cell.y;
  let sum = 0;
  for (const { cell: { y, height }, there, here } of links) {
    sum += y + there * height - here * cell.height;
  }
  return sum / links.length;
}

/** Cells that follow one another without more than the gap between them. */
interface Block {
  /** Index of the first. */
  readonly first: number;
  readonly count: number;
  /** Where its members want it to start, added up. */
  readonly sum: number;
  readonly height: number;
}

/** Moves cells as near to where they want to stand as their order and the gaps allow. */
function settle(layer: readonly Cell[], isForward: boolean, gap: number): void {
  // Neighbours that would overlap become one block, which stands where its members want it on average.
  const blocks: Block[] = [];
  const start = ({ sum, count }: Block) => sum / count;
  for (const [first, cell] of layer.entries()) {
    let block: Block = { first, count: 1, sum: wantedY(cell, isForward), height: cell.height };
    for (let last = blocks.at(-1); last; last = blocks.at(-1)) {
      if (start(last) + last.height + gap <= start(block)) break;
      blocks.pop();
      const offset = last.height + gap;
      block = {
        first: last.first,
        count: last.count + block.count,
        sum: last.sum + block.sum - offset * block.count,
        height: offset + block.height,
      };
    }
    blocks.push(block);
  }
  for (const block of blocks) {
    let y = start(block);
    for (let i = block.first; i < block.first + block.count; i++) {
      layer[i]!.y = y;
      y += layer[i]!.height + gap;
    }
  }
}

function positionsOf(layers: readonly Cell[][], layerGap: number): Layout {
  const positions = new Map<string, { x: number; y: number }>();
  const placed = layers.flat().filter(({ node }) => node !== undefined);
  const top = Math.min(...placed.map(({ y }) => y), Infinity);
  let x = 0;
  let height = 0;
  for (const layer of layers) {
    const width = Math.max(0, ...layer.map(({ node }) => node?.width ?? 0));
    for (const { node, y } of layer) {
      if (!node) continue;
      positions.set(node.id, {
        x: Math.round(x + (width - node.width) / 2),
        y: Math.round(y - top),
      });
      height = Math.max(height, y - top + node.height);
    }
    x += width + layerGap;
  }
  return { positions, width: Math.max(0, x - layerGap), height: Math.round(height) };
}
