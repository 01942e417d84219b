import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { keyOf, openCache, settings, storeEntry, valueOf } from "./cache_folder.ts";
import { enlarge, withSmallDisk } from "./small_disk.ts";

const writer = fileURLToPath(new URL("_cache_writer.ts", import.meta.url));

function startWriter(folder: string, prefix: string, count: number): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", writer, folder, prefix, `${count}`],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** All blobs of a cache, by their names. */
function blobs(folder: string): string[] {
  const root = join(folder, "blobs");
  return [...Deno.readDirSync(root)]
    .flatMap(({ name }) => [...Deno.readDirSync(join(root, name))].map(({ name }) => name));
}

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await test(join(folder, "cache"));
  await Deno.remove(folder, { recursive: true });
}

Deno.test("15: a writer that is killed 50 times leaves whole entries, and no blob without one", () =>
  withFolder(async (folder) => {
    let told = 0;
    for (let round = 0; round < 50; round++) {
      const process = startWriter(folder, `round ${round}`, 1_000_000);
      const reader = process.stdout.getReader();
      const { value } = await reader.read();
      told += new TextDecoder().decode(value).trim().split("\n").length;
      // Each round is cut at another point of its next entries.
      for (let i = 0; i < round % 5; i++) await reader.read();
      process.kill("SIGKILL");
      while (!(await reader.read()).done);
      await process.status;
    }
    const warnings: string[] = [];
    const cache = openCache(folder, { warnings });
    const entries = cache.entries({});
    assert(entries.length >= told);
    assertEquals([cache.counts("A").corrupt, warnings], [0, []]);
    for (const { row } of entries) {
      const found = cache.lookUp(row.key, settings);
      assertEquals(found?.values, [valueOf(row.epochId)]);
    }
    assertEquals(blobs(folder).length, entries.length);
    cache.close();
  }));

Deno.test("15: three processes write to one cache, and nothing is lost", () =>
  withFolder(async (folder) => {
    const processes = ["a", "b", "c"].map((prefix) => startWriter(folder, prefix, 100));
    for (const process of processes) {
      await process.stdout.pipeTo(new WritableStream());
      assert((await process.status).success);
    }
    const cache = openCache(folder);
    assertEquals([cache.entries({}).length, cache.stored("A").entries], [300, 300]);
    cache.close();
  }));

Deno.test("15: a flipped byte of a blob is a miss, and is told once", () =>
  withFolder(async (folder) => {
    const warnings: string[] = [];
    const cache = openCache(folder, { warnings });
    await storeEntry(cache, "large");
    await storeEntry(cache, "small", "x");
    const [blob] = blobs(folder);
    const path = join(folder, "blobs", blob!.slice(0, 2), blob!);
    const bytes = await Deno.readFile(path);
    bytes[100]! ^= 1;
    await Deno.writeFile(path, bytes);
    assertEquals(cache.lookUp(keyOf("large"), settings), undefined);
    assertEquals([cache.counts("A").corrupt, warnings], [1, ["cache_corrupt"]]);
    assertEquals(blobs(folder), []);
    assertEquals(cache.lookUp(keyOf("small"), settings)?.values, ["x"]);
    await storeEntry(cache, "large");
    assertEquals(cache.lookUp(keyOf("large"), settings)?.values, [valueOf("large")]);
    cache.close();
  }));

Deno.test("15: any flipped byte of an entry in the index is a miss", () =>
  withFolder(async (folder) => {
    const cache = openCache(folder);
    await storeEntry(cache, "small", { x: [1, "two"] });
    const index = new DatabaseSync(join(folder, "index.db"));
    const { record } = index.prepare("SELECT record FROM entries").get() as { record: Uint8Array };
    for (let at = 0; at < record.length; at += 7) {
      const flipped = record.slice();
      flipped[at]! ^= 1 << (at % 8);
      index.prepare("UPDATE entries SET record = ?").run(flipped);
      assertEquals(cache.lookUp(keyOf("small"), settings), undefined);
      await storeEntry(cache, "small", { x: [1, "two"] });
    }
    assertEquals(cache.counts("A").corrupt, Math.ceil(record.length / 7));
    assertEquals(cache.lookUp(keyOf("small"), settings)?.values, [{ x: [1, "two"] }]);
    index.close();
    cache.close();
  }));

Deno.test("15: an index that is garbage is moved aside, and the cache starts empty", () =>
  withFolder(async (folder) => {
    const first = openCache(folder);
    await storeEntry(first, "x");
    first.close();
    await Deno.writeTextFile(join(folder, "index.db"), "garbage".repeat(1000));
    const warnings: string[] = [];
    const cache = openCache(folder, { warnings });
    assertEquals(cache.lookUp(keyOf("x"), settings), undefined);
    assertEquals(warnings, ["cache_corrupt"]);
    await storeEntry(cache, "x");
    assertEquals(cache.lookUp(keyOf("x"), settings)?.values, [valueOf("x")]);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names.filter((name) => /^index\.db\.corrupt-\w{26}$/.test(name)).length, 1);
    cache.close();
  }));

for (const format of ['{"format": 99}', "garbage"]) {
  Deno.test(`a folder that says ${format} of its format is left alone`, () =>
    withFolder(async (folder) => {
      await Deno.mkdir(folder);
      await Deno.writeTextFile(join(folder, "format.json"), format);
      const warnings: string[] = [];
      const cache = openCache(folder, { warnings });
      await storeEntry(cache, "x");
      assertEquals(cache.lookUp(keyOf("x"), settings), undefined);
      assertEquals([warnings, cache.counts("A").skipped], [["cache_failed"], 1]);
      assertEquals([...Deno.readDirSync(folder)].length, 1);
      cache.close();
    }));
}

Deno.test("a folder that cannot be made warns once and stores nothing", async () => {
  const file = await Deno.makeTempFile();
  const warnings: string[] = [];
  const cache = openCache(join(file, "cache"), { warnings });
  for (const name of ["a", "b"]) await storeEntry(cache, name);
  assertEquals([cache.counts("A").skipped, warnings], [2, ["cache_failed"]]);
  await Deno.remove(file);
});

Deno.test("equal values share a blob, which goes with the last entry that names it", () =>
  withFolder(async (folder) => {
    const cache = openCache(folder);
    for (const name of ["a", "b"]) await storeEntry(cache, name, "same".repeat(10_000));
    assertEquals(blobs(folder).length, 1);
    cache.remove({ key: keyOf("a") });
    assertEquals(blobs(folder).length, 1);
    cache.remove({ key: keyOf("b") });
    assertEquals(blobs(folder).length, 0);
    cache.close();
  }));

Deno.test("the files of a cache are readable by their owner alone", () =>
  withFolder(async (folder) => {
    const cache = openCache(folder);
    await storeEntry(cache, "x");
    const mode = (path: string) => Deno.statSync(join(folder, path)).mode! & 0o777;
    const [blob] = blobs(folder);
    assertEquals(
      ["", "index.db", "format.json", "blobs", `blobs/${blob!.slice(0, 2)}/${blob}`].map(mode),
      [0o700, 0o600, 0o600, 0o700, 0o600],
    );
    cache.close();
  }));

withSmallDisk(
  "15: what does not fit on a full disk is skipped, until there is room",
  async (disk) => {
    const warnings: string[] = [];
    const cache = openCache(join(disk, "cache"), { warnings });
    for (let i = 0; i < 60; i++) await storeEntry(cache, `entry number ${i}`);
    const { skipped, corrupt } = cache.counts("A");
    assert(skipped > 0 && skipped < 60 && corrupt === 0);
    assert(warnings.length >= 1 && warnings.length < 10);
    assert(cache.entries({}).length > 0);
    await enlarge(disk);
    await storeEntry(cache, "after");
    assertEquals(cache.lookUp(keyOf("after"), settings)?.values, [valueOf("after")]);
    cache.close();
  },
);
