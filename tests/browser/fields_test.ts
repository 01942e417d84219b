import { assert, assertEquals } from "@std/assert";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest, edge, nodeOf } from "./_browser.ts";

const at = (x: number, y: number) => ({ extra: { ui: { position: { x, y } } } });
const inspectorOf = (page: Page) => page.getByRole("complementary", { name: "Inspector" });
const open = (page: Page, title: string) =>
  inspectorOf(page).locator("summary", { hasText: title }).first().click();

const NODE = {
  name: "n",
  in_ports: { in: {} },
  out_ports: { out: {} },
  ...at(0, 0),
};
const NET = { graph: { nodes: [NODE], edges: [] } };

browserTest(
  "a setting is a value, then an environment variable with the value as default, and back",
  { "net.netrun.json": NET },
  async ({ page, save, json }) => {
    await nodeOf(page, "n").click();
    await open(page, "Execution");
    const retries = inspectorOf(page).getByLabel("Retries", { exact: true });
    assertEquals(await retries.getAttribute("placeholder"), "inherit");
    await retries.fill("2.5");
    await retries.press("Enter");
    await inspectorOf(page).getByText("This must be a whole number").waitFor();
    assertEquals(await retries.inputValue(), "2.5");
    await retries.fill("3");
    await retries.press("Enter");
    const giving = inspectorOf(page).getByLabel("How retries is given");
    await giving.selectOption("$env");
    await inspectorOf(page).getByLabel("Retries", { exact: true }).fill("MY_RETRIES");
    await page.keyboard.press("Enter");
    await save();
    const { execution_config } = json("net.netrun.json").graph.nodes[0];
    assertEquals(execution_config, { retries: { $env: "MY_RETRIES", default: 3 } });
    await giving.selectOption("$var");
    await giving.selectOption("value");
    assertEquals(await retries.inputValue(), "3");
    await retries.fill("");
    await retries.press("Enter");
    await save();
    assertEquals(json("net.netrun.json"), NET);
  },
);

browserTest(
  "pools of a node are picked from those there are; unknown ones are marked; an empty list is none",
  {
    "net.netrun.json": {
      pools: { main: { spec: { type: "main" } }, cores: { spec: { type: "thread" } } },
      graph: { nodes: [{ ...NODE, execution_config: { pools: ["gone"] } }], edges: [] },
    },
  },
  async ({ page, save, json }) => {
    await nodeOf(page, "n").click();
    await open(page, "Execution");
    const inspector = inspectorOf(page);
    assertEquals(await inspector.locator(".word.unknown").textContent(), "gone×");
    await inspector.getByRole("button", { name: "Remove gone from pools" }).click();
    const pools = inspector.getByRole("combobox", { name: "Pools", exact: true });
    await pools.fill("cores");
    await pools.press("Enter");
    assertEquals(await inspector.locator(".word.unknown").count(), 0);
    await save();
    assertEquals(json("net.netrun.json").graph.nodes[0].execution_config, { pools: ["cores"] });
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await open(page, "Pools");
    await inspector.getByText("Used by 1 node").waitFor();
    await inspector.getByLabel("Name of pool cores").fill("all");
    await page.keyboard.press("Enter");
    await inspector.getByLabel("Kind of pool all").selectOption("remote");
    await inspector.getByLabel("Url", { exact: true }).fill("wss://pool.example.org");
    await page.keyboard.press("Enter");
    assertEquals(
      await inspector.getByLabel("Token", { exact: true }).getAttribute("type"),
      "password",
    );
    await save();
    const net = json("net.netrun.json");
    assertEquals(net.pools.all.spec, { type: "remote", url: "wss://pool.example.org" });
    assertEquals(net.graph.nodes[0].execution_config.pools, ["all"]);
  },
);

browserTest(
  "queues are automatic until they are named; ports are picked for them",
  {
    "net.netrun.json": {
      graph: {
        nodes: [
          { name: "a", out_ports: { out: {}, rest: {} }, ...at(0, 0) },
          { name: "b", in_ports: { in: {} }, out_ports: { out: {} }, ...at(300, 0) },
        ],
        edges: [edge("a.out", "b.in")],
      },
    },
  },
  async ({ page, save, json }) => {
    await nodeOf(page, "a").waitFor();
    const inspector = inspectorOf(page);
    await open(page, "Output queues");
    await inspector.getByText("a::rest").waitFor();
    assertEquals(await inspector.getByText("a::out").count(), 0);
    await inspector.getByRole("radio", { name: "By name" }).click();
    await inspector.getByRole("button", { name: "Remove queue b::out" }).click();
    await inspector.getByLabel("Name of queue a::rest").fill("results");
    await page.keyboard.press("Enter");
    await inspector.getByLabel("Node for queue results").selectOption("b");
    await inspector.getByLabel("Port for queue results").selectOption("out");
    await save();
    assertEquals(json("net.netrun.json").output_queues, {
      results: { ports: [["a", "rest"], ["b", "out"]] },
    });
    await inspector.getByRole("radio", { name: "Automatic" }).click();
    await save();
    assert(!("output_queues" in json("net.netrun.json")));
  },
);

browserTest(
  "storage is nothing, the cache or files; backends are of five kinds and hide their secrets",
  { "net.netrun.json": NET },
  async ({ page, save, json }) => {
    await nodeOf(page, "n").waitFor();
    const inspector = inspectorOf(page);
    await open(page, "Storage");
    await inspector.getByRole("button", { name: "+ backend" }).click();
    await inspector.getByLabel("Name of backend name").fill("cloud");
    await page.keyboard.press("Enter");
    const kind = inspector.getByLabel("Kind of cloud");
    assertEquals((await kind.locator("option").allTextContents()).slice(1), [
      "local",
      "s3",
      "gcs",
      "ssh",
      "rclone",
    ]);
    await kind.selectOption("s3");
    await inspector.getByLabel("Bucket *").fill("rows");
    await page.keyboard.press("Enter");
    const secret = inspector.getByLabel("Secret key", { exact: true });
    assertEquals(await secret.getAttribute("type"), "password");
    await nodeOf(page, "n").click();
    await open(page, "Storage");
    await inspector.getByRole("radio", { name: "Cache" }).click();
    await inspector.getByLabel("Cache what", { exact: true }).selectOption("output");
    await save();
    const node = () => json("net.netrun.json").graph.nodes[0].execution_config;
    assertEquals(node(), { storage: { cache: { enabled: true, cache_what: "output" } } });
    await inspector.getByRole("radio", { name: "Files" }).click();
    const backend = inspector.getByLabel("Backend: text");
    await backend.fill("cloud");
    await page.keyboard.press("Enter");
    await save();
    assertEquals(node(), { storage: { file_storage: { backend: "cloud" } } });
    await inspector.getByRole("radio", { name: "None" }).click();
    await save();
    assertEquals(json("net.netrun.json").graph, NET.graph);
    assertEquals(json("net.netrun.json").storage.backends, {
      cloud: { type: "s3", bucket: "rows" },
    });
  },
);

browserTest(
  "a port has its capacity, its place and how it gathers; an error port is red",
  { "net.netrun.json": { graph: { nodes: [{ ...NODE, in_ports: { a: {}, b: {} } }], edges: [] } } },
  async ({ page, save, json }) => {
    await nodeOf(page, "n").click();
    const inspector = inspectorOf(page);
    await inspector.getByRole("button", { name: "More about port b" }).click();
    await inspector.getByLabel("Capacity of port b").fill("5");
    await page.keyboard.press("Enter");
    await inspector.getByLabel("Gather", { exact: true }).selectOption("max wait");
    await inspector.getByLabel("Max wait *").fill("2.5");
    await page.keyboard.press("Enter");
    await inspector.getByRole("button", { name: "Move port b up" }).click();
    await open(page, "Execution");
    await inspector.getByLabel("Error port", { exact: true }).fill("failed");
    await page.keyboard.press("Enter");
    await inspector.getByLabel("Ordered", { exact: true }).selectOption("yes");
    const label = page.locator(".node .port.error .label");
    assertEquals(await label.textContent(), "failed");
    const red = await page.evaluate(() => {
      const probe = document.createElement("i");
      probe.style.color = "var(--red)";
      document.body.append(probe);
      return getComputedStyle(probe).color;
    });
    assertEquals(await label.evaluate((element) => getComputedStyle(element).color), red);
    await save();
    const [node] = json("net.netrun.json").graph.nodes;
    assertEquals(Object.entries(node.in_ports), [
      ["b", { slots_spec: { type: "finite", capacity: 5 }, gather: { max_wait: 2.5 } }],
      ["a", {}],
    ]);
    assertEquals(node.execution_config, { error_port: "failed", ordered: true });
  },
);

browserTest(
  "signals are inherited or a list of one's own; a request has its triggers and label",
  { "net.netrun.json": { default_signals: ["epoch_failed"], ...NET } },
  async ({ page, save, json }) => {
    await nodeOf(page, "n").click();
    await page.getByLabel("Output port epoch_failed of n").waitFor({ state: "attached" });
    await open(page, "Execution");
    const inspector = inspectorOf(page);
    const signals = inspector.getByLabel("Signals", { exact: true }).first();
    await signals.selectOption("a list of its own");
    await page.getByLabel("Output port epoch_failed of n").waitFor({ state: "detached" });
    await inspector.getByRole("group", { name: "Signals" }).getByLabel("epoch finished").check();
    await page.getByLabel("Output port epoch_finished of n").waitFor({ state: "attached" });
    await open(page, "Dependency request");
    await inspector.getByRole("button", { name: "+ request of its own" }).click();
    await inspector.getByRole("group", { name: "Triggers" }).getByLabel("on no salvo triggered")
      .check();
    await inspector.getByLabel("Label", { exact: true }).fill("late");
    await page.keyboard.press("Enter");
    await save();
    const [node] = json("net.netrun.json").graph.nodes;
    assertEquals(node.execution_config.signals, ["epoch_finished"]);
    assertEquals(node.dependency_request, {
      triggers: ["on_startup", "on_no_salvo_triggered"],
      label: "late",
    });
  },
);

browserTest(
  "a term is built as a tree and shown as text, and the other way round",
  { "net.netrun.json": { graph: { nodes: [{ ...NODE, in_ports: { a: {}, b: {} } }], edges: [] } } },
  async ({ page, save, json }) => {
    await nodeOf(page, "n").click();
    await open(page, "Salvo conditions");
    const inspector = inspectorOf(page);
    await inspector.getByRole("button", { name: "+ condition" }).first().click();
    await inspector.getByLabel("When it holds").selectOption("always");
    await inspector.getByRole("radio", { name: "Tree" }).click();
    await inspector.getByLabel("Kind of term", { exact: true }).selectOption("any of");
    await inspector.getByLabel("State of term 1").selectOption("≥");
    await inspector.getByLabel("Number of term 1").fill("4");
    await page.keyboard.press("Enter");
    await inspector.getByLabel("Kind of term 2").selectOption("not");
    await inspector.getByRole("radio", { name: "Text" }).click();
    const text = inspector.getByLabel("Term", { exact: true });
    assertEquals(await text.inputValue(), "a >= 4 or not b.non_empty");
    await text.fill("a.full");
    await text.press("Enter");
    await inspector.getByRole("radio", { name: "Tree" }).click();
    assertEquals(await inspector.getByLabel("State of term").inputValue(), "full");
    await save();
    assertEquals(json("net.netrun.json").graph.nodes[0].in_salvo_conditions.condition.term, {
      type: "port",
      port_name: "a",
      state: { type: "full" },
    });
  },
);

browserTest(
  "what several nodes say differently is mixed until it is set for all",
  {
    "net.netrun.json": {
      graph: {
        nodes: [
          { name: "a", extra: { ui: { position: { x: 0, y: 0 }, shape: "pill", locked: true } } },
          { name: "b", extra: { ui: { position: { x: 300, y: 0 }, headerColor: "teal" } } },
        ],
        edges: [],
      },
    },
  },
  async ({ page, save, json }) => {
    await nodeOf(page, "a").click();
    await nodeOf(page, "b").click({ modifiers: ["Control"] });
    const inspector = inspectorOf(page);
    assertEquals(await inspector.getByLabel("Shape").inputValue(), "(mixed)");
    const color = inspector.getByLabel("Header colour", { exact: true });
    assertEquals(await color.getAttribute("placeholder"), "(mixed)");
    const lock = inspector.getByLabel("Lock in place");
    assert(await lock.evaluate((input) => (input as HTMLInputElement).indeterminate));
    await lock.click();
    await inspector.getByLabel("Shape").selectOption("hexagon");
    await color.fill("12806f");
    await page.keyboard.press("Enter");
    await page.getByText("“12806f” is no colour").waitFor();
    await color.fill("#12806f");
    await page.keyboard.press("Enter");
    await save();
    for (const node of json("net.netrun.json").graph.nodes) {
      const { position: _, ...look } = node.extra.ui;
      assertEquals(look, { shape: "hexagon", locked: true, headerColor: "#12806f" });
    }
  },
);

browserTest(
  "recipes and the environment of actions are written in the inspector; descriptions open by click",
  {
    "net.netrun.json": {
      graph: { nodes: [{ ...NODE, description: "Long words ".repeat(20).trim() }], edges: [] },
    },
  },
  async ({ page, save, json, command }) => {
    await nodeOf(page, "n").waitFor();
    const inspector = inspectorOf(page);
    await open(page, "Recipes");
    await inspector.getByRole("button", { name: "+ recipe" }).click();
    await inspector.getByLabel("Module", { exact: true }).fill("./add.ts");
    await page.keyboard.press("Enter");
    await open(page, "Actions");
    await inspector.getByRole("button", { name: "+ environment variable" }).click();
    await inspector.getByLabel("Name of environment variable name").fill("MODE");
    await page.keyboard.press("Enter");
    await inspector.getByLabel("Value of MODE").fill("fast");
    await page.keyboard.press("Enter");
    const description = page.locator(".node .description");
    const height = async () => (await description.boundingBox())!.height;
    const line = await height();
    await description.click();
    await page.locator(".node .description.expanded").waitFor();
    assert(await height() > line);
    await save();
    const net = json("net.netrun.json");
    assertEquals(net.recipes, { recipe: { path: "./add.ts" } });
    assertEquals(net.graph.extra.ui, { env: { MODE: "fast" } });
    assertEquals(net.graph.nodes[0].extra.ui.descriptionExpanded, true);
    await command("Collapse all descriptions");
    await page.locator(".node .description.expanded").waitFor({ state: "detached" });
  },
);
