import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseTerm, printTerm } from "../../../ui/model/term_text.ts";
import { dataOf } from "./_documents.ts";

const names = fc.oneof(
  fc.constantFrom("in", "a.b", "or", "Not", "ä", "", '"', "x y"),
  fc.string({ maxLength: 5 }),
);
const states = fc.oneof(
  fc.constantFrom("empty", "non_empty", "full", "non_full").map((type) => ({ type })),
  fc.record({
    type: fc.constantFrom(
      "equals",
      "less_than",
      "greater_than",
      "equals_or_less_than",
      "equals_or_greater_than",
    ),
    value: fc.nat(),
  }),
);
const { term } = fc.letrec<{ term: unknown }>((tie) => ({
  term: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom({ type: "true" }, { type: "false" }),
    fc.record({ type: fc.constant("port"), port_name: names, state: states }),
    fc.record({ type: fc.constant("not"), term: tie("term") }),
    fc.record({
      type: fc.constantFrom("and", "or"),
      terms: fc.array(tie("term"), { maxLength: 4 }),
    }),
  ),
}));

Deno.test("every term reads back from its text as it was", () => {
  fc.assert(fc.property(term, (value) => {
    const data = dataOf(value);
    const text = printTerm(data);
    assert(text !== undefined);
    assertEquals(parseTerm(text), { term: data });
  }));
});

Deno.test("any text is read or refused with a place inside it", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const reading = parseTerm(text);
    if ("term" in reading) return;
    assert(reading.start >= 0 && reading.start <= text.length && reading.end > reading.start - 1);
  }));
});

Deno.test("or binds less than and, and that less than not; keywords may be capitals", () => {
  const reading = parseTerm("NOT a.empty AND b.full OR true");
  assert("term" in reading);
  assertEquals(printTerm(reading.term), "not a.empty and b.full or true");
  assertEquals(reading.term.get("type"), "or");
});

Deno.test("a mistake in a term is explained where it is", () => {
  const mistakes: [string, string, number][] = [
    ["a.nonempty", "`nonempty` is no state of a port; use non_empty, empty, full or non_full", 2],
    ["a.b >= 2", 'names with dots stand in quotes: `"a.b"`', 0],
    ["in >=", "a number of packets must follow", 5],
    ["(in.full", "a closing `)` is missing", 8],
    [
      "in",
      "after port in must follow a state such as `.non_empty`, or a comparison such as `>= 2`",
      0,
    ],
    ["other.full", 'there is no port `other`; there are: in, a, "a.b"', 0],
    ["", "a term is missing; `true` always holds", 0],
    ["in.full ? 1", "`?` has no meaning here", 8],
  ];
  for (const [text, message, start] of mistakes) {
    const reading = parseTerm(text, ["in", "a", "a.b"]);
    assert("message" in reading, text);
    assertEquals([reading.message, reading.start], [message, start]);
  }
});

Deno.test("a term with a reference in it has no text", () => {
  const term = {
    type: "port",
    port_name: "in",
    state: { type: "equals", value: { $var: "n" } },
  };
  assertEquals(printTerm(dataOf(term)), undefined);
});
