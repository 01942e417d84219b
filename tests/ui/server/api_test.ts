import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { folderWith, studioFor } from "./_studio.ts";

const NET = { graph: { nodes: [{ name: "a", out_ports: { "10": {}, "9": {} } }], edges: [] } };

Deno.test("documents keep the order of their keys on the way to the page and back", async () => {
  const text = '{"z": 1, "graph": {"nodes": [], "edges": []}, "10": 2, "9": 3}\n';
  await using folder = await folderWith({ "a.netrun.json": text });
  await using studio = await studioFor(folder);
  const response = await studio.app.request("http://localhost/api/v1/files/read", {
    method: "POST",
    body: '{"path": "a.netrun.json"}',
    headers: {
      host: "localhost",
      "content-type": "application/json",
      authorization: `Bearer ${studio.token}`,
    },
  });
  const body = await response.text();
  assert(body.includes('"document":{"z":1,"graph":{"nodes":[],"edges":[]},"10":2,"9":3}'), body);
  const document = body.slice(body.indexOf('"document":') + 11, body.indexOf(',"text"'));
  const saved = await studio.app.request("http://localhost/api/v1/files/save", {
    method: "POST",
    body: `{"path": "a.netrun.json", "document": ${document}}`,
    headers: {
      host: "localhost",
      "content-type": "application/json",
      authorization: `Bearer ${studio.token}`,
    },
  });
  assertEquals(saved.status, 200);
  await saved.body?.cancel();
  assertEquals(await Deno.readTextFile(folder.path("a.netrun.json")), text);
});

Deno.test("a file that someone else changed is not overwritten", async () => {
  await using folder = await folderWith({ "a.netrun.json": NET });
  await using studio = await studioFor(folder);
  const { data: read } = await studio.post("/files/read", { path: "a.netrun.json" });
  const save = (if_match: string) =>
    studio.post("/files/save", {
      path: "a.netrun.json",
      document: { ...NET, retries: 1 },
      if_match,
    });
  const { data: saved } = await save(read.etag);
  assert(saved.etag !== read.etag);
  assertEquals((await save(read.etag)).status, 409);
  assertEquals((await save(saved.etag)).status, 200);
  const created = await studio.post("/files/save", {
    path: "a.netrun.json",
    document: NET,
    create: true,
  });
  assertEquals(created.status, 409);
});

Deno.test("all example files are read and saved as they are", async () => {
  const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
  const files: Record<string, string> = {};
  for (const folder of ["weather", "factories"]) {
    for await (const { name } of Deno.readDir(join(examples, folder))) {
      if (!name.includes(".netrun.")) continue;
      files[`${folder}/${name}`] = await Deno.readTextFile(join(examples, folder, name));
    }
  }
  assert(Object.keys(files).length > 3);
  await using folder = await folderWith(files);
  await using studio = await studioFor(folder);
  for (const [path, text] of Object.entries(files)) {
    const { data: read } = await studio.post("/files/read", { path });
    await studio.post("/files/save", { path, document: read.document, if_match: read.etag });
    assertEquals(await Deno.readTextFile(folder.path(path)), text, path);
  }
});

Deno.test("folders are listed with folders first and net files marked; hidden ones only on demand", async () => {
  await using folder = await folderWith({
    "b.netrun.toml": "",
    "sub/x.txt": "",
    ".hid/y": "",
    "a.md": "",
  });
  await using studio = await studioFor(folder);
  const { data } = await studio.post("/files/list", { path: "" });
  assertEquals(
    data.entries.map((entry: { name: string; is_netrun_file: boolean }) => [
      entry.name,
      entry.is_netrun_file,
    ]),
    [["sub", false], ["a.md", false], ["b.netrun.toml", true]],
  );
  const inner = await studio.post("/files/list", { path: "sub" });
  assertEquals([inner.data.path, inner.data.parent], ["sub", ""]);
  const all = await studio.post("/files/list", { path: "", include_hidden: true });
  assertEquals(all.data.entries[0].name, ".hid");
});

Deno.test("files are renamed, and deleted into a trash", async () => {
  await using folder = await folderWith({ "a.netrun.json": NET });
  await using studio = await studioFor(folder);
  await studio.post("/files/move", { from: "a.netrun.json", to: "sub/b.netrun.json" });
  const { data } = await studio.post("/files/delete", { path: "sub/b.netrun.json" });
  assertEquals(JSON.parse(await Deno.readTextFile(folder.path(data.trash))), NET);
});

Deno.test("validation runs the project's factories, with access to the folder and nothing else", async () => {
  const factory = `
    const read = (path: string) => { try { Deno.readTextFileSync(path); return "read"; } catch { return "denied"; } };
    export default {};
    export const getNodeConfig = () => {
      console.log("noise");
      const net = "permissions" in Deno ? Deno.permissions.querySync({ name: "net" }).state : "";
      const run = Deno.permissions.querySync({ name: "run" }).state;
      return { name: "f", out_ports: { [read("/etc/passwd")]: {}, [net]: {}, [run + "2"]: {} } };
    };
    export const getNodeFuncs = () => [() => {}, null, null, null];
  `;
  await using folder = await folderWith({ "f.ts": factory, "a.netrun.json": NET });
  await using studio = await studioFor(folder);
  const { data } = await studio.post("/factories/preview", { ref: "./f.ts" });
  assertEquals(data.node.out_ports.map((port: { name: string }) => port.name), [
    "denied",
    "prompt",
    "prompt2",
  ]);
  const document = {
    graph: {
      nodes: [{ name: "n", factory: "./f.ts" }],
      edges: [
        { source_node: "n", source_port: "gone", target_node: "n", target_port: "x" },
      ],
    },
  };
  const { data: report } = await studio.post("/validate", { document, file_path: "a.netrun.json" });
  assertEquals(report.errors.map((issue: { type: string }) => issue.type), [
    "missing_port",
    "missing_port",
  ]);
  const { data: bad } = await studio.post("/factories/preview", { ref: "./none.ts" });
  assert(bad.error.includes("none.ts"));
});

Deno.test("edits of a factory's module count at the next call", async () => {
  const code = (port: string) =>
    `export const getNodeConfig = () => ({ name: "f", out_ports: { ${port}: {} } });
     export const getNodeFuncs = () => [() => {}, null, null, null];`;
  await using folder = await folderWith({ "f.ts": code("one") });
  await using studio = await studioFor(folder);
  const port = async () =>
    (await studio.post("/factories/preview", { ref: "./f.ts" })).data.node.out_ports[0].name;
  assertEquals(await port(), "one");
  await Deno.writeTextFile(folder.path("f.ts"), code("two"));
  assertEquals(await port(), "two");
});

Deno.test("built-in factories are described, bad arguments explained", async () => {
  await using folder = await folderWith({});
  await using studio = await studioFor(folder, { trusted: false });
  const { data } = await studio.post("/factories", {});
  assertEquals(data.factories.map((info: { factory: string }) => info.factory).slice(0, 3), [
    "netrun:function",
    "netrun:broadcast",
    "netrun:join",
  ]);
  const { data: bad } = await studio.post("/factories/preview", {
    ref: "netrun:broadcast",
    args: { num_outputs: "many" },
  });
  assert(bad.error.includes("num_outputs"), bad.error);
});

Deno.test("the graph for the simulator comes resolved, with subgraphs flattened", async () => {
  await using folder = await folderWith({});
  await using studio = await studioFor(folder, { trusted: false });
  const document = {
    graph: {
      nodes: [{ name: "s", type: "subgraph", nodes: [{ name: "x" }], edges: [] }],
      edges: [],
    },
  };
  const { data } = await studio.post("/graph", { document });
  assertEquals(data.graph.nodes.map((node: { name: string }) => node.name), ["s.x"]);
});

Deno.test("an action streams its output, and its variables are shown in the preview", async () => {
  await using folder = await folderWith({ "a.netrun.json": NET });
  await using studio = await studioFor(folder);
  const body = {
    command: 'echo "$NODE_NAME"; echo err >&2; exit 3',
    node: "a",
    document: NET,
    file_path: "a.netrun.json",
  };
  const { data: preview } = await studio.post("/actions/preview", body);
  assertEquals(preview.resolved_command, 'echo "a"; echo err >&2; exit 3');
  const response = await studio.app.request("http://localhost/api/v1/actions/run", {
    method: "POST",
    body: JSON.stringify(body),
    headers: {
      host: "localhost",
      "content-type": "application/json",
      authorization: `Bearer ${studio.token}`,
    },
  });
  const lines = (await response.text()).trim().split("\n").map((line) => JSON.parse(line));
  const of = (type: string) => lines.filter((line) => line.type === type);
  assertEquals(of("stdout")[0].text, "a\n");
  assertEquals(of("stderr")[0].text, "err\n");
  assertEquals(of("exit")[0].exit_code, 3);
});

Deno.test("giving up an action ends its whole process group", async () => {
  await using folder = await folderWith({});
  await using studio = await studioFor(folder);
  const { url } = studio.serve({ port: 0 });
  const response = await fetch(new URL("/api/v1/actions/run", url), {
    method: "POST",
    body: JSON.stringify({ command: "(sleep 60; touch late) & echo $!; wait", document: NET }),
    headers: { "content-type": "application/json", authorization: `Bearer ${studio.token}` },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("stdout")) text += (await reader.read()).value ?? "";
  const pid = /"text":"(\d+)/.exec(text)![1];
  await reader.cancel();
  const isGone = async () => {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "gone Z");
    return / Z/.test(stat);
  };
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(async () => await isGone() && resolve(), 20);
  await promise;
  clearInterval(timer);
});

Deno.test("a recipe asks, and what it returns is the changed document", async () => {
  const recipe = `
    export const getPrompts = () => [{ name: "n", label: "How many", type: "number", default: 2 }];
    export const run = (config, { n }) => ({ ...config, retries: n });
  `;
  await using folder = await folderWith({
    "r.ts": recipe,
    "bad.ts": "export const run = () => { throw new Error('no luck'); }",
  });
  await using studio = await studioFor(folder);
  const { data: asked } = await studio.post("/recipes/prompts", { path: "r.ts", document: NET });
  assertEquals(asked.prompts[0].label, "How many");
  const { data } = await studio.post("/recipes/run", {
    path: "r.ts",
    document: NET,
    inputs: { n: 5 },
  });
  assertEquals(data.document.retries, 5);
  const failed = await studio.post("/recipes/run", { path: "bad.ts", document: NET });
  assertEquals([failed.status, failed.data.error.code], [422, "invalid_config"]);
  assert(failed.data.error.message.includes("no luck"));
});

Deno.test("pages are told of changed files over a socket that bears the token", async () => {
  await using folder = await folderWith({ "a.netrun.json": NET });
  await using studio = await studioFor(folder);
  const { url } = studio.serve({ port: 0 });
  const address = new URL("/api/v1/events", url).href.replace("http", "ws").replace(/#.*/, "");
  const socket = new WebSocket(address, ["netrun.v1", `bearer.${studio.token}`]);
  const opened = Promise.withResolvers<void>();
  const told = Promise.withResolvers<{ type: string; path: string }>();
  socket.onopen = () => opened.resolve();
  socket.onmessage = ({ data }) => told.resolve(JSON.parse(data));
  await opened.promise;
  // The watcher starts with the first listener; it is told of writes until it says so.
  const timer = setInterval(() => Deno.writeTextFileSync(folder.path("a.netrun.json"), "{}"), 50);
  const event = await told.promise;
  clearInterval(timer);
  assertEquals([event.type, event.path], ["file_changed", "a.netrun.json"]);
  const closed = Promise.withResolvers<void>();
  socket.onclose = () => closed.resolve();
  socket.close();
  await closed.promise;
});

Deno.test("an export holds what is shown and no secrets, and no text of it is taken for markup", async () => {
  await using folder = await folderWith({});
  const viewer = new Blob(["show(net)"]).stream().pipeThrough(new CompressionStream("gzip"));
  const gz = new Uint8Array(await new Response(viewer).arrayBuffer()).toBase64();
  await using studio = await studioFor(folder, {
    assets: { "/assets/viewer.js": { type: "text/javascript", gz, hash: "0" } },
  });
  const document = {
    pools: { p: { spec: { type: "remote", url: "ws://secret-host" } } },
    node_vars: { key: { value: "s3cret" } },
    graph: {
      nodes: [{
        name: "</script><b>x",
        in_ports: { in: { slots_spec: { type: "finite", capacity: 3 } } },
        extra: { ui: { headerColor: "#123456", note: "s3cret" }, own: "s3cret" },
        execution_config: { retries: 2, node_vars: { own: { value: "s3cret" } } },
      }],
      edges: [],
      extra: { ui: { env: { TOKEN: "s3cret" } } },
    },
  };
  const page = async (body: object) => {
    const { data, status } = await studio.post("/files/export-html", { document, ...body });
    assertEquals(status, 200, JSON.stringify(data));
    return await Deno.readTextFile(folder.path(data.path));
  };
  const html = await page({ output_path: "out/net.html", title: "<i>", simulate: true });
  assert(!html.includes("s3cret") && !html.includes("secret-host") && !html.includes("retries"));
  assert(!html.includes("</script><b>") && !html.includes("<i>"));
  assert(html.includes("\\u003c/script>") && html.includes("default-src 'none'"));
  assert(html.includes('"inSalvoConditions"') && html.includes("#123456"));
  const plain = await page({ output_path: "plain.html" });
  assert(plain.includes('"graph":null') && plain.includes("show(net)"));
  const { status } = await studio.post("/files/export-html", { document, output_path: "net.json" });
  assertEquals(status, 400);
});

Deno.test("of many factories that are asked for at once, one that ends its process spoils only itself", async () => {
  const factory = (port: string) =>
    `export const getNodeConfig = () => ({ name: "f", out_ports: { ${port}: {} } });
    export const getNodeFuncs = () => [() => {}, null, null, null];`;
  await using folder = await folderWith({
    ...Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`f${i}.ts`, factory(`p${i}`)])),
    "end.ts": "Deno.exit(3);",
  });
  await using studio = await studioFor(folder);
  const asked = ["f1", "f2", "f3", "end", "f4", "f5"];
  const answers = await Promise.all(
    asked.map((name) => studio.post("/factories/preview", { ref: `./${name}.ts` })),
  );
  assertEquals(
    answers.map(({ data }) => data.node?.out_ports[0].name),
    ["p1", "p2", "p3", undefined, "p4", "p5"],
  );
  assert(answers[3]!.data.error.includes("failed"));
});

Deno.test("what code answered is known until a file of the folder changes", async () => {
  // A module that says when it was loaded: a fresh process loads it again.
  const factory = `
    const loaded = "p" + Math.floor(performance.timeOrigin * 1000) + "_" + performance.now();
    export const getNodeConfig = () =>
      ({ name: "f", out_ports: { [loaded.replaceAll(".", "_")]: {} } });
    export const getNodeFuncs = () => [() => {}, null, null, null];`;
  await using folder = await folderWith({ "f.ts": factory, "lib/other.txt": "1" });
  await using studio = await studioFor(folder);
  const port = async () =>
    (await studio.post("/factories/preview", { ref: "./f.ts" })).data.node.out_ports[0].name;
  const first = await port();
  assertEquals(await port(), first);
  await Deno.writeTextFile(folder.path("lib/other.txt"), "12");
  const second = await port();
  assert(second !== first);
  assertEquals(await port(), second);
});
