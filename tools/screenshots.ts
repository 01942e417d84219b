/**
 * Pictures of the studio: `deno run -A tools/screenshots.ts` takes those of the guide again,
 * `deno run -A tools/screenshots.ts FOLDER [VIEW,…]` one of every view in every theme and two sizes.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "npm:playwright-core@1.65.1";
import { buildAssets } from "../ui/build.ts";
import { createStudio } from "../ui/server.ts";

const BROWSER = Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium";
const EXAMPLE = fileURLToPath(new URL("../examples/weather/", import.meta.url));
const IMAGES = fileURLToPath(new URL("../docs/images/", import.meta.url));

/** Pictures of the guide stay small. */
const MAX_BYTES = 120 * 1024;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What a scene is played with. */
interface Stage {
  readonly page: Page;
  /** The folder that the studio works in. */
  readonly root: string;
  /** Ends the server. */
  close(): Promise<void>;
}

/** Leads a page to a view. */
type Scene = (stage: Stage) => Promise<void>;

const FILE = "weather.netrun.toml";

const node = (page: Page, name: string) =>
  page.locator(".react-flow__node").filter({
    has: page.locator(".name", { hasText: new RegExp(`^${name}$`) }),
  });

async function command(page: Page, label: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Commands" }).fill(label);
  await page.keyboard.press("Enter");
}

const SCENES: Readonly<Record<string, Scene>> = {
  net: async () => {},
  node: async ({ page }) => {
    await node(page, "clean").click();
    await page.getByLabel("func", { exact: true }).first().waitFor().catch(() => {});
  },
  simulate: async ({ page }) => {
    await page.getByRole("button", { name: "Simulate", exact: true }).click();
    await node(page, "clean").click();
    await page.getByLabel("Packets to inject").fill("5");
    await page.getByRole("button", { name: "Inject at rows" }).click();
    await page.getByRole("button", { name: "Run until blocked" }).click();
    await page.getByRole("button", { name: "Finish" }).first().click();
  },
  problems: async ({ page, root }) => {
    const text = await Deno.readTextFile(`${root}/${FILE}`);
    await Deno.writeTextFile(
      `${root}/${FILE}`,
      text.replace('target_port = "years"', 'target_port = "year"')
        .replace('name = "clean"', 'name = "clean"\nexecution_config = { pools = ["disk"] }'),
    );
    await page.locator(".trouble").first().waitFor();
    await command(page, "Show problems");
    await page.locator(".problems li").first().waitFor();
  },
  palette: async ({ page }) => await page.keyboard.press("Control+k"),
  help: async ({ page }) => await command(page, "Keyboard shortcuts"),
  outline: async ({ page }) => await page.getByRole("button", { name: "Outline" }).click(),
  factories: async ({ page }) => await page.getByRole("button", { name: "Factories" }).click(),
  export: async ({ page }) => await command(page, "Export as a page"),
  menu: async ({ page }) => await node(page, "split").click({ button: "right" }),
  empty: async ({ page }) => {
    await page.getByRole("button", { name: "New net", exact: true }).first().click();
    await page.getByText("An empty graph").waitFor();
  },
  welcome: async ({ page }) => {
    await page.keyboard.press("Alt+w");
    await page.getByText("No net is open").waitFor();
  },
  broken: async ({ page }) => {
    await page.keyboard.press("Control+o");
    await page.getByRole("button", { name: "broken.netrun.json" }).click();
    await page.getByText("cannot be read").waitFor();
  },
  conflict: async ({ page, root }) => {
    await page.keyboard.press("n");
    await page.locator(".dirty").waitFor();
    await Deno.writeTextFile(`${root}/${FILE}`, `${await Deno.readTextFile(`${root}/${FILE}`)}\n`);
    await page.getByText("was changed by someone else").waitFor();
    await page.keyboard.press("Control+s");
    await page.getByRole("dialog").waitFor();
  },
  offline: async ({ page, close }) => {
    await close();
    await page.getByText("The server does not answer").waitFor();
  },
};

/** Pictures of the guide: file, scene, theme. */
const GUIDE = [
  ["studio", "node", "dark"],
  ["studio-simulate", "simulate", "dark"],
  ["studio-problems", "problems", "light"],
] as const;

/** Closes the list of files and comes nearer, so that names can be read in a small picture. */
async function comeNearer(page: Page): Promise<void> {
  await page.getByRole("toolbar", { name: "Panels" }).getByRole("button", { name: "Files" })
    .click();
  await page.keyboard.press("0");
  const { x, y, height } = (await node(page, "clean").boundingBox())!;
  await page.mouse.move(x - 20, y + height / 2);
  await page.mouse.wheel(0, -420);
}

/** A copy of the example, with a file that cannot be read beside it. */
async function exampleFolder(): Promise<string> {
  const root = `${await Deno.makeTempDir()}/weather`;
  await Deno.mkdir(`${root}/data`, { recursive: true });
  for await (const { name, isFile } of Deno.readDir(EXAMPLE)) {
    if (isFile && !name.endsWith("_test.ts")) {
      await Deno.copyFile(`${EXAMPLE}${name}`, `${root}/${name}`);
    }
  }
  await Deno.writeTextFile(
    `${root}/broken.netrun.json`,
    '{\n  "graph": {\n    "nodes": [\n      { "name": "a" },\n      { "name": "b", }\n    ]\n  }\n}\n',
  );
  return root;
}

async function take(
  browser: Browser,
  scene: Scene,
  theme: string,
  viewport: Size,
  path: string,
): Promise<void> {
  const root = await exampleFolder();
  await using studio = await createStudio({ root, trusted: true, assets: await built });
  const { url } = studio.serve({ port: 0 });
  const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.addInitScript((theme) => localStorage.setItem("netrun-theme", theme), theme);
    await page.goto(url.replace("/#", `/?${new URLSearchParams({ file: FILE })}#`));
    // Ports of functions are known once the code was read.
    await page.getByLabel("Output port summary of report").waitFor({ state: "attached" });
    await page.locator(".status-bar").getByText("Connected").waitFor();
    await scene({ page, root, close: () => studio.close() });
    await page.mouse.move(0, viewport.height - 1);
    await page.screenshot({ path });
  } finally {
    await context.close();
    await Deno.remove(root, { recursive: true });
  }
}

const built = buildAssets();

if (import.meta.main) {
  const browser = await chromium.launch({
    executablePath: BROWSER,
    args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
  });
  const [folder, only] = Deno.args;
  if (folder === undefined) {
    for (const [name, scene, theme] of GUIDE) {
      const path = `${IMAGES}${name}.png`;
      const play: Scene = async (stage) => {
        await comeNearer(stage.page);
        await SCENES[scene]!(stage);
      };
      await take(browser, play, theme, { width: 1200, height: 720 }, path);
      const { size } = await Deno.stat(path);
      if (size > MAX_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MAX_BYTES}`);
      console.error(`${path}  ${Math.ceil(size / 1024)} KB`);
    }
  } else {
    await Deno.mkdir(folder, { recursive: true });
    for (const [name, scene] of Object.entries(SCENES)) {
      if (only !== undefined && !only.split(",").includes(name)) continue;
      for (const theme of ["dark", "light", "contrast"]) {
        for (const size of [{ width: 1440, height: 900 }, { width: 900, height: 700 }]) {
          const path = `${folder}/${name}-${theme}-${size.width}.png`;
          await take(browser, scene, theme, size, path)
            .catch((error) => console.error(path, error.message));
        }
      }
    }
  }
  await browser.close();
  // The bundler's helper ends some time after it was told to.
  Deno.exit(0);
}
