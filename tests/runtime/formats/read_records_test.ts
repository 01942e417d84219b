import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { RecordFormatError } from "../../../runtime/formats/error.ts";
import { formatOfPath, type RecordFormat } from "../../../runtime/formats/format.ts";
import { readRecords, readRecordsOfFile } from "../../../runtime/formats/read_records.ts";
import { recordEncoder } from "../../../runtime/formats/write_records.ts";
import { InvalidArgumentError } from "../../../sim/error.ts";

/** A stream of the text in pieces of `size` bytes, so that cuts fall anywhere. */
function streamOf(text: string | Uint8Array, size = 3): ReadableStream<Uint8Array> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return ReadableStream.from((function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
  })());
}

function readAll(
  text: string | Uint8Array,
  format: RecordFormat,
  cast = false,
): Promise<unknown[]> {
  return Array.fromAsync(readRecords(streamOf(text), { format, source: "data", cast }));
}

Deno.test("csv: quotes, line breaks in fields, CRLF, a byte order mark, empty lines", async () => {
  const text = '\uFEFFid,note\r\n1,"a ""b"", c"\r\n\r\n2,"two\r\nlines"\r\n';
  assertEquals(await readAll(text, "csv"), [
    { id: "1", note: 'a "b", c' },
    { id: "2", note: "two\r\nlines" },
  ]);
});

Deno.test("csv: each line may end in its own way", async () => {
  const records = [{ a: "1", b: "2" }, { a: "3", b: "4" }, { a: "5", b: "6" }];
  for (const [x, y] of [["\n", "\r\n"], ["\r\n", "\n"], ["\r", "\r"]]) {
    assertEquals(await readAll(`a,b${x}1,2${y}3,4${x}5,6${y}`, "csv"), records);
  }
});

Deno.test("tsv: quotes inside a field are ordinary", async () => {
  assertEquals(await readAll('id\tsize\n1\t5" pipe\n', "tsv"), [{ id: "1", size: '5" pipe' }]);
});

Deno.test("cast turns into numbers and booleans only what prints as the same text", async () => {
  const values = ["7", "-2.5", "007", "1e3", "true", "TRUE", "", "NaN", "Infinity", "0x10", "-0"];
  const records = await readAll(
    `v\n${values.map((value) => `"${value}"`).join("\n")}\n`,
    "csv",
    true,
  );
  assertEquals(
    records.map((record) => (record as { v: unknown }).v),
    [7, -2.5, "007", "1e3", true, "TRUE", "", "NaN", "Infinity", "0x10", "-0"],
  );
});

Deno.test("a column may be called __proto__", async () => {
  const [record] = await readAll("__proto__\nx\n", "csv");
  assertEquals(Object.entries(record as object), [["__proto__", "x"]]);
});

Deno.test("a bad row is named with its line, after all rows before it", async () => {
  const seen: unknown[] = [];
  const error = await assertRejects(async () => {
    const input = streamOf("a,b\n1,2\n3,4\n5\n6,7\n", 1000);
    for await (const record of readRecords(input, { format: "csv", source: "rows.csv" })) {
      seen.push(record);
    }
  }, RecordFormatError);
  assertEquals(seen.length, 2);
  assertEquals([error.source, error.line], ["rows.csv", 4]);
});

Deno.test("the line of a bad row is that of the file, whatever the fields before it hold", async () => {
  const before = 'a,b\r\n\r\n1,"x\r\ny\r\n"\r\n2,"x\ny"\r\n\r\n';
  for (const bad of ["3\r\n", '3,"x"y\r\n', '3,"x\r\n4,5\r\n6,7\r\n']) {
    const error = await assertRejects(() => readAll(`${before}${bad}`, "csv"), RecordFormatError);
    assertEquals(error.line, before.split("\n").length, error.message);
  }
});

Deno.test("an open quote and a doubled column are errors", async () => {
  await assertRejects(() => readAll('a,b\n1,"2\n', "csv"), RecordFormatError, "data:2");
  await assertRejects(() => readAll("a,a\n1,2\n", "csv"), RecordFormatError, 'called "a"');
});

Deno.test("an empty table has no records", async () => {
  assertEquals(await readAll("", "csv"), []);
  assertEquals(await readAll("a,b\n", "csv"), []);
});

Deno.test("jsonl: a value a line, blank lines skipped, bad ones named", async () => {
  assertEquals(await readAll('{"a":1}\r\n\n[2]\n"ü"', "jsonl"), [{ a: 1 }, [2], "ü"]);
  const error = await assertRejects(() => readAll("1\n{\n", "jsonl"), RecordFormatError);
  assertEquals(error.line, 2);
});

Deno.test("json: the elements of an array, or one value", async () => {
  assertEquals(await readAll("[1, [2]]", "json"), [1, [2]]);
  assertEquals(await readAll('{"a": 1}', "json"), [{ a: 1 }]);
  await assertRejects(() => readAll("[1,", "json"), RecordFormatError, "no JSON");
});

Deno.test("lines, text and bytes", async () => {
  assertEquals(await readAll("a\r\n\nb", "lines"), ["a", "", "b"]);
  assertEquals(await readAll("a\nb\n", "text"), ["a\nb\n"]);
  assertEquals(await readAll(new Uint8Array([0, 255]), "bytes"), [new Uint8Array([0, 255])]);
});

Deno.test("ending early closes the stream", async () => {
  let cancelled = false;
  const input = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("1\n")),
    cancel: () => void (cancelled = true),
  });
  for await (const _ of readRecords(input, { format: "jsonl", source: "endless" })) break;
  assert(cancelled);
});

Deno.test("a file is read in the format of its extension", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeTextFile(path, "n\n1\n2\n");
  assertEquals(await Array.fromAsync(readRecordsOfFile(path)), [{ n: "1" }, { n: "2" }]);
  for await (const _ of readRecordsOfFile(path)) break;
  await Deno.remove(path);
  await assertRejects(() => Array.fromAsync(readRecordsOfFile(path)), Deno.errors.NotFound);
});

Deno.test("an extension that says nothing asks for the format", () => {
  assertEquals(formatOfPath("x.NDJSON"), "jsonl");
  assertThrows(() => formatOfPath("data.v2/x"), InvalidArgumentError, "csv, tsv");
});

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
for (const format of ["jsonl", "json"] as const) {
  Deno.test(`${format}: what is written reads as the same`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(fc.string(), scalar)), async (records) => {
        assertEquals(await readAll(await writeAll(records, format), format), records);
      }),
      { numRuns: 50 },
    );
  });
}
for (const format of ["csv", "tsv"] as const) {
  Deno.test(`${format}: rows of any texts read as the same`, async () => {
    const unit = fc.oneof(fc.constantFrom(...'\r\n",\t a\\\ufeff'), fc.string({ maxLength: 1 }));
    const rows = fc.array(fc.tuple(fc.string({ unit }), fc.string({ unit })), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(rows, async (rows) => {
        const records = rows.map(([a, b]) => ({ a, b }));
        assertEquals(await readAll(await writeAll(records, format), format), records);
      }),
      { numRuns: 100 },
    );
  });
}

async function writeAll(records: unknown[], format: RecordFormat): Promise<Uint8Array> {
  const encoder = await recordEncoder({ format, source: "data" });
  const parts = [...records.map((record) => encoder.encode(record)), encoder.end()];
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}
