/**
 * `deno task bench:storage [hits|index|large|hash]`: what stored results cost, as JSON lines.
 *
 * @module
 */
import { join } from "node:path";
import { Net } from "@netrun/netrun";
import { openBackend } from "../runtime/storage/open_backend.ts";
import { hashBytes, type HashMethod } from "../runtime/storage/hashing.ts";
import { serialize } from "../runtime/storage/serialization.ts";
import { writeCompressed } from "../runtime/storage/write_compressed.ts";
import { keyOf, openCache, settings, storeEntry } from "../tests/runtime/storage/cache_folder.ts";

const benches: Record<string, () => Promise<void>> = { hits, index, large, hash };
const [name] = Deno.args;
if (name !== undefined && !Object.hasOwn(benches, name)) {
  console.error(`usage: bench:storage [${Object.keys(benches).join("|")}]`);
  Deno.exit(2);
}
for (const bench of name === undefined ? Object.keys(benches) : [name]) await benches[bench]!();

/** Epochs of a node of 5 ms that are computed, stored and replayed, in a folder. */
async function hits(): Promise<void> {
  await inFolder(async (folder) => {
    const epochs = 10_000;
    const open = (spinMs: number, cache: boolean) =>
      Net.open({
        project_root_override: folder,
        ...cache && { storage: { cache: { ...cacheAll, storage_path: "cache" } } },
        graph: {
          nodes: [{
            name: "work",
            factory: "netrun:function",
            factory_args: {
              func: (x: number) => {
                const endMs = performance.now() + spinMs;
                while (performance.now() < endMs);
                return { x, text: "result" };
              },
            },
          }],
        },
      });
    const cacheAll = { enabled: true, include_all_nodes: true, key_includes: ["inputs" as const] };
    const measured: Record<string, number> = {};
    for (
      const [what, spinMs, cache] of [
        ["uncached_us", 0, false],
        ["miss_us", 0, true],
        ["hit_us", 0, true],
      ] as const
    ) {
      await using net = await open(spinMs, cache as boolean);
      const values = Array.from({ length: epochs }, (_, i) => i);
      const ms = await timed(async () => {
        net.injectData("work", "x", values);
        await net.runUntilBlocked();
      });
      measured[what] = round(1000 * ms / epochs);
    }
    tell("hits", {
      epochs,
      ...measured,
      hits_per_s: Math.round(1e6 / measured.hit_us!),
      hit_as_percent_of_5_ms: round(measured.hit_us! / 50),
    });
  });
}

/** Looking entries up, without a net around. */
async function index(): Promise<void> {
  await inFolder(async (folder) => {
    const cache = openCache(join(folder, "cache"));
    const entries = 2000;
    const keys = Array.from({ length: entries }, (_, i) => `entry ${i}`);
    const storeMs = await timed(async () => {
      for (const key of keys) await storeEntry(cache, key, { key, numbers: [1, 2, 3] });
    });
    const rounds = 10;
    const hashes = keys.map(keyOf);
    const readMs = await timed(() => {
      for (let i = 0; i < rounds; i++) for (const key of hashes) cache.lookUp(key, settings);
    });
    tell("index", {
      entries,
      stores_per_s: Math.round(1000 * entries / storeMs),
      look_ups_per_s: Math.round(1000 * entries * rounds / readMs),
    });
    cache.close();
  });
}

/** A value of 100 MB, serialized, compressed and written to a folder; memory above the value itself. */
async function large(): Promise<void> {
  const megabytes = 100;
  for (const compression of [null, "gzip", "zlib", "zstd", "brotli", "lz4"]) {
    await inFolder(async (base_path) => {
      await using backend = openBackend({ type: "local", base_path });
      const value = new Uint8Array(megabytes * 1e6);
      for (let i = 0, state = 1; i < value.length; i++) {
        state = Math.imul(state, 1664525) + 1013904223;
        value[i] = state >>> 28;
      }
      const before = resetPeak();
      let size = 0;
      const ms = await timed(async () => {
        const bytes = await serialize(value, "binary");
        const level = compression === null ? undefined : 1;
        size = (await writeCompressed(backend, "value", bytes, { compression, level })).size;
      });
      tell("large", {
        megabytes,
        compression: compression ?? "none",
        written_mb: round(size / 1e6),
        mb_per_s: Math.round(1000 * megabytes / ms),
        copies_in_memory: round((peakBytes() - before) / value.length),
      });
    });
  }
}

/** Makes the most memory of this process what it has now; returns that. Only Linux counts it. */
function resetPeak(): number {
  if (Deno.build.os === "linux") Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  return peakBytes();
}

/** The most memory of this process, in bytes. */
function peakBytes(): number {
  if (Deno.build.os !== "linux") return NaN;
  return 1024 * Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1]);
}

/** Hashing 64 MB. */
async function hash(): Promise<void> {
  const bytes = new Uint8Array(64e6).map((_, i) => (i * 7) >> 3);
  for (const method of ["xxh64", "sha256", "blake2b", "crc32", "adler32"] as HashMethod[]) {
    hashBytes(bytes, method);
    const ms = await timed(() => void hashBytes(bytes, method));
    tell("hash", { method, mb_per_s: Math.round(64e3 / ms) });
  }
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "netrun-bench-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function timed(work: () => Promise<void> | void): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function tell(bench: string, figures: Record<string, unknown>): void {
  console.log(JSON.stringify({ bench, ...figures }));
}
