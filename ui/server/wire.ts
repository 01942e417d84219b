/**
 * Bodies of requests and responses: JSON in which documents keep the order of their keys.
 *
 * @module
 */
import type { Context } from "hono";
import { NetrunError } from "../../sim/error.ts";
import { ConfigError } from "../../runtime/schema/error.ts";
import { readJson } from "../../runtime/schema/text/read_json.ts";
import { toTextData } from "../../runtime/schema/text/text_data.ts";
import { TextProblems } from "../../runtime/schema/text/text_problems.ts";
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";

/** Status of each kind of failure. */
const STATUS = {
  bad_request: 400,
  unauthorized: 401,
  outside_root: 403,
  untrusted: 403,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  misdirected: 421,
  invalid_config: 422,
  internal: 500,
  timeout: 504,
} as const;

/** Kinds of failures. */
export type FailureCode = keyof typeof STATUS;

/** A request that is answered with an error. */
export class RequestFailure extends Error {
  /** Fails with a code, words for the user, and details as plain data. */
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly details?: Readonly<Record<string, unknown>>,
  ) {
    super(message);
    this.name = "RequestFailure";
  }
}

/** A response with data: Maps, plain objects, lists, scalars. */
export function sendData(data: unknown, status = 200): Response {
  return new Response(writeJson(toTextData(data, "json"), ""), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}

/** The response that tells of a failure; of an unexpected one it says nothing but that. */
export function sendFailure(error: unknown): Response {
  const failure = asFailure(error);
  if (failure.code === "internal") console.error("studio:", error);
  const { code, message, details } = failure;
  return sendData(
    { error: { code, message, ...(details === undefined ? {} : { details }) } },
    STATUS[code],
  );
}

function asFailure(error: unknown): RequestFailure {
  if (error instanceof RequestFailure) return error;
  if (error instanceof ConfigError) {
    const [first] = error.issues;
    return new RequestFailure("invalid_config", first?.message ?? error.message, {
      issues: issuesOf(error),
    });
  }
  if (error instanceof Deno.errors.NotFound) {
    return new RequestFailure("not_found", "There is no such file");
  }
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return new RequestFailure("forbidden", "The studio may not touch this file");
  }
  if (error instanceof NetrunError || error instanceof Deno.errors.AlreadyExists) {
    return new RequestFailure("bad_request", error.message);
  }
  return new RequestFailure("internal", "Something went wrong; the terminal has details");
}

/** What is wrong with a configuration, as plain data. */
export function issuesOf(error: ConfigError): Record<string, unknown>[] {
  return error.issues.map(({ code, message, path, line, column }) => ({
    code,
    message,
    path,
    line,
    column,
  }));
}

/** Bodies above this are refused. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** The body of a request: an object. */
export async function readBody(context: Context): Promise<RawObject> {
  const text = await readLimited(context.req.raw);
  if (text === "") return new Map();
  let data: unknown;
  try {
    data = readJson(text, new TextProblems(text, undefined));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new RequestFailure("bad_request", `The body is not JSON: ${error.issues[0]?.message}`);
  }
  const body = asObject(data);
  if (!body) throw new RequestFailure("bad_request", "The body must be a JSON object");
  return body;
}

async function readLimited(request: Request): Promise<string> {
  const tooLarge = new RequestFailure("too_large", "The body is larger than 16 MB");
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES) throw tooLarge;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw tooLarge;
    parts.push(part);
  }
  return new TextDecoder().decode(await new Blob(parts as BlobPart[]).arrayBuffer());
}

/** A text of a body. */
export function textField(body: RawObject, key: string): string {
  const value = body.get(key);
  if (typeof value === "string") return value;
  throw new RequestFailure("bad_request", `\`${key}\` must be a text`);
}

/** A text of a body that may be missing. */
export function optionalText(body: RawObject, key: string): string | undefined {
  return (body.get(key) ?? undefined) === undefined ? undefined : textField(body, key);
}

/** An object of a body. */
export function objectField(body: RawObject, key: string): RawObject {
  const value = asObject(body.get(key));
  if (value) return value;
  throw new RequestFailure("bad_request", `\`${key}\` must be an object`);
}
