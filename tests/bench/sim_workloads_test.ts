import { assertEquals } from "@std/assert";
import { type Workload, WorkloadRunner } from "../../bench/sim_workloads.ts";

Deno.test("each workload runs as many epochs as its packets pass nodes, each time", () => {
  const cases: [workload: Workload, size: number, packets: number, epochs: number][] = [
    ["pipeline", 4, 3, 12],
    ["pipeline-bulk", 4, 3, 12],
    ["idle", 7, 3, 30],
    ["queue", 1, 5, 5],
    ["fan", 4, 3, 18],
  ];
  for (const [workload, size, packets, epochs] of cases) {
    const runner = new WorkloadRunner(workload, size);
    for (let run = 0; run < 2; run++) assertEquals(runner.run(packets).epochs, epochs, workload);
  }
});
