/**
 * The files of the page for whoever works on the studio itself: built anew as its sources change.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Assets } from "./assets.ts";

const SOURCES = ["./web/", "./model/", "../sim/", "../runtime/schema/"];
/** Editors write a file in several steps. */
const SETTLE_MS = 80;

/** Files of the page that follow their sources. */
export class DevAssets {
  #assets: Promise<Assets>;
  readonly #watcher: Deno.FsWatcher;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    private readonly build: () => Promise<Assets>,
    private readonly onRebuilt: () => void,
  ) {
    this.#assets = build();
    const folders = SOURCES.map((path) => fileURLToPath(new URL(path, import.meta.url)));
    this.#watcher = Deno.watchFs(folders);
  }

  /**
   * Begins to watch the sources.
   *
   * @throws {Error} If this is no checkout of the project.
   */
  static async open(onRebuilt: () => void): Promise<DevAssets> {
    if (!import.meta.url.startsWith("file:") || Deno.build.standalone) {
      throw new Error("Only a checkout of the project can build the studio anew");
    }
    // Only a checkout has the builder; a literal import would make it part of the program.
    const builder = "./build.ts";
    const { buildAssets } = await import(new URL(builder, import.meta.url).href);
    const assets = new DevAssets(buildAssets, onRebuilt);
    void assets.#watch();
    return assets;
  }

  /** The files as they were built last. */
  get(): Promise<Assets> {
    return this.#assets;
  }

  /** Ends. */
  close(): void {
    clearTimeout(this.#timer);
    this.#watcher.close();
  }

  async #watch(): Promise<void> {
    for await (const { paths, kind } of this.#watcher) {
      if (kind === "access" || !paths.some((path) => /\.(?:tsx?|css|html|svg)$/.test(path))) {
        continue;
      }
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#rebuild(), SETTLE_MS);
    }
  }

  async #rebuild(): Promise<void> {
    const built = this.build();
    try {
      await built;
      this.#assets = built;
      this.onRebuilt();
    } catch (error) {
      // The page goes on with what was built before.
      console.error(`studio: ${error instanceof Error ? error.message : error}`);
    }
  }
}
