/**
 * Calls of the server.
 *
 * @module
 */
import { readJson } from "../../runtime/schema/text/read_json.ts";
import { TextProblems } from "../../runtime/schema/text/text_problems.ts";
import { toTextData } from "../../runtime/schema/text/text_data.ts";
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import { asObject, type RawObject, toPlain, valueAt } from "../../runtime/tools/raw_net.ts";

/** A call that was refused, or that did not reach the server. */
export class ApiError extends Error {
  constructor(readonly code: string, message: string, readonly details?: RawObject) {
    super(message);
  }
}

const KEY = "netrun-token";

/** The token that came with the address; it moves to this tab's storage and out of sight. */
export function takeToken(): string | undefined {
  const token = /token=([0-9a-f]+)/.exec(location.hash)?.[1];
  if (token !== undefined) {
    sessionStorage.setItem(KEY, token);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return token ?? sessionStorage.getItem(KEY) ?? undefined;
}

/** Why something cannot be done by the page alone. */
export const NEEDS_SERVER =
  "This page is open without a server: run `netrun ui` in the folder of the net for this";

type LocalAnswer = (route: string, body: RawObject) => Promise<RawObject>;

let answerLocally: LocalAnswer | undefined;

/** Lets calls be answered by the page itself from now on. */
export function goWithoutServer(answer: LocalAnswer): void {
  answerLocally = answer;
}

/** Whether the page was served by something that is no studio, such as a plain file server. */
export async function isWithoutServer(): Promise<boolean> {
  try {
    const response = await fetch("/api/v1/health");
    return (await response.json()).status !== "ok";
  } catch {
    return true;
  }
}

/** Calls a route; the answer comes as Maps, in the order in which it was written. */
export async function call(route: string, body?: unknown): Promise<RawObject> {
  if (answerLocally) {
    return await answerLocally(route, asObject(toTextData(body ?? {}, "json"))!);
  }
  const response = await send(route, body);
  const text = await response.text();
  let data: unknown;
  try {
    data = readJson(text, new TextProblems(text, undefined));
  } catch {
    throw new ApiError("internal", `The server answered something strange (${response.status})`);
  }
  const object = asObject(data) ?? new Map<string, unknown>();
  if (response.ok) return object;
  const error = valueAt(object, "error");
  throw new ApiError(
    `${valueAt(error, "code")}`,
    `${valueAt(error, "message")}`,
    asObject(valueAt(error, "details")),
  );
}

/** Calls a route whose answer needs no order. */
export async function callPlain<T>(route: string, body?: unknown): Promise<T> {
  return toPlain(await call(route, body)) as T;
}

/** Loads an image of the folder. */
export async function loadImage(path: string): Promise<Blob> {
  if (answerLocally) throw new ApiError("no_server", NEEDS_SERVER);
  const response = await send(`/files/image?${new URLSearchParams({ path })}`, undefined);
  if (response.ok) return await response.blob();
  const text = await response.text();
  throw new ApiError("refused", JSON.parse(text).error.message);
}

/** Calls a route that answers line by line. */
export async function stream(
  route: string,
  body: unknown,
  onLine: (line: Record<string, unknown>) => void,
  signal: AbortSignal,
): Promise<void> {
  if (answerLocally) await answerLocally(route, new Map());
  const response = await send(route, body, signal);
  if (!response.ok || !response.body) {
    const text = await response.text();
    throw new ApiError("refused", JSON.parse(text).error.message);
  }
  let rest = "";
  for await (const part of chunks(response.body)) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line !== "") onLine(JSON.parse(line));
  }
}

async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const text = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield text.decode(value, { stream: true });
  }
}

async function send(route: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const token = takeToken();
  try {
    return await fetch(`/api/v1${route}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: writeJson(toTextData(body, "json"), "") }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError("offline", "The server does not answer");
  }
}

/** Listens to changed files, again and again while the server is away. */
export function listen(
  onEvent: (event: Record<string, unknown>) => void,
  onConnected: (isConnected: boolean) => void,
): void {
  let waitMs = 500;
  const connect = () => {
    const url = new URL("/api/v1/events", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url, ["netrun.v1", `bearer.${takeToken()}`]);
    socket.onopen = () => {
      waitMs = 500;
      onConnected(true);
    };
    socket.onmessage = ({ data }) => onEvent(JSON.parse(data));
    socket.onclose = () => {
      onConnected(false);
      setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, 10_000);
    };
  };
  connect();
}
