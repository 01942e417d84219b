/** The page as a plain file server serves it: no studio answers. */
import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { assetResponse } from "../../ui/assets.ts";
import { builtAssets, edge, nodeOf, pageTest } from "./_browser.ts";

const NET = {
  graph: {
    nodes: [
      { name: "a", in_ports: { in: {} }, out_ports: { out: {} } },
      { name: "b", in_ports: { in: {} } },
    ],
    edges: [edge("a.out", "b.in")],
  },
};

pageTest(
  "without a server the page edits picked files, checks, arranges and simulates them, and says what it cannot",
  async ({ page }) => {
    const assets = await builtAssets();
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => {
        const { pathname } = new URL(request.url);
        const path = pathname === "/" ? "/index.html" : pathname;
        const asset = assets[path];
        return asset
          ? assetResponse(asset, path, request)
          : new Response("not found", { status: 404 });
      },
    );
    // The picker with handles needs a person; the one of every browser can be given a file.
    await page.addInitScript(() => {
      Reflect.deleteProperty(globalThis, "showOpenFilePicker");
      Reflect.deleteProperty(globalThis, "showSaveFilePicker");
    });
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    const picking = page.waitForEvent("filechooser");
    await page.getByRole("main").getByRole("button", { name: "Open files…" }).click();
    await (await picking).setFiles({
      name: "net.netrun.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify(NET)),
    });
    await nodeOf(page, "a").waitFor();
    await page.locator(".status-bar").getByText("No server").waitFor();

    await page.keyboard.press("n");
    await nodeOf(page, "Node").waitFor();
    await page.keyboard.press("Control+Shift+L");
    const saving = page.waitForEvent("download");
    await page.keyboard.press("Control+s");
    const saved = JSON.parse(await Deno.readTextFile(await (await saving).path()));
    assertEquals(saved.graph.nodes.map(({ name }: { name: string }) => name), ["a", "b", "Node"]);
    assert(saved.graph.nodes[0].extra.ui.position.x < saved.graph.nodes[1].extra.ui.position.x);

    await page.getByRole("button", { name: "Simulate", exact: true }).click();
    await nodeOf(page, "a").click();
    const panel = page.getByRole("complementary", { name: "Simulation" });
    await panel.getByRole("button", { name: "Inject at in" }).click();
    assertEquals(await nodeOf(page, "a").locator(".chip").textContent(), "1");
    await panel.getByRole("button", { name: "End simulation" }).click();

    await nodeOf(page, "b").click();
    await page.getByLabel("Name", { exact: true }).fill("a");
    await page.getByLabel("Name", { exact: true }).press("Enter");
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Commands" }).fill("Export as a page");
    const off = page.getByRole("option", { name: "Export as a page" });
    assertEquals(await off.getAttribute("aria-disabled"), "true");
    await off.getByText("netrun ui").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Factories" }).click();
    await page.getByRole("navigation", { name: "Factories" }).getByText("netrun ui").waitFor();
  },
);
