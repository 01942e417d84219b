/**
 * Nets in a process of their own: `read FILE BATCH ROWS…` reads a file and prints the memory held
 * after so many rows; `write FILE` writes records for ever.
 *
 * @module
 */
import { Net } from "@netrun/netrun";
import { countTo, fn, made } from "./everyday_fixture.ts";
import { edges } from "./net_fixture.ts";

const [mode, path, ...numbers] = Deno.args as [string, string, ...string[]];
const { gc } = globalThis as unknown as { gc(): void };

if (mode === "read") await read(Number(numbers[0]), numbers.slice(1).map(Number));
else await writeForEver();

async function read(batch: number, marks: number[]): Promise<void> {
  let rows = 0;
  const used: { rows: number; rss: number; heap: number }[] = [];
  const take = (value: unknown) => {
    rows += batch === 1 ? 1 : (value as unknown[]).length;
    if (!marks.includes(rows)) return;
    gc();
    const { rss, heapUsed } = Deno.memoryUsage();
    used.push({ rows, rss, heap: heapUsed });
  };
  await using net = await open(
    [made("read", "read", { path, ...(batch === 1 ? {} : { batch }) }), fn("take", take)],
    ["read.out>take.value"],
  );
  net.createEpoch("read", "default");
  await net.runUntilBlocked();
  console.log(JSON.stringify(used));
}

async function writeForEver(): Promise<void> {
  await using net = await open(
    [fn("row", (n: number) => ({ n, note: `"${n}",\r\n` })), made("write", "write", { path })],
    ["row.out>write.in"],
  );
  let written = 0;
  net.onEpochEnd((name) => {
    if (name === "write" && ++written === 1000) console.log("1000 records");
  });
  await net.startBackground();
  await net.feed("row", "n", countTo(Infinity));
}

async function open(nodes: object[], edgeTexts: string[]): Promise<Net> {
  return await Net.open({
    print_echo_stdout: false,
    graph: { nodes, edges: edges(...edgeTexts) },
  } as never);
}
