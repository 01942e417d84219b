/**
 * The HTTP interface of the studio.
 *
 * @module
 */
import { Hono } from "hono";
import { convertNetText } from "../../runtime/schema/text/convert_net_text.ts";
import { netConfigJsonSchema } from "../../runtime/schema/json_schema.ts";
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import type { RawObject } from "../../runtime/tools/raw_net.ts";
import configuration from "../../deno.json" with { type: "json" };
import { contextOf, previewAction, streamAction } from "./actions.ts";
import type { CodeRunner } from "./code_runner.ts";
import type { ConfinedFolder } from "./confined_folder.ts";
import { exportHtml } from "./export_html.ts";
import type { FileEvents } from "./file_events.ts";
import {
  firstNetFile,
  formatOfPath,
  listFolder,
  moveNetFile,
  readNetFile,
  saveNetFile,
  trashNetFile,
  writeAtomically,
} from "./files.ts";
import { guard, type GuardOptions, headers } from "./guard.ts";
import {
  objectField,
  optionalText,
  readBody,
  RequestFailure,
  sendData,
  sendFailure,
  textField,
} from "./wire.ts";

/** What the interface stands on. */
export interface ApiParts {
  folder: ConfinedFolder;
  events: FileEvents;
  runner: CodeRunner;
  initialFile: string | undefined;
  readOnly: boolean;
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
  addFiles(api, parts);
  addCode(api, parts);
  addActions(api, parts);
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
  api.get("/schema", () => sendData(netConfigJsonSchema()));
  api.get("/events", (context) => {
    if (context.req.header("upgrade")?.toLowerCase() !== "websocket") {
      throw new RequestFailure("bad_request", "This route is for WebSockets");
    }
    const { socket, response } = Deno.upgradeWebSocket(context.req.raw, { protocol: "netrun.v1" });
    events.add(socket);
    return response;
  });
}

function addFiles(api: Hono, { folder, readOnly }: ApiParts) {
  const requireWriting = () => {
    if (readOnly) throw new RequestFailure("forbidden", "This studio is read-only");
  };
  api.post("/files/list", async (context) => {
    const body = await readBody(context);
    const path = optionalText(body, "path") ?? "";
    return sendData(await listFolder(folder, path, body.get("include_hidden") === true));
  });
  api.post("/files/read", async (context) => {
    const body = await readBody(context);
    return sendData(await readNetFile(folder, textField(body, "path")));
  });
  api.post("/files/save", async (context) => {
    requireWriting();
    const body = await readBody(context);
    const document = objectField(body, "document");
    return sendData(
      await saveNetFile(folder, textField(body, "path"), document, {
        ifMatch: optionalText(body, "if_match"),
        create: body.get("create") === true,
      }),
    );
  });
  api.post("/files/move", async (context) => {
    requireWriting();
    const body = await readBody(context);
    return sendData(await moveNetFile(folder, textField(body, "from"), textField(body, "to")));
  });
  api.post("/files/delete", async (context) => {
    requireWriting();
    return sendData(await trashNetFile(folder, textField(await readBody(context), "path")));
  });
  api.post("/files/convert", async (context) => {
    const body = await readBody(context);
    const [from, to] = [textField(body, "from_format"), textField(body, "to_format")]
      .map((format) => formatOfPath(`.${format}`));
    return sendData({ content: convertNetText(textField(body, "content"), from!, to!) });
  });
  api.post("/files/export-html", async (context) => {
    const body = await readBody(context);
    const html = await exportHtml(objectField(body, "document"), {
      title: optionalText(body, "title") ?? "Net",
      isDark: body.get("dark") === true,
    });
    const output = optionalText(body, "output_path");
    if (output === undefined) return sendData({ html });
    requireWriting();
    if (!output.endsWith(".html")) {
      throw new RequestFailure("bad_request", "Exports are .html files");
    }
    const place = await folder.locate(output);
    await writeAtomically(place, new TextEncoder().encode(html));
    return sendData({ path: folder.relative(place) });
  });
  api.post("/subgraphs/resolve", async (context) => {
    const body = await readBody(context);
    const base = optionalText(body, "base_path") ?? "";
    const slash = base.lastIndexOf("/");
    const path = `${slash < 0 ? "" : base.slice(0, slash + 1)}${textField(body, "path")}`;
    const { document, path: own } = await readNetFile(folder, path);
    return sendData({ document, path: own });
  });
}

function addCode(api: Hono, { folder, runner, trust }: ApiParts) {
  const documentCall = async (body: RawObject) => {
    const file = optionalText(body, "file_path");
    return {
      document: writeJson(objectField(body, "document"), ""),
      // A document without a file stands at the root.
      filePath: await folder.locate(file ?? "untitled.netrun.json"),
      noImport: !trust.get(),
    };
  };
  const rootOf = async (body: RawObject) =>
    await folder.locate(optionalText(body, "project_root") ?? "");
  const requireTrust = () => {
    if (!trust.get()) {
      throw new RequestFailure("untrusted", "This folder is not trusted, so none of its code runs");
    }
  };
  api.post("/validate", async (context) => {
    const call = await documentCall(await readBody(context));
    return sendData(await runner.run({ kind: "validate", ...call }));
  });
  api.post("/graph", async (context) => {
    const call = await documentCall(await readBody(context));
    return sendData({ graph: await runner.run({ kind: "graph", ...call }) });
  });
  api.post("/factories", async (context) => {
    const body = await readBody(context);
    const refs = body.get("refs");
    return sendData({
      factories: await runner.run({
        kind: "factories",
        refs: Array.isArray(refs) ? refs.filter((ref) => typeof ref === "string") : [],
        root: await rootOf(body),
        noImport: !trust.get(),
      }),
    });
  });
  api.post("/factories/describe", async (context) => {
    const body = await readBody(context);
    return sendData(
      await runner.run({
        kind: "describe",
        ref: textField(body, "ref"),
        root: await rootOf(body),
        noImport: !trust.get(),
      }),
    );
  });
  api.post("/factories/preview", async (context) => {
    const body = await readBody(context);
    const node: RawObject = new Map<string, unknown>([
      ["factory", textField(body, "ref")],
      ["factory_args", body.get("args") ?? new Map()],
    ]);
    try {
      return sendData(
        await runner.run({
          kind: "preview",
          node: writeJson(node, ""),
          root: await rootOf(body),
          noImport: !trust.get(),
        }),
      );
    } catch (error) {
      if (!(error instanceof RequestFailure) || error.code !== "invalid_config") throw error;
      return sendData({ error: factoryProblem(error) });
    }
  });
  api.post("/functions", async (context) => {
    const root = await rootOf(await readBody(context));
    return sendData({ functions: await runner.run({ kind: "functions", root }) });
  });
  const recipeCall = async (body: RawObject) => {
    requireTrust();
    return {
      path: await folder.locate(textField(body, "path")),
      document: writeJson(objectField(body, "document"), ""),
    };
  };
  api.post("/recipes/prompts", async (context) => {
    const call = await recipeCall(await readBody(context));
    return sendData({ prompts: await runner.run({ kind: "prompts", ...call }) });
  });
  api.post("/recipes/run", async (context) => {
    const body = await readBody(context);
    const call = await recipeCall(body);
    const inputs = writeJson(body.get("inputs") ?? new Map(), "");
    const { config, stdout } = await runner.run({ kind: "recipe", ...call, inputs }) as {
      config: unknown;
      stdout: string;
    };
    return sendData({ document: config, stdout });
  });
}

function addActions(api: Hono, { folder, trust, readOnly }: ApiParts) {
  const actionOf = async (body: RawObject) => {
    const file = optionalText(body, "file_path");
    const path = file === undefined ? undefined : await folder.locate(file);
    const document = objectField(body, "document");
    return {
      command: textField(body, "command"),
      context: contextOf(document, optionalText(body, "node"), path),
    };
  };
  api.post("/actions/preview", async (context) => {
    const { command, context: surroundings } = await actionOf(await readBody(context));
    return sendData({ resolved_command: previewAction(command, surroundings) });
  });
  api.post("/actions/run", async (context) => {
    if (!trust.get() || readOnly) {
      throw new RequestFailure(
        "untrusted",
        "This folder is not trusted, so none of its actions run",
      );
    }
    const body = await readBody(context);
    const { command, context: surroundings } = await actionOf(body);
    const timeout = Number(body.get("timeout") ?? 30);
    const stream = streamAction(command, surroundings, Number.isFinite(timeout) ? timeout : 30);
    return new Response(stream, {
      headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" },
    });
  });
}

/** What a factory says, without the place in the net that was made up to ask it. */
function factoryProblem({ message, details }: RequestFailure): string {
  const issues = details?.issues as { message: string }[] | undefined;
  return (issues?.[0]?.message ?? message).replace(
    /^(?:.*?factory: )?factory of node "node": /,
    "",
  );
}
