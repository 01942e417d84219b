import { assert, assertEquals } from "@std/assert";
import { browserTest, edge, nodeOf } from "./_browser.ts";

const NET = { graph: { nodes: [{ name: "a", out_ports: { out: {} } }], edges: [] } };
const named = (name: string) => ({
  graph: { nodes: [{ name, out_ports: { out: {} } }], edges: [] },
});

browserTest(
  "a file that changes on the disk is read again; over unsaved changes it asks",
  { "net.netrun.json": NET },
  async ({ page, write, save, json }) => {
    await nodeOf(page, "a").waitFor();
    await page.locator(".status-bar").getByText("Connected").waitFor();
    // The watcher of the server starts with the connection; writing goes on until it is seen.
    while (await nodeOf(page, "b").count() === 0) {
      write("net.netrun.json", named("b"));
      await nodeOf(page, "b").waitFor({ timeout: 500 }).catch(() => {});
    }
    await page.keyboard.press("n");
    await page.locator(".dirty").waitFor();
    write("net.netrun.json", named("c"));
    await page.getByText("was changed by someone else, and here too").waitFor();
    await page.keyboard.press("Control+s");
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    assertEquals(json("net.netrun.json").graph.nodes[0].name, "c");
    await page.keyboard.press("Control+s");
    await page.getByRole("dialog").getByRole("button", { name: "Overwrite" }).click();
    await page.locator(".dirty").waitFor({ state: "detached" });
    assertEquals(json("net.netrun.json").graph.nodes.length, 2);
    await save();
  },
);

browserTest(
  "unsaved changes survive a reload of the page",
  { "net.netrun.json": NET },
  async ({ page }) => {
    await nodeOf(page, "a").waitFor();
    await page.keyboard.press("n");
    await nodeOf(page, "Node").waitFor();
    await page.waitForFunction(() => sessionStorage.getItem("netrun-drafts")?.includes("Node"));
    page.on("dialog", (dialog) => dialog.accept());
    await page.reload();
    await nodeOf(page, "Node").waitFor();
    await page.locator(".dirty").waitFor();
  },
);

browserTest(
  "a tab with changes asks before it closes; a file that cannot be read says where",
  { "net.netrun.json": NET, "bad.netrun.json": '{\n  "graph": oops\n}' },
  async ({ page }) => {
    await page.getByRole("heading", { name: "bad.netrun.json cannot be read" }).waitFor();
    await page.getByText("Line 2:").waitFor();
    await page.getByRole("button", { name: "net.netrun.json", exact: true }).click();
    await nodeOf(page, "a").waitFor();
    await page.keyboard.press("n");
    await page.keyboard.press("Alt+w");
    await page.getByRole("dialog").getByRole("button", { name: "Keep open" }).click();
    await page.keyboard.press("Alt+w");
    await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
    await page.getByRole("tab", { name: "bad.netrun.json", selected: true }).waitFor();
  },
);

browserTest(
  "an action streams its lines and is stopped; a label with markup stays text",
  {
    "net.netrun.json": {
      graph: {
        ...NET.graph,
        extra: {
          ui: {
            actions: [
              {
                id: "x",
                label: "<img src=x onerror=alert(1)>",
                command: "echo one; echo two; echo three; sleep 60",
              },
            ],
          },
        },
      },
    },
  },
  async ({ page, command }) => {
    await nodeOf(page, "a").waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Commands" }).fill("img");
    await page.getByRole("option", { name: "<img src=x onerror=alert(1)>" }).waitFor();
    assertEquals(await page.locator("#choices img").count(), 0);
    await page.keyboard.press("Escape");
    await command("img src");
    const log = page.getByRole("log");
    await log.locator(".stdout", { hasText: "three" }).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await log.getByText("Stopped").waitFor();
  },
);

browserTest(
  "a folder that is not trusted can be edited but runs nothing until it is trusted",
  {
    "net.netrun.json": {
      graph: {
        nodes: [{ name: "f", factory: "./f.ts" }, { name: "g", in_ports: { in: {} } }],
        edges: [edge("f.odd", "g.in")],
      },
    },
    "f.ts": `export const getNodeConfig = () => ({ name: "f", out_ports: { real: {}, odd: {} } });
      export const getNodeFuncs = () => [() => {}, null, null, null];`,
  },
  async ({ page }) => {
    await page.getByLabel("Output port odd of f").waitFor({ state: "attached" });
    assertEquals(await page.getByLabel("Output port real of f").count(), 0);
    await page.getByRole("button", { name: "Trust this folder" }).waitFor();
  },
  { trusted: false },
);

browserTest(
  "a recipe asks, shows what it would change, and is one step for undo; a failing one changes nothing",
  {
    "net.netrun.json": { recipes: { more: { path: "more.ts" }, bad: { path: "bad.ts" } }, ...NET },
    "more.ts": `
      export const getPrompts = () => [{ name: "n", label: "How many", type: "number", default: 2 }];
      export const run = (config, { n }) => ({ ...config, retries: n, timeout: n });`,
    "bad.ts": `export const run = () => { throw new Error("no luck"); };`,
  },
  async ({ page, save, json }) => {
    await nodeOf(page, "a").waitFor();
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await inspector.locator("summary", { hasText: "Recipes" }).click();
    await inspector.getByRole("button", { name: "Run" }).nth(1).click();
    await page.getByText("no luck").first().waitFor();
    assertEquals(await page.locator(".dirty").count(), 0);
    await inspector.getByRole("button", { name: "Run" }).first().click();
    await inspector.getByLabel("How many").fill("7");
    await inspector.getByRole("button", { name: "Show changes" }).click();
    await inspector.locator("ins").first().waitFor();
    await inspector.getByRole("button", { name: "Apply" }).click();
    await save();
    assertEquals([json("net.netrun.json").retries, json("net.netrun.json").timeout], [7, 7]);
    await page.getByRole("button", { name: /^Undo/ }).click();
    assertEquals(await page.getByRole("button", { name: "Undo", exact: true }).isDisabled(), true);
  },
);

browserTest(
  "an exported page opens without a server and holds no secret",
  {
    "net.netrun.json": {
      node_vars: { key: { value: "s3cret" } },
      graph: { nodes: [{ name: "a", out_ports: { out: {} } }], edges: [] },
    },
  },
  async ({ page, command, folder, text }) => {
    await nodeOf(page, "a").waitFor();
    await command("Export as a page");
    await page.getByText("Exported net.netrun.html").waitFor();
    assert(!text("net.netrun.html").includes("s3cret"));
    await page.goto(`file://${folder.path("net.netrun.html")}`);
    await page.locator("svg text", { hasText: "a" }).first().waitFor();
  },
);

browserTest(
  "a page without the token shows nothing of the folder",
  { "net.netrun.json": NET },
  async ({ page, url }) => {
    await nodeOf(page, "a").waitFor();
    await page.evaluate(() => sessionStorage.clear());
    await page.goto("about:blank");
    await page.goto(url.replace(/#.*/, ""));
    await page.getByRole("heading", { name: "This page has no token" }).waitFor();
    assertEquals(await page.locator(".react-flow__node").count(), 0);
  },
);
