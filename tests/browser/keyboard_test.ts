import { assert, assertEquals } from "@std/assert";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest, dragEdge, edge, nodeOf } from "./_browser.ts";

const at = (x: number, y: number) => ({ extra: { ui: { position: { x, y } } } });
const EMPTY = { "net.netrun.json": { graph: { nodes: [], edges: [] } } };
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute("data-id") ?? activeElement?.tagName ?? "";
  });

browserTest(
  "20: by keyboard alone nodes are made, named, joined, moved and saved, and each step is said",
  EMPTY,
  async ({ page, save, json }) => {
    const { keyboard } = page;
    const said = page.getByRole("status", { name: "Changes" });
    await page.getByText("An empty graph").waitFor();
    await keyboard.press("n");
    await nodeOf(page, "Node").waitFor();
    await said.getByText("Add node").waitFor({ state: "attached" });
    await keyboard.press("F2");
    await keyboard.type("first");
    await keyboard.press("Enter");
    await nodeOf(page, "first").waitFor();
    await keyboard.press("Escape");
    assertEquals(await focused(page), "first");
    await keyboard.press("n");
    await keyboard.press("F2");
    await keyboard.type("second");
    await keyboard.press("Enter");
    await keyboard.press("Escape");
    await keyboard.press("c");
    const list = page.getByRole("combobox", { name: "Connect" });
    await list.fill("first.out");
    await keyboard.press("Escape");
    await list.waitFor({ state: "detached" });
    assertEquals(await focused(page), "second");
    await keyboard.press("c");
    await list.fill("first.out");
    await keyboard.press("Enter");
    await said.getByText("Connect").waitFor({ state: "attached" });
    await save();
    const before = json("net.netrun.json").graph;
    assertEquals(before.edges, [edge("first.out", "second.in")]);
    await nodeOf(page, "second").focus();
    await keyboard.press("ArrowRight");
    await page.getByRole("button", { name: "Undo: Move node" }).waitFor();
    await keyboard.press("Alt+ArrowLeft");
    await said.getByText("Selected node first").waitFor({ state: "attached" });
    await save();
    const after = json("net.netrun.json").graph;
    assert(after.nodes[1].extra.ui.position.x > before.nodes[1].extra.ui.position.x);
    await keyboard.press("Control+z");
    await said.getByText("Undone: Move node").waitFor({ state: "attached" });
  },
);

browserTest(
  "Escape gives up what was typed, and Ctrl S takes it",
  { "net.netrun.json": { graph: { nodes: [{ name: "a", ...at(0, 0) }], edges: [] } } },
  async ({ page, json }) => {
    await nodeOf(page, "a").click();
    await page.keyboard.press("F2");
    await page.keyboard.type("wrong");
    await page.keyboard.press("Escape");
    assertEquals(await page.getByLabel("Name", { exact: true }).inputValue(), "a");
    assertEquals(await page.locator(".dirty").count(), 0);
    await page.locator("summary", { hasText: "Execution" }).click();
    const pools = page.getByRole("combobox", { name: "Pools", exact: true });
    await pools.pressSequentially("wrong");
    await page.keyboard.press("Escape");
    assertEquals(await page.locator(".word").count(), 0);
    await page.keyboard.press("F2");
    await page.keyboard.type("right");
    await page.keyboard.press("Control+s");
    await nodeOf(page, "right").waitFor();
    await page.locator(".status-bar").getByText("Saved", { exact: true }).waitFor();
    assertEquals(json("net.netrun.json").graph.nodes[0].name, "right");
  },
);

browserTest(
  "a dialog holds the focus and gives it back to where it was",
  { "net.netrun.json": { graph: { nodes: [{ name: "a", ...at(0, 0) }], edges: [] } } },
  async ({ page }) => {
    await nodeOf(page, "a").focus();
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await dialog.waitFor();
    const isInside = () => dialog.evaluate((element) => element.contains(document.activeElement));
    await page.keyboard.press("Shift+Tab");
    // One step leads out to the browser's own buttons, and never to the page behind.
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("Tab");
      const isOut = await page.evaluate(() => document.activeElement === document.body);
      assert(isOut || await isInside());
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assertEquals(await focused(page), "a");
  },
);

browserTest(
  "keys are changed in the help; who had them is told and loses them; the browser remembers",
  EMPTY,
  async ({ page }) => {
    await page.getByText("An empty graph").waitFor();
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await dialog.getByRole("button", { name: "Keys of Add node: N" }).click();
    await page.keyboard.press("Control+w");
    await dialog.getByText("Ctrl W belongs to the browser").waitFor();
    await page.keyboard.press("Control+g");
    await dialog.getByText("Ctrl G belongs to “Make a subgraph of the selection”").waitFor();
    await dialog.getByRole("button", { name: "Take Ctrl G" }).click();
    await dialog.getByRole("button", { name: "Keys of Add node: Ctrl G" }).waitFor();
    await dialog.getByRole("button", { name: "Keys of Make a subgraph of the selection: none" })
      .waitFor();
    await page.keyboard.press("Escape");
    await page.reload();
    await page.getByText("An empty graph").waitFor();
    await page.keyboard.press("n");
    await page.keyboard.press("Control+g");
    await nodeOf(page, "Node").waitFor();
    assertEquals(await page.locator(".react-flow__node").count(), 1);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Commands" }).fill("Add node");
    await page.getByRole("option", { name: "Add node" }).getByText("Ctrl G").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await dialog.getByRole("button", { name: "Reset all" }).click();
    await dialog.getByRole("button", { name: "Keys of Add node: N" }).waitFor();
  },
);

browserTest(
  "the palette offers open files and the actions of the selected node; nodes are found at any depth",
  {
    "a.netrun.json": {
      graph: {
        nodes: [{
          name: "part",
          nodes: [{ name: "deep" }],
          edges: [],
          ...at(0, 0),
        }, {
          name: "b",
          extra: {
            ui: {
              position: { x: 300, y: 0 },
              actions: [{ id: "x", label: "Tell", command: "echo own $NODE_NAME" }],
            },
          },
        }],
        edges: [],
        extra: { ui: { actions: [{ id: "x", label: "Tell", command: "echo net" }] } },
      },
    },
    "b.netrun.json": { graph: { nodes: [{ name: "other" }], edges: [] } },
  },
  async ({ page, command }) => {
    await nodeOf(page, "b").click();
    await page.locator("summary", { hasText: "Actions" }).click();
    await page.locator(".resolved").getByText("echo own b").waitFor();
    await nodeOf(page, "b").focus();
    await command("Tell (b)");
    await page.getByRole("log").getByText("own b", { exact: true }).waitFor();
    await page.keyboard.press("Control+f");
    await page.getByRole("combobox", { name: "Find node" }).fill("deep");
    await page.keyboard.press("Enter");
    await page.getByRole("navigation", { name: "Subgraphs" }).waitFor();
    await page.locator(".node.selected .name", { hasText: "deep" }).waitFor();
    await page.getByRole("button", { name: "b.netrun.json" }).click();
    await nodeOf(page, "other").waitFor();
    await command("Show a.netrun.json");
    await nodeOf(page, "deep").waitFor();
  },
);

browserTest(
  "a selected dependency edge shows all that its request asks, and no more",
  {
    "net.netrun.json": {
      graph: {
        nodes: ["a", "b", "c", "other"].map((name, i) => ({
          name,
          in_ports: { in: {}, more: {} },
          out_ports: { out: {} },
          ...at(240 * i, name === "other" ? 200 : 0),
        })),
        edges: [
          { ...edge("a.out", "b.in"), dependency: true },
          { ...edge("b.out", "c.in"), dependency: true },
          edge("other.out", "b.more"),
        ],
      },
    },
  },
  async ({ page }) => {
    await page.getByLabel("Edge from b out to c in").focus();
    await page.keyboard.press("Enter");
    await page.getByText("A request along this edge asks b, a").waitFor();
    assertEquals(await page.locator(".react-flow__edge.cascade").count(), 2);
    const asked = page.locator(".react-flow__node.asked .name");
    assertEquals((await asked.allTextContents()).sort(), ["a", "b"]);
  },
);

browserTest(
  "the third edge of a port widens the broadcast that the second one brought",
  {
    "net.netrun.json": {
      graph: {
        nodes: [
          { name: "a", out_ports: { out: {} }, ...at(0, 0) },
          ...["x", "y", "z"].map((name, i) => ({
            name,
            in_ports: { in: {} },
            ...at(480, 110 * i),
          })),
        ],
        edges: [],
      },
    },
  },
  async ({ page, save, json }) => {
    await nodeOf(page, "a").waitFor();
    await dragEdge(page, ["a", "out"], ["x", "in"]);
    await dragEdge(page, ["a", "out"], ["y", "in"]);
    await page.getByRole("button", { name: "Insert broadcast" }).click();
    await page.getByLabel("Output port out_1 of broadcast").waitFor({ state: "attached" });
    await dragEdge(page, ["a", "out"], ["z", "in"]);
    await page.getByText("widen the broadcast behind it").waitFor();
    await page.getByRole("button", { name: "Widen broadcast" }).click();
    await page.getByLabel("Output port out_2 of broadcast").waitFor({ state: "attached" });
    await save();
    const { nodes, edges } = json("net.netrun.json").graph;
    assertEquals(nodes[4].factory_args, { num_outputs: 3 });
    assertEquals(edges.length, 4);
    assertEquals(edges.at(-1), edge("broadcast.out_2", "z.in"));
    assertEquals(await page.locator(".port.missing").count(), 0);
  },
);

browserTest(
  "every input of the inspector has a name",
  {
    "net.netrun.json": {
      pools: { main: {}, far: { spec: { type: "remote" } } },
      node_vars: { v: { value: 1, type: "int", options: [1, 2] } },
      output_queues: { q: { ports: [["n", "out"]] } },
      storage: { backends: { b: { type: "ssh" } }, cache: {} },
      recipes: {},
      graph: {
        nodes: [{
          name: "n",
          in_ports: { in: { gather: { until: "done" } } },
          out_ports: { out: {} },
          in_salvo_conditions: {
            c: {
              max_salvos: { type: "finite", max: 1 },
              ports: {},
              term: { type: "true" },
            },
          },
          execution_config: { storage: { file_storage: { backend: "b" } }, node_vars: { w: {} } },
          ...at(0, 0),
        }],
        edges: [],
        extra: { ui: { actions: [{ id: "a", label: "A", command: "ls" }] } },
      },
    },
  },
  async ({ page }) => {
    const nameless = async () => {
      await page.locator(".inspector details").evaluateAll((all) => {
        for (const details of all) (details as HTMLDetailsElement).open = true;
      });
      return await page.locator(".inspector :is(input, select, textarea)").evaluateAll((all) =>
        all.filter((one) =>
          !one.getAttribute("aria-label") && (one as HTMLInputElement).labels?.length === 0
        ).map((one) => one.outerHTML)
      );
    };
    await nodeOf(page, "n").waitFor();
    assertEquals(await nameless(), []);
    await nodeOf(page, "n").click();
    await page.getByLabel("Name", { exact: true }).waitFor();
    assertEquals(await nameless(), []);
  },
);
