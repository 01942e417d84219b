/**
 * How fast the studio is with large graphs, in a real browser that paints by software:
 * `deno task bench:ui [NODES…]`, 1000 by default. One JSON line a graph.
 *
 * @module
 */
import { join } from "node:path";
import { chromium, type Page } from "npm:playwright-core@1.65.1";
import { buildAssets } from "../ui/build.ts";
import { createStudio } from "../ui/server.ts";

const BROWSER = Deno.env.get("CHROMIUM_PATH") ?? "/usr/bin/chromium";

/** What was measured, in milliseconds. */
interface Figures {
  nodes: number;
  first_paint_ms: number;
  ready_ms: number;
  /** Slowest of 95 in 100 frames while the graph is dragged. */
  pan_overview_p95_ms: number;
  pan_detail_p95_ms: number;
  /** From the last zoom step to the first frame with mounted nodes. */
  detail_switch_ms: number;
  /** From a key to the frame after its change. */
  add_node_ms: number;
  undo_ms: number;
  heap_mb: number;
}

/** A graph of rows with four ports a node, each node joined to the next. */
function netOf(nodes: number): unknown {
  const perRow = Math.ceil(Math.sqrt(nodes) * 1.3);
  return {
    graph: {
      nodes: Array.from({ length: nodes }, (_, i) => ({
        name: `node${i}`,
        in_ports: { a: {}, b: {} },
        out_ports: { out: {}, rest: {} },
        extra: { ui: { position: { x: (i % perRow) * 260, y: Math.floor(i / perRow) * 200 } } },
      })),
      edges: Array.from({ length: nodes - 1 }, (_, i) => ({
        source_node: `node${i}`,
        source_port: "out",
        target_node: `node${i + 1}`,
        target_port: "a",
      })),
    },
  };
}

async function measure(nodes: number): Promise<Figures> {
  const root = await Deno.makeTempDir({ prefix: "netrun-bench-" });
  await Deno.writeTextFile(join(root, "net.netrun.json"), JSON.stringify(netOf(nodes)));
  await using studio = await createStudio({ root, trusted: true, assets: await buildAssets() });
  const { url } = studio.serve({ port: 0 });
  const browser = await chromium.launch({
    executablePath: BROWSER,
    args: ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(url);
    await page.locator("canvas.overview, .react-flow__node").first().waitFor({ timeout: 60_000 });
    const ready_ms = await page.evaluate(() => performance.now());
    const first_paint_ms = await page.evaluate(() =>
      performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN
    );
    const pan_overview_p95_ms = await pan(page);
    const detail_switch_ms = await zoomIn(page);
    const pan_detail_p95_ms = await pan(page);
    const add_node_ms = await press(page, "n");
    const undo_ms = await press(page, "Control+z");
    const heap_mb = await page.evaluate(() =>
      (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize /
      1024 ** 2
    );
    const figures = {
      nodes,
      first_paint_ms,
      ready_ms,
      pan_overview_p95_ms,
      pan_detail_p95_ms,
      detail_switch_ms,
      add_node_ms,
      undo_ms,
      heap_mb,
    };
    return Object.fromEntries(
      Object.entries(figures).map(([name, value]) => [name, Math.round(value * 10) / 10]),
    ) as unknown as Figures;
  } finally {
    await browser.close();
    await Deno.remove(root, { recursive: true });
  }
}

/** Drags the canvas to and fro, and returns the slowest of 95 in 100 frames. */
async function pan(page: Page): Promise<number> {
  const box = (await page.locator(".canvas").boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height - 30];
  await page.evaluate(() => {
    const frames: number[] = [];
    Reflect.set(globalThis, "frameTimes", frames);
    const tick = (now: number) => {
      frames.push(now);
      if (Reflect.get(globalThis, "frameTimes") === frames as unknown) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await page.mouse.move(x, y);
  await page.mouse.down({ button: "middle" });
  for (let i = 0; i < 90; i++) {
    await page.mouse.move(x + 200 * Math.sin(i / 8), y - 120 * (1 - Math.cos(i / 8)));
  }
  await page.mouse.up({ button: "middle" });
  const frames: number[] = await page.evaluate(() => {
    const frames: unknown = Reflect.get(globalThis, "frameTimes");
    Reflect.deleteProperty(globalThis, "frameTimes");
    return frames as number[];
  });
  const times = frames.slice(1).map((time, i) => time - frames[i]!).sort((a, b) => a - b);
  return times[Math.floor(times.length * 0.95)] ?? NaN;
}

/** Zooms in until nodes are mounted; returns how long the last step took. */
async function zoomIn(page: Page): Promise<number> {
  const button = page.getByRole("button", { name: "Zoom In" });
  let tookMs = 0;
  for (let i = 0; i < 20 && await page.locator("canvas.overview").count() > 0; i++) {
    const startMs = performance.now();
    await button.click();
    await nextFrame(page);
    tookMs = performance.now() - startMs;
  }
  return tookMs;
}

/** Presses a key; returns how long its handling and the frame after it took. */
async function press(page: Page, key: string): Promise<number> {
  await page.evaluate(() => {
    addEventListener("keydown", () => {
      const start = performance.now();
      requestAnimationFrame(() =>
        setTimeout(() => Reflect.set(globalThis, "tookMs", performance.now() - start))
      );
    }, { once: true, capture: true });
  });
  await page.keyboard.press(key);
  await page.waitForFunction(() => Reflect.has(globalThis, "tookMs"));
  return await page.evaluate(() => {
    const tookMs = Reflect.get(globalThis, "tookMs");
    Reflect.deleteProperty(globalThis, "tookMs");
    return tookMs;
  });
}

async function nextFrame(page: Page): Promise<void> {
  await page.evaluate(() =>
    new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
  );
}

if (import.meta.main) {
  const sizes = Deno.args.length > 0 ? Deno.args.map(Number) : [1000];
  for (const nodes of sizes) console.log(JSON.stringify(await measure(nodes)));
  // The bundler's helper ends some time after it was told to.
  Deno.exit(0);
}
