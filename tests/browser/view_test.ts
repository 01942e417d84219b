import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { violations } from "./_axe.ts";
import { browserTest, edge, nodeOf } from "./_browser.ts";

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
    { "net.netrun.json": { node_vars: { key: {} }, ...NET }, "x/broken.netrun.json": "{" },
    async ({ page, command }) => {
      await nodeOf(page, "a").waitFor();
      await command(`Theme: ${theme}`);
      const check = async (what: string) => assertEquals(await violations(page), [], what);
      await check("net");
      await nodeOf(page, "a").click();
      await page.getByRole("button", { name: "Factories" }).click();
      await check("node and factories");
      await page.keyboard.press("Control+k");
      await check("palette");
      await page.keyboard.press("Escape");
      await command("Show problems");
      await check("problems");
      await command("Show files");
      await nodeOf(page, "a").click({ button: "right" });
      await check("menu of a node");
      await page.keyboard.press("Escape");
      await command("Export as a page");
      await check("export");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Simulate", exact: true }).click();
      await nodeOf(page, "a").click();
      await page.getByRole("button", { name: "Inject at in" }).click();
      await check("simulation");
      await page.getByRole("toolbar").getByRole("button", { name: "End simulation" }).click();
      await command("Keyboard shortcuts");
      await check("help");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "x", exact: true }).click();
      await page.getByRole("button", { name: "broken.netrun.json" }).click();
      await page.getByText("cannot be read").waitFor();
      await check("a file that cannot be read");
      await page.keyboard.press("Alt+w");
      await page.keyboard.press("Alt+w");
      await page.getByText("No net is open").waitFor();
      await check("no file");
    },
  );
}

browserTest(
  "at twice the size nothing is out of reach: panels are drawers, and dialogs scroll",
  { "net.netrun.json": NET },
  async ({ page, command }) => {
    await nodeOf(page, "a").waitFor();
    const isInside = async (name: string) => {
      const { x, width } = (await page.getByRole("button", { name, exact: true }).boundingBox())!;
      assert(x >= 0 && x + width <= 720, `${name}: ${x} + ${width}`);
    };
    for (const name of ["Save", "Simulate", "Inspector", "Validate"]) await isInside(name);
    await page.getByRole("button", { name: "Inspector" }).click();
    await page.getByRole("complementary", { name: "Inspector" }).waitFor();
    await command("Keyboard shortcuts");
    const close = page.getByRole("dialog").getByRole("button", { name: "Close", exact: true });
    await close.scrollIntoViewIfNeeded();
    await close.click();
  },
  // A window of 1440 by 900 whose page is enlarged to 200 % has this much room.
  { width: 720, height: 450 },
);

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
