/**
 * `deno task demo [--rows N]`: runs the weather net, if asked on so many rows of made-up years.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { Net } from "@netrun/netrun";

const here = import.meta.dirname!;
const { rows } = parseArgs(Deno.args, { string: ["rows"] });
const file = `${here}/weather.netrun.toml`;
if (rows === undefined) {
  const { main } = await import("../../cli/main.ts");
  Deno.exit(await main(["run", file]));
}

const count = Number(rows);
if (!Number.isInteger(count) || count < 1) {
  console.error(`--rows takes a number of rows, got ${rows}`);
  Deno.exit(2);
}
const folder = await Deno.makeTempDir({ prefix: "netrun-demo-" });
try {
  const [table, report] = [`${folder}/weather.csv`, `${folder}/report.md`];
  await writeRows(table, count);
  const start = performance.now();
  await runNet({ rows: table, report });
  const seconds = (performance.now() - start) / 1000;
  const lines = (await Deno.readTextFile(report)).trimEnd().split("\n");
  console.log([...lines.slice(0, 6), `… ${lines.length} lines in all`].join("\n"));
  console.log(`${count} rows in ${seconds.toFixed(1)} s, at most ${peakMB().toFixed(0)} MB`);
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function runNet(globalNodeVars: Record<string, string>): Promise<void> {
  await using net = await Net.fromFile(file, { globalNodeVars });
  await net.init();
  net.createEpoch("read", "default");
  await net.runUntilBlocked();
}

/** Writes the table again and again, each time four years later, until there are `count` rows. */
async function writeRows(path: string, count: number): Promise<void> {
  const text = await Deno.readTextFile(`${here}/weather.csv`);
  const [head, ...days] = text.trimEnd().split("\n");
  using file = await Deno.open(path, { write: true, create: true });
  const writer = file.writable.getWriter();
  const encoder = new TextEncoder();
  await writer.write(encoder.encode(`${head}\n`));
  for (let done = 0; done < count; done += days.length) {
    const later = 4 * (done / days.length);
    const lines = days.slice(0, count - done)
      .map((day) => day.replace(/\d{4}/, (year) => `${Number(year) + later}`));
    await writer.write(encoder.encode(`${lines.join("\n")}\n`));
  }
  await writer.close();
}

/** The most memory that this process has had, as far as the system tells. */
function peakMB(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))![1]) / 1024;
  } catch {
    return Deno.memoryUsage().rss / 2 ** 20;
  }
}
