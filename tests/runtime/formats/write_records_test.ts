import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { RecordFormatError } from "../../../runtime/formats/error.ts";
import type { RecordFormat } from "../../../runtime/formats/format.ts";
import { RecordFile } from "../../../runtime/formats/record_file.ts";
import { recordEncoder } from "../../../runtime/formats/write_records.ts";
import { InvalidArgumentError } from "../../../sim/error.ts";

async function write(format: RecordFormat, ...records: unknown[]): Promise<string> {
  const encoder = await recordEncoder({ format, source: "out" });
  const parts = [...records.map((record) => encoder.encode(record)), encoder.end()];
  return parts.map((bytes) => new TextDecoder().decode(bytes)).join("");
}

Deno.test("csv: the first record gives the columns, later ones fill what they have", async () => {
  assertEquals(
    await write(
      "csv",
      { id: 1, at: new Date(0), tags: ["a"], note: null },
      new Map<string, unknown>([["note", "x,y"], ["id", 2n]]),
    ),
    'id,at,tags,note\n1,1970-01-01T00:00:00.000Z,"[""a""]",\n2,,,"x,y"\n',
  );
});

Deno.test("csv: a key that is no column is an error, and nothing is written", async () => {
  const encoder = await recordEncoder({ format: "csv", source: "out.csv" });
  encoder.encode({ a: 1 });
  assertThrows(() => encoder.encode({ a: 1, b: 2 }), RecordFormatError, 'the key "b"');
  assertThrows(() => encoder.encode([1]), RecordFormatError, "got an array");
  assertEquals(new TextDecoder().decode(encoder.encode({ a: 2 })), "2\n");
});

Deno.test("json: one array, empty without records", async () => {
  assertEquals(await write("json", { a: 1 }, [2]), '[\n{"a":1},\n[2]\n]\n');
  assertEquals(await write("json"), "[]\n");
});

Deno.test("jsonl: values that JSON has no form for are written or refused, never lost", async () => {
  assertEquals(
    await write("jsonl", { b: new Uint8Array([1]), n: 5n, m: new Map([["k", 1]]) }, undefined),
    '{"b":{"$bytes":"AQ=="},"n":{"$bigint":"5"},"m":{"k":1}}\nnull\n',
  );
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  for (const value of [{ f: () => 1 }, NaN, cycle]) {
    await assertRejects(
      () => write("jsonl", value),
      RecordFormatError,
      "cannot be written as JSON",
    );
  }
});

Deno.test("lines, text and bytes", async () => {
  assertEquals(await write("lines", "a", 5, { b: 1 }), 'a\n5\n{"b":1}\n');
  assertEquals(await write("text", "a", "b\n"), "ab\n");
  assertEquals(await write("bytes", new Uint8Array([65]), "B"), "AB");
  await assertRejects(() => write("lines", "a\nb"), RecordFormatError, "line break");
  await assertRejects(() => write("bytes", 5), RecordFormatError, "got number");
});

Deno.test("a file appears when it is committed, not before", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/out.jsonl`;
  const file = new RecordFile(path);
  await file.write(1);
  assertEquals(names(folder), [`out.jsonl.${Deno.pid}.part`]);
  await file.commit();
  assertEquals(names(folder), ["out.jsonl"]);
  assertEquals(await Deno.readTextFile(path), "1\n");
  await file.commit();
  assertEquals(await Deno.readTextFile(path), "1\n");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a file that is left stays a part, and another writer takes another name", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/out.csv`;
  const [first, second] = [new RecordFile(path), new RecordFile(path)];
  await first.write({ a: 1 });
  await second.write({ a: 2 });
  assertEquals(await first.leave(), `${path}.${Deno.pid}.part`);
  await second.commit();
  assertEquals(names(folder), ["out.csv", `out.csv.${Deno.pid}.part`]);
  assertEquals(await Deno.readTextFile(path), "a\n2\n");
  assertEquals(await first.leave(), undefined);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("appending goes to the file at once, under the columns that it has", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  for (const record of [{ a: 1, b: 2 }, { b: 4, a: 3 }]) {
    const file = new RecordFile(path, { append: true });
    await file.write(record);
    await file.leave();
  }
  assertEquals(await Deno.readTextFile(path), "a,b\n1,2\n3,4\n");
  await Deno.remove(path);
  assertThrows(() => new RecordFile("x.json", { append: true }), InvalidArgumentError, "jsonl");
});

Deno.test("a file that could not be opened is tried again with the next record", async () => {
  const folder = await Deno.makeTempDir();
  const file = new RecordFile(`${folder}/inside/out.txt`);
  await assertRejects(() => file.write("a"), Deno.errors.NotFound);
  await Deno.mkdir(`${folder}/inside`);
  await file.write("b");
  await file.commit();
  assertEquals(await Deno.readTextFile(file.path), "b\n");
  await Deno.remove(folder, { recursive: true });
});

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
