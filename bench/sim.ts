/**
 * Runs one workload on the simulator and prints one line of JSON, as `sim-rust/` does.
 *
 * The first run is not measured, but printed as `cold_epochs_per_s`; the figures are those of the
 * median of the runs after it.
 *
 * Usage: `deno task bench:sim WORKLOAD SIZE PACKETS`
 *
 * @module
 */
import { type Run, type Workload, WorkloadRunner, WORKLOADS } from "./sim_workloads.ts";

/** For how long the workload is run again and again once it is warm. */
const MEASURED_MS = 2000;

if (import.meta.main) {
  const [workload, size, packets] = [Deno.args[0] as Workload, +Deno.args[1]!, +Deno.args[2]!];
  if (!WORKLOADS.includes(workload) || !(size >= 1) || !(packets >= 1)) {
    console.error(`usage: bench:sim ${WORKLOADS.join("|")} SIZE PACKETS`);
    Deno.exit(2);
  }
  const cold = new WorkloadRunner(workload, size).run(packets);
  const runner = new WorkloadRunner(workload, size);
  const { run, runs } = runWarm(runner, packets);
  console.log(JSON.stringify({
    impl: "@netrun/netrun",
    workload,
    size,
    packets,
    epochs: run.epochs,
    seconds: round(run.seconds),
    epochs_per_s: Math.round(run.epochs / run.seconds),
    build_s: round(runner.buildSeconds),
    warm: true,
    runs,
    cold_epochs_per_s: Math.round(cold.epochs / cold.seconds),
  }));
}

/** The median of as many runs as fit: the shortest workloads are over before code is compiled. */
function runWarm(runner: WorkloadRunner, packets: number): { run: Run; runs: number } {
  const runs: Run[] = [];
  const end = performance.now() + MEASURED_MS;
  while (runs.length === 0 || performance.now() < end) {
    runs.push(runner.run(packets));
  }
  runs.sort((a, b) => a.seconds - b.seconds);
  return { run: runs[runs.length >> 1]!, runs: runs.length };
}

function round(seconds: number): number {
  return Number(seconds.toFixed(6));
}
