import { assertEquals } from "@std/assert";
import type { Page } from "npm:playwright-core@1.65.1";
import { browserTest, nodeOf } from "./_browser.ts";

const netOf = (retries: number, ...names: string[]) => ({
  retries,
  graph: {
    nodes: names.map((name, i) => ({ name, extra: { ui: { position: { x: 300 * i, y: 0 } } } })),
    edges: [],
  },
});

/** Writes until the page has seen it: the server's watcher starts some time after the page. */
async function writeUntilSeen(page: Page, write: () => void): Promise<void> {
  const banner = page.locator(".banner.warn");
  while (await banner.count() === 0) {
    write();
    await banner.waitFor({ timeout: 500 }).catch(() => {});
  }
}

browserTest(
  "12: over unsaved changes a changed file is compared, and these are kept, and then written",
  { "net.netrun.json": netOf(1, "a") },
  async ({ page, write, json, save }) => {
    await nodeOf(page, "a").waitFor();
    await page.keyboard.press("n");
    await page.locator(".dirty").waitFor();
    await writeUntilSeen(page, () => write("net.netrun.json", netOf(7, "a")));
    const banner = page.locator(".banner.warn");
    await banner.getByRole("button", { name: "Compare" }).click();
    const dialog = page.getByRole("dialog", { name: "Compare with the file" });
    await dialog.locator("del", { hasText: '"retries": 7' }).waitFor();
    await dialog.locator("ins", { hasText: '"retries": 1' }).waitFor();
    await dialog.locator("ins", { hasText: '"name": "Node"' }).waitFor();
    await dialog.getByRole("button", { name: "Keep these changes" }).click();
    await banner.waitFor({ state: "detached" });
    await page.keyboard.press("Control+s");
    const conflict = page.getByRole("dialog", { name: "The file is another one by now" });
    await conflict.getByRole("button", { name: "Compare" }).click();
    await dialog.locator("del", { hasText: '"retries": 7' }).waitFor();
    assertEquals(json("net.netrun.json").retries, 7);
    await dialog.getByRole("button", { name: "Overwrite" }).click();
    await page.locator(".dirty").waitFor({ state: "detached" });
    await save();
    assertEquals(json("net.netrun.json").retries, 1);
    assertEquals(json("net.netrun.json").graph.nodes.length, 2);
  },
);

browserTest(
  "a TOML file is compared as TOML; reloading takes what is on the disk, and undo the changes back",
  { "net.netrun.toml": 'retries = 1\n[[graph.nodes]]\nname = "a"\n' },
  async ({ page, write }) => {
    await nodeOf(page, "a").waitFor();
    await page.keyboard.press("n");
    await nodeOf(page, "Node").waitFor();
    const other = 'retries = 7\n[[graph.nodes]]\nname = "b"\n';
    await writeUntilSeen(page, () => write("net.netrun.toml", other));
    await page.locator(".banner.warn").getByRole("button", { name: "Compare" }).click();
    const dialog = page.getByRole("dialog", { name: "Compare with the file" });
    await dialog.locator("del", { hasText: "retries = 7" }).waitFor();
    await dialog.getByRole("button", { name: "Reload the file" }).click();
    await nodeOf(page, "b").waitFor();
    assertEquals(await nodeOf(page, "a").count(), 0);
    await page.keyboard.press("Control+z");
    await nodeOf(page, "Node").waitFor();
  },
);
