/**
 * The document: the data of a net file as it was read, changed by edits and by nothing else.
 *
 * Data is never changed in place. An edit works on a copy; what it left as it was is afterwards the
 * very object that was there before, so that whatever is derived from a part can be kept for as long
 * as that part is the same object.
 *
 * @module
 */
import type { ConfigPath } from "../../runtime/schema/issue.ts";
import { asObject, objectsIn, type RawObject } from "../../runtime/tools/raw_net.ts";

export type { ConfigPath, RawObject };

/** Objects that say nothing by being empty: they go when their last key goes. */
const MEANS_NOTHING_EMPTY: ReadonlySet<unknown> = new Set([
  "dimensions",
  "execution_config",
  "extra",
  "factory_args",
  "portGroups",
  "storage",
  "ui",
]);

/**
 * The data after a change.
 *
 * @param data The data before, which stays as it is.
 * @param change Changes the copy that it is given, in any way.
 * @returns New data, sharing with the old all that is equal; the old data itself if nothing differs.
 *
 * @example
 * ```ts
 * import { assertEquals, assertStrictEquals } from "@std/assert";
 *
 * const before = new Map<string, unknown>([["retries", 1], ["graph", new Map()]]);
 * const after = editData(before, (draft) => draft.set("retries", 2));
 * assertEquals([before.get("retries"), after.get("retries")], [1, 2]);
 * assertStrictEquals(after.get("graph"), before.get("graph"));
 * ```
 */
export function editData(data: RawObject, change: (draft: RawObject) => void): RawObject {
  const origins = new Map<unknown, unknown>();
  const draft = copyWith(data, origins) as RawObject;
  change(draft);
  return settle(draft, origins) as RawObject;
}

/** A deep copy. */
export function copyData<T>(value: T): T {
  return copyWith(value, new Map()) as T;
}

/** Whether two pieces of data say the same, the order of keys included. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameData(item, b[i]));
  }
  if (!(a instanceof Map && b instanceof Map) || a.size !== b.size) return false;
  const others = b.entries();
  return [...a].every(([key, value]) => {
    const [otherKey, otherValue] = others.next().value!;
    return key === otherKey && sameData(value, otherValue);
  });
}

function copyWith(value: unknown, origins: Map<unknown, unknown>): unknown {
  let copy: unknown;
  if (Array.isArray(value)) copy = value.map((item) => copyWith(item, origins));
  else if (value instanceof Map) {
    const map = new Map();
    for (const [key, member] of value) map.set(key, copyWith(member, origins));
    copy = map;
  } else return value;
  origins.set(copy, value);
  return copy;
}

/** What a changed copy comes to, with the original of every part in its place where they are equal. */
function settle(value: unknown, origins: ReadonlyMap<unknown, unknown>): unknown {
  const origin = origins.get(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => settle(item, origins));
    const isSame = Array.isArray(origin) && origin.length === items.length &&
      items.every((item, i) => Object.is(item, origin[i]));
    return isSame ? origin : items;
  }
  if (!(value instanceof Map)) return value;
  let isSame = origin instanceof Map && origin.size === value.size;
  const members = new Map();
  const before = isSame ? (origin as RawObject).entries() : undefined;
  for (const [key, member] of value) {
    const settled = settle(member, origins);
    members.set(key, settled);
    const old: [unknown, unknown] | undefined = before?.next().value;
    if (old === undefined || old[0] !== key || !Object.is(old[1], settled)) isSame = false;
  }
  return isSame ? origin : members;
}

/** What stands at a path; undefined if nothing does. */
export function valueAtPath(data: unknown, path: Readonly<ConfigPath>): unknown {
  return path.reduce<unknown>(
    (value, step) => Array.isArray(value) ? value[Number(step)] : asObject(value)?.get(`${step}`),
    data,
  );
}

/** The object at a path of keys and indexes, created where it is missing. */
export function objectAtPath(draft: RawObject, path: Readonly<ConfigPath>): RawObject {
  let value: unknown = draft;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)];
    else {
      const object = value as RawObject;
      const next = object.get(`${step}`);
      value = Array.isArray(next) ? next : asObject(next) ?? new Map();
      if (value !== next) object.set(`${step}`, value);
    }
  }
  return value as RawObject;
}

/**
 * Sets what stands at a path of a draft; undefined removes it, and the objects around it that say
 * nothing any more.
 */
export function setAtPath(draft: RawObject, path: Readonly<ConfigPath>, value: unknown): void {
  const [parentPath, last] = [path.slice(0, -1), path.at(-1)!];
  if (value === undefined && valueAtPath(draft, path) === undefined) return;
  const parent: unknown = objectAtPath(draft, parentPath);
  if (Array.isArray(parent)) {
    if (value === undefined) parent.splice(Number(last), 1);
    else parent[Number(last)] = value;
    return;
  }
  if (value !== undefined) (parent as RawObject).set(`${last}`, value);
  else {
    (parent as RawObject).delete(`${last}`);
    const isVoid = (parent as RawObject).size === 0 && MEANS_NOTHING_EMPTY.has(parentPath.at(-1));
    if (isVoid) setAtPath(draft, parentPath, undefined);
  }
}

/** Renames a key of an object, which keeps its place. */
export function renameKey(object: RawObject, from: string, to: string): void {
  const members = [...object];
  object.clear();
  for (const [key, value] of members) object.set(key === from ? to : key, value);
}

/** Moves a key of an object before or behind its neighbour. */
export function moveKey(object: RawObject, key: string, by: -1 | 1): void {
  const members = [...object];
  const from = members.findIndex(([name]) => name === key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= members.length) return;
  members.splice(to, 0, ...members.splice(from, 1));
  object.clear();
  for (const [name, value] of members) object.set(name, value);
}

/** A document with an empty graph. */
export function emptyDocument(): RawObject {
  return new Map([["graph", new Map<string, unknown>([["nodes", []], ["edges", []]])]]);
}

/** Path of the graph that an inline subgraph holds; names from the outermost inwards. */
export function graphPath(data: RawObject, scope: readonly string[]): ConfigPath | undefined {
  let path: ConfigPath = ["graph"];
  for (const name of scope) {
    const nodes = asObject(valueAtPath(data, path))?.get("nodes");
    const index = Array.isArray(nodes)
      ? nodes.findIndex((node) => asObject(node)?.get("name") === name)
      : -1;
    if (index < 0) return undefined;
    path = [...path, "nodes", index];
  }
  return path;
}

/** A name that none of the nodes of a graph has: `base`, else `base_1` and so on. */
export function freeName(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  for (let i = 1;; i++) if (!taken.has(`${base}_${i}`)) return `${base}_${i}`;
}

/** Names of the nodes and subgraphs that stand directly in a graph. */
export function namesIn(graph: RawObject | undefined): Set<string> {
  return new Set(objectsIn(graph?.get("nodes")).map((node) => `${node.get("name") ?? ""}`));
}
