import { assertEquals } from "@std/assert";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest, edge, nodeOf } from "./_browser.ts";

const AXE = "npm:axe-core@4.14.1";
const at = (x: number, y: number) => ({ extra: { ui: { position: { x, y } } } });

/** A net with something in every panel. */
const NET = {
  pools: { main: {}, far: { spec: { type: "remote", token: "t" } } },
  node_vars: { v: { value: 1, type: "int", options: [1, 2] }, w: { type: "json", value: "[]" } },
  output_queues: { q: { ports: [["n", "out"], ["gone", "out"]] } },
  storage: { backends: { b: { type: "ssh", password: "p" } }, cache: { enabled: true } },
  recipes: { tidy: { path: "./tidy.ts" } },
  retries: { $env: "RETRIES", default: 2 },
  graph: {
    nodes: [
      {
        name: "n",
        description: "What it does",
        in_ports: { in: { gather: { until: "done" } } },
        out_ports: { out: {} },
        in_salvo_conditions: {
          c: {
            max_salvos: { type: "finite", max: 1 },
            ports: { in: { type: "count", count: 1 } },
            term: {
              type: "and",
              terms: [{ type: "true" }, { type: "not", term: { type: "false" } }],
            },
          },
        },
        execution_config: {
          pools: ["nowhere"],
          error_port: "bad",
          signals: ["epoch_failed"],
          storage: { file_storage: { backend: "b" } },
          node_vars: { v: { inherit: true } },
        },
        ...at(0, 0),
      },
      { name: "pair", factory: "netrun:join", factory_args: { gone: 1 }, ...at(300, 0) },
      {
        name: "part",
        nodes: [{ name: "step", in_ports: { in: {} } }],
        edges: [],
        exposed_in_ports: { go: { internal_node: "step", internal_port: "in" } },
        ...at(600, 0),
      },
    ],
    edges: [{ ...edge("n.out", "part.go"), dependency: true }],
    extra: {
      ui: { actions: [{ id: "a", label: "List", command: "ls $PROJECT_ROOT" }] },
      decorations: [{ id: "d", decorationType: "label", text: "Note", position: { x: 0, y: 300 } }],
    },
  },
};

async function violations(page: Page): Promise<string[]> {
  const { default: axe } = await import(AXE);
  await page.evaluate(`${axe.source};0`);
  return await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any -- the page's own axe
    const { violations } = await (globalThis as any).axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"],
    });
    return violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
      `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`
    );
  });
}

for (const theme of ["dark", "light", "high contrast"]) {
  browserTest(
    `every panel of the ${theme} inspector, opened, keeps the rules of accessibility`,
    { "net.netrun.json": NET },
    async ({ page, command }) => {
      await nodeOf(page, "n").waitFor();
      await command(`Theme: ${theme}`);
      const openAll = () =>
        page.locator(".inspector details").evaluateAll((all) => {
          for (const details of all) (details as HTMLDetailsElement).open = true;
        });
      const check = async (what: string) => {
        await openAll();
        assertEquals(await violations(page), [], what);
      };
      await check("net");
      await nodeOf(page, "n").click();
      await page.getByLabel("Name", { exact: true }).waitFor();
      await openAll();
      await page.getByRole("radio", { name: "Tree" }).click();
      await page.getByRole("button", { name: "More about port in" }).click();
      await check("node");
      await nodeOf(page, "pair").click();
      await page.locator(".inspector .warning").waitFor();
      await check("factory");
      await nodeOf(page, "part").click();
      await page.getByRole("button", { name: "Expand in place" }).waitFor();
      await check("subgraph");
      await nodeOf(page, "n").click({ modifiers: ["Control"] });
      await page.getByText("2 selected").first().waitFor();
      await check("several");
      await page.getByLabel("Edge from n out to part go").focus();
      await page.keyboard.press("Enter");
      await check("edge");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await check("keys");
    },
  );
}
