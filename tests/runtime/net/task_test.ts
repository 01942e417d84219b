import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  runAsync,
  runSync,
  settled,
  startTask,
  type Steps,
  subtask,
} from "../../../runtime/net/task.ts";

function* sum(values: (number | Promise<number>)[]): Steps<number> {
  let total = 0;
  for (const value of values) total += yield* settled(value);
  return total;
}

Deno.test("work that waits for nothing is done when startTask() returns", () => {
  let result: number | undefined;
  const task = startTask(sum([1, 2]), (value) => result = value, () => {});
  assertEquals([task, result], [undefined, 3]);
});

Deno.test("work goes on with what a promise resolved with, and fails with what it rejected with", async () => {
  assertEquals(await runAsync(sum([1, Promise.resolve(2), 3])), 6);
  await assertRejects(() => runAsync(sum([Promise.reject(new Error("no"))])), Error, "no");
});

Deno.test("an interrupted task stops waiting, and a late answer changes nothing", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const events: unknown[] = [];
  const steps = function* (): Steps<string> {
    try {
      yield promise;
    } catch (error) {
      events.push(error);
    }
    return "ended";
  };
  const task = startTask(steps(), (value) => events.push(value), () => {})!;
  task.interrupt("stop");
  resolve(1);
  await promise;
  assertEquals(events, ["stop", "ended"]);
});

Deno.test("an interruption from inside is thrown at the next wait", async () => {
  const seen: unknown[] = [];
  const steps = function* (): Steps<void> {
    yield Promise.resolve();
    task.interrupt("stop");
    seen.push("still here");
    try {
      yield new Promise(() => {});
    } catch (error) {
      seen.push(error);
    }
  };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const task = startTask(steps(), resolve, reject)!;
  await promise;
  assertEquals(seen, ["still here", "stop"]);
});

Deno.test("runSync() refuses, inside the work, to wait", () => {
  assertEquals(runSync(sum([1, 2]), () => new Error("no")), 3);
  assertThrows(
    () => runSync(sum([Promise.resolve(1)]), () => new Error("no waiting")),
    Error,
    "no waiting",
  );
});

Deno.test("a subtask can be interrupted by itself", async () => {
  const inner = function* (): Steps<string> {
    try {
      yield new Promise(() => {});
    } catch {
      return "interrupted";
    }
    return "not interrupted";
  };
  const outer = function* (): Steps<string[]> {
    const waits = yield* subtask(inner(), (task) => queueMicrotask(() => task.interrupt("stop")));
    const direct = yield* subtask(sum([1]), () => {});
    return [waits, String(direct)];
  };
  assertEquals(await runAsync(outer()), ["interrupted", "1"]);
});
