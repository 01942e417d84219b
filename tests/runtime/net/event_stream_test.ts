import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type {
  NetRuntimeEvent,
  NetRuntimeEventBody,
  WarningEvent,
} from "../../../runtime/net/event.ts";
import { EventStream } from "../../../runtime/net/event_stream.ts";

function makeStream() {
  const warnings: WarningEvent[] = [];
  let nowMs = 0;
  const stream = new EventStream({
    now: () => nowMs++,
    onWarning: (warning) => warnings.push(warning),
  });
  return { stream, warnings };
}

const running: NetRuntimeEventBody = { type: "state", phase: "running" };
const blocked: NetRuntimeEventBody = { type: "state", phase: "blocked" };

Deno.test("events are delivered within emit(), numbered from 1 and stamped", () => {
  const { stream } = makeStream();
  const seen: NetRuntimeEvent[] = [];
  stream.subscribe((event) => seen.push(event));
  stream.emit(running);
  assertEquals(seen, [{ seq: 1, timestamp: 0, type: "state", phase: "running" }]);
  stream.emit(blocked, 77);
  assertEquals(seen[1], { seq: 2, timestamp: 77, type: "state", phase: "blocked" });
});

Deno.test("without subscribers nothing is numbered, and numbers go on without a gap", () => {
  const { stream } = makeStream();
  stream.emit(running);
  assertEquals([stream.active, stream.seq], [false, 0]);
  const seen: number[] = [];
  const remove = stream.subscribe((event) => seen.push(event.seq));
  assertEquals(stream.active, true);
  stream.emit(running);
  remove();
  stream.emit(running);
  stream.subscribe((event) => seen.push(event.seq));
  stream.emit(running);
  assertEquals(seen, [1, 2]);
});

Deno.test("what a callback brings about is delivered to all after the event it was called with", () => {
  const { stream } = makeStream();
  const seen: string[] = [];
  stream.subscribe((event) => {
    if (event.seq === 1) stream.emit(blocked);
    seen.push(`a${event.seq}`);
  });
  stream.subscribe((event) => seen.push(`b${event.seq}`));
  stream.emit(running);
  assertEquals(seen, ["a1", "b1", "a2", "b2"]);
});

Deno.test("a removed callback is not called again, and its removal skips nobody", () => {
  const { stream } = makeStream();
  const seen: string[] = [];
  const removers: (() => void)[] = [];
  removers.push(stream.subscribe(() => {
    seen.push("a");
    for (const remove of removers.splice(0)) remove();
  }));
  removers.push(stream.subscribe(() => seen.push("b")));
  stream.subscribe(() => seen.push("c"));
  stream.emit(running);
  stream.emit(running);
  assertEquals(seen, ["a", "c", "c"]);
});

Deno.test("one function that listens twice is called twice, and removed once at a time", () => {
  const { stream } = makeStream();
  let calls = 0;
  const callback = () => calls++;
  const remove = stream.subscribe(callback);
  stream.subscribe(callback);
  stream.emit(running);
  remove();
  remove();
  stream.emit(running);
  assertEquals(calls, 3);
});

Deno.test("a callback that throws gives a warning, in the stream too, and stops nobody", () => {
  const { stream, warnings } = makeStream();
  const seen: string[] = [];
  stream.subscribe((event) => {
    if (event.type === "state") throw new Error("bad subscriber");
  });
  stream.subscribe((event) => seen.push(event.type));
  stream.emit(running);
  assertEquals(seen, ["state", "warning"]);
  assertEquals(warnings.map(({ code }) => code), ["callback_failed"]);
  assertEquals(
    warnings[0]?.message,
    "An onEvent callback failed on event 1 (state): Error: bad subscriber",
  );
});

Deno.test("a callback that rejects gives a warning", async () => {
  const { stream, warnings } = makeStream();
  stream.subscribe(() => Promise.reject(new Error("later")));
  stream.emit(running);
  assertEquals(warnings, []);
  await Promise.resolve();
  await Promise.resolve();
  assertEquals(warnings[0]?.message, "An onEvent callback failed on event 1 (state): Error: later");
});

Deno.test("a callback that fails on every event, warnings too, does not go on for ever", () => {
  const { stream, warnings } = makeStream();
  stream.subscribe(() => {
    throw new Error("always");
  });
  stream.emit(running);
  assertEquals([stream.seq, warnings.length], [2, 2]);
});

Deno.test("warn() reaches the sink also when nobody listens", () => {
  const { stream, warnings } = makeStream();
  stream.warn("lazy_file", "slow", "A");
  stream.warn("other", "x");
  assertEquals(warnings, [
    { type: "warning", code: "lazy_file", message: "slow", nodeName: "A" },
    { type: "warning", code: "other", message: "x" },
  ]);
});

Deno.test("every subscriber sees consecutive numbers, whatever is emitted from where", () => {
  const nested = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 });
  fc.assert(fc.property(nested, fc.integer({ min: 1, max: 4 }), (plan, subscribers) => {
    const { stream } = makeStream();
    const seen = Array.from({ length: subscribers }, (): number[] => []);
    let left = 100;
    for (const [index, numbers] of seen.entries()) {
      stream.subscribe((event) => {
        numbers.push(event.seq);
        const more = plan[event.seq % Math.max(1, plan.length)] ?? 0;
        if (index < more && left-- > 0) stream.emit(blocked);
      });
    }
    for (let i = 0; i < 5; i++) stream.emit(running);
    const all = Array.from({ length: stream.seq }, (_, i) => i + 1);
    for (const numbers of seen) assertEquals(numbers, all);
  }));
});

Deno.test("a warning sink that throws does not stop later events", () => {
  const stream = new EventStream({
    now: () => 0,
    onWarning() {
      throw new Error("no console");
    },
  });
  const seen: number[] = [];
  stream.subscribe((event) => {
    seen.push(event.seq);
    if (event.seq === 1) throw new Error("bad subscriber");
  });
  assertThrows(() => stream.emit(running), Error, "no console");
  stream.emit(running);
  assertEquals(seen.at(-1), stream.seq);
});
