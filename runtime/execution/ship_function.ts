/**
 * Bringing nodes to workers, with the functions that a program has put into them.
 *
 * @module
 */
import type { ResolvedNodeConfig } from "../schema/resolved.ts";

type AnyFunction = (...args: never[]) => unknown;

/**
 * A copy of a node in which functions are their texts, so that it can travel.
 *
 * @throws {FunctionNotShippableError} If a function needs what is around it.
 */
export async function shippableNode(
  node: ResolvedNodeConfig,
  poolId: string,
): Promise<ResolvedNodeConfig> {
  const { exec_node_func: exec } = node.execution_config;
  const functions: AnyFunction[] = [];
  replaceFunctions([node.factory_args, exec], (fn) => void functions.push(fn));
  const sources = new Map<AnyFunction, unknown>();
  if (functions.length > 0) {
    const { functionSource } = await import("./function_source.ts");
    for (const fn of functions) sources.set(fn, functionSource(fn, node.name, poolId));
  }
  const ship = (value: unknown) => replaceFunctions(value, (fn) => sources.get(fn));
  return {
    ...node,
    vars: { ...node.vars },
    factory_args: ship(node.factory_args) as Record<string, unknown>,
    execution_config: {
      ...node.execution_config,
      exec_node_func: ship(exec) as typeof exec,
      // These run where the Net is.
      init_node_func: null,
      close_node_func: null,
      on_node_failure: null,
    },
  };
}

/** A copy of a configuration in which null stands for every function. */
export function withoutFunctions(value: unknown): unknown {
  return replaceFunctions(value, () => null);
}

/** Replaces functions in plain data. */
function replaceFunctions(value: unknown, replace: (fn: AnyFunction) => unknown): unknown {
  if (typeof value === "function") return replace(value as AnyFunction);
  if (Array.isArray(value)) return value.map((item) => replaceFunctions(item, replace));
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, item]) => [key, replaceFunctions(item, replace)]));
  }
  if (typeof value !== "object" || value === null) return value;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaceFunctions(item, replace)]),
  );
}
