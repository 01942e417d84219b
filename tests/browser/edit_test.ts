import { assert, assertEquals } from "@std/assert";
import { browserTest, dragEdge, edge, nodeOf } from "./_browser.ts";

const at = (x: number, y: number) => ({ extra: { ui: { position: { x, y } } } });

const PAIR = {
  unknown: { kept: [1, { "10": 1, "9": 2 }] },
  pools: { main: { spec: { type: "main" } } },
  graph: {
    nodes: [
      { name: "a", out_ports: { out: {}, more: {} }, ...at(0, 100) },
      {
        name: "b",
        in_ports: { in: { slots_spec: { type: "finite", capacity: 3 } } },
        ...at(400, 100),
      },
      { name: "c", in_ports: { in: {} }, out_ports: { out: {} }, ...at(400, 300) },
    ],
    edges: [{ ...edge("a.more", "c.in"), dependency: true }],
    extra: {
      decorations: [{ id: "n", decorationType: "label", text: "Note", position: { x: 0, y: 0 } }],
    },
  },
};

browserTest(
  "a file that is opened is not dirty, and saved again it is the same file",
  { "net.netrun.json": PAIR },
  async ({ page, text, save, json }) => {
    await nodeOf(page, "b").waitFor();
    const before = text("net.netrun.json");
    assertEquals(await page.locator(".dirty").count(), 0);
    await save();
    assertEquals(text("net.netrun.json"), before);
    await page.keyboard.press("n");
    await page.locator(".dirty").waitFor();
    await save();
    assertEquals(json("net.netrun.json").graph.nodes.length, 4);
    assertEquals(json("net.netrun.json").unknown, PAIR.unknown);
    assertEquals(json("net.netrun.json").graph.nodes[1], PAIR.graph.nodes[1]);
  },
);

browserTest(
  "a TOML file is saved as JSON with the same data",
  {
    "net.netrun.toml":
      `retries = 2 # why\n\n[[graph.nodes]]\nname = "a"\n[graph.nodes.out_ports.out.slots_spec]\ntype = "finite"\ncapacity = 4\n`,
  },
  async ({ page, text, json, save }) => {
    await nodeOf(page, "a").waitFor();
    const before = text("net.netrun.toml");
    await save();
    assertEquals(text("net.netrun.toml"), before);
    await page.keyboard.press("Control+Shift+s");
    await page.getByLabel("Path in this folder").fill("copy.netrun.json");
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "copy.netrun.json" }).waitFor();
    assertEquals(json("copy.netrun.json"), {
      retries: 2,
      graph: {
        nodes: [{ name: "a", out_ports: { out: { slots_spec: { type: "finite", capacity: 4 } } } }],
      },
    });
  },
);

browserTest(
  "ports are joined by dragging; a second edge is refused with a way out; undo takes all back",
  { "net.netrun.json": PAIR },
  async ({ page, save, json }) => {
    await nodeOf(page, "b").waitFor();
    await dragEdge(page, ["a", "out"], ["b", "in"]);
    await page.getByRole("button", { name: "Undo: Connect" }).waitFor();
    await dragEdge(page, ["a", "out"], ["c", "in"]);
    await page.getByText("has an edge already").waitFor();
    await save();
    assertEquals(json("net.netrun.json").graph.edges.length, 2);
    await page.getByRole("button", { name: "Insert broadcast" }).click();
    await nodeOf(page, "broadcast").waitFor();
    await save();
    assertEquals(json("net.netrun.json").graph.edges.slice(1), [
      edge("a.out", "broadcast.in_0"),
      edge("broadcast.out_0", "b.in"),
      edge("broadcast.out_1", "c.in"),
    ]);
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await save();
    assertEquals(json("net.netrun.json"), PAIR);
  },
);

browserTest(
  "settings of the net are undone and redone one by one, and the file is clean where it was saved",
  { "net.netrun.json": PAIR },
  async ({ page }) => {
    await nodeOf(page, "b").waitFor();
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await inspector.locator("summary", { hasText: "Pools" }).click();
    await inspector.getByRole("button", { name: "+ pool" }).click();
    const pool = inspector.getByLabel("Name of pool pool");
    await pool.fill("cores");
    await pool.press("Enter");
    await inspector.locator("summary", { hasText: "Variables" }).click();
    await inspector.getByRole("button", { name: "+ variable" }).click();
    await inspector.locator("summary", { hasText: "Look" }).click();
    await inspector.getByLabel("Edge style").selectOption("straight");
    for (let i = 0; i < 4; i++) {
      await page.locator(".dirty").waitFor();
      await page.getByRole("button", { name: /^Undo/ }).click();
    }
    await page.locator(".dirty").waitFor({ state: "detached" });
    for (let i = 0; i < 4; i++) await page.getByRole("button", { name: /^Redo/ }).click();
    assertEquals(await inspector.getByLabel("Edge style").inputValue(), "straight");
    await inspector.getByLabel("Name of pool cores").waitFor();
    assertEquals(await page.getByRole("button", { name: "Redo", exact: true }).isDisabled(), true);
  },
);

browserTest(
  "renaming a node follows everywhere; a name that is taken is not accepted",
  { "net.netrun.json": { ...PAIR, output_queues: { q: { ports: [["c", "out"]] } } } },
  async ({ page, save, json }) => {
    await nodeOf(page, "c").click();
    const name = page.getByLabel("Name", { exact: true });
    await name.fill("b");
    await name.press("Enter");
    await page.getByText('There is a node "b" already').waitFor();
    assertEquals(await name.inputValue(), "c");
    await name.fill("last");
    await name.press("Enter");
    await nodeOf(page, "last").waitFor();
    await page.keyboard.press("Escape");
    await save();
    const net = json("net.netrun.json");
    assertEquals(net.graph.edges[0].target_node, "last");
    assertEquals(net.output_queues.q.ports, [["last", "out"]]);
  },
);

browserTest(
  "copied nodes arrive in another file with their edge, selected, under free names",
  {
    "a.netrun.json": PAIR,
    "b.netrun.json": { graph: { nodes: [{ name: "a", ...at(0, 0) }], edges: [] } },
  },
  async ({ page, save, json }) => {
    await nodeOf(page, "a").click();
    await nodeOf(page, "c").click({ modifiers: ["Control"] });
    await page.keyboard.press("Control+c");
    await page.getByRole("button", { name: "b.netrun.json" }).click();
    await page.getByRole("tab", { name: "b.netrun.json", selected: true }).waitFor();
    await nodeOf(page, "a").waitFor();
    await page.locator(".canvas").click({ position: { x: 20, y: 20 } });
    await page.keyboard.press("Control+v");
    await nodeOf(page, "a_1").waitFor();
    assertEquals(await page.locator(".node.selected").count(), 2);
    await save();
    const { graph } = json("b.netrun.json");
    assertEquals(graph.nodes.map((node: { name: string }) => node.name), ["a", "a_1", "c"]);
    assertEquals(graph.edges, [{ ...edge("a_1.more", "c.in"), dependency: true }]);
  },
);

browserTest(
  "a term with a mistake is underlined and not written; the mended one is",
  {
    "net.netrun.json": {
      graph: { nodes: [{ name: "n", in_ports: { "a.b": {}, c: {} }, ...at(0, 0) }], edges: [] },
    },
  },
  async ({ page, save, json }) => {
    await nodeOf(page, "n").click();
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await inspector.locator("summary", { hasText: "Salvo conditions" }).click();
    await inspector.getByRole("button", { name: "+ condition" }).first().click();
    const term = inspector.getByLabel("Term", { exact: true });
    assertEquals(await term.inputValue(), '"a.b".non_empty and c.non_empty');
    await term.fill("a.b >= 2 and c.full");
    await inspector.getByText("names with dots stand in quotes").waitFor();
    assertEquals(await inspector.locator("mark").textContent(), "a");
    await term.fill('"a.b" >= 2 and c.full');
    await term.press("Enter");
    await save();
    assertEquals(json("net.netrun.json").graph.nodes[0].in_salvo_conditions.condition.term, {
      type: "and",
      terms: [
        { type: "port", port_name: "a.b", state: { type: "equals_or_greater_than", value: 2 } },
        { type: "port", port_name: "c", state: { type: "full" } },
      ],
    });
  },
);

browserTest(
  "a variable without a value stays without; a node overrides one of the net; options are enforced",
  {
    "net.netrun.json": {
      node_vars: { key: { type: "int" }, mode: { value: "x", options: ["x", "y"] } },
      graph: { nodes: [{ name: "n", ...at(0, 0) }], edges: [] },
    },
  },
  async ({ page, save, json }) => {
    await nodeOf(page, "n").waitFor();
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await inspector.locator("summary", { hasText: "Variables" }).click();
    assertEquals(await inspector.getByLabel("Value of key").getAttribute("placeholder"), "(unset)");
    assertEquals(await inspector.getByLabel("Value of mode").locator("option").allTextContents(), [
      "(unset)",
      "x",
      "y",
    ]);
    await inspector.getByLabel("Value of mode").selectOption("y");
    await inspector.getByLabel("Value of key").fill("many");
    await inspector.getByLabel("Value of key").press("Enter");
    await page.getByText("“many” is no int").waitFor();
    await nodeOf(page, "n").click();
    await inspector.locator("summary", { hasText: "Variables" }).click();
    await inspector.getByRole("button", { name: "Override" }).first().click();
    assertEquals(await inspector.getByLabel("How key overrides").inputValue(), "inherit");
    await save();
    const net = json("net.netrun.json");
    assertEquals(net.node_vars, {
      key: { type: "int" },
      mode: { value: "y", options: ["x", "y"] },
    });
    assertEquals(net.graph.nodes[0].execution_config.node_vars, { key: { inherit: true } });
  },
);

browserTest(
  "problems name their node, lead to it by click and F8, and go when they are solved",
  {
    "net.netrun.json": {
      graph: {
        nodes: [
          {
            name: "a",
            out_ports: { out: {} },
            execution_config: { pools: ["nowhere"] },
            ...at(0, 100),
          },
          { name: "b", in_ports: { in: {} }, ...at(400, 100) },
        ],
        edges: [edge("a.out", "b.gone")],
      },
    },
  },
  async ({ page }) => {
    await page.getByRole("button", { name: "2 errors" }).click();
    await page.locator(".problems").getByText("nowhere").click();
    assertEquals(await page.getByLabel("Name", { exact: true }).inputValue(), "a");
    assert(await nodeOf(page, "a").locator(".node.wrong").count() === 1);
    await page.locator(".canvas").click({ position: { x: 20, y: 20 } });
    await page.keyboard.press("F8");
    assertEquals(await page.getByLabel("Name", { exact: true }).inputValue(), "a");
    await page.locator(".canvas").click({ position: { x: 20, y: 20 } });
    await page.locator(".react-flow__edge").first().focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Delete");
    await page.getByRole("button", { name: "1 error" }).waitFor();
    await nodeOf(page, "a").click();
    await page.locator(".inspector summary", { hasText: "Execution" }).click();
    await page.getByRole("button", { name: "Remove nowhere from pools" }).click();
    await page.getByRole("button", { name: "No problems" }).waitFor();
  },
);
