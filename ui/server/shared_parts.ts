/**
 * What a shared page shows that the document alone does not tell: ports that factories make, and the
 * graph that is simulated.
 *
 * @module
 */
import type { GraphSpec } from "../../sim/graph_spec.ts";
import type { ResolvedNetConfig } from "../../runtime/config/net_config.ts";
import { portTypeText } from "../../runtime/tools/port_type_text.ts";
import { asObject, objectsIn, type RawObject } from "../../runtime/tools/raw_net.ts";
import type { FactoryLookup } from "../model/graph_view.ts";
import type { FactoryPorts, PortView } from "../model/node_view.ts";

/** What resolving a net told, as plain data. */
export interface SharedParts {
  /** Ports and description of each node, by its name with those of the subgraphs around it. */
  readonly nodes: Readonly<Record<string, FactoryPorts>>;
  /** The graph that is simulated; null if the net cannot be resolved. */
  readonly graph: GraphSpec | null;
}

/** Nothing is known but the document. */
export const NO_PARTS: SharedParts = { nodes: {}, graph: null };

/** The parts of a resolved net. */
export function sharedParts(resolved: ResolvedNetConfig): SharedParts {
  const nodes: Record<string, FactoryPorts> = Object.create(null);
  for (const node of resolved.data.graph.nodes) {
    const ports = (ports: typeof node.in_ports): PortView[] =>
      [...ports].filter(([name]) => !name.startsWith("__")).map(([name, port]) => ({
        name,
        type: `${portTypeText(port.port_type as never) ?? ""}`,
        capacity: port.slots_spec.type === "finite" ? port.slots_spec.capacity : null,
        origin: "factory",
        gathers: port.gather !== null,
      }));
    nodes[node.name] = {
      inPorts: ports(node.in_ports),
      outPorts: ports(node.out_ports),
      description: node.description || undefined,
    };
  }
  return { nodes, graph: resolved.toGraph() };
}

/** Finds the ports of a document's factories by the names of their nodes. */
export function lookupOf(document: RawObject, { nodes }: SharedParts): FactoryLookup {
  const names = new Map<RawObject, string>();
  const visit = (graph: RawObject | undefined, prefix: string): void => {
    for (const node of objectsIn(graph?.get("nodes"))) {
      const name = `${prefix}${node.get("name")}`;
      names.set(node, name);
      visit(node, `${name}.`);
    }
  };
  visit(asObject(document.get("graph")), "");
  return (node) => {
    const name = names.get(node);
    if (typeof node.get("factory") !== "string" || name === undefined) return undefined;
    return Object.hasOwn(nodes, name) ? nodes[name] : undefined;
  };
}
