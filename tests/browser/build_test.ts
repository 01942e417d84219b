import { assertEquals } from "@std/assert";
import { callMain } from "../cli/_program.ts";
import { browserTest, dragEdge, edge, nodeOf } from "./_browser.ts";

browserTest(
  "a net is built from nothing out of functions of the project, saved, and run by the program",
  {
    "net.netrun.json": { graph: { nodes: [], edges: [] } },
    "nodes.ts": `
      export function numbers(limit: number): number[] {
        return Array.from({ length: limit }, (_, i) => i);
      }
      export function total(values: number[]): number {
        return values.reduce((sum, value) => sum + value, 0);
      }`,
  },
  async ({ page, save, json, folder }) => {
    await page.getByText("An empty graph").waitFor();
    await page.getByRole("button", { name: "Factories" }).click();
    for (const name of ["numbers", "total"]) {
      await page.getByRole("button", { name: `./nodes.ts::${name}` }).click();
      await nodeOf(page, name).waitFor();
    }
    await page.keyboard.press("Control+Shift+L");
    await dragEdge(page, ["numbers", "out"], ["total", "values"]);
    await save();
    const { nodes, edges } = json("net.netrun.json").graph;
    assertEquals(edges, [edge("numbers.out", "total.values")]);
    for (const { name, factory, factory_args, extra, ...rest } of nodes) {
      assertEquals(factory_args, { func: `./nodes.ts::${name}` });
      assertEquals([factory, Object.keys(extra), Object.keys(rest)], [
        "netrun.node_factories.function",
        ["ui"],
        [],
      ]);
    }
    const { code, stdout, stderr } = await callMain(
      ["run", "net.netrun.json", "--input", "numbers.limit=5"],
      { cwd: folder.root },
    );
    assertEquals([code, JSON.parse(stdout).outputs], [0, { "total::out": [10] }], stderr);
  },
);
