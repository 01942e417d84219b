/** Functions of `crawler.netrun.toml`, on a site that is made up: `load` would call `fetch`. */
import { httpError, type NodeExecutionContext, type Out } from "@netrun/netrun/node";

/** A page with its text. */
interface Page {
  path: string;
  text: string;
}

const site: Record<string, string> = {
  "/": "Home [/news] [/about] [/gone]",
  "/news": "News [/] [/busy]",
  "/about": "About us [/]",
  "/busy": "Busy page",
};

/** Loads a page. A missing one is not tried again, a busy one is. */
export async function load(path: string, ctx: NodeExecutionContext): Promise<Out<Page>> {
  const response = request(path, ctx.retryCount);
  if (!response.ok) throw await httpError(response);
  return { path, text: await response.text() };
}

function request(path: string, retryCount: number): Response {
  const text = site[path];
  if (text === undefined) return new Response("no such page", { status: 404 });
  if (path === "/busy" && retryCount < 2) return new Response("later", { status: 503 });
  return new Response(text);
}

const seen = new Set<string>(["/"]);

/** Sends the title of a page, and its links that nobody has seen yet, one after another. */
export function* links(page: Page): Generator<{ title?: string; next?: string }> {
  yield { title: page.text.split(" [")[0]! };
  for (const [, path] of page.text.matchAll(/\[(.+?)\]/g)) {
    if (!seen.has(path!)) yield { next: path! };
    seen.add(path!);
  }
}

/** A line about a page that could not be loaded. */
export const note = (
  failure: { error: { message: string }; inputs: { path: string[] }; retry_count: number },
): string => `${failure.inputs.path[0]} after ${failure.retry_count + 1} attempts`;
