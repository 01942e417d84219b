import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ulidSource } from "@netrun/netrun/sim";
import { IdMap } from "../../sim/id_map.ts";

Deno.test("an id map holds what a Map would hold", () => {
  const id = fc.oneof(
    fc.nat(200).map((n) => `id-${n}`),
    fc.nat(200).map((n) => `${n}-always-the-same-end`),
    fc.string({ maxLength: 3 }),
  );
  const operation = fc.record({ add: fc.boolean(), id });
  fc.assert(fc.property(fc.array(operation, { size: "large" }), (operations) => {
    const map = new IdMap<{ id: string }>();
    const model = new Map<string, { id: string }>();
    for (const { add, id } of operations) {
      if (!add) {
        assert(map.delete(id) === model.get(id));
        model.delete(id);
      } else {
        const object = { id };
        assertEquals(map.add(object), !model.has(id));
        if (!model.has(id)) model.set(id, object);
      }
      assertEquals(map.size, model.size);
      assert(map.get(id) === model.get(id));
    }
    assertEquals(new Set(map.values()), new Set(model.values()));
    for (const [id, object] of model) assert(map.get(id) === object);
  }));
});

Deno.test("thousands of ids come and go, whatever part of them differs", () => {
  const newId = ulidSource();
  const kinds: ((i: number) => string)[] = [
    (i) => newId(i >> 9),
    (i) => `${i}-this end is always the same`,
    (i) => `${i}`,
  ];
  for (const idOf of kinds) {
    const map = new IdMap<{ id: string }>();
    const ids = Array.from({ length: 20_000 }, (_, i) => idOf(i));
    for (const id of ids) map.add({ id });
    assertEquals(map.size, ids.length);
    for (const id of ids) assertEquals(map.get(id)?.id, id);
    for (const id of ids.slice(0, -10)) assert(map.delete(id));
    assertEquals(
      [...map.values()].map((object) => object.id).toSorted(),
      ids.slice(-10).toSorted(),
    );
    for (const id of ids.slice(-10)) assertEquals(map.get(id)?.id, id);
  }
});
