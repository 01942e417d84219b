import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Fifo } from "../../../runtime/net/fifo.ts";

Deno.test("a Fifo agrees with an array through any sequence of calls", () => {
  const call = fc.oneof(
    { weight: 3, arbitrary: fc.record({ push: fc.nat(9) }) },
    { weight: 2, arbitrary: fc.constant({ take: true as const }) },
    { weight: 1, arbitrary: fc.record({ remove: fc.nat(9) }) },
  );
  fc.assert(fc.property(fc.array(call, { maxLength: 300 }), (calls) => {
    const queue = new Fifo<number>();
    const model: number[] = [];
    for (const call of calls) {
      if ("push" in call) {
        queue.push(call.push);
        model.push(call.push);
      } else if ("take" in call) {
        assertEquals(queue.take(), model.shift());
      } else {
        const index = model.indexOf(call.remove);
        assertEquals(queue.remove(call.remove), index >= 0);
        if (index >= 0) model.splice(index, 1);
      }
      assertEquals([queue.length, queue.first], [model.length, model[0]]);
    }
    assertEquals([...queue], model);
  }));
});

Deno.test("undefined is an item like any other", () => {
  const queue = new Fifo<number | undefined>();
  queue.push(undefined);
  queue.push(1);
  assertEquals([queue.length, queue.take(), queue.take(), queue.length], [2, undefined, 1, 0]);
});

Deno.test("a long queue keeps its order while its head moves on", () => {
  const queue = new Fifo<number>();
  for (let i = 0; i < 100; i++) queue.push(i);
  for (let i = 0; i < 60; i++) assertEquals(queue.take(), i);
  queue.push(100);
  assertEquals(queue.remove(59), false);
  assertEquals([...queue], Array.from({ length: 41 }, (_, i) => 60 + i));
});
