/**
 * What the page does by itself when no server answers: files by the browser's own picker, checks and
 * graphs from the document alone. Everything else says what it needs.
 *
 * @module
 */
import { parseNetText } from "../../runtime/schema/text/net_text.ts";
import { formatNetText } from "../../runtime/schema/text/format_net_text.ts";
import { ConfigError } from "../../runtime/schema/error.ts";
import { toTextData } from "../../runtime/schema/text/text_data.ts";
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";
import { checkDocument } from "../model/check_document.ts";
import { simulationGraph } from "../model/simulation_graph.ts";
import { ApiError, NEEDS_SERVER } from "./api.ts";
import { openFiles } from "./picked_files.ts";

/** Answers a call as the server would. */
export async function answerWithoutServer(route: string, body: RawObject): Promise<RawObject> {
  switch (route) {
    case "/files/read":
      return await read(`${body.get("path")}`);
    case "/files/save":
      return await save(body);
    case "/files/list":
      return new Map([["entries", openFiles.list()]]);
    case "/validate":
      return validate(documentOf(body));
    case "/graph":
      return graph(documentOf(body));
    default:
      throw new ApiError("no_server", NEEDS_SERVER);
  }
}

async function read(path: string): Promise<RawObject> {
  const { text, etag } = await openFiles.read(path);
  const format = formatOf(path);
  try {
    const { data } = parseNetText(text, format, { file: path });
    if (!(data instanceof Map)) {
      throw new ApiError("invalid_config", `${path} holds no object, so it is no net`);
    }
    return new Map<string, unknown>([
      ["path", path],
      ["format", format],
      ["document", data],
      ["text", text],
      ["etag", etag],
    ]);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const issues = error.issues.map(({ message, line, column }) => ({ message, line, column }));
    const details = asObject(toTextData({ issues, text }, "json"));
    throw new ApiError("invalid_config", error.issues[0]?.message ?? error.message, details);
  }
}

async function save(body: RawObject): Promise<RawObject> {
  const path = `${body.get("path")}`;
  const expected = body.get("if_match");
  const before = await openFiles.read(path).catch(() => undefined);
  if (expected !== undefined && before && before.etag !== expected) {
    throw new ApiError("conflict", `${path} was changed by someone else`);
  }
  const warnings: string[] = [];
  const text = formatNetText(documentOf(body), formatOf(path), {
    ...(before === undefined ? {} : { over: before.text }),
    warn: ({ message }) => warnings.push(message),
  });
  const { etag } = await openFiles.write(path, text);
  return new Map<string, unknown>([["path", path], ["etag", etag], ["warnings", warnings]]);
}

function validate(document: RawObject): RawObject {
  const report = (wanted: "error" | "warning") =>
    checkDocument(document).filter(({ severity }) => severity === wanted)
      .map(({ code, message, path }) => ({ type: code, msg: message, path }));
  const errors = report("error");
  const data = { valid: errors.length === 0, errors, warnings: report("warning") };
  return asObject(toTextData(data, "json"))!;
}

function graph(document: RawObject): RawObject {
  try {
    return new Map([["graph", toTextData(simulationGraph(document), "json")]]);
  } catch (error) {
    const message = error instanceof Error ? error.message : `${error}`;
    throw new ApiError("invalid_config", message);
  }
}

function documentOf(body: RawObject): RawObject {
  return asObject(body.get("document"))!;
}

function formatOf(path: string): "json" | "toml" {
  const extension = /\.(json|toml)$/i.exec(path)?.[1]?.toLowerCase();
  if (extension === "json" || extension === "toml") return extension;
  throw new ApiError("bad_request", `${path} is neither a .json nor a .toml file`);
}
