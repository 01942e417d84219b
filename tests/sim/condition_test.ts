import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { evaluateTerm, type PortState, salvoCondition, type Slots, term } from "@netrun/netrun/sim";
import type { Term } from "@netrun/netrun/sim";
import { Random, randomTerm } from "./random_net.ts";

const infinite: Slots = { type: "infinite" };
const finite = (capacity: number): Slots => ({ type: "finite", capacity });

function holds(state: PortState, packets: number, slots: Slots = infinite): boolean {
  return evaluateTerm(term.port("p", state), () => packets, () => slots);
}

Deno.test("each state of a port holds for the numbers of packets that it names", () => {
  const table: [PortState, number[]][] = [
    [{ type: "empty" }, [0]],
    [{ type: "nonEmpty" }, [1, 2, 3]],
    [{ type: "full" }, [2, 3]],
    [{ type: "nonFull" }, [0, 1]],
    [{ type: "equals", value: 2 }, [2]],
    [{ type: "lessThan", value: 2 }, [0, 1]],
    [{ type: "greaterThan", value: 2 }, [3]],
    [{ type: "equalsOrLessThan", value: 2 }, [0, 1, 2]],
    [{ type: "equalsOrGreaterThan", value: 2 }, [2, 3]],
  ];
  for (const [state, expected] of table) {
    assertEquals([0, 1, 2, 3].filter((n) => holds(state, n, finite(2))), expected, state.type);
  }
});

Deno.test("an infinite port is never full, one of capacity 0 always is", () => {
  assertEquals(holds({ type: "full" }, 1e9), false);
  assertEquals(holds({ type: "nonFull" }, 1e9), true);
  assertEquals(holds({ type: "full" }, 0, finite(0)), true);
  assertEquals(holds({ type: "nonFull" }, 0, finite(0)), false);
});

Deno.test("numbers beyond all memory compare like any other", () => {
  const value = Number.MAX_SAFE_INTEGER;
  assertEquals(holds({ type: "lessThan", value }, 5), true);
  assertEquals(holds({ type: "greaterThan", value }, 5), false);
  assertEquals(holds({ type: "equals", value }, 5), false);
  assertEquals(holds({ type: "equalsOrLessThan", value }, 5), true);
});

Deno.test("`and` of nothing holds, `or` of nothing does not", () => {
  const evaluate = (t: Term) => evaluateTerm(t, () => 0, () => infinite);
  assertEquals([term.and(), term.or(), term.true, term.false].map(evaluate), [
    true,
    false,
    true,
    false,
  ]);
});

Deno.test("terms mean what their parts mean, whatever the nesting", () => {
  const slots = (port: string) => port === "a" ? finite(2) : infinite;
  const bySpec = (t: Term, count: (port: string) => number): boolean => {
    switch (t.type) {
      case "true":
      case "false":
        return t.type === "true";
      case "not":
        return !bySpec(t.term, count);
      case "and":
        return t.terms.every((inner) => bySpec(inner, count));
      case "or":
        return t.terms.some((inner) => bySpec(inner, count));
      case "port":
        return holds(t.state, count(t.portName), slots(t.portName));
    }
  };
  fc.assert(
    fc.property(fc.nat(), fc.nat(4), fc.nat(4), (seed, a, b) => {
      const t = randomTerm(new Random(seed), ["a", "b"], 5);
      const count = (port: string) => port === "a" ? a : b;
      assertEquals(evaluateTerm(t, count, slots), bySpec(t, count));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("ports are asked only as far as needed", () => {
  const asked: string[] = [];
  const count = (port: string) => {
    asked.push(port);
    return 0;
  };
  const both = term.and(term.port("a", "nonEmpty"), term.port("b", "nonEmpty"));
  assertEquals(evaluateTerm(both, count, () => infinite), false);
  assertEquals(asked, ["a"]);
});

Deno.test("a term nested 100,000 deep is evaluated", () => {
  let deep: Term = term.port("p", "nonEmpty");
  for (let i = 0; i < 50_000; i++) deep = term.not(term.and(deep));
  assertEquals(evaluateTerm(deep, () => 1, () => infinite), true);
});

Deno.test("what is no term is refused", () => {
  const unknown = { type: "xor", terms: [] } as unknown as Term;
  assertThrows(() => evaluateTerm(unknown, () => 0, () => infinite), TypeError, '"xor"');
  const state = { type: "port", portName: "p", state: { type: "half" } } as unknown as Term;
  assertThrows(() => evaluateTerm(state, () => 0, () => infinite), TypeError, '"half"');
});

Deno.test("salvoCondition() takes ports as a name, as names, or as the full list", () => {
  const all = { type: "all" } as const;
  const ports = (ports: Parameters<typeof salvoCondition>[0]["ports"]) =>
    salvoCondition({ name: "c", ports, term: term.true }).ports;
  assertEquals(ports("a"), [{ portName: "a", count: all }]);
  assertEquals(ports(["a", "b"]), [{ portName: "a", count: all }, { portName: "b", count: all }]);
  const full = [{ portName: "a", count: { type: "count" as const, count: 2 } }];
  assertEquals(ports(full), full);
});
