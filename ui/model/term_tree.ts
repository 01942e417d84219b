/**
 * Terms of salvo conditions, built piece by piece.
 *
 * @module
 */
import { asObject, objectsIn, type RawObject } from "../../runtime/tools/raw_net.ts";

/** What a term is. */
export type TermKind = "port" | "and" | "or" | "not" | "true" | "false";

/** All kinds of terms, in words. */
export const TERM_KINDS: readonly (readonly [TermKind, string])[] = [
  ["port", "port"],
  ["and", "all of"],
  ["or", "any of"],
  ["not", "not"],
  ["true", "always"],
  ["false", "never"],
];

/** All states of a port, in words. */
export const PORT_STATES: readonly (readonly [string, string])[] = [
  ["non_empty", "holds something"],
  ["empty", "is empty"],
  ["full", "is full"],
  ["non_full", "has room"],
  ["equals", "="],
  ["less_than", "<"],
  ["greater_than", ">"],
  ["equals_or_less_than", "≤"],
  ["equals_or_greater_than", "≥"],
];

/** What a term is; undefined if it is none. */
export function termKind(term: unknown): TermKind | undefined {
  const type = asObject(term)?.get("type");
  return TERM_KINDS.find(([kind]) => kind === type)?.[0];
}

/** A term that holds when a port holds something; `true` if there is no port. */
export function portTerm(port: string | undefined): RawObject {
  if (port === undefined) return new Map([["type", "true"]]);
  return new Map<string, unknown>([
    ["type", "port"],
    ["port_name", port],
    ["state", new Map([["type", "non_empty"]])],
  ]);
}

/**
 * A term made into another kind, with as much of it as that can hold.
 *
 * @param ports The ports of the side, for a term that names none yet.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printTerm } from "./term_text.ts";
 *
 * const both = changeTermKind(portTerm("left"), "and", ["left", "right"]);
 * assertEquals(printTerm(both), "left.non_empty and right.non_empty");
 * assertEquals(printTerm(changeTermKind(both, "not", [])), "not (left.non_empty and right.non_empty)");
 * ```
 */
export function changeTermKind(term: unknown, to: TermKind, ports: readonly string[]): RawObject {
  const from = termKind(term);
  const old = asObject(term) ?? new Map<string, unknown>();
  if (from === to) return old;
  switch (to) {
    case "true":
    case "false":
      return new Map([["type", to]]);
    case "not":
      return new Map<string, unknown>([["type", "not"], ["term", old]]);
    case "port":
      return portsIn(old)[0] ?? portTerm(ports[0]);
    case "and":
    case "or":
      return new Map<string, unknown>([["type", to], ["terms", partsFor(old, from, ports)]]);
  }
}

/** The parts of a new compound: at least two, so that there is something to combine. */
function partsFor(old: RawObject, from: TermKind | undefined, ports: readonly string[]): unknown[] {
  if (from === "and" || from === "or") return objectsIn(old.get("terms"));
  const first = from === "true" || from === "false" || from === undefined ? [] : [old];
  const named = new Set(portsIn(old).map((port) => port.get("port_name")));
  const others = ports.filter((port) => !named.has(port)).map(portTerm);
  return [...first, ...others].slice(0, 2);
}

/** All terms about ports inside a term. */
function portsIn(term: RawObject): RawObject[] {
  if (term.get("type") === "port") return [term];
  const inner = asObject(term.get("term"));
  return [...inner ? [inner] : [], ...objectsIn(term.get("terms"))].flatMap(portsIn);
}

/** The state of a port with another test; a number is kept where both compare with one. */
export function changeState(state: unknown, type: string): RawObject {
  const isComparison = PORT_STATES.findIndex(([name]) => name === type) > 3;
  const value = asObject(state)?.get("value");
  return new Map<string, unknown>([
    ["type", type],
    ...isComparison ? [["value", value ?? 1] as const] : [],
  ]);
}
