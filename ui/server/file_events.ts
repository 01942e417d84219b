/**
 * Telling open pages which files changed.
 *
 * @module
 */
import type { ConfinedFolder } from "./confined_folder.ts";
import { etagOf, isNetFile } from "./files.ts";

/** Changes of a file often come as several; they are told of once. */
const SETTLE_MS = 60;

/** Watches the folder while at least one page listens. */
export class FileEvents {
  readonly #folder: ConfinedFolder;
  readonly #sockets = new Set<WebSocket>();
  readonly #changed = new Set<string>();
  #watcher: Deno.FsWatcher | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Watches a folder from the first listener on. */
  constructor(folder: ConfinedFolder) {
    this.#folder = folder;
  }

  /** Tells a socket of every change from now on. */
  add(socket: WebSocket): void {
    socket.onopen = () => {
      this.#sockets.add(socket);
      if (!this.#watcher) this.#watch();
    };
    socket.onclose = () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#stop();
    };
  }

  /** Says that the server closes, and lets go of everything. */
  close(): void {
    this.tell({ type: "server_closing" });
    for (const socket of this.#sockets) socket.close(1001, "server closing");
    this.#sockets.clear();
    this.#stop();
  }

  #stop(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #watch(): Promise<void> {
    const watcher = Deno.watchFs(this.#folder.root);
    this.#watcher = watcher;
    for await (const { paths } of watcher) {
      for (const path of paths) {
        if (/\.(?:json|toml|ts|mts|js|mjs)$/.test(path) && !path.includes("/node_modules/")) {
          this.#changed.add(path);
        }
      }
      // Not put off by further changes: a file that never rests would never be told of.
      if (this.#changed.size > 0) this.#timer ??= setTimeout(() => this.#tellChanges(), SETTLE_MS);
    }
  }

  async #tellChanges(): Promise<void> {
    this.#timer = undefined;
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const path of changed) {
      const etag = /\.(?:json|toml)$/.test(path)
        ? await Deno.readFile(path).then(etagOf, () => null)
        : null;
      this.tell({
        type: "file_changed",
        path: this.#folder.relative(path),
        etag,
        is_netrun_file: isNetFile(path),
      });
    }
  }

  /** Sends an event to every page that listens. */
  tell(event: Record<string, unknown>): void {
    for (const socket of this.#sockets) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(event));
    }
  }
}
