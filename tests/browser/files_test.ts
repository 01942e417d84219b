import { assert, assertEquals } from "@std/assert";
import { violations } from "./_axe.ts";
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
    await page.locator(".source-text .wrong", { hasText: '"graph": oops' }).waitFor();
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
      export const run = (config, { n }) => {
        console.log("writing", n);
        return { ...config, retries: n, timeout: n };
      };`,
    "bad.ts": `export const run = () => { throw new Error("no luck"); };`,
  },
  async ({ page, save, json, command }) => {
    await nodeOf(page, "a").waitFor();
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await inspector.locator("summary", { hasText: "Recipes" }).click();
    await inspector.getByRole("button", { name: "Run" }).nth(1).click();
    await page.getByText("no luck").first().waitFor();
    assertEquals(await page.locator(".dirty").count(), 0);
    await inspector.locator("summary", { hasText: "Recipes" }).click();
    await command("more");
    await inspector.getByLabel("How many").fill("7");
    await inspector.getByRole("button", { name: "Show changes" }).click();
    await inspector.locator("ins").first().waitFor();
    await inspector.getByText("writing 7").waitFor();
    await inspector.getByRole("button", { name: "Apply" }).click();
    await save();
    assertEquals([json("net.netrun.json").retries, json("net.netrun.json").timeout], [7, 7]);
    await page.getByRole("button", { name: /^Undo/ }).click();
    assertEquals(await page.getByRole("button", { name: "Undo", exact: true }).isDisabled(), true);
  },
);

const SECRET = "s3cret";

browserTest(
  "16: an exported page opens without a server, holds no secret, and is played through and back",
  {
    "net.netrun.json": {
      pools: { far: { spec: { type: "remote", url: `ws://${SECRET}` } } },
      node_vars: { key: { value: SECRET } },
      graph: {
        nodes: [
          {
            name: "a",
            description: "Begins </script><script>alert(1)</script>",
            out_ports: { out: { port_type: "number" } },
            execution_config: { node_vars: { own: { value: SECRET } } },
          },
          { name: "f", factory: "./f.ts", factory_args: { password: SECRET } },
        ],
        edges: [edge("a.out", "f.value")],
        extra: { ui: { env: { TOKEN: SECRET }, actions: [{ command: SECRET }] } },
      },
    },
    "f.ts": `export const getNodeConfig = () => ({ name: "f", in_ports: { value: {} } });
      export const getNodeFuncs = () => [() => {}, null, null, null];`,
  },
  async ({ page, command, folder, text }) => {
    await nodeOf(page, "a").waitFor();
    await command("Export as a page");
    await page.getByRole("dialog").getByRole("button", { name: "Export" }).click();
    await page.getByText("Exported net.netrun.html").waitFor();
    const html = text("net.netrun.html");
    assert(!html.includes(SECRET));
    assert(html.length < 700 * 1024, `${html.length}`);
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const address = `file://${folder.path("net.netrun.html")}`;
    await page.goto(address);
    await page.getByRole("button", { name: "node a" }).click();
    await page.getByText("Begins </script>").first().waitFor();
    const side = page.getByRole("complementary", { name: "Details" });
    await side.getByRole("button", { name: "Start an epoch" }).click();
    await side.getByRole("button", { name: "Finish" }).click();
    await side.getByRole("button", { name: "Run until blocked" }).click();
    await page.locator(".state.startable", { hasText: "1 startable" }).waitFor();
    await page.locator(".epoch strong", { hasText: "f" }).waitFor();
    const undo = side.getByRole("button", { name: "Undo" });
    while (await undo.isEnabled()) await undo.click();
    await side.getByText("Nothing has happened yet.").waitFor();
    assertEquals(await page.locator(".state").count(), 0);
    assertEquals(requests, [address]);
    assertEquals(await violations(page), []);
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

browserTest(
  "files are copied, renamed and moved to the trash in the list of files",
  { "net.netrun.json": NET, "other.netrun.json": named("z") },
  async ({ page, folder }) => {
    await nodeOf(page, "a").waitFor();
    const files = page.getByRole("navigation", { name: "Files" });
    const file = (name: string) =>
      files.locator(".tree").first().getByRole("button", { name, exact: true });
    await file("other.netrun.json").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Duplicate" }).click();
    await page.getByRole("tab", { name: "other-copy.netrun.json", selected: true }).waitFor();
    await nodeOf(page, "z").waitFor();
    await file("other-copy.netrun.json").focus();
    await page.keyboard.press("F2");
    await page.getByLabel("New name of other-copy.netrun.json").fill("third.netrun.json");
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: "third.netrun.json", selected: true }).waitFor();
    await file("third.netrun.json").waitFor();
    await file("other.netrun.json").focus();
    await page.keyboard.press("Delete");
    await file("other.netrun.json").waitFor({ state: "detached" });
    const names = [...Deno.readDirSync(folder.root)].map(({ name }) => name).sort();
    assertEquals(names, [".netrun", "net.netrun.json", "third.netrun.json"]);
  },
);

browserTest(
  "an image of the folder is shown as a decoration",
  {
    "net.netrun.json": {
      graph: {
        ...NET.graph,
        extra: {
          decorations: [
            { id: "i", decorationType: "image", imagePath: "pictures/dot.svg" },
            { id: "j", decorationType: "image", imagePath: "../outside.png" },
          ],
        },
      },
    },
    "pictures/dot.svg":
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>',
  },
  async ({ page }) => {
    const image = page.locator(".decoration.image img");
    await image.waitFor();
    await page.waitForFunction(() => document.querySelector("img")!.naturalWidth === 9);
    await page.locator(".decoration .error", { hasText: "is not in the folder" }).waitFor();
  },
);
