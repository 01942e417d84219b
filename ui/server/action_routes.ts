/**
 * Routes for actions: commands of a net.
 *
 * @module
 */
import type { Hono } from "hono";
import type { RawObject } from "../../runtime/tools/raw_net.ts";
import { contextOf, previewAction, streamAction } from "./actions.ts";
import type { ApiParts } from "./api.ts";
import {
  objectField,
  optionalText,
  readBody,
  RequestFailure,
  sendData,
  textField,
} from "./wire.ts";

/** Adds the routes for actions. */
export function addActionRoutes(api: Hono, { folder, trust, readOnly }: ApiParts) {
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
    if (readOnly) throw new RequestFailure("forbidden", "This studio is read-only");
    if (!trust.get()) {
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
