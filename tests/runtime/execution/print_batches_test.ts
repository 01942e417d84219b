import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { PrintBatches } from "../../../runtime/execution/print_batches.ts";
import type { PrintEntry } from "../../../runtime/execution/prints.ts";

/** A clock of which the timers fire when they are told to. */
class HandClock {
  readonly timers = new Map<number, { callback: () => void; ms: number }>();
  #count = 0;

  setTimeout(callback: () => void, ms: number): number {
    this.timers.set(++this.#count, { callback, ms });
    return this.#count;
  }

  clearTimeout(timer: unknown): void {
    this.timers.delete(timer as number);
  }

  fire(): void {
    const [due] = this.timers;
    if (!due) return;
    this.timers.delete(due[0]);
    due[1].callback();
  }
}

function batches(interval: number, maxEntries: number | null = null) {
  const clock = new HandClock();
  const delivered: string[][] = [];
  const prints = new PrintBatches({
    interval,
    maxEntries,
    clock,
    deliver: (entries) => delivered.push(entries.map(({ text }) => text)),
  });
  const add = (...texts: string[]) =>
    prints.add(texts.map((text): PrintEntry => ({ timestamp: 0, text })));
  return { clock, delivered, prints, add };
}

Deno.test("what is printed within an interval is delivered together, at its end", () => {
  const { clock, delivered, add } = batches(0.25);
  add("a");
  add("b", "c");
  assertEquals(delivered, []);
  assertEquals([...clock.timers.values()].map(({ ms }) => ms), [250]);
  clock.fire();
  assertEquals(delivered, [["a", "b", "c"]]);
  assertEquals(clock.timers.size, 0);
  add("d");
  clock.fire();
  assertEquals(delivered, [["a", "b", "c"], ["d"]]);
});

Deno.test("enough entries, or the end, deliver a batch early", () => {
  const { clock, delivered, prints, add } = batches(0.25, 2);
  add("a");
  add("b", "c", "d", "e");
  assertEquals(delivered, [["a", "b"], ["c", "d"]]);
  prints.flush();
  assertEquals(delivered, [["a", "b"], ["c", "d"], ["e"]]);
  assertEquals(clock.timers.size, 0);
  prints.flush();
  assertEquals(delivered.length, 3);
});

Deno.test("an interval of 0 delivers everything at once", () => {
  const { clock, delivered, add } = batches(0);
  add("a", "b");
  add("c");
  assertEquals(delivered, [["a", "b"], ["c"]]);
  assertEquals(clock.timers.size, 0);
});

Deno.test("whatever comes when, everything is delivered once, in order, in batches of at most the limit", () => {
  const steps = fc.array(fc.oneof(fc.nat(7), fc.constant("fire" as const)), { maxLength: 30 });
  fc.assert(fc.property(steps, fc.integer({ min: 1, max: 5 }), (steps, limit) => {
    const { clock, delivered, prints, add } = batches(1, limit);
    const given: string[] = [];
    for (const step of steps) {
      if (step === "fire") clock.fire();
      else {
        const texts = Array.from({ length: step }, (_, i) => `${given.length + i}`);
        given.push(...texts);
        add(...texts);
      }
    }
    prints.flush();
    assertEquals(delivered.flat(), given);
    assertEquals(delivered.filter(({ length }) => length > limit || length === 0), []);
    assertEquals(clock.timers.size, 0);
  }));
});
