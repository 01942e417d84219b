import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseTerm, printTerm } from "../../../ui/model/term_text.ts";
import {
  changeState,
  changeTermKind,
  PORT_STATES,
  portTerm,
  TERM_KINDS,
  termKind,
} from "../../../ui/model/term_tree.ts";

const PORTS = ["left", "a.b", "right"];
const kind = fc.constantFrom(...TERM_KINDS.map(([kind]) => kind));

Deno.test("however a term is built, it is one that can be written and read", () => {
  fc.assert(fc.property(fc.array(kind, { maxLength: 8 }), (kinds) => {
    let term = portTerm("left");
    for (const kind of kinds) {
      term = changeTermKind(term, kind, PORTS);
      assertEquals(termKind(term), kind);
      const text = printTerm(term);
      assert(text !== undefined);
      const reading = parseTerm(text, PORTS);
      assert("term" in reading, text);
      assertEquals(reading.term, term);
    }
  }));
});

Deno.test("a term keeps what another kind can hold", () => {
  const both = changeTermKind(portTerm("left"), "and", PORTS);
  assertEquals(printTerm(both), 'left.non_empty and "a.b".non_empty');
  assertEquals(printTerm(changeTermKind(both, "or", PORTS)), 'left.non_empty or "a.b".non_empty');
  const not = changeTermKind(both, "not", PORTS);
  assertEquals(printTerm(not), 'not (left.non_empty and "a.b".non_empty)');
  assertEquals(printTerm(changeTermKind(not, "port", PORTS)), "left.non_empty");
  assertEquals(printTerm(changeTermKind(portTerm(undefined), "port", [])), "true");
});

Deno.test("a test of a port keeps its number where there is one", () => {
  const three = new Map<string, unknown>([["type", "equals"], ["value", 3]]);
  for (const [type] of PORT_STATES) {
    const state = changeState(three, type);
    const compares = /equals|less|greater/.test(type);
    assertEquals(state.get("value"), compares ? 3 : undefined);
    assertEquals(changeState(undefined, type).get("value"), compares ? 1 : undefined);
  }
});
