/**
 * From a resolved configuration to the graph that the simulator takes.
 *
 * @module
 */
import type {
  PortState as SimPortState,
  SalvoConditionSpec,
  Slots,
  Term,
} from "../../sim/condition.ts";
import type {
  EdgeSpec,
  GraphSpec,
  NodeSpec,
  PortSpec,
  RequestTrigger,
} from "../../sim/graph_spec.ts";
import type { EdgeConfig } from "./graph.ts";
import type { PortConfig } from "./port.ts";
import type { ResolvedGraphConfig, ResolvedNodeConfig } from "./resolved.ts";
import type { PortState, SalvoConditionConfig, TermConfig } from "./salvo_condition.ts";

/** The simulator's graph. Maps become lists in order, tags are spelled as in TypeScript. */
export function toGraphSpec(graph: ResolvedGraphConfig): GraphSpec {
  const edges = graph.edges.map(toEdge);
  return { nodes: graph.nodes.map(toNode), edges };
}

function toNode(node: ResolvedNodeConfig): NodeSpec {
  const request = node.dependency_request;
  return {
    name: node.name,
    inPorts: toPorts(node.in_ports),
    outPorts: toPorts(node.out_ports),
    inSalvoConditions: toConditions(node.in_salvo_conditions),
    outSalvoConditions: toConditions(node.out_salvo_conditions),
    ...(request === null ? {} : {
      dependencyRequest: {
        triggers: request.triggers.map((trigger) => camelCase(trigger) as RequestTrigger),
        label: request.label,
      },
    }),
  };
}

function toPorts(ports: ReadonlyMap<string, PortConfig<never>>): PortSpec[] {
  return [...ports].map(([name, { slots_spec }]) => ({
    name,
    slots: slots_spec.type === "finite"
      ? { type: "finite", capacity: slots_spec.capacity }
      : { type: "infinite" } satisfies Slots,
  }));
}

function toConditions(
  conditions: ReadonlyMap<string, SalvoConditionConfig<never>>,
): SalvoConditionSpec[] {
  return [...conditions].map(([name, { max_salvos, ports, term, manual }]) => ({
    name,
    maxSalvos: max_salvos.type === "finite"
      ? { type: "finite", max: max_salvos.max }
      : { type: "infinite" },
    ports: [...ports].map(([portName, count]) => ({
      portName,
      count: count.type === "count" ? { type: "count", count: count.count } : { type: "all" },
    })),
    term: toTerm(term),
    ...(manual ? { manual } : {}),
  }));
}

function toTerm(term: TermConfig<never>): Term {
  switch (term.type) {
    case "and":
    case "or":
      return { type: term.type, terms: term.terms.map(toTerm) };
    case "not":
      return { type: "not", term: toTerm(term.term) };
    case "port":
      return { type: "port", portName: term.port_name, state: toState(term.state) };
    default:
      return { type: term.type };
  }
}

function toState(state: PortState<never>): SimPortState {
  return { ...state, type: camelCase(state.type) } as SimPortState;
}

function toEdge(edge: EdgeConfig): EdgeSpec {
  return {
    source: { nodeName: edge.source_node, portType: "output", portName: edge.source_port },
    target: { nodeName: edge.target_node, portType: "input", portName: edge.target_port },
    ...(edge.dependency ? { dependency: true } : {}),
  };
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
