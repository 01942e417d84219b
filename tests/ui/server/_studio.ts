/** Studios in folders made for a test. */
import { dirname, join } from "node:path";
import { createStudio, type Studio, type StudioOptions } from "../../../ui/server.ts";

/** A folder with files that goes when the test ends. */
export interface TestFolder extends AsyncDisposable {
  root: string;
  path(name: string): string;
}

/** Makes a folder with files: texts, or data written as JSON. */
export async function folderWith(files: Record<string, unknown>): Promise<TestFolder> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "netrun-studio-" }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    await Deno.mkdir(dirname(path), { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content, null, 2) + "\n";
    await Deno.writeTextFile(path, text);
  }
  return {
    root,
    path: (name) => join(root, name),
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

/** A studio that is called without a network. */
export interface TestStudio extends Studio {
  /** Posts JSON with the token, and gives the status and the answer. */
  post(path: string, body: unknown): Promise<{ status: number; data: Answer }>;
  get(path: string): Promise<{ status: number; data: Answer }>;
}

// deno-lint-ignore no-explicit-any -- answers are JSON of any form
export type Answer = any;

export async function studioFor(
  folder: TestFolder,
  options: Partial<StudioOptions> = {},
): Promise<TestStudio> {
  const studio = await createStudio({ root: folder.root, trusted: true, assets: {}, ...options });
  const send = async (path: string, init: RequestInit) => {
    const response = await studio.app.request(`http://localhost/api/v1${path}`, {
      ...init,
      headers: { host: "localhost:8000", authorization: `Bearer ${studio.token}`, ...init.headers },
    });
    const text = await response.text();
    return { status: response.status, data: text.startsWith("{") ? JSON.parse(text) : text };
  };
  return {
    ...studio,
    get: (path) => send(path, {}),
    post: (path, body) =>
      send(path, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
  };
}
