import { assertEquals } from "@std/assert";
import { filesOfNet } from "../../runtime/tools/watched_files.ts";
import { CTRL_C, hasTerminal, openTerminal } from "./_terminal.ts";
import { functionNode, project } from "./_project.ts";

const files = {
  "net.netrun.json": {
    graph: {
      nodes: [functionNode("make"), { name: "S", type: "subgraph", path: "./sub.graph.json" }],
    },
  },
  "sub.graph.json": { nodes: [], edges: [] },
  "nodes.ts":
    'import { text } from "./lib/text.ts";\nexport function make(): string { return text; }',
  "lib/text.ts": 'export const text = "first";',
  "unrelated.ts": "",
};

Deno.test("a net is made of its file, its subgraphs, its modules and what these import", async () => {
  await using folder = await project(files);
  const found = await filesOfNet(`${folder.path}/net.netrun.json`);
  assertEquals([...found].map((file) => file.slice(folder.path.length + 1)).sort(), [
    "lib/text.ts",
    "net.netrun.json",
    "nodes.ts",
    "sub.graph.json",
  ]);
});

Deno.test({
  name: "run --watch runs again after a change of an imported file, and recovers from a mistake",
  ignore: !hasTerminal,
  async fn() {
    await using folder = await project(files);
    await using terminal = openTerminal("netrun run --watch --compact", folder.path);
    await terminal.shows('["first"]');
    await terminal.shows("Waiting for changes in 4 files");
    await folder.write("lib/text.ts", "export const text = ;");
    await terminal.shows("lib/text.ts changed: run again");
    await terminal.shows("Error:");
    await folder.write("lib/text.ts", 'export const text = "second";');
    await terminal.shows('["second"]');
    await terminal.type(CTRL_C);
    assertEquals((await terminal.end()).code, 130);
  },
});
