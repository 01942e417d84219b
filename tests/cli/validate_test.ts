import { assertEquals, assertStringIncludes } from "@std/assert";
import { callMain } from "./_program.ts";
import { project } from "./_project.ts";

Deno.test("a function on values as exec_node_func is warned about, by validate and by run", async () => {
  const nodeWith = (name: string) => ({
    name,
    in_ports: { row: {} },
    execution_config: { exec_node_func: `./nodes.ts::${name}` },
  });
  await using folder = await project({
    "net.netrun.json": { graph: { nodes: [nodeWith("double"), nodeWith("eat")] } },
    "nodes.ts": "export const double = (row) => 2 * row;\n" +
      "export const eat = (ctx, packets) => ctx.consumePacket(packets.row[0]);",
  });
  const { code, stdout } = await callMain(["validate"], { cwd: folder.path });
  const { valid, warnings } = JSON.parse(stdout);
  assertEquals([code, valid, warnings.length], [0, true, 1]);
  const [{ type, loc, line, msg }] = warnings;
  assertEquals([type, loc], ["not_raw", "graph → nodes → 0 → execution_config → exec_node_func"]);
  assertEquals(typeof line, "number");
  assertStringIncludes(msg, "`./nodes.ts::double` takes (row)");
  assertStringIncludes(msg, "netrun:function");
  const run = await callMain(["run"], { cwd: folder.path });
  assertStringIncludes(run.stderr, "`./nodes.ts::double` takes (row)");
});
