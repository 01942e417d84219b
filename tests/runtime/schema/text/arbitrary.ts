/** Generators of data that a net's text may hold. */
import fc from "fast-check";

const oddKeys = ["", "a.b", "10", "2", "__proto__", "constructor", "é→", "a b", '"', "\x7F", "\n"];
const key = fc.oneof(
  fc.constantFrom("nodes", "edges", "name", "extra", "type"),
  fc.constantFrom(...oddKeys),
  fc.string({ unit: "binary", maxLength: 5 }),
);
const scalar = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  // Longer than a line, so that tables around it need lines of their own.
  fc.constant("long ".repeat(25)),
  fc.array(fc.constantFrom(..."\n\r\t\"'\\n x"), { maxLength: 9 }).map((text) => text.join("")),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 1e20, 2 ** 53, Number.MAX_VALUE, Number.MIN_VALUE, 0.1, -1e-7),
  fc.constantFrom(2n ** 53n, -(2n ** 63n), 123456789012345678901234567890n),
);

/** Data as Maps; with `nulls` also nulls in it. */
export function textData({ nulls }: { nulls: boolean }): fc.Arbitrary<Map<string, unknown>> {
  const { table } = fc.letrec<{ value: unknown; table: Map<string, unknown> }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, depthIdentifier: "text" },
      nulls ? fc.oneof(scalar, fc.constant(null)) : scalar,
      fc.array(tie("value"), { maxLength: 4, depthIdentifier: "text" }),
      fc.array(tie("table"), { maxLength: 4, depthIdentifier: "text" }),
      tie("table"),
    ),
    table: fc.array(fc.tuple(key, tie("value")), { maxLength: 6, depthIdentifier: "text" })
      .map((entries) => new Map(entries)),
  }));
  return table;
}

/** Data in which the order of keys shows: Maps as lists of entries, -0 as itself. */
export function ordered(data: unknown): unknown {
  if (data instanceof Map) return { entries: Array.from(data, ([k, v]) => [k, ordered(v)]) };
  if (Array.isArray(data)) return data.map(ordered);
  return Object.is(data, -0) ? "minus zero" : data;
}
