import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { browserTest, edge, nodeOf } from "./_browser.ts";

const AXE = "npm:axe-core@4.14.1";

const NET = {
  graph: {
    nodes: [
      { name: "a", in_ports: { in: {} }, out_ports: { out: {} } },
      { name: "b", in_ports: { in: {} }, out_ports: { out: {} } },
    ],
    edges: [edge("a.out", "b.in")],
  },
};

browserTest(
  "a net is played through without its code, and undone to nothing",
  { "net.netrun.json": NET },
  async ({ page }) => {
    await nodeOf(page, "a").waitFor();
    await page.getByRole("button", { name: "Simulate" }).click();
    const panel = page.getByRole("complementary", { name: "Simulation" });
    await nodeOf(page, "a").click();
    await panel.getByText("in is non-empty").waitFor();
    assertEquals(await panel.locator(".fails").count(), 1);
    await panel.getByRole("button", { name: "Inject at in" }).click();
    assertEquals(await nodeOf(page, "a").locator(".chip").textContent(), "1");
    await panel.getByRole("button", { name: "Run until blocked" }).click();
    await panel.getByRole("button", { name: "Finish" }).click();
    await panel.getByRole("button", { name: "Step" }).click();
    await panel.locator(".epoch-list strong", { hasText: "b" }).waitFor();
    const undo = panel.getByRole("button", { name: "Undo" });
    while (await undo.isEnabled()) await undo.click();
    await panel.getByText("Nothing has happened yet.").waitFor();
    assertEquals(await page.locator(".chip").count(), 0);
  },
);

browserTest(
  "a net is made by keyboard alone: two nodes, an edge, a file",
  { "net.netrun.json": { graph: { nodes: [], edges: [] } } },
  async ({ page, save, json }) => {
    await page.getByText("An empty graph").waitFor();
    await page.keyboard.press("n");
    await nodeOf(page, "Node").waitFor();
    await page.keyboard.press("n");
    await nodeOf(page, "Node_1").waitFor();
    await page.keyboard.press("c");
    await page.getByRole("combobox", { name: "Connect" }).fill("out → Node.in");
    await page.keyboard.press("Enter");
    await save();
    assertEquals(json("net.netrun.json").graph.edges, [edge("Node_1.out", "Node.in")]);
    await page.keyboard.press("Alt+ArrowRight");
    assertEquals(await page.getByLabel("Name", { exact: true }).inputValue(), "Node");
  },
);

for (const theme of ["dark", "light", "high contrast"]) {
  browserTest(
    `nothing in the ${theme} studio breaks the rules of accessibility`,
    { "net.netrun.json": { node_vars: { key: {} }, ...NET } },
    async ({ page, command }) => {
      await nodeOf(page, "a").waitFor();
      await command(`Theme: ${theme}`);
      const check = async (what: string) => {
        const { default: axe } = await import(AXE);
        await page.evaluate(`${axe.source};0`);
        const found = await page.evaluate(async () => {
          // deno-lint-ignore no-explicit-any -- the page's own axe
          const { violations } = await (globalThis as any).axe.run(document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"],
          });
          return violations.map((violation: { id: string; nodes: { html: string }[] }) =>
            `${violation.id}: ${violation.nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`
          );
        });
        assertEquals(found, [], what);
      };
      await check("net");
      await nodeOf(page, "a").click();
      await page.getByRole("button", { name: "Factories" }).click();
      await check("node and factories");
      await page.keyboard.press("Control+k");
      await check("palette");
    },
  );
}

browserTest(
  "on a narrow window the panels are drawers, and the canvas keeps the room",
  { "net.netrun.json": NET },
  async ({ page }) => {
    await nodeOf(page, "a").waitFor();
    const canvas = (await page.locator(".canvas").boundingBox())!;
    assert(canvas.width > 800, `${canvas.width}`);
    await page.getByRole("button", { name: "Files" }).click();
    await page.getByRole("navigation", { name: "Files" }).waitFor();
    assertEquals((await page.locator(".canvas").boundingBox())!.width, canvas.width);
  },
  { width: 880, height: 700 },
);

browserTest(
  "a thousand nodes are painted from afar and mounted only near by",
  {
    "net.netrun.json": {
      graph: {
        nodes: Array.from({ length: 1000 }, (_, i) => ({
          name: `n${i}`,
          in_ports: { a: {}, b: {} },
          out_ports: { out: {}, more: {} },
          extra: { ui: { position: { x: (i % 40) * 260, y: Math.floor(i / 40) * 200 } } },
        })),
        edges: Array.from({ length: 999 }, (_, i) => edge(`n${i}.out`, `n${i + 1}.a`)),
      },
    },
  },
  async ({ page }) => {
    await page.locator("canvas.overview").waitFor();
    assertEquals(await page.locator(".react-flow__node").count(), 0);
    await page.keyboard.press("Control+f");
    await page.getByRole("combobox", { name: "Find node" }).fill("n500");
    await page.keyboard.press("Enter");
    assertEquals(await page.getByLabel("Name", { exact: true }).inputValue(), "n500");
    const zoomIn = page.getByRole("button", { name: "Zoom In" });
    while (await page.locator("canvas.overview").count() > 0) await zoomIn.click();
    await page.locator(".react-flow__node").first().waitFor();
    assert(await page.locator(".react-flow__node").count() < 300);
  },
);

Deno.test("the page of the studio stays within its size", async () => {
  // In a process of its own: the bundler ends its helper only some time after it was told to.
  const build = new URL("../../ui/build.ts", import.meta.url).href;
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { buildAssets, checkSizes } from "${build}";
      await checkSizes(await buildAssets());
      Deno.exit(0);`,
    ],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    stderr: "piped",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
});

Deno.test("netrun ui prints an address that serves the studio, and ends when it is asked to", async () => {
  const root = await Deno.makeTempDir();
  await Deno.writeTextFile(`${root}/net.netrun.json`, JSON.stringify(NET));
  const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", main, "ui", "net.netrun.json", "--no-open", "-p", "0"],
    cwd: root,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: url = "" } = await reader.read();
  const token = /token=([0-9a-f]{64})/.exec(url)![1];
  const response = await fetch(new URL("/api/v1/config", url), {
    headers: { authorization: `Bearer ${token}` },
  });
  assertEquals((await response.json()).initial_file, "net.netrun.json");
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 0);
  await reader.cancel();
  await Deno.remove(root, { recursive: true });
});

browserTest(
  "nodes are arranged as trees and by forces, without overlaps and as one step; ELK can be given up",
  {
    "net.netrun.json": {
      graph: {
        nodes: Array.from({ length: 12 }, (_, i) => ({
          name: `n${i}`,
          in_ports: { in: {} },
          out_ports: { a: {}, b: {} },
          extra: { ui: { position: { x: 0, y: 0 } } },
        })),
        edges: Array.from(
          { length: 11 },
          (_, i) => edge(`n${Math.floor(i / 2)}.${i % 2 ? "b" : "a"}`, `n${i + 1}.in`),
        ),
      },
    },
  },
  async ({ page, command, save, json }) => {
    await nodeOf(page, "n0").waitFor();
    const places = () =>
      json("net.netrun.json").graph.nodes.map((
        { extra }: { extra: { ui: { position: { x: number; y: number } } } },
      ) => extra.ui.position);
    const seen = new Set<string>();
    for (
      const label of [
        "Arrange as trees, from left to right",
        "Arrange as trees, from top to bottom",
        "Arrange by forces",
        "Arrange by stress",
        "Arrange in layers by ELK",
      ]
    ) {
      await command(label);
      await page.locator(".dirty").waitFor({ timeout: 20_000 });
      await save();
      const now: { x: number; y: number }[] = places();
      for (const [i, a] of now.entries()) {
        for (const b of now.slice(i + 1)) {
          // Nodes of this net are 170 wide and 92 high at most.
          assert(Math.abs(a.x - b.x) >= 150 || Math.abs(a.y - b.y) >= 60, `${label}: ${a} ${b}`);
        }
      }
      assert(!seen.has(JSON.stringify(now)), label);
      seen.add(JSON.stringify(now));
      await page.getByRole("button", { name: "Undo: Arrange" }).waitFor();
    }
    // A worker that never answers.
    await page.route(
      "**/elk.js",
      (route) => route.fulfill({ contentType: "text/javascript", body: "" }),
    );
    await command("Arrange by stress");
    await page.locator(".status-bar").getByRole("button", { name: "Cancel" }).click();
    await page.locator(".status-bar").getByText("Arrange by stress").waitFor({ state: "detached" });
    assertEquals(await page.locator(".dirty").count(), 0);
  },
);
