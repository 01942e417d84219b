/**
 * The order in which the nodes of a net can run.
 *
 * @module
 */
import { isSubgraph, shownGraph, type ShownNet } from "./describe_net.ts";
import type { NodeConfig } from "../schema/node.ts";

/** A node in the order of execution. */
export interface OrderedNode {
  /** The node. */
  node: string;
  /** Pools that it may run on. */
  pools?: unknown;
  /** Nodes that it says it depends on. */
  depends_on?: unknown;
  /** What it says it needs. */
  resources?: unknown;
}

/** What `netrun dry-run` prints. */
export interface ExecutionOrder {
  /** Nodes that nothing leads to. */
  source_nodes: string[];
  /** Nodes that lead nowhere. */
  sink_nodes: string[];
  /** All nodes, each after those that lead to it; those on a cycle stand together. */
  execution_order: OrderedNode[];
  /** Number of nodes. */
  total_nodes: number;
  /** Number of edges. */
  total_edges: number;
  /** Nodes on each cycle, if there are any. */
  cycles?: string[][];
}

/** The order in which the nodes can run, by file order where edges leave it open. */
export function executionOrder(net: ShownNet): ExecutionOrder {
  const { nodes: members, edges } = shownGraph(net);
  const nodes = new Map(members.map((member) => [member.name, member]));
  const before = new Map([...nodes.keys()].map((name) => [name, new Set<string>()]));
  const leads = new Set<string>();
  for (const { source_node, target_node, dependency } of edges) {
    leads.add(source_node);
    if (!dependency && nodes.has(source_node)) before.get(target_node)?.add(source_node);
  }
  const isReached = new Set(edges.map(({ target_node }) => target_node));
  for (const [name, node] of nodes) {
    for (const other of stringsIn(settingsOf(node).depends_on)) {
      if (nodes.has(other)) before.get(name)!.add(other);
    }
  }
  const groups = orderGroups(before);
  const cycles = groups.filter((group) =>
    group.length > 1 || before.get(group[0]!)!.has(group[0]!)
  );
  return {
    source_nodes: [...nodes.keys()].filter((name) => !isReached.has(name)),
    sink_nodes: [...nodes.keys()].filter((name) => !leads.has(name)),
    execution_order: groups.flat().map((name) => describe(name, settingsOf(nodes.get(name)!))),
    total_nodes: nodes.size,
    total_edges: edges.length,
    ...cycles.length === 0 ? {} : { cycles },
  };
}

function describe(name: string, settings: Record<string, unknown>): OrderedNode {
  const { pools, depends_on, resources } = settings;
  return {
    node: name,
    ...pools === null || pools === undefined ? {} : { pools },
    ...stringsIn(depends_on).length === 0 ? {} : { depends_on },
    ...resources === null || resources === undefined ? {} : { resources },
  };
}

/** Execution settings with the keys that only newer releases of the original system have. */
function settingsOf(node: Parameters<typeof isSubgraph>[0]): Record<string, unknown> {
  return isSubgraph(node) ? {} : { ...(node as NodeConfig).execution_config };
}

function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/**
 * Names in topological order, with the members of each cycle as one group at the place of its first
 * node; of several that are possible the one first in `before`.
 *
 * @param before For each name those that come before it.
 */
export function orderGroups(before: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const order = new Map([...before.keys()].map((name, i) => [name, i]));
  const groups = connectedGroups(before)
    .map((group) => group.sort((a, b) => order.get(a)! - order.get(b)!))
    .sort(([a], [b]) => order.get(a!)! - order.get(b!)!);
  const groupOf = new Map(groups.flatMap((group, i) => group.map((name) => [name, i] as const)));
  const open = groups.map((group, i) =>
    new Set(
      group.flatMap((name) => [...before.get(name)!].map((other) => groupOf.get(other)!))
        .filter((other) => other !== i),
    )
  );
  const after = groups.map((): number[] => []);
  open.forEach((others, i) => others.forEach((other) => after[other]!.push(i)));
  // A heap would be faster; a net has thousands of nodes, not millions.
  const ready = groups.map((_, i) => i).filter((i) => open[i]!.size === 0);
  const ordered: string[][] = [];
  while (ready.length > 0) {
    const [next] = ready.splice(ready.indexOf(Math.min(...ready)), 1);
    ordered.push(groups[next!]!);
    for (const other of after[next!]!) {
      open[other]!.delete(next!);
      if (open[other]!.size === 0) ready.push(other);
    }
  }
  return ordered;
}

/** Groups of names that lead to each other (Tarjan's algorithm, without recursion). */
function connectedGroups(before: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const indexOf = new Map<string, number>();
  const lowOf = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const groups: string[][] = [];
  for (const start of before.keys()) {
    if (indexOf.has(start)) continue;
    const walk = [{ name: start, rest: [...before.get(start)!] }];
    enter(start);
    while (walk.length > 0) {
      const { name, rest } = walk.at(-1)!;
      const next = rest.pop();
      if (next !== undefined) {
        if (!indexOf.has(next)) {
          enter(next);
          walk.push({ name: next, rest: [...before.get(next)!] });
        } else if (isOpen.has(next)) lower(name, indexOf.get(next)!);
        continue;
      }
      walk.pop();
      const parent = walk.at(-1);
      if (parent) lower(parent.name, lowOf.get(name)!);
      if (lowOf.get(name) === indexOf.get(name)) groups.push(close(name));
    }
  }
  return groups;

  function enter(name: string): void {
    indexOf.set(name, indexOf.size);
    lowOf.set(name, indexOf.get(name)!);
    open.push(name);
    isOpen.add(name);
  }
  function lower(name: string, index: number): void {
    if (index < lowOf.get(name)!) lowOf.set(name, index);
  }
  function close(name: string): string[] {
    const group = open.splice(open.indexOf(name));
    group.forEach((member) => isOpen.delete(member));
    return group;
  }
}
