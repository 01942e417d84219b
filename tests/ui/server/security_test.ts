import { assert, assertEquals } from "@std/assert";
import { equalTexts, newToken } from "../../../ui/server/guard.ts";
import { folderWith, studioFor } from "./_studio.ts";

const NET = { graph: { nodes: [], edges: [] } };

Deno.test("only calls with the token, from own pages, by an own name are answered", async () => {
  await using folder = await folderWith({ "a.netrun.json": NET });
  await using studio = await studioFor(folder);
  const call = async (headers: Record<string, string>, method = "POST") => {
    const response = await studio.app.request("http://localhost/api/v1/files/list", {
      method,
      ...(method === "POST" ? { body: "{}" } : {}),
      headers: {
        host: "localhost:8000",
        "content-type": "application/json",
        authorization: `Bearer ${studio.token}`,
        ...headers,
      },
    });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await call({}), 200);
  assertEquals(
    await call({ origin: "http://localhost:8000", "sec-fetch-site": "same-origin" }),
    200,
  );
  assertEquals(await call({ authorization: "" }), 401);
  assertEquals(await call({ authorization: `Bearer ${newToken()}` }), 401);
  assertEquals(await call({ host: "evil.example:8000" }), 421);
  assertEquals(await call({ host: "localhost.evil.example" }), 421);
  assertEquals(await call({ origin: "http://evil.example" }), 403);
  assertEquals(await call({ origin: "http://localhost:9999" }), 403);
  assertEquals(await call({ origin: "null" }), 403);
  assertEquals(await call({ "sec-fetch-site": "cross-site" }), 403);
  assertEquals(await call({ "content-type": "text/plain" }), 415);
  assertEquals(await call({ host: "[::1]:8000" }), 200);
});

Deno.test("a foreign origin that was allowed may call, and is told so", async () => {
  await using folder = await folderWith({});
  await using studio = await studioFor(folder, { origins: ["https://tools.example"] });
  const response = await studio.app.request("http://localhost/api/v1/config", {
    headers: {
      host: "localhost",
      origin: "https://tools.example",
      authorization: `Bearer ${studio.token}`,
    },
  });
  await response.body?.cancel();
  assertEquals(response.status, 200);
  assertEquals(response.headers.get("access-control-allow-origin"), "https://tools.example");
});

Deno.test("nothing outside the folder is read: neither by dots, links, encodings nor absolute paths", async () => {
  await using outside = await folderWith({ "secret.netrun.json": NET });
  await using folder = await folderWith({ "a.netrun.json": NET, "sub/b.netrun.json": NET });
  await Deno.symlink(outside.path("secret.netrun.json"), folder.path("link.netrun.json"));
  await Deno.symlink(outside.root, folder.path("linked"));
  await using studio = await studioFor(folder);
  const name = outside.root.split("/").at(-1);
  const paths = [
    `../${name}/secret.netrun.json`,
    `sub/../../${name}/secret.netrun.json`,
    outside.path("secret.netrun.json"),
    "link.netrun.json",
    "linked/secret.netrun.json",
    `..%2f${name}%2fsecret.netrun.json`,
    "a.netrun.json\0",
    "/etc/passwd",
  ];
  for (const path of paths) {
    const read = await studio.post("/files/read", { path });
    assertEquals([path, read.status, read.data.error.code], [path, 403, "outside_root"]);
    const saved = await studio.post("/files/save", { path, document: NET });
    assertEquals([path, saved.status], [path, 403]);
  }
  assertEquals((await studio.post("/files/read", { path: "sub/b.netrun.json" })).status, 200);
  assertEquals(
    (await studio.post("/files/read", { path: folder.path("a.netrun.json") })).status,
    200,
  );
});

Deno.test("a link that leads nowhere is no way to make a file elsewhere", async () => {
  await using outside = await folderWith({});
  await using folder = await folderWith({});
  await Deno.symlink(outside.path("new.netrun.json"), folder.path("new.netrun.json"));
  await using studio = await studioFor(folder);
  const { status } = await studio.post("/files/save", { path: "new.netrun.json", document: NET });
  assertEquals(status, 403);
  assertEquals([...Deno.readDirSync(outside.root)], []);
});

Deno.test("only net files are written, moved and deleted", async () => {
  await using folder = await folderWith({
    "notes.txt": "keep",
    "package.json": {},
    "a.netrun.json": NET,
  });
  await using studio = await studioFor(folder);
  const status = async (path: string, body: unknown) => (await studio.post(path, body)).status;
  assertEquals(await status("/files/save", { path: "x.sh", document: NET }), 400);
  assertEquals(await status("/files/save", { path: "deno.json", document: NET }), 400);
  assertEquals(await status("/files/move", { from: "a.netrun.json", to: "a.sh" }), 400);
  assertEquals(await status("/files/move", { from: "package.json", to: "p.netrun.json" }), 400);
  assertEquals(await status("/files/delete", { path: "notes.txt" }), 400);
  assertEquals(await Deno.readTextFile(folder.path("notes.txt")), "keep");
});

Deno.test("a read-only studio writes nothing and runs nothing", async () => {
  await using folder = await folderWith({ "a.netrun.json": NET });
  await using studio = await studioFor(folder, { readOnly: true });
  const calls: [string, unknown][] = [
    ["/files/save", { path: "b.netrun.json", document: NET }],
    ["/files/delete", { path: "a.netrun.json" }],
    ["/actions/run", { command: "touch x", document: NET }],
  ];
  for (const [path, body] of calls) assertEquals((await studio.post(path, body)).status, 403);
  assertEquals([...Deno.readDirSync(folder.root)].map(({ name }) => name), ["a.netrun.json"]);
});

Deno.test("an untrusted folder runs no code: no factory, no recipe, no action", async () => {
  const mark = "Deno.writeTextFileSync('ran', ''); export function run() { return {} }";
  await using folder = await folderWith({ "a.netrun.json": NET, "recipe.ts": mark });
  await using studio = await studioFor(folder, { trusted: false });
  const ask = async (path: string, body: unknown) => (await studio.post(path, body)).data;
  assertEquals(
    (await ask("/recipes/run", { path: "recipe.ts", document: NET })).error.code,
    "untrusted",
  );
  assertEquals(
    (await ask("/actions/run", { command: "touch ran", document: NET })).error.code,
    "untrusted",
  );
  assert((await ask("/factories/preview", { ref: "./recipe.ts" })).error.includes("trust"));
  const built = await ask("/factories/preview", {
    ref: "netrun:broadcast",
    args: { num_outputs: 3 },
  });
  assertEquals(built.node.out_ports.length, 3);
  assertEquals((await studio.get("/config")).data.trusted, false);
  assertEquals([...Deno.readDirSync(folder.root)].some(({ name }) => name === "ran"), false);
});

Deno.test("responses forbid foreign content and say nothing about what went wrong inside", async () => {
  await using folder = await folderWith({ "bad.netrun.json": "{" });
  await using studio = await studioFor(folder);
  const response = await studio.app.request("http://localhost/api/v1/health", {
    headers: { host: "localhost" },
  });
  assertEquals(await response.json(), { status: "ok" });
  assert(response.headers.get("content-security-policy")!.includes("default-src 'none'"));
  assertEquals(response.headers.get("x-content-type-options"), "nosniff");
  const broken = await studio.post("/files/read", { path: "bad.netrun.json" });
  assertEquals([broken.status, broken.data.error.code], [422, "invalid_config"]);
  assertEquals(broken.data.error.details.issues[0].line, 1);
  assertEquals((await studio.post("/files/read", { path: "none.netrun.json" })).status, 404);
  assertEquals((await studio.post("/nowhere", {})).status, 404);
  assertEquals((await studio.post("/files/read", [])).status, 400);
});

Deno.test("tokens are random, and compared as a whole", () => {
  assert(newToken() !== newToken() && newToken().length === 64);
  assert(equalTexts("abc", "abc"));
  for (const other of ["abd", "ab", "abcd", ""]) assert(!equalTexts("abc", other));
});

Deno.test("on a real socket a browser's page is served, and a foreign name is turned away", async () => {
  await using folder = await folderWith({});
  const asset = { type: "text/html; charset=utf-8", hash: "h", gz: await gz("<p>Hi") };
  await using studio = await studioFor(folder, { assets: { "/index.html": asset } });
  const { url } = studio.serve({ port: 0 });
  const page = await fetch(url);
  assertEquals(await page.text(), "<p>Hi");
  const api = await fetch(new URL("/api/v1/config", url));
  assertEquals((await api.json()).error.code, "unauthorized");
  const dots = await fetch(new URL("/..%2f..%2fetc/passwd", url));
  assertEquals([dots.status, await dots.text()], [404, "There is no such page"]);
});

async function gz(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer()).toBase64();
}
