/**
 * Routes for files: listing, reading, writing, exporting.
 *
 * @module
 */
import type { Hono } from "hono";
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import { convertNetText } from "../../runtime/schema/text/convert_net_text.ts";
import type { ApiParts } from "./api.ts";
import { exportHtml } from "./export_html.ts";
import {
  formatOfPath,
  listFolder,
  moveNetFile,
  readNetFile,
  saveNetFile,
  trashNetFile,
  writeAtomically,
} from "./files.ts";
import { imageResponse } from "./images.ts";
import { openEditor, sourceOf } from "./open_source.ts";
import { NO_PARTS, type SharedParts } from "./shared_parts.ts";
import { resolveSubgraph } from "./subgraph_files.ts";
import {
  objectField,
  optionalText,
  readBody,
  RequestFailure,
  sendData,
  textField,
} from "./wire.ts";

/** Adds the routes for files. */
export function addFileRoutes(api: Hono, { folder, readOnly, runner, trust, assets }: ApiParts) {
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
    const document = objectField(body, "document");
    const simulate = body.get("simulate") === true;
    const call = {
      kind: "share" as const,
      document: writeJson(document, ""),
      filePath: await folder.locate(optionalText(body, "file_path") ?? "untitled.netrun.json"),
      noImport: !trust.get(),
    };
    const shared = await runner.run(call).catch((error) => {
      // What is wrong with a net does not keep it from being shown, but from being played through.
      if (simulate) throw error;
      return NO_PARTS;
    }) as SharedParts;
    const html = await exportHtml(
      document,
      {
        title: optionalText(body, "title") ?? "Net",
        theme: themeOf(optionalText(body, "theme")),
        minimap: body.get("minimap") === true,
        expandDescriptions: body.get("expand_descriptions") === true,
        simulate,
      },
      shared,
      await assets(),
    );
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
  api.get(
    "/files/image",
    async (context) => await imageResponse(folder, context.req.query("path") ?? ""),
  );
  api.post("/subgraphs/resolve", async (context) => {
    const body = await readBody(context);
    const base = optionalText(body, "base_path") ?? "";
    const { document, path } = await resolveSubgraph(folder, base, textField(body, "path"));
    return sendData({ document, path });
  });
  api.post("/open-source", async (context) => {
    const body = await readBody(context);
    const ref = optionalText(body, "ref");
    const root = await folder.locate(optionalText(body, "project_root") ?? "");
    const place = ref === undefined
      ? { path: await folder.locate(textField(body, "path")), line: lineOf(body.get("line")) }
      : await sourceOf(folder, ref, root);
    await Deno.stat(place.path);
    openEditor(place);
    return sendData({ path: folder.relative(place.path), line: place.line });
  });
}

function themeOf(text: string | undefined): "dark" | "light" | "system" {
  return text === "dark" || text === "light" ? text : "system";
}

function lineOf(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : 1;
}
