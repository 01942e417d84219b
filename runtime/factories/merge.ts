/**
 * Putting together what a factory made and what the node itself states.
 *
 * @module
 */
import type { NodeConfig, NodeExecutionConfig } from "../schema/node.ts";
import type { PortConfig } from "../schema/port.ts";

/**
 * The node as `made` by its factory, with what it states itself.
 *
 * Ports are merged field by field, in the factory's order with new ones after them; stated
 * conditions replace the factory's as a whole; `extra` is merged deeply.
 *
 * @param made What the factory returned.
 * @param stated The node as written.
 * @param execution How the node is run.
 */
export function mergeFactoryNode(
  made: NodeConfig,
  stated: NodeConfig,
  execution: NodeExecutionConfig,
): NodeConfig {
  return {
    ...stated,
    name: stated.name === "" ? made.name : stated.name,
    description: stated.description ?? made.description,
    in_ports: mergePorts(made.in_ports, stated.in_ports),
    out_ports: mergePorts(made.out_ports, stated.out_ports),
    in_salvo_conditions: stated.in_salvo_conditions ?? made.in_salvo_conditions,
    out_salvo_conditions: stated.out_salvo_conditions ?? made.out_salvo_conditions,
    execution_config: execution,
    dependency_request: stated.dependency_request ?? made.dependency_request,
    extra: mergeDeep(made.extra, stated.extra) as Record<string, unknown>,
  };
}

/** The factory's ports in order, then new ones; in both: the node's fields that say something. */
function mergePorts(
  made: ReadonlyMap<string, PortConfig>,
  stated: ReadonlyMap<string, PortConfig>,
): Map<string, PortConfig> {
  const ports = new Map(made);
  for (const [name, port] of stated) {
    const below = ports.get(name);
    ports.set(name, below === undefined ? port : mergePort(below, port));
  }
  return ports;
}

function mergePort(made: PortConfig, stated: PortConfig): PortConfig {
  return {
    ...made,
    ...stated,
    slots_spec: stated.slots_spec.type === "infinite" ? made.slots_spec : stated.slots_spec,
    port_type: stated.port_type ?? made.port_type,
    gather: stated.gather ?? made.gather,
  };
}

/**
 * `over` laid over `under`: objects are merged member by member at every depth, anything else is
 * replaced, arrays as a whole.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const under = { ui: { shape: "circle", tags: ["a"] } };
 * const over = { ui: { tags: ["b"], position: { x: 1 } } };
 * assertEquals(mergeDeep(under, over), {
 *   ui: { shape: "circle", tags: ["b"], position: { x: 1 } },
 * });
 * ```
 */
export function mergeDeep(under: unknown, over: unknown): unknown {
  if (!isPlainObject(under) || !isPlainObject(over)) return over;
  // Entries, not assignment: a member called `__proto__` stays a member.
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    merged.set(key, merged.has(key) ? mergeDeep(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

/** Members of a config that are one statement, so that a new one replaces all of it. */
const WHOLE: ReadonlySet<string> = new Set([
  "port_type",
  "slots_spec",
  "gather",
  "max_salvos",
  "term",
]);

/**
 * The config of a node as `made`, with what `stated` says laid over it at every depth.
 *
 * Maps of ports and conditions may be `Map`s or objects. A condition of which something is stated is
 * no longer a generated one.
 */
export function mergeConfig(made: unknown, stated: unknown): unknown {
  const under = entriesOf(made);
  const over = entriesOf(stated);
  if (under === undefined || over === undefined) return stated;
  const merged = new Map(under);
  for (const [key, value] of over) {
    merged.set(
      key,
      merged.has(key) && !WHOLE.has(key) ? mergeConfig(merged.get(key), value) : value,
    );
  }
  if (merged.has("term")) merged.delete("generated");
  return made instanceof Map ? merged : Object.fromEntries(merged);
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (value instanceof Map) return [...value];
  return isPlainObject(value) ? Object.entries(value) : undefined;
}

/** Whether the value is an object written with braces, not an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ||
    // An object of another realm, such as a result that came from a worker.
    Object.getPrototypeOf(prototype) === null;
}
