import { assert, assertEquals } from "@std/assert";
import { browserTest, nodeOf } from "./_browser.ts";

const at = (x: number, y: number) => ({ extra: { ui: { position: { x, y } } } });
const netWith = (...nodes: object[]) => ({ "net.netrun.json": { graph: { nodes, edges: [] } } });

browserTest(
  "7: arguments of a factory have fields; ports follow them, a bad value is explained, reset works",
  netWith(),
  async ({ page, save, json }) => {
    await page.getByRole("button", { name: "Factories" }).click();
    await page.locator(".factory-card", { hasText: "broadcast" }).click();
    await page.getByLabel("Output port out_1 of broadcast").waitFor({ state: "attached" });
    const outputs = page.getByLabel("Num outputs");
    assertEquals(await outputs.getAttribute("placeholder"), "2");
    await outputs.fill("3");
    await outputs.press("Enter");
    await page.getByLabel("Output port out_2 of broadcast").waitFor({ state: "attached" });
    await page.locator(".preview").getByText("out_0, out_1, out_2").waitFor();
    await page.getByLabel("Copy mode").selectOption("deep");
    await outputs.fill("many");
    await outputs.press("Enter");
    await page.getByText("“many” is no number").waitFor();
    assertEquals(await outputs.inputValue(), "many");
    await outputs.fill("-1");
    await outputs.press("Enter");
    await page.locator(".inspector .error").first().waitFor();
    await save();
    const [node] = json("net.netrun.json").graph.nodes;
    assertEquals(node.factory_args, { num_outputs: 3, copy_mode: "deep" });
    await page.getByRole("button", { name: "Reset arguments" }).click();
    await page.getByLabel("Output port out_2 of broadcast").waitFor({ state: "detached" });
    await save();
    assert(!("factory_args" in json("net.netrun.json").graph.nodes[0]));
  },
);

browserTest(
  "what the factory itself refuses is told in its own words",
  netWith({
    name: "pair",
    factory: "netrun:join",
    factory_args: { ports: ["a", "a"] },
    ...at(0, 0),
  }),
  async ({ page }) => {
    await nodeOf(page, "pair").click();
    await page.locator(".preview.error").getByText(/ports/).waitFor();
    assert(await page.locator(".node.wrong").count() === 1);
    await page.getByRole("button", { name: "Remove a from ports: list" }).first().click();
    await page.locator(".preview").getByText("a→out").waitFor();
    await page.locator(".node.wrong").waitFor({ state: "detached" });
  },
);

const FACTORY = `import { z } from "zod";
export const argsSchema = z.object({
  title: z.string().describe("What it is called"),
  size: z.number().optional(),
  level: z.enum(["low", "high"]).default("low"),
  isOn: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  limits: z.object({ min: z.number().optional() }).optional(),
  either: z.union([z.string(), z.number()]).optional(),
  anything: z.unknown().optional(),
  _hidden: z.string().optional(),
});
export function getNodeConfig(_net, args) {
  return { name: "made", out_ports: { [args.title ?? "out"]: {} } };
}
export function getNodeFuncs() {
  return { exec() {} };
}
`;

browserTest(
  "every kind of parameter has its field, and only what is given is written",
  {
    "made.js": FACTORY,
    ...netWith({ name: "made", factory: "./made.js", ...at(0, 0) }),
  },
  async ({ page, save, json }) => {
    await nodeOf(page, "made").click();
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await inspector.getByLabel("Title *").fill("sheet");
    await inspector.getByLabel("Title *").press("Enter");
    await page.getByLabel("Output port sheet of made").waitFor({ state: "attached" });
    assertEquals(await inspector.getByText("Title *").getAttribute("title"), "What it is called");
    await inspector.getByLabel("Level").selectOption("high");
    await inspector.getByLabel("IsOn").selectOption("no");
    await inspector.getByRole("textbox", { name: "Tags" }).fill("a");
    await inspector.getByRole("textbox", { name: "Tags" }).press("Enter");
    await inspector.getByRole("textbox", { name: "Tags" }).fill("b");
    await inspector.getByRole("textbox", { name: "Tags" }).press("Enter");
    await inspector.getByRole("button", { name: "+ limits" }).click();
    await inspector.getByLabel("Min").fill("2");
    await inspector.getByLabel("Min").press("Enter");
    await inspector.getByLabel("Either", { exact: true }).selectOption("number");
    const anything = inspector.getByLabel("Anything");
    await anything.fill('{"b": 1,');
    await anything.blur();
    await inspector.locator(".error").first().waitFor();
    assertEquals(await anything.inputValue(), '{"b": 1,');
    await anything.fill('{"b": 1, "10": 2, "9": 3}');
    await anything.blur();
    assertEquals(await inspector.getByText("hidden").count(), 0);
    await save();
    const args = json("net.netrun.json").graph.nodes[0].factory_args;
    assertEquals(args, {
      title: "sheet",
      level: "high",
      isOn: false,
      tags: ["a", "b"],
      limits: { min: 2 },
      either: 1,
      anything: { b: 1, 9: 3, 10: 2 },
    });
    await inspector.getByLabel("Level").selectOption({ index: 0 });
    await save();
    assert(!("level" in json("net.netrun.json").graph.nodes[0].factory_args));
  },
);

browserTest(
  "a factory that is missing says so plainly; refreshed, it is found once it is there",
  netWith({ name: "later", factory: "./later.js", ...at(0, 0) }),
  async ({ page, write }) => {
    await nodeOf(page, "later").click();
    await page.locator(".preview.error").getByText("later.js").waitFor();
    write("later.js", FACTORY);
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByLabel("Title *").waitFor();
  },
);

browserTest(
  "a new function is written to its module and stands on the canvas with its ports",
  { ...netWith(), "steps.ts": "export const nothing = 0;\n" },
  async ({ page, command, text, save, json }) => {
    await command("New function");
    const dialog = page.getByRole("dialog", { name: "New function" });
    await dialog.getByLabel("Name").fill("nothing");
    await page.keyboard.press("Enter");
    await dialog.getByText("steps.ts has something called nothing already").waitFor();
    await dialog.getByLabel("Name").fill("tidyUp");
    await page.keyboard.press("Enter");
    await nodeOf(page, "tidyUp").waitFor();
    await page.getByLabel("Input port input of tidyUp").waitFor({ state: "attached" });
    assert(text("steps.ts").includes("export function tidyUp(input: unknown): unknown"));
    await save();
    assertEquals(json("net.netrun.json").graph.nodes[0].factory_args, {
      func: "./steps.ts::tidyUp",
    });
    const offered = page.locator("datalist option[value='./steps.ts::tidyUp']");
    await offered.first().waitFor({ state: "attached" });
  },
);
