import { assertEquals } from "@std/assert";
import { systemClock } from "../../../runtime/net/clock.ts";

/** Replaces the platform's timers and clock, as fake-time libraries do. */
function fakeTime() {
  const { setTimeout, clearTimeout, Date } = globalThis;
  const timers = new Map<number, { callback: () => void; ms: number }>();
  let next = 1;
  Object.assign(globalThis, {
    setTimeout: (callback: () => void, ms: number) => {
      timers.set(next, { callback, ms });
      return next++;
    },
    clearTimeout: (id: number) => timers.delete(id),
    Date: Object.assign(function () {}, { now: () => 4711 }),
  });
  return {
    timers,
    /** Fires the timer with the given id, and forgets it. */
    fire(id: number) {
      const timer = timers.get(id)!;
      timers.delete(id);
      timer.callback();
    },
    [Symbol.dispose]: () => void Object.assign(globalThis, { setTimeout, clearTimeout, Date }),
  };
}

Deno.test("the platform's clock and timers are looked up at each call", () => {
  using fake = fakeTime();
  assertEquals(systemClock.now(), 4711);
  let fired = 0;
  systemClock.setTimeout(() => fired++, 20);
  assertEquals(fake.timers.get(1)?.ms, 20);
  fake.fire(1);
  assertEquals(fired, 1);
  const timer = systemClock.setTimeout(() => fired++, 20);
  systemClock.clearTimeout(timer);
  systemClock.clearTimeout(timer);
  systemClock.clearTimeout(undefined);
  assertEquals(fake.timers.size, 0);
});

Deno.test("a delay longer than the platform's timers is waited for in parts", () => {
  using fake = fakeTime();
  let fired = 0;
  const max = 2 ** 31 - 1;
  const timer = systemClock.setTimeout(() => fired++, max + 1000);
  assertEquals(fake.timers.get(1)?.ms, max);
  fake.fire(1);
  assertEquals([fired, fake.timers.get(2)?.ms], [0, 1000]);
  fake.fire(2);
  assertEquals(fired, 1);

  systemClock.setTimeout(() => fired++, max * 3);
  fake.fire(3);
  systemClock.clearTimeout(timer);
  assertEquals(fake.timers.size, 1);
});

Deno.test("a long wait can be revoked in its second part", () => {
  using fake = fakeTime();
  const timer = systemClock.setTimeout(() => {}, 2 ** 32);
  fake.fire(1);
  systemClock.clearTimeout(timer);
  assertEquals(fake.timers.size, 0);
});
