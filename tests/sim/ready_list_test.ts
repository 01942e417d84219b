import { assertEquals } from "@std/assert";
import { ReadyList } from "../../sim/ready_list.ts";

function take(list: ReadyList): number[] {
  return Array.from({ length: list.takeAll() }, (_, i) => list.taken(i));
}

Deno.test("numbers are taken in order and once, however they were added", () => {
  const list = new ReadyList(10);
  for (const number of [4, 7, 4, 1, 9, 7]) list.add(number);
  assertEquals(take(list), [1, 4, 7, 9]);
  assertEquals(take(list), []);
});

Deno.test("what is added while the list is worked off waits for the next time", () => {
  const list = new ReadyList(5);
  list.add(3);
  list.add(2);
  const taken: number[] = [];
  for (let i = 0, length = list.takeAll(); i < length; i++) {
    taken.push(list.taken(i));
    list.add(list.taken(i));
    list.add(0);
  }
  assertEquals(taken, [2, 3]);
  assertEquals(take(list), [0, 2, 3]);
});

Deno.test("some() drops what is not ready, and only that", () => {
  const list = new ReadyList(5);
  for (const number of [0, 1, 4]) list.add(number);
  assertEquals(list.some((number) => number === 1), true);
  list.add(4);
  assertEquals(take(list), [0, 1, 4]);
  assertEquals(list.some(() => true), false);
});
