import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("_run_project.ts", import.meta.url));

/** Runs the net of a project in a process of its own; returns the outcomes by node. */
async function run(project: string): Promise<Record<string, string>> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", program, join(project, "net.netrun.toml")],
  }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr));
  return JSON.parse(decoder.decode(stdout));
}

const net = `
[storage.cache]
enabled = true
include_all_nodes = true
storage_path = ".netrun/cache"

[[graph.nodes]]
name = "one"
factory = "netrun:function"
factory_args = { func = "./nodes.ts::one" }

[[graph.nodes]]
name = "two"
factory = "netrun:function"
factory_args = { func = "./nodes.ts::two" }
`;

const nodes = `import { helper } from "./helper.ts";
export const one = (x: number) => helper(x) + 1;
export const two = (x: number) => helper(x) + 2;
`;

Deno.test("10: editing one function reruns its node, editing a helper reruns both, a restart neither", async () => {
  const project = await Deno.makeTempDir();
  const write = (name: string, text: string) => Deno.writeTextFile(join(project, name), text);
  await write("net.netrun.toml", net);
  await write("nodes.ts", nodes);
  await write("helper.ts", "export const helper = (x: number) => 2 * x;");
  assertEquals(await run(project), { one: "success", two: "success" });
  assertEquals(await run(project), { one: "cache_hit", two: "cache_hit" });
  await write("nodes.ts", nodes.replace("+ 1", "+ 10"));
  assertEquals(await run(project), { one: "success", two: "cache_hit" });
  await write("helper.ts", "export const helper = (x: number) => 3 * x;");
  assertEquals(await run(project), { one: "success", two: "success" });
  await Deno.remove(project, { recursive: true });
});
