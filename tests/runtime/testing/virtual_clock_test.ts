import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";

Deno.test("time stands still until it is moved", async () => {
  const clock = new VirtualClock(5000);
  assertEquals(clock.now(), 5000);
  await clock.advance(0.25);
  assertEquals(clock.now(), 5250);
});

Deno.test("timers fire in order, each at its own time, also those set meanwhile", async () => {
  const clock = new VirtualClock(0);
  const seen: string[] = [];
  clock.setTimeout(() => seen.push(`late ${clock.now()}`), 300);
  clock.setTimeout(() => {
    seen.push(`early ${clock.now()}`);
    Promise.resolve().then(() => clock.setTimeout(() => seen.push(`nested ${clock.now()}`), 50));
  }, 100);
  clock.setTimeout(() => seen.push(`never ${clock.now()}`), 1001);
  await clock.advance(1);
  assertEquals(seen, ["early 100", "nested 150", "late 300"]);
  assertEquals([clock.now(), clock.pending], [1000, 1]);
});

Deno.test("a revoked timer does not fire", async () => {
  const clock = new VirtualClock(0);
  let fired = 0;
  const timer = clock.setTimeout(() => fired++, 10);
  clock.clearTimeout(timer);
  clock.clearTimeout(timer);
  clock.clearTimeout("unknown");
  await clock.advance(1);
  assertEquals(fired, 0);
});

Deno.test("idle() jumps to the next timer alone, however often it is called before", async () => {
  const clock = new VirtualClock(0);
  const seen: number[] = [];
  for (const ms of [7200_000, 3600_000]) clock.setTimeout(() => seen.push(clock.now()), ms);
  clock.idle();
  clock.idle();
  assertEquals([seen, clock.now()], [[], 0]);
  await Promise.resolve();
  assertEquals([seen, clock.now()], [[3600_000], 3600_000]);
  clock.idle();
  await Promise.resolve();
  assertEquals(seen, [3600_000, 7200_000]);
  clock.idle();
  await Promise.resolve();
  assertEquals(clock.now(), 7200_000);
});

Deno.test("advance() refuses what is no span of time", async () => {
  const clock = new VirtualClock();
  for (const seconds of [-1, NaN, Infinity]) {
    await assertRejects(() => clock.advance(seconds), InvalidArgumentError, `got ${seconds}`);
  }
});

Deno.test("any timers fire sorted by time, those of one time in order of creation", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 15 }), async (delays) => {
      const clock = new VirtualClock(0);
      const fired: [number, number][] = [];
      for (const [index, ms] of delays.entries()) {
        clock.setTimeout(() => fired.push([clock.now(), index]), ms);
      }
      await clock.advance(1);
      const expected = delays.map((ms, index): [number, number] => [ms, index])
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      assertEquals(fired, expected);
    }),
    { numRuns: 30 },
  );
});
