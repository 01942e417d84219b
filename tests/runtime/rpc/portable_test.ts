import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import fc from "fast-check";
import { NodeInputError } from "../../../runtime/factories/error.ts";
import { NotSerializableError } from "../../../runtime/packets/error.ts";
import { LazyPacketValueSpec } from "../../../runtime/packets/lazy_value.ts";
import { decodeMessages, encodeMessages } from "../../../runtime/rpc/codec.ts";
import { ChannelBroken, RemoteError } from "../../../runtime/rpc/error.ts";
import { packMessage, type WireMessage, wireMessage } from "../../../runtime/rpc/outbox.ts";
import { fromPortable, toPortable } from "../../../runtime/rpc/portable.ts";

/** What comes out at the other end. */
function travel<T>(value: T): T {
  const [message] = decodeMessages(encodeMessages([wireMessage("key", value)]));
  return fromPortable(message![1], message![2]) as T;
}

/** What comes out at the other end of a value that is packed among others. */
function travelPacked<T>(value: T): T {
  const [, message] = decodeMessages(
    encodeMessages([packMessage("other", new Date(0)), packMessage("key", value)]),
  );
  const alone = decodeMessages(encodeMessages([packMessage("key", value)]))[0]!;
  assertEquals(alone, message);
  return fromPortable(message![1], message![2]) as T;
}

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withNullPrototype: false,
});

Deno.test("whatever structured clone copies, the codec copies alike", () => {
  fc.assert(fc.property(anything, (value) => {
    assertEquals(travel(value), structuredClone(value));
  }));
});

Deno.test("whatever is packed comes back as structured clone would copy it", () => {
  fc.assert(fc.property(anything, (value) => {
    assertEquals(travelPacked(value), structuredClone(value));
  }));
});

Deno.test("only what JSON gives back equal in every way is packed as a text", () => {
  const shared = [1];
  const others: unknown[] = [
    undefined,
    [undefined],
    new Array(1),
    -0,
    NaN,
    Infinity,
    1n,
    new Date(0),
    new Map(),
    "a-b".match(/a/),
    [shared, shared],
    new Uint8Array(1),
    "x".repeat(100_000),
    Array.from({ length: 10_000 }, (_, i) => i),
    new (class Point {
      x = 1;
    })(),
  ];
  for (const value of others) {
    assert(typeof packMessage("key", value) !== "string", Deno.inspect(value));
    assertEquals(travelPacked(value), structuredClone(value));
  }
  assert(Object.is(travelPacked(-0), -0));
  assertEquals(travelPacked("a-b".match(/a/))!.index, 0);
  const [first, second] = travelPacked([shared, shared]);
  assert(first === second);
  const texts: unknown[] = [null, true, 0, 1.5, "\ud800 ü", [], [[1, [2]]], { a: { b: [null] } }];
  texts.push(JSON.parse('{"__proto__": 1, "2": "b", "1": "a"}'), Object.create(null));
  for (const value of texts) {
    assert(typeof packMessage("key", value) === "string", Deno.inspect(value));
    assertEquals(travelPacked(value), structuredClone(value));
    assertEquals(Object.keys(travelPacked({ value })), ["value"]);
  }
});

Deno.test("large buffers are copied once, to be moved, and stay with the sender", () => {
  const buffer = new ArrayBuffer(100_000);
  const value = {
    whole: new Uint8Array(buffer).fill(7),
    wider: new Float64Array(buffer),
    part: new Uint8Array(buffer, 8, 80_000),
    small: new Uint8Array(8),
    buffer,
  };
  const { value: copy, moved } = toPortable(value, "it", "move");
  const { whole, wider, part, small, buffer: bare } = structuredClone(copy as typeof value, {
    transfer: moved!,
  });
  assertEquals(buffer.byteLength, 100_000);
  assertEquals({ whole, wider, part, small, buffer: bare }, value);
  assert(whole.buffer === bare && wider.buffer === bare);
  assertEquals(part.buffer.byteLength, 80_000);
  assertEquals(moved!.length, 2);
});

Deno.test("whatever bytes come, decoding them gives messages or ChannelBroken", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    try {
      decodeMessages(bytes);
    } catch (error) {
      assertInstanceOf(error, ChannelBroken);
    }
  }));
});

Deno.test("a message with some bytes changed gives messages or ChannelBroken", () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(anything, changes, (value, changes) => {
    const bytes = Uint8Array.from(encodeMessages([wireMessage("key", { value, e: Error("x") })]));
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
    let messages: WireMessage[];
    try {
      messages = decodeMessages(bytes);
    } catch (error) {
      return assertInstanceOf(error, ChannelBroken);
    }
    for (const [, data, substitutes] of messages) fromPortable(data, substitutes);
  }));
});

Deno.test("data that looks like an error on its way is not taken for one", () => {
  const { value, substitutes } = toPortable([new Error("real"), {}], "it");
  const forged = { kind: "error", type: "TypeError", message: "forged", props: {} };
  const [error, plain] = fromPortable(value, substitutes) as unknown[];
  assertInstanceOf(error, Error);
  assertEquals(plain, {});
  assertEquals(travel(forged), forged);
});

Deno.test("errors of the package come back as themselves, others with their name", () => {
  class BadRow extends Error {
    row = 3;
  }
  const input = travel(new NodeInputError("clean", "x", "is missing"));
  assertInstanceOf(input, NodeInputError);
  assertEquals(input.code, "NodeInput");
  const foreign = travel<Error>(new BadRow("bad"));
  assertInstanceOf(foreign, RemoteError);
  assertEquals([foreign.type, foreign.name, foreign.message], ["BadRow", "BadRow", "bad"]);
  assertEquals((foreign as unknown as { row: number }).row, 3);
});

Deno.test("an aggregate keeps its errors, a circle of causes ends, and what has no copy is left out", () => {
  const circle: Error & { helper?: unknown } = new RangeError("a");
  circle.cause = new Error("b", { cause: circle });
  circle.helper = () => 1;
  const aggregate = travel(new AggregateError([circle, "text"], "both"));
  assertInstanceOf(aggregate, AggregateError);
  const [first, second] = aggregate.errors;
  assertInstanceOf(first, RangeError);
  assertEquals(second, "text");
  assert(!("helper" in first));
});

Deno.test("identities and cycles within a message are kept", () => {
  const shared = { error: new Error("once") };
  const value: unknown[] = [shared, shared];
  value.push(value);
  const copy = travel(value) as [typeof shared, typeof shared, unknown];
  assert(copy[0] === copy[1]);
  assert(copy[2] === copy);
});

Deno.test("a lazy value arrives as one", () => {
  const spec = travel(new LazyPacketValueSpec("./load.ts::table", [1], { a: 2 }));
  assertInstanceOf(spec, LazyPacketValueSpec);
  assertEquals(spec.args, [1]);
});

Deno.test("what has no copy is named by its path", () => {
  const cases: [value: unknown, path: string, type: string][] = [
    [() => 1, "", "function"],
    [{ a: [Symbol("s")] }, ".a[0]", "symbol"],
    [new Map([["k", Promise.resolve()]]), '.get("k")', "Promise"],
    [new URL("http://a.test"), "", "URL"],
    [[new AbortController().signal], "[0]", "AbortSignal"],
  ];
  for (const [value, path, type] of cases) {
    const error = assertThrows(() => toPortable(value, "it"), NotSerializableError);
    assertEquals([error.path, error.typeName], [path, type]);
  }
});

Deno.test("nesting deeper than 1,000 is refused instead of overflowing the stack", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 20_000; i++) deep = [deep];
  assertThrows(() => toPortable(deep, "it"), NotSerializableError, "deeper");
});
