import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Cell, cellOf, crossings, numberSlots } from "../../../ui/model/layout_crossings.ts";

interface Line {
  from: number;
  here: number;
  to: number;
  there: number;
}

function layersOf(left: number, right: number, lines: readonly Line[]): Cell[][] {
  const layers = [left, right].map((count, layer) =>
    Array.from({ length: count }, (_, rank) => Object.assign(cellOf(undefined, layer), { rank }))
  );
  for (const { from, here, to, there } of lines) {
    const [source, target] = [layers[0]![from]!, layers[1]![to]!];
    source.after.push({ cell: target, there, here, slot: -1 });
    target.before.push({ cell: source, there: here, here: there, slot: -1 });
  }
  numberSlots(layers);
  return layers;
}

Deno.test("lines cross that leave in one order and arrive in the other; touching is no crossing", () => {
  const place = fc.constantFrom(0, 0.25, 0.5, 0.75);
  const line = fc.record({
    from: fc.nat(4),
    here: place,
    to: fc.nat(4),
    there: place,
  });
  fc.assert(fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
    let expected = 0;
    for (const [i, a] of lines.entries()) {
      for (const b of lines.slice(0, i)) {
        const leave = a.from + a.here - b.from - b.here;
        const arrive = a.to + a.there - b.to - b.there;
        if (leave * arrive < 0) expected++;
      }
    }
    assertEquals(crossings(layersOf(5, 5, lines)), expected);
  }));
});
