/**
 * Fitting the conditions that a factory generated to the ports and edges that there are in the end.
 *
 * @module
 */
import type { PortConfig } from "../schema/port.ts";
import type { SalvoConditionConfig, TermConfig } from "../schema/salvo_condition.ts";
import { anyOf, nonEmpty, takeAll } from "./conditions.ts";

/** The parts of a node that count here. */
export interface GeneratedParts {
  /** Input ports, in order. */
  readonly in_ports: ReadonlyMap<string, PortConfig<never>>;
  /** Output ports, in order, those of signals and errors too. */
  readonly out_ports: ReadonlyMap<string, PortConfig<never>>;
  /** Input conditions. */
  readonly in_salvo_conditions: ReadonlyMap<string, SalvoConditionConfig<never>>;
  /** Output conditions. */
  readonly out_salvo_conditions: ReadonlyMap<string, SalvoConditionConfig<never>>;
}

/** What a node's edges and settings say about its ports. */
export interface PortUse {
  /** Whether an edge leads to the input port. */
  isConnected(inPort: string): boolean;
  /** Whether the output port is one of signals or of errors, which nothing ordinary is sent by. */
  isSpecial(outPort: string): boolean;
}

/**
 * The conditions of a node, the generated ones fitted to its ports and edges.
 *
 * A generated output condition sends by every ordinary output port and is left out if there is none.
 * A generated input condition no longer waits for optional ports without an edge; if it waited for
 * these alone, it waits for any of them. Other conditions stay as they are.
 */
export function fitGenerated(
  node: GeneratedParts,
  use: PortUse,
): {
  in_salvo_conditions: Map<string, SalvoConditionConfig<never>>;
  out_salvo_conditions: Map<string, SalvoConditionConfig<never>>;
} {
  const outPorts = [...node.out_ports.keys()].filter((port) => !use.isSpecial(port));
  const idle = new Set(
    [...node.in_ports].filter(([name, port]) => port.optional === true && !use.isConnected(name))
      .map(([name]) => name),
  );
  return {
    in_salvo_conditions: new Map(
      [...node.in_salvo_conditions].map(([name, condition]) => [
        name,
        condition.generated
          ? { ...condition, term: withoutPorts(condition.term, idle) }
          : condition,
      ]),
    ),
    out_salvo_conditions: new Map(
      [...node.out_salvo_conditions].flatMap(([name, condition]) => {
        if (!condition.generated) return [[name, condition] as const];
        if (outPorts.length === 0) return [];
        const ports = new Map(outPorts.map((port) => [port, condition.ports.get(port) ?? takeAll]));
        return [[name, { ...condition, ports }] as const];
      }),
    ),
  };
}

/** A generated term, one port's or several joined by `and`, without those of the `idle` ports. */
function withoutPorts(term: TermConfig<never>, idle: ReadonlySet<string>): TermConfig<never> {
  const terms = term.type === "and" ? term.terms : [term];
  const kept = terms.filter((part) => part.type !== "port" || !idle.has(part.port_name));
  if (kept.length === terms.length) return term;
  if (kept.length === 0) return anyOf([...idle].map(nonEmpty));
  return kept.length === 1 ? kept[0]! : { type: "and", terms: kept };
}
