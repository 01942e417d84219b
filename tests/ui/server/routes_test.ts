import { assert, assertEquals } from "@std/assert";
import { editorCommand } from "../../../ui/server/open_source.ts";
import { folderWith, studioFor, type TestStudio } from "./_studio.ts";

const NET = { graph: { nodes: [], edges: [] } };
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

async function image(studio: TestStudio, path: string): Promise<Response> {
  const query = new URLSearchParams({ path });
  const response = await studio.app.request(`http://localhost/api/v1/files/image?${query}`, {
    headers: { host: "localhost", authorization: `Bearer ${studio.token}` },
  });
  const copy = response.clone();
  await response.body?.cancel();
  return copy;
}

Deno.test("an image of the folder is served with its own type, and as nothing that runs", async () => {
  await using folder = await folderWith({ "a.svg": SVG });
  await using studio = await studioFor(folder);
  const response = await image(studio, "a.svg");
  assertEquals(await response.text(), SVG);
  assertEquals(response.headers.get("content-type"), "image/svg+xml");
  assertEquals(response.headers.get("x-content-type-options"), "nosniff");
  assert(response.headers.get("content-security-policy")!.startsWith("sandbox"));
});

Deno.test("images are images, of a bounded size, inside the folder", async () => {
  await using outside = await folderWith({ "secret.png": "secret" });
  await using folder = await folderWith({ "notes.txt": "keep", "page.html": "<p>", "a.svg": SVG });
  await Deno.writeFile(folder.path("large.png"), new Uint8Array(10 * 1024 * 1024 + 1));
  await Deno.symlink(outside.path("secret.png"), folder.path("link.png"));
  await Deno.mkdir(folder.path("folder.png"));
  await using studio = await studioFor(folder);
  const status = async (path: string) => {
    const response = await image(studio, path);
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await status("notes.txt"), 415);
  assertEquals(await status("page.html"), 415);
  assertEquals(await status("large.png"), 413);
  assertEquals(await status("none.png"), 404);
  assertEquals(await status("folder.png"), 404);
  assertEquals(await status("link.png"), 403);
  assertEquals(await status(`../${outside.root.split("/").at(-1)}/secret.png`), 403);
  assertEquals(await status(outside.path("secret.png")), 403);
});

Deno.test("an image needs the token like everything else", async () => {
  await using folder = await folderWith({ "a.svg": SVG });
  await using studio = await studioFor(folder);
  const response = await studio.app.request("http://localhost/api/v1/files/image?path=a.svg", {
    headers: { host: "localhost" },
  });
  await response.body?.cancel();
  assertEquals(response.status, 401);
});

Deno.test("editors are called without a shell, each with the line in its own way", () => {
  const place = { path: "/p/a b;rm.ts", line: 7 };
  const command = (variables: Record<string, string>) =>
    editorCommand(place, { get: (name) => variables[name] });
  assertEquals(command({}), ["code", "--goto", "/p/a b;rm.ts:7"]);
  assertEquals(command({ VISUAL: "subl -n" }), ["subl", "-n", "/p/a b;rm.ts:7"]);
  assertEquals(command({ EDITOR: "'/opt/my code/code' --wait" }), [
    "/opt/my code/code",
    "--wait",
    "--goto",
    "/p/a b;rm.ts:7",
  ]);
  assertEquals(command({ VISUAL: "vim", EDITOR: "emacsclient -n" }), [
    "emacsclient",
    "-n",
    "+7",
    "/p/a b;rm.ts",
  ]);
  assertEquals(command({ EDITOR: "nvim" })[0], "code");
  assertEquals(command({ VISUAL: "notepad.exe" }), ["notepad.exe", "/p/a b;rm.ts"]);
});

Deno.test({
  name: "the source of a node is opened at the line of its function",
  // The editor goes on after the call, as editors do.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using folder = await folderWith({
      "nodes.ts": "// Nodes.\n\nexport function double(x: number) {\n  return 2 * x;\n}\n",
      "editor.sh":
        '#!/bin/sh\ncd "$(dirname "$0")" && echo "$@" > opened.part && mv opened.part opened\n',
    });
    await Deno.chmod(folder.path("editor.sh"), 0o755);
    await using studio = await studioFor(folder);
    const before = Deno.env.get("VISUAL");
    const watcher = Deno.watchFs(folder.root);
    // Named like an editor that takes lines; a link keeps the name that was called.
    await Deno.symlink(folder.path("editor.sh"), folder.path("code"));
    try {
      Deno.env.set("VISUAL", folder.path("code"));
      const { status, data } = await studio.post("/open-source", { ref: "./nodes.ts::double" });
      assertEquals([status, data], [200, { path: "nodes.ts", line: 3 }]);
      for await (const { paths } of watcher) {
        if (paths.some((path) => path.endsWith("/opened"))) break;
      }
      assertEquals(
        (await Deno.readTextFile(folder.path("opened"))).trim(),
        `--goto ${folder.path("nodes.ts")}:3`,
      );
    } finally {
      if (before === undefined) Deno.env.delete("VISUAL");
      else Deno.env.set("VISUAL", before);
    }
  },
});

Deno.test("only sources of the folder are opened", async () => {
  await using outside = await folderWith({ "other.ts": "export const f = () => {};" });
  await using folder = await folderWith({ "a.netrun.json": NET });
  await Deno.symlink(outside.path("other.ts"), folder.path("link.ts"));
  await using studio = await studioFor(folder);
  const status = async (body: unknown) => (await studio.post("/open-source", body)).status;
  assertEquals(await status({ path: outside.path("other.ts") }), 403);
  assertEquals(await status({ path: "../x.ts" }), 403);
  assertEquals(await status({ path: "link.ts" }), 403);
  assertEquals(await status({ path: "none.ts" }), 404);
  assertEquals(await status({ ref: "./none.ts::f" }), 404);
  assertEquals(await status({ ref: "npm:left-pad" }), 404);
  assert([403, 404].includes(await status({ ref: "./link.ts::f" })));
  assertEquals(await status({}), 400);
});

Deno.test("an import is checked: whether it is there, and whether it is a factory", async () => {
  await using folder = await folderWith({
    "factory.ts": "export const getNodeConfig = () => ({}); export const getNodeFuncs = () => [];",
    "plain.ts": "export const double = (x: number) => 2 * x;",
    "broken.ts": "throw new Error('not today');",
  });
  await using studio = await studioFor(folder);
  const check = async (ref: string) => (await studio.post("/imports/check", { ref })).data;
  assertEquals(await check("./factory.ts"), { valid: true, is_factory: true });
  assertEquals(await check("./plain.ts::double"), { valid: true, is_factory: false });
  assertEquals(await check("netrun:broadcast"), { valid: true, is_factory: true });
  const broken = await check("./broken.ts");
  assertEquals([broken.valid, broken.is_factory], [false, false]);
  assert(broken.error.includes("not today"));
  assertEquals((await check("./none.ts")).valid, false);
});

Deno.test("an import of a folder that is not trusted is found but not run", async () => {
  await using folder = await folderWith({ "f.ts": "Deno.writeTextFileSync('ran', '');" });
  await using studio = await studioFor(folder, { trusted: false });
  const { data } = await studio.post("/imports/check", { ref: "./f.ts" });
  assertEquals([data.valid, data.is_factory], [true, null]);
  assert(data.error.includes("trust the folder"));
});

Deno.test("the file of a subgraph is read from beside the file that names it, and a circle refused", async () => {
  const naming = (path: string) => ({
    graph: { nodes: [{ name: "s", type: "subgraph", path }], edges: [] },
  });
  await using folder = await folderWith({
    "top.netrun.json": naming("sub/one.graph.json"),
    "sub/one.graph.json": naming("two.graph.json").graph,
    "sub/two.graph.json": { nodes: [], edges: [] },
    "sub/back.graph.json": naming("../round.netrun.json").graph,
    "round.netrun.json": naming("sub/back.graph.json"),
  });
  await using studio = await studioFor(folder);
  const resolve = (path: string, base_path: string) =>
    studio.post("/subgraphs/resolve", { path, base_path });
  assertEquals(
    (await resolve("sub/one.graph.json", "top.netrun.json")).data.path,
    "sub/one.graph.json",
  );
  assertEquals(
    (await resolve("two.graph.json", "sub/one.graph.json")).data.path,
    "sub/two.graph.json",
  );
  const round = await resolve("sub/back.graph.json", "round.netrun.json");
  assertEquals(round.status, 422);
  assert(
    round.data.error.message.includes(
      "round.netrun.json → sub/back.graph.json → round.netrun.json",
    ),
  );
});

Deno.test("the schema comes with the signals and controls that there are", async () => {
  await using folder = await folderWith({});
  await using studio = await studioFor(folder);
  const { data } = await studio.get("/schema");
  assertEquals(data.schema.type, "object");
  assert(data.signals.includes("epoch_failed") && data.controls.includes("enable"));
});
