/**
 * Terms compiled to chains of tests: no recursion, however deeply a term is nested.
 *
 * @module
 */
import type { PortState, Slots, Term } from "./condition.ts";

/** More packets than fit into memory; a small integer, on which engines are faster than on infinity. */
export const UNLIMITED = 0x7fff_ffff;
/** Next step of a chain: the term holds. */
const ACCEPT = -1;
/** Next step of a chain: the term does not hold. */
const REJECT = -2;

/** One test: is the number of packets at `port` within `least` and `most`, and which test is next? */
export interface TermTest<P> {
  readonly port: P;
  readonly least: number;
  readonly most: number;
  readonly onTrue: number;
  readonly onFalse: number;
}

/** A compiled term. Ports are whatever the one who compiles it looks counts up by. */
export interface TermProgram<P> {
  readonly tests: readonly TermTest<P>[];
  readonly entry: number;
}

/** Tells how many packets are at a port. */
export interface PacketCounter<P> {
  count(port: P): number;
}

/** Whether the term holds for these numbers of packets. */
export function accepts<P>(program: TermProgram<P>, counter: PacketCounter<P>): boolean {
  let next = program.entry;
  while (next >= 0) {
    const test = program.tests[next]!;
    const packets = counter.count(test.port);
    next = packets >= test.least && packets <= test.most ? test.onTrue : test.onFalse;
  }
  return next === ACCEPT;
}

/** An `and` or `or` of which the terms from `index` on are compiled. */
interface Group {
  readonly terms: readonly Term[];
  index: number;
  readonly isAnd: boolean;
  readonly onTrue: number;
  readonly onFalse: number;
}

/**
 * Compiles a term.
 *
 * A term is compiled knowing where its chain goes on in either case, so the terms of a group are
 * compiled from the last to the first: each one is where its left neighbour goes on.
 */
export function compileTerm<P>(
  root: Term,
  port: (portName: string) => P,
  slots: (portName: string) => Slots,
): TermProgram<P> {
  const tests: TermTest<P>[] = [];
  const groups: Group[] = [];
  let term = root;
  let onTrue = ACCEPT;
  let onFalse = REJECT;
  for (;;) {
    let entry: number;
    switch (term.type) {
      case "not":
        [onTrue, onFalse] = [onFalse, onTrue];
        term = term.term;
        continue;
      case "and":
      case "or": {
        const isAnd = term.type === "and";
        if (term.terms.length > 0) {
          const index = term.terms.length - 1;
          groups.push({ terms: term.terms, index, isAnd, onTrue, onFalse });
          term = term.terms[index]!;
          continue;
        }
        entry = isAnd ? onTrue : onFalse;
        break;
      }
      case "true":
        entry = onTrue;
        break;
      case "false":
        entry = onFalse;
        break;
      case "port": {
        const { portName } = term;
        const [least, most] = interval(term.state, () => slots(portName));
        entry = tests.push({ port: port(portName), least, most, onTrue, onFalse }) - 1;
        break;
      }
      default:
        throw new TypeError(`Unknown type of term: ${JSON.stringify(term satisfies never)}`);
    }
    let group = groups.at(-1);
    while (group?.index === 0) {
      groups.pop();
      group = groups.at(-1);
    }
    if (group === undefined) return { tests, entry };
    term = group.terms[--group.index]!;
    onTrue = group.isAnd ? entry : group.onTrue;
    onFalse = group.isAnd ? group.onFalse : entry;
  }
}

/** The numbers of packets for which a state holds: from the first to the second, both included. */
function interval(state: PortState, slots: () => Slots): [least: number, most: number] {
  switch (state.type) {
    case "empty":
      return [0, 0];
    case "nonEmpty":
      return [1, UNLIMITED];
    case "full":
      return [capacityOf(slots()), UNLIMITED];
    case "nonFull":
      return [0, capacityOf(slots()) - 1];
    case "equals":
      return [limited(state.value), limited(state.value)];
    case "lessThan":
      return [0, limited(state.value) - 1];
    case "greaterThan":
      return [limited(state.value + 1), UNLIMITED];
    case "equalsOrLessThan":
      return [0, limited(state.value)];
    case "equalsOrGreaterThan":
      return [limited(state.value), UNLIMITED];
    default:
      throw new TypeError(`Unknown state of a port: ${JSON.stringify(state satisfies never)}`);
  }
}

/** How many packets fit. */
export function capacityOf(slots: Slots): number {
  return slots.type === "finite" ? limited(slots.capacity) : UNLIMITED;
}

/** A number of packets, as far as it makes a difference. */
export function limited(count: number): number {
  return Math.min(count, UNLIMITED);
}
