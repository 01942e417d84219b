import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { NotSerializableError } from "../../../runtime/packets/error.ts";
import {
  MissingStorageDependencyError,
  StoredValueCorruptError,
  UnsupportedSerializationError,
} from "../../../runtime/storage/error.ts";
import {
  deserialize,
  getFileExtension,
  serialize,
} from "../../../runtime/storage/serialization.ts";

async function roundTrip(value: unknown, method: string): Promise<unknown> {
  return await deserialize(await serialize(value, method), method);
}

Deno.test("structured keeps all that structured clone keeps", async () => {
  const value = {
    list: [1, , -0, NaN, undefined, null, 10n, "\ud800"],
    date: new Date(5),
    map: new Map<unknown, unknown>([[{ k: 1 }, new Set([1])]]),
    pattern: /a+/gi,
    bytes: new Uint8Array([1, 2, 3]),
    doubles: new Float64Array([0.5, -0]),
    view: new DataView(new ArrayBuffer(3)),
    error: new TypeError("bad", { cause: [1] }),
  };
  const back = await roundTrip(value, "structured") as typeof value;
  assertEquals(back, value);
  assertEquals(1 in back.list, false);
  assertEquals(Object.is(back.list[2], -0), true);
  assertEquals(back.error.stack, value.error.stack);
  // A view alone must not keep all the bytes that it was read from.
  assertEquals(back.bytes.buffer.byteLength, 3);
});

Deno.test("structured keeps cycles and what is shared", async () => {
  const shared = {};
  const value: Record<string, unknown> = { a: shared, b: shared };
  value.self = value;
  const back = await roundTrip(value, "pickle") as Record<string, unknown>;
  assertEquals(back.a === back.b && back.self === back, true);
});

Deno.test("what would come back changed is refused by its path, never stored", async () => {
  class Point {
    x = 1;
  }
  class OwnError extends Error {}
  const bad: [unknown, string][] = [
    [[new Point()], "[0]"],
    [{ f() {} }, ".f"],
    [{ at: new URL("file:///x") }, ".at"],
    [[Promise.resolve()], "[0]"],
    [{ e: new OwnError("x") }, ".e"],
    [{ e: new AggregateError([1]) }, ".e"],
    [{ e: Object.assign(new Error("x"), { code: 1 }) }, ".e"],
    [[Object.assign([1], { name: "x" })], "[0]"],
    [new SharedArrayBuffer(1), ""],
    [new Uint8Array(new SharedArrayBuffer(1)), ""],
    [{ [Symbol("s")]: 1 }, ""],
  ];
  for (const [value, path] of bad) {
    const error = await assertRejects(() => serialize(value, "structured"), NotSerializableError);
    assertEquals(error.path, path);
  }
});

Deno.test("20: any data comes back equal from structured, and from JSON or not at all", async () => {
  const data = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
  });
  await fc.assert(fc.asyncProperty(data, async (value) => {
    assertEquals(await roundTrip(value, "structured"), value);
    for (const method of ["json", "msgpack"]) {
      const bytes = await serialize(value, method).catch((error) => {
        if (error instanceof NotSerializableError) return undefined;
        throw error;
      });
      if (bytes) assertEquals(await deserialize(bytes, method), value);
    }
  }));
});

Deno.test("JSON and MessagePack refuse what they would drop or change", async () => {
  for (const value of [undefined, [undefined], { a: NaN }, -0, 1n, new Map(), new Date()]) {
    await assertRejects(() => serialize(value, "json"), NotSerializableError);
  }
  for (const value of [undefined, -0, 1n, new Map(), new Set(), () => 1]) {
    await assertRejects(() => serialize(value, "msgpack"), NotSerializableError);
  }
  assertEquals(
    await serialize({ a: [1, "x", new Uint8Array([7])] }, "msgpack"),
    new Uint8Array([0x81, 0xa1, 0x61, 0x93, 1, 0xa1, 0x78, 0xc4, 1, 7]),
  );
});

Deno.test("texts and bytes are stored as such", async () => {
  assertEquals(await serialize("Grüße", "str"), new TextEncoder().encode("Grüße"));
  assertEquals(await roundTrip(new Uint8Array([1]), "binary"), new Uint8Array([1]));
  await assertRejects(() => serialize(1, "str"), NotSerializableError);
  await assertRejects(() => serialize("text", "binary"), NotSerializableError);
});

Deno.test("arrays of numbers keep type and shape in numpy and safetensors files", async () => {
  const flat = new Float32Array([1, 2.5, -3]);
  const table = { data: new Int16Array([1, 2, 3, 4, 5, 6]), shape: [2, 3] };
  assertEquals(await roundTrip(flat, "numpy"), flat);
  assertEquals(await roundTrip(table, "numpy"), table);
  assertEquals({ ...await roundTrip({ flat, table }, "safetensors") as object }, { flat, table });
  const bytes = await serialize(flat, "numpy");
  assertEquals((bytes.length - flat.byteLength) % 64, 0);
  assertEquals(
    new TextDecoder("latin1").decode(bytes).slice(10, 70),
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }   ",
  );
  for (const value of [[1, 2], { data: flat, shape: [2] }, ["x"]]) {
    await assertRejects(() => serialize(value, "numpy"), NotSerializableError);
  }
});

Deno.test("records become CSV and come back as texts", async () => {
  const rows = [{ a: 1, b: 'x,"y"' }, { a: true, b: "line\nbreak" }];
  assertEquals(await roundTrip(rows, "pandas_csv"), [
    { a: "1", b: 'x,"y"' },
    { a: "true", b: "line\nbreak" },
  ]);
  const error = await assertRejects(
    () => serialize([{ a: 1 }, { c: 1 }], "polars_csv"),
    NotSerializableError,
  );
  assertEquals(error.path, "[1].c");
});

Deno.test("damaged bytes are reported as damaged", async () => {
  const bytes = await serialize([1, "x"], "structured");
  const newer = bytes.slice();
  newer[1] = 99;
  for (
    const [method, damaged] of [
      ["structured", bytes.slice(0, -2)],
      ["structured", newer],
      ["structured", new Uint8Array()],
      ["json", new Uint8Array([123])],
      ["numpy", new Uint8Array(3)],
      ["safetensors", new Uint8Array(20).fill(255)],
      ["msgpack", new Uint8Array([0xc1])],
    ] as const
  ) {
    await assertRejects(() => deserialize(damaged, method), StoredValueCorruptError);
  }
});

Deno.test("every name has its extension, and unusable ones say what to do", async () => {
  assertEquals(["pickle", "json", "msgpack"].map(getFileExtension), [".v8", ".json", ".msgpack"]);
  await assertRejects(() => serialize(1, "torch"), UnsupportedSerializationError, "never run");
  await assertRejects(() => serialize(1, "toString"), UnsupportedSerializationError, "there are");
  await assertRejects(() => serialize(1, "feather"), MissingStorageDependencyError, "codec");
});
