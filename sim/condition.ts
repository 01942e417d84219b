/**
 * Salvo conditions: when waiting packets start an epoch, and when loaded packets may be sent.
 *
 * @module
 */
import { accepts, compileTerm } from "./term_program.ts";

/** How many packets a port holds at most. */
export type Slots = { type: "infinite" } | { type: "finite"; capacity: number };

/** A statement about the number of packets at one port. */
export type PortState =
  | { type: "empty" | "full" | "nonEmpty" | "nonFull" }
  | {
    type: "equals" | "lessThan" | "greaterThan" | "equalsOrLessThan" | "equalsOrGreaterThan";
    value: number;
  };

/**
 * A statement about the numbers of packets at the ports of one side of a node.
 *
 * `and` of no terms is true, `or` of no terms is false; terms may be nested as deeply as one likes.
 */
export type Term =
  | { type: "true" }
  | { type: "false" }
  | { type: "port"; portName: string; state: PortState }
  | { type: "and" | "or"; terms: Term[] }
  | { type: "not"; term: Term };

/** How many packets a salvo takes from a port: its whole queue, or so many from the front. */
export type PacketCount = { type: "all" } | { type: "count"; count: number };

/** A port from which a salvo takes packets, and how many. */
export interface SalvoPort {
  /** Name of the port. */
  portName: string;
  /** How many packets are taken; fewer waiting packets are no hindrance. */
  count: PacketCount;
}

/** How many salvos of one condition an epoch may send. */
export type MaxSalvos = { type: "infinite" } | { type: "finite"; max: number };

/**
 * When packets may leave the ports of one side of a node together, and which ones.
 *
 * `term` says whether, `ports` says which packets; the two are independent of each other.
 */
export interface SalvoConditionSpec {
  /** Name, unique among the conditions of that side of the node. */
  name: string;
  /** Limit for output conditions, counted by epoch. Input conditions have finite 1. */
  maxSalvos: MaxSalvos;
  /** What a salvo takes, port by port. */
  ports: SalvoPort[];
  /** What must hold. */
  term: Term;
  /** An input condition that steps pass over: the caller fires it with `createEpoch`. */
  manual?: true;
}

/** The builders of {@linkcode term}. */
export interface TermBuilders {
  /** The term that always holds. */
  readonly true: Term;
  /** The term that never holds. */
  readonly false: Term;
  /** Holds if the named port is in that state. */
  port(portName: string, state: PortState | "empty" | "full" | "nonEmpty" | "nonFull"): Term;
  /** Holds if all terms hold. */
  and(...terms: Term[]): Term;
  /** Holds if at least one of the terms holds. */
  or(...terms: Term[]): Term;
  /** Holds if the term does not. */
  not(inner: Term): Term;
}

/**
 * Builds terms.
 *
 * @example Both ports hold something, or one of them is full
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { evaluateTerm, term } from "@netrun/netrun/sim";
 *
 * const ready = term.or(
 *   term.and(term.port("left", "nonEmpty"), term.port("right", "nonEmpty")),
 *   term.port("left", "full"),
 * );
 * assertEquals(
 *   evaluateTerm(ready, (port) => port === "left" ? 3 : 0, () => ({ type: "finite", capacity: 3 })),
 *   true,
 * );
 * ```
 */
export const term: TermBuilders = {
  true: Object.freeze({ type: "true" }),
  false: Object.freeze({ type: "false" }),
  port: (portName, state) => ({
    type: "port",
    portName,
    state: typeof state === "string" ? { type: state } : state,
  }),
  and: (...terms) => ({ type: "and", terms }),
  or: (...terms) => ({ type: "or", terms }),
  not: (inner) => ({ type: "not", term: inner }),
};

/** What {@linkcode salvoCondition} takes. */
export interface SalvoConditionOptions {
  /** Name of the condition. */
  name: string;
  /** A port or several, of which the whole queue is taken; or the full list. */
  ports: string | string[] | SalvoPort[];
  /** What must hold. */
  term: Term;
  /**
   * Limit of salvos by epoch.
   *
   * @default {{ type: "finite", max: 1 }}
   */
  maxSalvos?: MaxSalvos;
}

/**
 * Builds a salvo condition, with the usual defaults.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { salvoCondition, term } from "@netrun/netrun/sim";
 *
 * const receive = salvoCondition({
 *   name: "receive",
 *   ports: "in",
 *   term: term.port("in", "nonEmpty"),
 * });
 * assertEquals(receive.maxSalvos, { type: "finite", max: 1 });
 * assertEquals(receive.ports, [{ portName: "in", count: { type: "all" } }]);
 * ```
 */
export function salvoCondition(options: SalvoConditionOptions): SalvoConditionSpec {
  const ports = typeof options.ports === "string" ? [options.ports] : options.ports;
  return {
    name: options.name,
    maxSalvos: options.maxSalvos ?? { type: "finite", max: 1 },
    ports: ports.map((port) =>
      typeof port === "string" ? { portName: port, count: { type: "all" } } : port
    ),
    term: options.term,
  };
}

/**
 * Whether a term holds for the given numbers of packets.
 *
 * The simulator evaluates the same way, on terms that it has compiled once.
 *
 * @param term What must hold.
 * @param count Number of packets at the port of that name; asked only as far as needed.
 * @param slots Room of the port of that name; asked for the ports that `full` and `nonFull` name.
 * @throws {TypeError} If a part of the term is no term.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { evaluateTerm, term } from "@netrun/netrun/sim";
 *
 * const infinite = () => ({ type: "infinite" }) as const;
 * assertEquals(evaluateTerm(term.port("in", "full"), () => 1_000_000, infinite), false);
 * assertEquals(evaluateTerm(term.and(), () => 0, infinite), true);
 * ```
 */
export function evaluateTerm(
  term: Term,
  count: (portName: string) => number,
  slots: (portName: string) => Slots,
): boolean {
  return accepts(compileTerm(term, (portName) => portName, slots), { count });
}
