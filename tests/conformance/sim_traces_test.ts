import { assertEquals } from "@std/assert";
import { Graph, type GraphSpec } from "@netrun/netrun/sim";
import { readJsonLines, type TraceHeader, type TraceLine, TraceRun } from "./sim_trace.ts";

const traces = new URL("traces/", import.meta.url);

for (const folder of ["./", "decided/"]) {
  const names = Array.from(Deno.readDirSync(new URL(folder, traces)), (entry) => entry.name)
    .filter((name) => name.endsWith(".jsonl.gz"));
  for (const name of names.sort()) {
    Deno.test(`the recorded run ${folder}${name} is reproduced in every field`, async () => {
      const [header, ...lines] = await readJsonLines(new URL(folder + name, traces)) as [
        TraceHeader,
        ...TraceLine[],
      ];
      assertEquals(header.format, "netrun-sim-trace");
      const run = new TraceRun(header.graph);
      for (const line of lines) {
        try {
          run.check(line);
        } catch (error) {
          throw new Error(`Line ${line.i}, ${JSON.stringify(line.action)}`, { cause: error });
        }
      }
    });
  }
}

Deno.test("validate() finds exactly what is wrong with each recorded graph", async () => {
  const [header, ...cases] = await readJsonLines(new URL("graphs/cases.jsonl.gz", traces)) as [
    { count: number },
    ...{ i: number; graph: GraphSpec; errors: unknown[] }[],
  ];
  assertEquals(cases.length, header.count);
  for (const { i, graph, errors } of cases) {
    const issues = new Graph(graph).validate().map(({ message: _, ...fields }) => fields);
    assertEquals(issues, errors, `graph ${i}`);
  }
});
