/**
 * The studio as a window of its own: a browser without tabs and address, that knows no other page.
 *
 * @module
 */
import { join } from "node:path";

/** What a window needs. */
export interface WindowOptions {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  /** Folder of the browser's data, which no other window uses. */
  readonly profile: string;
}

/** Where browsers of the Chromium family are, by system; names are looked up in PATH. */
const BROWSERS: Readonly<Record<string, readonly string[]>> = {
  linux: [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "brave-browser",
    "vivaldi",
  ],
  darwin: ["Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser", "Vivaldi"].map((name) =>
    `/Applications/${name}.app/Contents/MacOS/${name}`
  ),
  windows: ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((folder) =>
    ["Google\\Chrome", "Chromium", "Microsoft\\Edge", "BraveSoftware\\Brave-Browser"].map((name) =>
      `%${folder}%\\${name}\\Application\\${name.includes("Edge") ? "msedge" : "chrome"}.exe`
    )
  ),
};

/**
 * The browser that a window is opened with; undefined if none is installed.
 *
 * @param env Reads the environment; `CHROMIUM_PATH` names a browser that comes first.
 */
export async function findBrowser(
  env: (name: string) => string | undefined,
): Promise<string | undefined> {
  const named = env("CHROMIUM_PATH");
  const folders = (env("PATH") ?? "").split(":").filter((folder) => folder !== "");
  const candidates = [
    ...named === undefined ? [] : [named],
    ...(BROWSERS[Deno.build.os] ?? BROWSERS.linux!).flatMap((name) =>
      /[\\/]/.test(name)
        ? [name.replace(/%(.+?)%/, (_, variable) => env(variable) ?? "")]
        : folders.map((folder) => join(folder, name))
    ),
  ];
  for (const path of candidates) {
    if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  }
  return undefined;
}

/** Opens a window; ends when it is closed. */
export function openWindow(browser: string, options: WindowOptions): Deno.ChildProcess {
  const { url, width, height, profile } = options;
  const isRoot = Deno.build.os === "linux" && Deno.uid() === 0;
  return new Deno.Command(browser, {
    args: [
      `--app=${url}`,
      `--user-data-dir=${profile}`,
      `--window-size=${width},${height}`,
      "--no-first-run",
      "--no-default-browser-check",
      // Chromium does not start otherwise there.
      ...isRoot ? ["--no-sandbox"] : [],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}
