/** A real browser on a studio in a folder of its own. */
import { chromium, type Page } from "npm:playwright-core@1.65.1";
import { buildAssets } from "../../ui/build.ts";
import type { Assets } from "../../ui/assets.ts";
import { createStudio, type StudioOptions } from "../../ui/server.ts";
import { folderWith, type TestFolder } from "../ui/server/_studio.ts";

export { dataOf, edge } from "../ui/model/_documents.ts";

const PATH = Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium";
const hasBrowser = await Deno.stat(PATH).then(() => true, () => false);
if (!hasBrowser) console.log(`browser tests are skipped: there is no ${PATH} (CHROMIUM_PATH)`);

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What a test works with. */
export interface Session extends PageSession {
  folder: TestFolder;
  /** Reads a file of the folder as JSON. */
  // deno-lint-ignore no-explicit-any -- files hold JSON of any form
  json(name: string): any;
  text(name: string): string;
  write(name: string, content: unknown): void;
  /** The address with the token. */
  url: string;
  /** Presses the save key and waits until the file is written. */
  save(): Promise<void>;
  /** Runs a command by the palette. */
  command(label: string): Promise<void>;
}

let assets: Promise<Assets> | undefined;

/** The page of the studio, built once for all tests of a file. */
export function builtAssets(): Promise<Assets> {
  return assets ??= buildAssets();
}

/** A page in a browser of its own. */
export interface PageSession {
  page: Page;
  errors: string[];
}

/** Opens an empty page; errors on it fail the test. */
export function pageTest(
  name: string,
  test: (session: PageSession) => Promise<void>,
  size: { width?: number; height?: number } = {},
): void {
  browse(name, (session) => shotOnFailure(session.page, name, () => test(session)), size);
}

function browse(
  name: string,
  test: (session: PageSession) => Promise<void>,
  { width = 1440, height = 900 },
): void {
  Deno.test({
    name,
    ignore: !hasBrowser,
    // The browser is a process of its own with handles of its own.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const browser = await chromium.launch({ executablePath: PATH, args: FLAGS });
      try {
        const context = await browser.newContext({
          viewport: { width, height },
          colorScheme: "dark",
          permissions: ["clipboard-read", "clipboard-write"],
        });
        const page = await context.newPage();
        page.setDefaultTimeout(6000);
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(error.message));
        await test({ page, errors });
        if (errors.length > 0) throw new Error(`errors on the page: ${errors.join("; ")}`);
      } finally {
        await browser.close();
      }
    },
  });
}

/** Opens a page on a folder with files, the first of which is opened in it. */
export function browserTest(
  name: string,
  files: Record<string, unknown>,
  test: (session: Session) => Promise<void>,
  options: Partial<StudioOptions> & { width?: number; height?: number } = {},
): void {
  const { width = 1440, height = 900, ...studioOptions } = options;
  browse(name, async ({ page, errors }) => {
    await using folder = await folderWith(files);
    await using studio = await createStudio({
      root: folder.root,
      trusted: true,
      assets: await builtAssets(),
      ...studioOptions,
    });
    const { url } = studio.serve({ port: 0 });
    await page.goto(url);
    await page.getByRole("tablist", { name: "Open files" }).waitFor({ timeout: 15_000 });
    const session: Session = {
      page,
      folder,
      url,
      errors,
      text: (name) => Deno.readTextFileSync(folder.path(name)),
      json: (name) => JSON.parse(Deno.readTextFileSync(folder.path(name))),
      write: (name, content) =>
        Deno.writeTextFileSync(
          folder.path(name),
          typeof content === "string" ? content : JSON.stringify(content, null, 2) + "\n",
        ),
      save: async () => {
        await page.keyboard.press("Control+s");
        await page.locator(".status-bar").getByText("Saved", { exact: true }).waitFor();
      },
      command: async (label) => {
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox", { name: "Commands" }).fill(label);
        await page.keyboard.press("Enter");
      },
    };
    await shotOnFailure(page, name, () => test(session));
    // The page goes before its server, which it would otherwise look for.
    await page.goto("about:blank");
  }, { width, height });
}

async function shotOnFailure(page: Page, name: string, test: () => Promise<void>): Promise<void> {
  try {
    await test();
  } catch (error) {
    const path = `${await Deno.makeTempDir()}/${name.replaceAll(/\W+/g, "-").slice(0, 60)}.png`;
    await page.screenshot({ path }).catch(() => {});
    console.log(`screenshot: ${path}`);
    throw error;
  }
}

/** The node of that name on the canvas. */
export function nodeOf(page: Page, name: string) {
  return page.locator(".react-flow__node").filter({
    has: page.locator(".name", { hasText: new RegExp(`^${name}$`) }),
  });
}

/** Drags from one port to another. */
export async function dragEdge(
  page: Page,
  from: [node: string, port: string],
  to: [node: string, port: string],
): Promise<void> {
  const handle = (side: string, [node, port]: [string, string]) =>
    page.getByLabel(`${side} port ${port} of ${node}`, { exact: true });
  const [a, b] = [handle("Output", from), handle("Input", to)];
  const [start, end] = [(await a.boundingBox())!, (await b.boundingBox())!];
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x - 40, end.y + 20, { steps: 4 });
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 4 });
  await page.mouse.up();
}
