/**
 * Short forms of the salvo conditions that the built-in factories make.
 *
 * @module
 */
import type { PacketCount, SalvoConditionConfig, TermConfig } from "../schema/salvo_condition.ts";

/** Takes every packet of the port. */
export const takeAll: PacketCount<never> = { type: "all" };

/** Takes at most `count` packets of the port. */
export function takeCount(count: number): PacketCount<never> {
  return { type: "count", count };
}

/** Holds if at least one packet waits at the port. */
export function nonEmpty(port: string): TermConfig<never> {
  return { type: "port", port_name: port, state: { type: "non_empty" } };
}

/** Holds if at least `value` packets wait at the port. */
export function atLeast(port: string, value: number): TermConfig<never> {
  return { type: "port", port_name: port, state: { type: "equals_or_greater_than", value } };
}

/** Holds if all of the terms do. */
export function allOf(terms: TermConfig<never>[]): TermConfig<never> {
  return { type: "and", terms };
}

/** Holds if one of the terms does; a lone term stands for itself. */
export function anyOf(terms: TermConfig<never>[]): TermConfig<never> {
  return terms.length === 1 ? terms[0]! : { type: "or", terms };
}

/** A condition that fires once in an epoch. */
export function oncePerEpoch(
  ports: Map<string, PacketCount<never>>,
  term: TermConfig<never>,
): SalvoConditionConfig<never> {
  return { max_salvos: { type: "finite", max: 1 }, ports, term };
}

/** The output condition that sends whatever is loaded, once. */
export function sendAll(ports: readonly string[]): SalvoConditionConfig<never> {
  return oncePerEpoch(new Map(ports.map((port) => [port, takeAll])), { type: "true" });
}
