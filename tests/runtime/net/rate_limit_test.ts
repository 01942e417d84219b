import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { RateLimit } from "../../../runtime/net/rate_limit.ts";

Deno.test("tryStart() allows one start in two seconds at a rate of 0.5", () => {
  const limit = new RateLimit(0.5);
  assertEquals([0, 1999, 2000, 3999, 4000].map((t) => limit.tryStart(t)), [
    true,
    false,
    true,
    false,
    true,
  ]);
});

Deno.test("no window ever holds more starts than the rate allows", () => {
  const gapsMs = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 });
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), gapsMs, (rate, gaps) => {
    const limit = new RateLimit(rate);
    let nowMs = 0;
    const starts = gaps.map((gap) => nowMs += gap).filter((t) => limit.tryStart(t));
    // With an integer rate the window is one second and holds at most `rate` starts.
    assert(starts.every((t, i) => i < rate || t - starts[i - rate]! >= 1000));
  }));
});

Deno.test("a refused start is allowed at the time that nextStartMs() names", () => {
  const limit = new RateLimit(3);
  for (const t of [0, 10, 20]) assert(limit.tryStart(t));
  assertEquals(limit.tryStart(999), false);
  assertEquals(limit.tryStart(limit.nextStartMs(999)), true);
});

Deno.test("the constructor refuses a rate that is no number above 0", () => {
  for (const rate of [0, -1, NaN, Infinity]) {
    assertThrows(() => new RateLimit(rate), InvalidArgumentError, `got ${rate}`);
  }
});
