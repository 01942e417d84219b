/**
 * The layers of a layout while they are ordered, and how many lines cross between them.
 *
 * @module
 */
import type { LayoutNode } from "./layout.ts";

/** A node, or a place that a long edge passes through a layer. */
export interface Cell {
  readonly node: LayoutNode | undefined;
  readonly height: number;
  layer: number;
  /** Index in the layer. */
  rank: number;
  /** Where its neighbours are on average: its place in the layer that is being sorted. */
  mean: number;
  /** How many places on its left side lines of the layer before are attached at. */
  slots: number;
  y: number;
  readonly before: Link[];
  readonly after: Link[];
}

/** A neighbour, with how far down the line is attached at either end, in parts of the height. */
export interface Link {
  readonly cell: Cell;
  /** At the neighbour. */
  readonly there: number;
  /** At this cell. */
  readonly here: number;
  /** Of a link to the next layer: which of the places it is attached at, there; of others -1. */
  slot: number;
}

/** A cell without neighbours. */
export function cellOf(node: LayoutNode | undefined, layer = 0): Cell {
  const height = node?.height ?? 0;
  return { node, height, layer, rank: 0, mean: 0, slots: 0, y: 0, before: [], after: [] };
}

/** Numbers the places that lines from the layer before are attached at, from top to bottom. */
export function numberSlots(layers: readonly Cell[][]): void {
  for (const cell of layers.flat()) cell.after.sort((a, b) => a.here - b.here);
  const entering = Map.groupBy(
    layers.flat().flatMap(({ layer, after }) =>
      after.filter(({ cell }) => cell.layer === layer + 1)
    ),
    ({ cell }) => cell,
  );
  for (const [cell, links] of entering) {
    let last = -1;
    for (const link of links.sort((a, b) => a.there - b.there)) {
      if (link.there !== last) cell.slots++;
      last = link.there;
      link.slot = cell.slots - 1;
    }
  }
}

/** Number of pairs of lines that cross, counted layer by layer with a tree of counts. */
export function crossings(layers: readonly Cell[][]): number {
  let count = 0;
  for (let i = 0; i + 1 < layers.length; i++) count += crossingsBehind(layers[i]!, layers[i + 1]!);
  return count;
}

function crossingsBehind(layer: readonly Cell[], next: readonly Cell[]): number {
  let places = 0;
  const first = next.map(({ slots }) => (places += slots) - slots);
  const tree = new Int32Array(places + 1);
  let count = 0;
  let seen = 0;
  for (const { after } of layer) {
    // Lines that leave from the same place do not cross: they are counted, then added.
    for (let from = 0, to; from < after.length; from = to) {
      const { here } = after[from]!;
      for (to = from; to < after.length && after[to]!.here === here; to++) {
        const { slot, cell } = after[to]!;
        if (slot < 0) continue;
        let before = 0;
        for (let at = first[cell.rank]! + slot + 1; at > 0; at -= at & -at) before += tree[at]!;
        count += seen - before;
      }
      for (let k = from; k < to; k++) {
        const { slot, cell } = after[k]!;
        if (slot < 0) continue;
        seen++;
        for (let at = first[cell.rank]! + slot + 1; at <= places; at += at & -at) tree[at]!++;
      }
    }
  }
  return count;
}
