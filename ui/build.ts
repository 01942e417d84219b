/**
 * Builds the page of the studio: `deno task ui:build` writes `ui/dist/assets.json`, and with `--site
 * FOLDER` the page as files too.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "@std/cli";
import type { Asset, Assets } from "./assets.ts";

const WEB = fileURLToPath(new URL("./web/", import.meta.url));
const OUTPUT = new URL("./dist/assets.json", import.meta.url);

/** Above this a build fails: the page must be there at once. */
const MAX_MAIN_BYTES = 250 * 1024;
const MAX_TOTAL_BYTES = 1.5 * 1024 * 1024;

/** Layouts; not among the imports of the project, which every task downloads. */
const ELKJS = "npm:elkjs@^0.12.1";

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
};

/** Bundles the page and returns its files. */
export async function buildAssets(): Promise<Assets> {
  const esbuild = await import("npm:esbuild@0.28.2");
  const packages = await linkPackages();
  const common = {
    bundle: true,
    write: false as const,
    outdir: "/assets",
    entryNames: "[name]",
    target: "es2024",
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
    // The studio gives the simulator ids of its own.
    alias: { "@std/ulid": `${WEB}no_ulid.ts` },
    nodePaths: [packages],
    logLevel: "warning" as const,
    legalComments: "none" as const,
  };
  try {
    const builds = await Promise.all([
      esbuild.build({
        ...common,
        entryPoints: { main: `${WEB}main.tsx`, checker: `${WEB}checker.ts` },
        splitting: true,
        format: "esm",
        jsx: "automatic",
        chunkNames: "[name]-[hash]",
      }),
      // Goes as a whole into exported pages.
      esbuild.build({
        ...common,
        entryPoints: { viewer: `${WEB}viewer/page.ts` },
        format: "iife",
        plugins: [{
          name: "graphs are given",
          // A page holds the graph that it simulates, and no schemas to find it out.
          setup(build) {
            build.onLoad({ filter: /simulation_graph\.ts$/ }, () => ({ contents: "export {}" }));
          },
        }],
      }),
    ]);
    const files = new Map(
      builds.flatMap(({ outputFiles }) => outputFiles).map((
        { path, contents },
      ) => [path.replaceAll("\\", "/").replace(/^.*(?=\/assets\/)/, ""), contents]),
    );
    for (const name of ["index.html", "icon.svg"]) {
      files.set(`/${name}`, await Deno.readFile(`${WEB}${name}`));
    }
    // A worker as it is published, loaded when it is first asked for, with its licence beside it.
    for (
      const [path, source] of [
        ["/assets/elk.js", "lib/elk-worker.min.js"],
        ["/assets/elk.LICENSE.txt", "LICENSE.md"],
      ] as const
    ) {
      files.set(path, await Deno.readFile(`${packages}/elkjs/${source}`));
    }
    const assets: Record<string, Asset> = {};
    for (const [path, bytes] of files) assets[path] = await assetOf(path, bytes);
    return assets;
  } finally {
    await esbuild.stop();
    await Deno.remove(dirname(packages), { recursive: true });
  }
}

/** A folder with the packages as Deno downloaded them, where esbuild looks for packages. */
async function linkPackages(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "netrun-ui-" });
  const config = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  const wanted = ["react", "react-dom", "@xyflow/react", "diff", "toml-eslint-parser", "zod"];
  await Deno.writeTextFile(
    `${folder}/deno.json`,
    JSON.stringify({
      nodeModulesDir: "auto",
      lock: false,
      minimumDependencyAge: config.minimumDependencyAge,
      imports: {
        ...Object.fromEntries(wanted.map((name) => [name, config.imports[name]])),
        elkjs: ELKJS,
      },
    }),
  );
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet"],
    cwd: folder,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return `${folder}/node_modules`;
}

async function assetOf(path: string, bytes: Uint8Array): Promise<Asset> {
  const type = TYPES[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new CompressionStream("gzip"));
  const gz = new Uint8Array(await new Response(stream).arrayBuffer());
  const hash = await crypto.subtle.digest("SHA-256", bytes as BufferSource);
  return { type, gz: gz.toBase64(), hash: new Uint8Array(hash).subarray(0, 8).toHex() };
}

/** Sizes of the built files as they travel, in bytes. */
export function sizesOf(assets: Assets): Record<string, number> {
  return Object.fromEntries(
    Object.entries(assets).map(([path, { gz }]) => [path, Uint8Array.fromBase64(gz).length]),
  );
}

/** Sizes that are bounded, in bytes as they travel. */
export interface PageSizes {
  /** The main script with all that it imports at once. */
  main: number;
  /** All files. */
  total: number;
}

/** What there is to load before the page shows anything, and in all. */
export async function pageSizes(assets: Assets): Promise<PageSizes> {
  const sizes = sizesOf(assets);
  const needed = new Set(["/assets/main.js"]);
  // A set is walked to what is added on the way.
  for (const path of needed) {
    for (const [, name] of (await textOf(assets[path]!)).matchAll(STATIC_IMPORT)) {
      needed.add(`/assets/${name}`);
    }
  }
  return {
    main: [...needed].reduce((sum, path) => sum + sizes[path]!, 0),
    total: Object.values(sizes).reduce((sum, size) => sum + size, 0),
  };
}

/** An import that a module begins with; those that are made later have a bracket. */
const STATIC_IMPORT = /\b(?:import|from)"\.\/([^"]+)"/g;

async function textOf(asset: Asset): Promise<string> {
  return new TextDecoder().decode(await bytesOf(asset));
}

async function bytesOf({ gz }: Asset): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.fromBase64(gz)]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Throws if the page has become too large. */
export async function checkSizes(assets: Assets): Promise<void> {
  const { main, total } = await pageSizes(assets);
  if (main <= MAX_MAIN_BYTES && total <= MAX_TOTAL_BYTES) return;
  const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1024)} KB`;
  throw new Error(
    `The page of the studio is too large: the main script with what it imports at once has ` +
      `${kilobytes(main)} of ${kilobytes(MAX_MAIN_BYTES)}, all files ${kilobytes(total)} of ` +
      `${kilobytes(MAX_TOTAL_BYTES)}`,
  );
}

/** Writes the page as files that any file server can serve. */
async function writeSite(assets: Assets, folder: string): Promise<void> {
  for (const [path, asset] of Object.entries(assets)) {
    const file = join(folder, path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeFile(file, await bytesOf(asset));
  }
}

if (import.meta.main) {
  const assets = await buildAssets();
  await checkSizes(assets);
  await Deno.mkdir(new URL("./dist/", import.meta.url), { recursive: true });
  await Deno.writeTextFile(OUTPUT, JSON.stringify(assets));
  const { site } = parseArgs(Deno.args, { string: ["site"] });
  if (site !== undefined) await writeSite(assets, site);
  for (const [path, size] of Object.entries(sizesOf(assets))) {
    console.error(`${path}  ${(size / 1024).toFixed(1)} KB`);
  }
}
