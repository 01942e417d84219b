/**
 * The studio: a server on this machine that shows nets in the browser and edits their files.
 *
 * @example
 * ```ts ignore
 * import { createStudio } from "@netrun/netrun/ui";
 *
 * await using studio = await createStudio({ root: "examples/weather" });
 * const { url } = studio.serve();
 * console.log(`Open ${url}`);
 * ```
 *
 * @module
 */
import type { Hono } from "hono";
import { apiRoutes } from "./server/api.ts";
import { assetResponse, type Assets, loadAssets } from "./assets.ts";
import type { DevAssets } from "./dev_assets.ts";
import { CodeRunner } from "./server/code_runner.ts";
import { ConfinedFolder } from "./server/confined_folder.ts";
import { FileEvents } from "./server/file_events.ts";
import { newToken } from "./server/guard.ts";
import { TrustStore } from "./server/trust.ts";

export type { Asset, Assets } from "./assets.ts";

/** How a studio is opened. */
export interface StudioOptions {
  /** The folder to work in: nothing outside it is read or written. */
  root: string;
  /** File to open first, from the root. */
  initialFile?: string;
  /** Whether files may only be looked at. @default {false} */
  readOnly?: boolean;
  /** Host names by which the studio may be called, beside those of this machine. */
  hosts?: string[];
  /** Origins of foreign pages that may call it. */
  origins?: string[];
  /** Whether a page may end the server. */
  onShutdown?: () => void;
  /** Whether the folder may run code; asked of the user's list of trusted folders by default. */
  trusted?: boolean;
  /** The files of the page, in place of those of the package. */
  assets?: Assets;
  /** Build the page anew as its sources change, and reload it: only in a checkout. @default {false} */
  dev?: boolean;
}

/** Where a studio listens. */
export interface ServeOptions {
  /** The network interface. @default {"127.0.0.1"} */
  hostname?: string;
  /** The port; 0 for any. The first free one from 8000 to 8099 by default. */
  port?: number;
}

/** A studio. Leaving its scope closes the server. */
export interface Studio extends AsyncDisposable {
  /** The application: `app.request()` calls it without a network. */
  readonly app: Hono;
  /** What calls of the interface must bear. */
  readonly token: string;
  /** Absolute path of the folder. */
  readonly root: string;
  /** Starts to listen, and says where. */
  serve(options?: ServeOptions): { url: string; finished: Promise<void> };
  /** Tells open pages, and ends. */
  close(): Promise<void>;
}

/**
 * Opens a studio for a folder.
 *
 * @throws {Deno.errors.NotFound} If there is no such folder.
 */
export async function createStudio(options: StudioOptions): Promise<Studio> {
  const folder = await ConfinedFolder.open(options.root);
  const token = newToken();
  const events = new FileEvents(folder);
  const trust = options.trusted === undefined ? TrustStore.ofUser() : new TrustStore(undefined);
  let isTrusted = options.trusted ?? await trust.has(folder.root);
  let loading: Promise<Assets> | undefined;
  const dev = options.dev ? await openDevAssets(() => events.tell({ type: "reload" })) : undefined;
  const assets = () =>
    dev?.get() ?? (loading ??= options.assets ? Promise.resolve(options.assets) : loadAssets());
  const app = apiRoutes({
    assets,
    folder,
    events,
    runner: new CodeRunner(folder.root),
    initialFile: options.initialFile,
    readOnly: options.readOnly ?? false,
    onShutdown: options.onShutdown,
    guard: { token, hosts: options.hosts, origins: options.origins },
    trust: {
      get: () => isTrusted,
      async grant() {
        isTrusted = true;
        await trust.add(folder.root);
      },
    },
  });
  app.get("*", async (context) => {
    const loaded = await assets();
    const path = context.req.path === "/" ? "/index.html" : context.req.path;
    const asset = Object.hasOwn(loaded, path) ? loaded[path] : undefined;
    if (asset) return assetResponse(asset, path, context.req.raw);
    return context.text("There is no such page", 404);
  });
  let server: Deno.HttpServer<Deno.NetAddr> | undefined;
  const close = async () => {
    dev?.close();
    events.close();
    await server?.shutdown();
    server = undefined;
  };
  return {
    app,
    token,
    root: folder.root,
    serve({ hostname = "127.0.0.1", port } = {}) {
      server = listen(app, hostname, port);
      const host = hostname.includes(":") ? `[${hostname}]` : hostname;
      return {
        url: `http://${host}:${server.addr.port}/#token=${token}`,
        finished: server.finished,
      };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function openDevAssets(onRebuilt: () => void): Promise<DevAssets> {
  const { DevAssets } = await import("./dev_assets.ts");
  return await DevAssets.open(onRebuilt);
}

/** Listens on the port that is asked for, else on the first free one. */
function listen(
  app: Hono,
  hostname: string,
  port: number | undefined,
): Deno.HttpServer<Deno.NetAddr> {
  const ports = port === undefined ? Array.from({ length: 100 }, (_, i) => 8000 + i) : [port];
  for (const candidate of ports) {
    try {
      return Deno.serve(
        { hostname, port: candidate, onListen() {} },
        (request) => app.fetch(request),
      );
    } catch (error) {
      if (port !== undefined || !(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  return Deno.serve({ hostname, port: 0, onListen() {} }, (request) => app.fetch(request));
}
