import { assert, assertEquals, assertRejects } from "@std/assert";
import { compress, decompress } from "../../../runtime/storage/compression.ts";
import { StoredValueCorruptError } from "../../../runtime/storage/error.ts";
import { hashBytes } from "../../../runtime/storage/hashing.ts";
import { deserialize, serialize } from "../../../runtime/storage/serialization.ts";

const text = "hello ".repeat(100);
const bytes = new TextEncoder().encode(text);

/** The same text, as libraries of Python compress it. */
const compressed: [method: string, by: string, hex: string][] = [
  ["gzip", "gzip", "1f8b0800000000000203cb48cdc9c957c818254749aa9200f331a20d58020000"],
  ["zlib", "zlib", "789ccb48cdc9c957c818254749aa9200edd2dc51"],
  ["zstd", "zstandard", "28b52ffd6058016d00003068656c6c6f2001004f529522"],
  [
    "zstd",
    "zstandard, without the size and with a checksum",
    "28b52ffd04006d00003068656c6c6f2001004f529522bc88f022",
  ],
  [
    "lz4",
    "lz4.frame, with all checksums",
    "04224d187c4058020000000000004a120000006f68656c6c6f200600ffff3c50656c6c6f20d7f1236a00000000e198eb90",
  ],
];

for (const [method, by, hex] of compressed) {
  Deno.test(`20: ${method}: what Python's ${by} wrote is read`, async () => {
    const read = await decompress(Uint8Array.fromHex(hex), method, { maxBytes: 1000 });
    assertEquals(new TextDecoder().decode(read), text);
  });
}

/** Programs that read a compression from their input, and that write it. */
const programs: Record<string, { read: string[]; write: string[] }> = {
  gzip: { read: ["gzip", "-dc"], write: ["gzip", "-9c"] },
  zlib: {
    read: ["python3", "-c", python("o.write(zlib.decompress(i.read()))")],
    write: ["python3", "-c", python("o.write(zlib.compress(i.read()))")],
  },
  zstd: { read: ["zstd", "-dcq"], write: ["zstd", "-cq", "--check"] },
  brotli: { read: ["brotli", "-dc"], write: ["brotli", "-c"] },
  lz4: { read: ["lz4", "-dcq"], write: ["lz4", "-cq", "-BD"] },
};

function python(code: string): string {
  return `import sys, zlib; i = sys.stdin.buffer; o = sys.stdout.buffer; ${code}`;
}

/** What a program makes of its input; undefined if it is not there. */
async function pipe(
  [program, ...args]: string[],
  input: Uint8Array,
): Promise<Uint8Array | undefined> {
  try {
    const process = new Deno.Command(program!, { args, stdin: "piped", stdout: "piped" }).spawn();
    const writing = new Blob([input as BlobPart]).stream().pipeTo(process.stdin);
    const { stdout, success } = await process.output();
    await writing;
    assert(success);
    return stdout;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

for (const [method, { read, write }] of Object.entries(programs)) {
  const isHere = await pipe(write, bytes) !== undefined;
  Deno.test({
    name: `20: ${method}: the program ${read[0]} reads what is written here, and is read here${
      isHere ? "" : ` (skipped: there is no ${read[0]})`
    }`,
    ignore: !isHere,
    async fn() {
      const random = crypto.getRandomValues(new Uint8Array(50_000));
      const large = new Uint8Array(3_000_000).map((_, i) => (i * i) >> 7);
      for (const sample of [new Uint8Array(), bytes, random, large]) {
        const hash = hashBytes(sample, "sha256");
        const there = await pipe(read, await compress(sample, method));
        assertEquals(hashBytes(there!, "sha256"), hash);
        const foreign = await pipe(write, sample);
        const here = await decompress(foreign!, method, { maxBytes: 3_000_000 });
        assertEquals(hashBytes(here, "sha256"), hash);
      }
    },
  });
}

Deno.test("20: msgpack: what Python's msgpack wrote is read, and the same is written here", async () => {
  const value = {
    a: [1, -1, 2 ** 32, -(2 ** 31), 1.5, true, null],
    s: "Grüße 🎈",
    b: new Uint8Array([0, 255]),
    d: { x: {} },
    long: "y".repeat(40),
    big: 2 ** 53 - 1,
  };
  const hex =
    "86a1619701ffcf0000000100000000d280000000cb3ff8000000000000c3c0a173ac4772c3bcc39f6520" +
    "f09f8e88a162c40200ffa16481a17880a46c6f6e67d928" + "79".repeat(40) +
    "a3626967cf001fffffffffffff";
  assertEquals(await deserialize(Uint8Array.fromHex(hex), "msgpack"), value);
  assertEquals((await serialize(value, "msgpack")).toHex(), hex);
  const time = { t: new Date("2024-01-02T03:04:05.678Z") };
  assertEquals(
    await deserialize(Uint8Array.fromHex("81a174d7ffa1a5d60065937d25"), "msgpack"),
    time,
  );
  assertEquals((await serialize(time, "msgpack")).toHex(), "81a174d7ffa1a5d60065937d25");
});

/** A file of numpy with that description of itself. */
function npy(description: string, data: string): Uint8Array {
  const header = new TextEncoder().encode(description.padEnd(117) + "\n");
  return Uint8Array.fromHex(`934e554d505901007600${header.toHex()}${data}`);
}

Deno.test("20: numpy: what numpy wrote is read, and the same is written here", async () => {
  const rows = npy(
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }",
    "010002000300040005000600",
  );
  const value = { data: new Int16Array([1, 2, 3, 4, 5, 6]), shape: [2, 3] };
  assertEquals(await deserialize(rows, "numpy"), value);
  assertEquals(await serialize(value, "numpy"), rows);
});

Deno.test("20: numpy: arrays by columns are turned, arrays of objects are refused unread", async () => {
  const columns = npy(
    "{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2), }",
    "000000000000f83f000000000000084000000000000000400000000000001040",
  );
  assertEquals(await deserialize(columns, "numpy"), {
    data: new Float64Array([1.5, 2, 3, 4]),
    shape: [2, 2],
  });
  const there = Uint8Array.fromHex("000604080a0c01070305090b");
  const cube = npy(
    "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }",
    there.toHex(),
  );
  const read = await deserialize(cube, "numpy") as { data: Uint8Array };
  // Element i, j, k is at i + 2 j + 6 k there, and at 6 i + 2 j + k here.
  for (let i = 0; i < 2; i++) {
    for (let j = 0; j < 3; j++) {
      for (let k = 0; k < 2; k++) {
        assertEquals(read.data[6 * i + 2 * j + k], there[i + 2 * j + 6 * k]);
      }
    }
  }
  const objects = npy("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "80049580");
  await assertRejects(() => deserialize(objects, "numpy"), StoredValueCorruptError);
});

Deno.test("20: safetensors: what safetensors wrote is read, and what is written has its form", async () => {
  const header = '{"i":{"dtype":"I64","shape":[2,1],"data_offsets":[0,16]},' +
    '"w":{"dtype":"F32","shape":[3],"data_offsets":[16,28]}}';
  const file = Uint8Array.fromHex(
    "7000000000000000" + new TextEncoder().encode(header.padEnd(0x70)).toHex() +
      "010000000000000002000000000000000000803f00002040000040c0",
  );
  const value = {
    i: { data: new BigInt64Array([1n, 2n]), shape: [2, 1] },
    w: new Float32Array([1, 2.5, -3]),
  };
  assertEquals({ ...await deserialize(file, "safetensors") as typeof value }, value);
  const written = await serialize(value, "safetensors");
  assertEquals({ ...await deserialize(written, "safetensors") as typeof value }, value);
  const length = Number(new DataView(written.buffer).getBigUint64(0, true));
  assertEquals(length % 8, 0);
});

Deno.test("20: json: any reader reads it, in the order in which it was written", async () => {
  const value = { z: 1, a: ["Grüße", null, true, 1.5], "10": {}, "__proto__x": 0 };
  const written = await serialize(value, "json");
  const code = python("import json; o.write(json.dumps(json.load(i)).encode())");
  const read = await pipe(["python3", "-c", code], written);
  if (read) assertEquals(JSON.parse(new TextDecoder().decode(read)), value);
  assertEquals(await deserialize(written, "json"), value);
});
