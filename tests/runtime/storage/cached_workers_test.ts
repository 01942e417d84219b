import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { Net } from "@netrun/netrun";

Deno.test("14: results of workers are cached and filed like those of the main thread", async () => {
  const project = await Deno.makeTempDir();
  await Deno.writeTextFile(
    join(project, "nodes.ts"),
    `export async function slow(x: number): Promise<number[]> {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return [x, performance.now()];
    }`,
  );
  const node = (name: string, storage: Record<string, unknown>) => ({
    name,
    factory: "netrun:function",
    factory_args: { func: "./nodes.ts::slow" },
    execution_config: { pools: ["workers"], storage },
  });
  await using net = await Net.open({
    project_root_override: project,
    pools: { workers: { spec: { type: "thread", num_workers: 4 } } },
    storage: {
      cache: { enabled: true, include_nodes: ["cached"] },
      backends: { disk: { type: "local", base_path: "data" } },
      file_storage_metadata_path: "meta",
    },
    graph: {
      nodes: [node("cached", {}), node("filed", { file_storage: { backend: "disk" } })],
    },
  });
  const outcomes: string[] = [];
  net.onEpochEnd((name, _id, { outcome }) => outcomes.push(`${name} ${outcome}`));
  for (const name of ["cached", "filed"]) net.injectData(name, "x", [1, 1, 1]);
  await net.runUntilBlocked();
  assertEquals(outcomes.sort(), [
    "cached cache_hit",
    "cached cache_hit",
    "cached success",
    "filed file_storage_hit",
    "filed file_storage_hit",
    "filed success",
  ]);
  for (const name of ["cached", "filed"]) {
    const [first, ...others] = net.flushOutputQueue(`${name}::out`);
    assertEquals(others, [first, first]);
  }
  await net.close();
  await Deno.remove(project, { recursive: true });
});
