/**
 * `deno task demo [--rows N]`: runs the weather net, if asked on so many rows of made-up years.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { main } from "../../cli/main.ts";

const here = import.meta.dirname!;
const { rows } = parseArgs(Deno.args, { string: ["rows"] });
const run = ["run", `${here}/weather.netrun.toml`];
if (rows === undefined) Deno.exit(await main(run));

const count = Number(rows);
if (!Number.isInteger(count) || count < 1) {
  console.error(`--rows takes a number of rows, got ${rows}`);
  Deno.exit(2);
}
const folder = await Deno.makeTempDir({ prefix: "netrun-demo-" });
let status: number;
try {
  const table = `${folder}/weather.csv`;
  await writeRows(table, count);
  const start = performance.now();
  status = await main([...run, "--var", `rows=${table}`, "--var", `report=${folder}/report.md`]);
  const seconds = (performance.now() - start) / 1000;
  const report = (await Deno.readTextFile(`${folder}/report.md`)).split("\n");
  console.error(report.slice(0, 6).join("\n"));
  console.error(`… ${Math.max(0, report.length - 7)} lines more`);
  console.error(`${count} rows in ${seconds.toFixed(1)} s, at most ${peakMB().toFixed(0)} MB`);
} finally {
  await Deno.remove(folder, { recursive: true });
}
Deno.exit(status);

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
