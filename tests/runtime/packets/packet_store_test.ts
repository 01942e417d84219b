import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { PacketNotFoundError } from "../../../sim/error.ts";
import {
  LazyPacketValueEvaluationError,
  PacketAlreadyRegisteredError,
} from "../../../runtime/packets/error.ts";
import { LazyPacketValueSpec, lazyValueEvaluator } from "../../../runtime/packets/lazy_value.ts";
import { PacketStore } from "../../../runtime/packets/packet_store.ts";

/** A store whose lazy values are computed by `compute`, which counts its calls. */
function lazyStore(compute: (...args: unknown[]) => unknown) {
  const calls = { count: 0 };
  const store = new PacketStore(lazyValueEvaluator(() => (...args) => {
    calls.count++;
    return compute(...args);
  }));
  return { store, calls };
}

const spec = (...args: unknown[]) => new LazyPacketValueSpec("./values.ts::make", args);

Deno.test("undefined and null are values like any other", async () => {
  const store = new PacketStore();
  store.register("a", undefined);
  store.register("b", null);
  assertEquals([store.peek("a"), store.peek("b"), store.size], [undefined, null, 2]);
  assertEquals([store.take("a"), await store.consume("b"), store.size], [undefined, null, 0]);
});

Deno.test("values are kept by reference", () => {
  const store = new PacketStore();
  const value = { rows: [1] };
  store.register("a", value);
  assert(store.peek("a") === value && store.take("a") === value);
});

Deno.test("1: every call on an unknown packet throws PacketNotFoundError", async () => {
  const store = new PacketStore();
  for (const call of ["peek", "take", "destroy"] as const) {
    assertThrows(() => store[call]("nope"), PacketNotFoundError, "nope");
  }
  for (const call of ["consume", "resolve"] as const) {
    await assertRejects(() => store[call]("nope"), PacketNotFoundError, "nope");
  }
});

Deno.test("1: registering a packet twice is refused and keeps the first value", () => {
  const store = new PacketStore();
  store.register("a", 1);
  assertThrows(() => store.register("a", 2), PacketAlreadyRegisteredError, '"a"');
  assertEquals(store.peek("a"), 1);
});

Deno.test("2: peek(), take() and destroy() never compute a lazy value", () => {
  const { store, calls } = lazyStore(() => 1);
  const lazy = spec();
  for (const id of ["a", "b", "c"]) store.register(id, lazy);
  assert(store.peek("a") === lazy);
  assert(store.take("b") === lazy);
  store.destroy("c");
  assertEquals(calls.count, 0);
});

Deno.test("while consume() computes, the packet is gone", async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const { store } = lazyStore(() => promise);
  store.register("a", spec());
  const consumed = store.consume("a");
  assertEquals(store.exists("a"), false);
  await assertRejects(() => store.consume("a"), PacketNotFoundError);
  resolve(7);
  assertEquals(await consumed, 7);
});

Deno.test("2: a failed consume() puts the lazy value back as it was", async () => {
  const { store } = lazyStore(() => {
    throw new RangeError("no rows");
  });
  const lazy = spec();
  store.register("a", lazy);
  const error = await assertRejects(() => store.consume("a"), LazyPacketValueEvaluationError);
  assertEquals(error.packetId, "a");
  assert(error.cause instanceof RangeError);
  assert(store.peek("a") === lazy);
});

Deno.test("concurrent resolve() calls share one computation, whose result stays", async () => {
  const { store, calls } = lazyStore((x) => ({ x }));
  store.register("a", spec(1));
  const [first, second] = await Promise.all([store.resolve("a"), store.resolve("a")]);
  assert(first === second);
  assertEquals([await store.resolve("a"), store.peek("a"), calls.count], [{ x: 1 }, { x: 1 }, 1]);
});

Deno.test("a specification that two packets carry is computed once for each", async () => {
  const { store, calls } = lazyStore((x) => ({ x }));
  const lazy = spec(1);
  store.register("a", lazy);
  store.register("b", lazy);
  const [a, b] = await Promise.all([store.resolve("a"), store.consume("b")]);
  assert(a !== b);
  assertEquals(calls.count, 2);
});

Deno.test("consume() shares a computation that resolve() has begun", async () => {
  const { store, calls } = lazyStore(() => ({}));
  store.register("a", spec());
  const [resolved, consumed] = await Promise.all([store.resolve("a"), store.consume("a")]);
  assert(resolved === consumed);
  assertEquals([calls.count, store.exists("a")], [1, false]);
});

Deno.test("a packet that is destroyed while it is resolved stays destroyed", async () => {
  const { store } = lazyStore(() => 1);
  store.register("a", spec());
  const resolved = store.resolve("a");
  store.destroy("a");
  assertEquals(await resolved, 1);
  assertEquals(store.exists("a"), false);
});

Deno.test("a failed resolve() is tried again by the next one", async () => {
  let fail = true;
  const { store } = lazyStore(() => {
    if (fail) throw new Error("not yet");
    return 5;
  });
  store.register("a", spec());
  await assertRejects(() => store.resolve("a"), LazyPacketValueEvaluationError, "not yet");
  fail = false;
  assertEquals(await store.resolve("a"), 5);
});

Deno.test("a store without an evaluator refuses to compute, and says so", async () => {
  const store = new PacketStore();
  store.register("a", spec());
  await assertRejects(() => store.resolve("a"), TypeError, "./values.ts::make");
  assert(store.exists("a"));
});

Deno.test("the store agrees with a Map through any sequence of calls", () => {
  const call = fc.tuple(
    fc.constantFrom("register", "take", "destroy", "peek"),
    fc.constantFrom("a", "b", "c"),
  );
  fc.assert(fc.property(fc.array(call), (calls) => {
    const store = new PacketStore();
    const model = new Map<string, unknown>();
    for (const [index, [name, id]] of calls.entries()) {
      const fits = model.has(id) !== (name === "register");
      let threw = false;
      let result: unknown;
      try {
        result = name === "register" ? store.register(id, index) : store[name](id);
      } catch {
        threw = true;
      }
      assertEquals(threw, !fits);
      if (!fits) continue;
      if (name === "take" || name === "peek") assertEquals(result, model.get(id));
      if (name === "register") model.set(id, index);
      else if (name !== "peek") model.delete(id);
    }
    assertEquals([...store.ids()].sort(), [...model.keys()].sort());
    assertEquals(store.size, model.size);
  }));
});
