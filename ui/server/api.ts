/**
 * The HTTP interface of the studio.
 *
 * @module
 */
import { Hono } from "hono";
import { netConfigJsonSchema } from "../../runtime/schema/json_schema.ts";
import { CONTROL_TYPES, SIGNAL_TYPES } from "../../runtime/schema/signal_names.ts";
import configuration from "../../deno.json" with { type: "json" };
import type { Assets } from "../assets.ts";
import { addActionRoutes } from "./action_routes.ts";
import type { CodeRunner } from "./code_runner.ts";
import { addCodeRoutes } from "./code_routes.ts";
import type { ConfinedFolder } from "./confined_folder.ts";
import type { FileEvents } from "./file_events.ts";
import { addFileRoutes } from "./file_routes.ts";
import { firstNetFile } from "./files.ts";
import { guard, type GuardOptions, headers } from "./guard.ts";
import { RequestFailure, sendData, sendFailure } from "./wire.ts";

/** What the interface stands on. */
export interface ApiParts {
  folder: ConfinedFolder;
  events: FileEvents;
  runner: CodeRunner;
  initialFile: string | undefined;
  readOnly: boolean;
  /** The files of the page, loaded when first asked for. */
  assets: () => Promise<Assets>;
  onShutdown: (() => void) | undefined;
  guard: GuardOptions;
  trust: { get(): boolean; grant(): Promise<void> };
}

/** The application with all routes of the interface. */
export function apiRoutes(parts: ApiParts): Hono {
  const app = new Hono();
  app.use(headers(parts.guard));
  app.onError((error) => sendFailure(error));
  const api = new Hono();
  api.onError((error) => sendFailure(error));
  api.get("/health", () => sendData({ status: "ok" }));
  api.use(guard(parts.guard));
  addGeneral(api, parts);
  addFileRoutes(api, parts);
  addCodeRoutes(api, parts);
  addActionRoutes(api, parts);
  api.all("*", () => sendFailure(new RequestFailure("not_found", "There is no such route")));
  app.route("/api/v1", api);
  return app;
}

function addGeneral(
  api: Hono,
  { folder, events, initialFile, readOnly, trust, ...parts }: ApiParts,
) {
  api.get("/config", async () =>
    sendData({
      root: folder.root,
      initial_file: initialFile ?? await firstNetFile(folder) ?? null,
      trusted: trust.get(),
      read_only: readOnly,
      version: configuration.version,
      capabilities: readOnly ? ["read"] : ["read", "write", "code", "actions"],
    }));
  api.post("/trust", async () => {
    await trust.grant();
    return sendData({ trusted: true });
  });
  api.post("/shutdown", () => {
    if (!parts.onShutdown) {
      throw new RequestFailure("forbidden", "Pages may not end this server (--allow-shutdown)");
    }
    queueMicrotask(parts.onShutdown);
    return sendData({ status: "closing" });
  });
  api.get(
    "/schema",
    () =>
      sendData({ schema: netConfigJsonSchema(), signals: SIGNAL_TYPES, controls: CONTROL_TYPES }),
  );
  api.get("/events", (context) => {
    if (context.req.header("upgrade")?.toLowerCase() !== "websocket") {
      throw new RequestFailure("bad_request", "This route is for WebSockets");
    }
    const { socket, response } = Deno.upgradeWebSocket(context.req.raw, { protocol: "netrun.v1" });
    events.add(socket);
    return response;
  });
}
