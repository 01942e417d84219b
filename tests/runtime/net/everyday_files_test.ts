import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { RecordFormatError } from "../../../runtime/formats/error.ts";
import { fn, made, openFlow } from "./everyday_fixture.ts";
import { record } from "./net_fixture.ts";

const MEGABYTE = 2 ** 20;
const ROWS = 200_000;

Deno.test("11: CSV with quotes, CRLF and a byte order mark arrives as it was meant", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/rows.csv`;
  await Deno.writeTextFile(path, table(1000));
  await using net = await openFlow([made("read", "read", { path, cast: true })]);
  net.createEpoch("read", "default");
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("read::out"), Array.from({ length: 1000 }, (_, id) => row(id)));
});

Deno.test("11: what `write` wrote of such rows reads as the same", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/rows.csv`;
  const rows = Array.from({ length: 1000 }, (_, id) => row(id));
  {
    await using net = await openFlow([made("write", "write", { path })]);
    net.injectData("write", "in", rows);
    await net.runUntilBlocked();
  }
  assertEquals(folder.names(), ["rows.csv"]);
  await using net = await openFlow([made("read", "read", { path, cast: true })]);
  net.createEpoch("read", "default");
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("read::out"), rows);
});

Deno.test("11: a bad row deep in the file is named by file and line, after all rows before it", async () => {
  await using folder = await tempFolder();
  const path = `${folder.path}/rows.csv`;
  const before = table(5000);
  await Deno.writeTextFile(path, `${before}5000,no note\r\n${rowText(5001)}`);
  const seen: unknown[] = [];
  await using net = await openFlow(
    [made("read", "read", { path }), fn("take", (row: unknown) => void seen.push(row))],
    ["read.out>take.row"],
  );
  net.createEpoch("read", "default");
  const { cause } = await assertRejects(() => net.runUntilBlocked()) as Error;
  assert(cause instanceof RecordFormatError, String(cause));
  assertEquals([cause.source, cause.line], [path, before.split("\n").length]);
  assertStringIncludes(cause.message, `${path}:${cause.line}: `);
  await net.runUntilBlocked();
  assertEquals(seen.length, 5000);
});

Deno.test("11: a file of any length is read with the same memory", async () => {
  const used = await memoryOfReading(ROWS, 100, [ROWS / 4, ROWS]);
  assertEquals(used.map(({ rows }) => rows), [ROWS / 4, ROWS]);
  const [quarter, all] = used as [Used, Used];
  assert(all.rss - quarter.rss < 24 * MEGABYTE, JSON.stringify(used));
  assert(all.heap - quarter.heap < 2 * MEGABYTE, JSON.stringify(used));
});

Deno.test("11: without `batch` nothing of a record stays but that it was sent", async () => {
  const used = await memoryOfReading(70_000, 1, [20_000, 60_000]);
  assertEquals(used.map(({ rows }) => rows), [20_000, 60_000]);
  const [few, most] = used as [Used, Used];
  // The epoch that sends them knows its salvos until it ends.
  assert((most.heap - few.heap) / 40_000 < 300, JSON.stringify(used));
});

Deno.test({
  name: "11: a process killed while it writes leaves the part alone, and the file as it was",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await tempFolder();
    const path = `${folder.path}/rows.jsonl`;
    await Deno.writeTextFile(path, "as it was\n");
    await using child = inChild("write", path);
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      if (text.includes("1000 records")) break;
    }
    child.kill("SIGKILL");
    assertEquals((await child.status).signal, "SIGKILL");
    const part = `rows.jsonl.${child.pid}.part`;
    assertEquals(folder.names(), ["rows.jsonl", part]);
    assertEquals(await Deno.readTextFile(path), "as it was\n");
    const lines = (await Deno.readTextFile(`${folder.path}/${part}`)).split("\n").slice(0, 1000);
    assertEquals(
      lines.map((line) => JSON.parse(line)),
      lines.map((_, n) => ({ n, note: `"${n}",\r\n` })),
    );
  },
});

Deno.test("12: one kept process answers ten thousand epochs", async () => {
  await using net = await openFlow([{
    ...made("double", "command", { command: await doubling(), keep_alive: true }),
    out_ports: { pid: {} },
  }]);
  const numbers = Array.from({ length: 10_000 }, (_, n) => n);
  net.injectData("double", "in", numbers);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("double::out"), numbers.map((n) => n * 2));
  assertEquals(new Set(net.flushOutputQueue("double::pid")).size, 1);
});

Deno.test({
  name:
    "12: a kept process killed in the middle is started again, and only that attempt is retried",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await tempFolder();
    await using net = await openFlow([{
      ...made("double", "command", {
        command: await doubling(),
        env: { DIE_ONCE_AT: "500", DIED: `${folder.path}/died` },
        keep_alive: true,
      }),
      out_ports: { pid: {} },
      execution_config: { retries: 1 },
    }]);
    const { ends } = record(net);
    const numbers = Array.from({ length: 1000 }, (_, n) => n);
    net.injectData("double", "in", numbers);
    await net.runUntilBlocked();
    assertEquals(folder.names(), ["died"]);
    const answers = net.flushOutputQueue("double::out") as number[];
    assertEquals(answers.toSorted((a, b) => a - b), numbers.map((n) => n * 2));
    assertEquals(new Set(net.flushOutputQueue("double::pid")).size, 2);
    const retried = ends.filter(({ retryCount }) => retryCount > 0);
    assertEquals([ends.length, retried.length], [1000, 1]);
  },
});

/** What a process holds after so many rows, in bytes. */
interface Used {
  rows: number;
  rss: number;
  heap: number;
}

/** A temporary folder that goes with its scope. */
async function tempFolder(): Promise<AsyncDisposable & { path: string; names(): string[] }> {
  const path = await Deno.makeTempDir();
  return {
    path,
    names: () => Array.from(Deno.readDirSync(path), ({ name }) => name).sort(),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

function row(id: number): Record<string, unknown> {
  return { id, city: 'New "York", NY', note: `line one\r\nline ${id}x` };
}

function rowText(id: number): string {
  return `${id},"New ""York"", NY","line one\r\nline ${id}x"\r\n`;
}

/** A table as spreadsheets write it. */
function table(rows: number): string {
  const texts = Array.from({ length: rows }, (_, id) => rowText(id));
  return `\ufeffid,city,note\r\n${texts.join("")}`;
}

/** Reads a long table in a process of its own. */
async function memoryOfReading(
  rows: number,
  batch: number,
  marks: number[],
): Promise<Used[]> {
  await using folder = await tempFolder();
  const path = `${folder.path}/rows.csv`;
  await Deno.writeTextFile(path, table(rows));
  await using child = inChild("read", path, batch, ...marks);
  const printed = await new Response(child.stdout).text();
  assert((await child.status).success, printed);
  return JSON.parse(printed);
}

/** Starts `_everyday_files_child.ts` with these arguments. */
function inChild(...args: (string | number)[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--v8-flags=--expose-gc,--heap-growing-percent=20,--max-semi-space-size=2",
      new URL("_everyday_files_child.ts", import.meta.url).href,
      ...args.map(String),
    ],
    stdout: "piped",
  }).spawn();
}

/** A program that doubles numbers: in Python where there is one. */
async function doubling(): Promise<string[]> {
  try {
    const { success } = await new Deno.Command("python3", { args: ["--version"] }).output();
    if (success) return ["python3", "-c", PYTHON];
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return [Deno.execPath(), "eval", SCRIPT];
}

const PYTHON = `
import json, os, sys
for line in sys.stdin:
    n = json.loads(line)["in"]
    if str(n) == os.environ.get("DIE_ONCE_AT") and not os.path.exists(os.environ["DIED"]):
        open(os.environ["DIED"], "w").close()
        os.kill(os.getpid(), 9)
    print(json.dumps({"out": n * 2, "pid": os.getpid()}))
`;

const SCRIPT = `
import { createInterface } from "node:readline";
import { closeSync, existsSync, openSync } from "node:fs";
import process from "node:process";
for await (const line of createInterface({ input: process.stdin })) {
  const { in: n } = JSON.parse(line);
  if (String(n) === process.env.DIE_ONCE_AT && !existsSync(process.env.DIED)) {
    closeSync(openSync(process.env.DIED, "w"));
    process.kill(process.pid, "SIGKILL");
    await new Promise(() => setTimeout(() => {}, 60_000));
  }
  console.log(JSON.stringify({ out: n * 2, pid: process.pid }));
}
`;
