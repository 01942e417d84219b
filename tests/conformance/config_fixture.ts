/** A resolved configuration in the form in which the fixtures record it. */
import type { ResolvedNetConfig } from "../../runtime/config/net_config.ts";

type Json = Record<string, unknown>;

/** Maps become lists of `{name, …}`, as their order matters. */
function named<T>(map: ReadonlyMap<string, T>, describe: (value: T) => Json): Json[] {
  return [...map].map(([name, value]) => ({ name, ...describe(value) }));
}

/** `Map`s whose order does not matter as objects. */
function plain(value: unknown): unknown {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]));
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

/** The configuration as `NAME.resolved.json` has it. */
export function describeResolved(config: ResolvedNetConfig): Json {
  const { graph, pools, output_queues, vars, ...net } = config.data;
  const describePorts = (ports: (typeof graph.nodes)[number]["in_ports"]) =>
    named(ports, (port) => ({ ...port }));
  const describeConditions = (conditions: (typeof graph.nodes)[number]["in_salvo_conditions"]) =>
    named(conditions, ({ ports, ...condition }) => ({
      ...condition,
      ports: [...ports].map(([port, count]) => ({ port, ...count })),
    }));
  return {
    nodes: graph.nodes.map((node) => ({
      ...node,
      in_ports: describePorts(node.in_ports),
      out_ports: describePorts(node.out_ports),
      in_salvo_conditions: describeConditions(node.in_salvo_conditions),
      out_salvo_conditions: describeConditions(node.out_salvo_conditions),
      execution: plain(node.execution_config),
    })),
    edges: graph.edges,
    output_queues: named(output_queues, (queue) => ({ ...queue })),
    pools: named(pools, (pool) => ({ ...pool })),
    net: {
      ...plain(net) as Json,
      project_root: config.projectRootPath,
      graph_extra: graph.extra,
      node_vars: vars,
    },
  };
}

/** Where `actual` differs: lists item by item, objects in the keys that `expected` has. */
export function differences(expected: unknown, actual: unknown, path = ""): string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${path}: no list`];
    const items = expected.flatMap((item, i) => differences(item, actual[i], `${path}[${i}]`));
    return expected.length === actual.length
      ? items
      : [`${path}: ${actual.length} items instead of ${expected.length}`, ...items];
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof actual !== "object" || actual === null) return [`${path}: no object`];
    return Object.entries(expected).flatMap(([key, value]) =>
      differences(value, (actual as Json)[key], `${path}.${key}`)
    );
  }
  if (Object.is(expected, actual) || expected === actual) return [];
  return [`${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`];
}
