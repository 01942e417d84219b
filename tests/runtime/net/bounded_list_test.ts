import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { BoundedList } from "../../../runtime/net/bounded_list.ts";

Deno.test("a bounded list always holds the newest items", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat()), (limit, items) => {
    const list = new BoundedList<number>(limit);
    for (const item of items) list.push(item);
    assertEquals(list.toArray(), items.slice(-limit));
    assertEquals(list.size, Math.min(limit, items.length));
  }));
});

Deno.test("isJustFull is true once, before the first item is forgotten", () => {
  const list = new BoundedList<number>(2);
  const seen = [1, 2, 3, 4].map((item) => {
    const { isJustFull } = list;
    list.push(item);
    return isJustFull;
  });
  assertEquals(seen, [false, false, true, false]);
  list.clear();
  assertEquals([list.size, list.isJustFull], [0, false]);
});
