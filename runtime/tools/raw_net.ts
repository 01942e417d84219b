/**
 * Looking into the data of a net file as it is written: nothing is checked or converted.
 *
 * @module
 */

/** An object of a net file: its members in the order of the file. */
export type RawObject = Map<string, unknown>;

/** A node or subgraph, and where it stands. */
export interface FoundNode {
  /** The node. */
  readonly node: RawObject;
  /** The graph that holds it: the value of `graph`, or an inline subgraph. */
  readonly graph: RawObject;
  /** Names of the subgraphs around it, each with a dot behind it. */
  readonly prefix: string;
}

/** The value if it is an object. */
export function asObject(value: unknown): RawObject | undefined {
  return value instanceof Map ? value : undefined;
}

/** The objects in a list; none if there is no list. */
export function objectsIn(value: unknown): RawObject[] {
  return Array.isArray(value) ? value.filter((item) => item instanceof Map) : [];
}

/** What stands at a path of keys, if anything does. */
export function valueAt(data: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((value, key) => asObject(value)?.get(key), data);
}

/** The object at a path of keys, which is created where it is missing. */
export function objectAt(data: RawObject, ...keys: string[]): RawObject {
  let object = data;
  for (const key of keys) {
    const next = asObject(object.get(key)) ?? new Map();
    object.set(key, next);
    object = next;
  }
  return object;
}

/** The list of a key, which is created where it is missing. */
export function listAt(object: RawObject, key: string): unknown[] {
  const value = object.get(key);
  if (Array.isArray(value)) return value;
  const list: unknown[] = [];
  object.set(key, list);
  return list;
}

/**
 * Finds a node of the net, also inside inline subgraphs by its dotted name.
 *
 * @returns The node; undefined if there is none of that name.
 */
export function findNode(net: RawObject, name: string): FoundNode | undefined {
  const graph = asObject(net.get("graph"));
  return graph && findIn(graph, name, "");
}

function findIn(graph: RawObject, name: string, prefix: string): FoundNode | undefined {
  const nodes = objectsIn(graph.get("nodes"));
  const node = nodes.find((node) => node.get("name") === name);
  if (node) return { node, graph, prefix };
  for (const subgraph of nodes) {
    const inner = restOfName(subgraph, name);
    const found = inner === undefined
      ? undefined
      : findIn(subgraph, inner, `${prefix}${subgraph.get("name")}.`);
    if (found) return found;
  }
  return undefined;
}

/** What a dotted name says behind the name of an inline subgraph that it begins with. */
export function restOfName(subgraph: RawObject, name: string): string | undefined {
  const own = subgraph.get("name");
  if (typeof own !== "string" || !Array.isArray(subgraph.get("nodes"))) return undefined;
  return name.startsWith(`${own}.`) ? name.slice(own.length + 1) : undefined;
}

/** Dotted names of all nodes and subgraphs that are written in the file. */
export function nodeNames(net: RawObject): string[] {
  const namesIn = (graph: RawObject, prefix: string): string[] =>
    objectsIn(graph.get("nodes")).flatMap((node) => {
      const name = `${prefix}${node.get("name")}`;
      return [name, ...namesIn(node, `${name}.`)];
    });
  return namesIn(asObject(net.get("graph")) ?? new Map(), "");
}

/** The same data with plain objects in place of `Map`s. */
export function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (!(value instanceof Map)) return value;
  const object: Record<string, unknown> = {};
  for (const [key, member] of value) {
    Object.defineProperty(object, key, {
      value: toPlain(member),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}
