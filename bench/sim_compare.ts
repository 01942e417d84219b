/**
 * Builds the published crate, runs it and ours in turn, and prints the ratios of the medians.
 *
 * Usage: `deno task bench:sim:compare [ROUNDS]`; needs `cargo` on the PATH.
 *
 * @module
 */
import type { Workload } from "./sim_workloads.ts";

/** The runs, and how many times the crate's speed ours must reach. */
const CASES: readonly [workload: Workload, size: number, packets: number, goal: number][] = [
  ["pipeline", 10, 2000, 3],
  ["pipeline", 1000, 20, 10],
  ["pipeline-bulk", 10, 8000, 12],
  ["pipeline-bulk", 100, 1000, 6],
  ["idle", 1000, 2000, 10],
  ["idle", 10000, 200, 120],
  ["queue", 1, 8000, 12],
  ["fan", 100, 50, 3],
];

/** What either program prints. */
interface Line {
  epochs: number;
  epochs_per_s: number;
}

const crate = new URL("sim-rust/", import.meta.url);

async function build(): Promise<void> {
  const args = ["build", "--release", "--quiet"];
  const { success } = await new Deno.Command("cargo", { args, cwd: crate, stdout: "inherit" })
    .output();
  if (!success) throw new Error("cargo could not build bench/sim-rust: see above");
}

async function run(command: string | URL, args: string[]): Promise<Line> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  throw new Error(`${command} ${args.join(" ")} failed: ${new TextDecoder().decode(stderr)}`);
}

const runPeer = (args: string[]) => run(new URL("target/release/simbench", crate), args);
const runOurs = (args: string[]) =>
  run(Deno.execPath(), ["run", "-A", new URL("sim.ts", import.meta.url).href, ...args]);

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

function thousands(perSecond: number): string {
  return `${(perSecond / 1000).toFixed(1)} k`;
}

if (import.meta.main) {
  const rounds = Number(Deno.args[0] ?? 5);
  await build();
  console.log("| workload | size | packets | crate, epochs/s | ours, epochs/s | ratio | goal |");
  console.log("|---|---|---|---|---|---|---|");
  for (const [workload, size, packets, goal] of CASES) {
    const args = [workload, `${size}`, `${packets}`];
    const peer: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const [theirs, own] = [await runPeer(args), await runOurs(args)];
      if (theirs.epochs !== own.epochs) {
        throw new Error(
          `${args.join(" ")}: ${theirs.epochs} epochs by the crate, ${own.epochs} by us`,
        );
      }
      peer.push(theirs.epochs_per_s);
      ours.push(own.epochs_per_s);
    }
    const ratio = median(ours) / median(peer);
    console.log(
      `| ${args.join(" | ")} | ${thousands(median(peer))} | ${thousands(median(ours))} | ` +
        `${ratio.toFixed(1)}x | ${goal}x |`,
    );
  }
  const idle: Record<string, number[]> = { "100 20000": [], "10000 200": [] };
  for (let round = 0; round < rounds; round++) {
    for (const [args, figures] of Object.entries(idle)) {
      figures.push((await runOurs(["idle", ...args.split(" ")])).epochs_per_s);
    }
  }
  const [few, many] = Object.values(idle).map(median) as [number, number];
  console.log(
    `\nidle 100 20000: ${thousands(few)}; idle 10000 200: ${thousands(many)}: ` +
      `${(few / many).toFixed(2)}x apart`,
  );
}
