import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { listCommands } from "../../cli/command_list.ts";
import { cliMarkdown } from "../../cli/markdown.ts";
import configuration from "../../deno.json" with { type: "json" };
import { callMain } from "./_program.ts";
import { project } from "./_project.ts";

const empty = { graph: { nodes: [] } };

Deno.test("--version prints the version, --help every command", async () => {
  const cwd = Deno.cwd();
  assertEquals(
    (await callMain(["--version"], { cwd })).stdout,
    `netrun ${configuration.version}\n`,
  );
  const { code, stdout } = await callMain(["--help"], { cwd });
  assertEquals(code, 0);
  for (const { name } of await listCommands()) assertStringIncludes(stdout, name.split(" ")[0]!);
});

Deno.test("every command has a help text with its options and examples", async () => {
  for (const { name, command } of await listCommands()) {
    const { code, stdout, stderr } = await callMain([...name.split(" "), "--help"], { cwd: "/" });
    assertEquals([code, stderr], [0, ""], name);
    assertStringIncludes(stdout, `Usage: netrun ${name}`);
    for (const option of command.options ?? []) assertStringIncludes(stdout, `--${option.name}`);
    assert(command.examples.length > 0, name);
    for (const [example] of command.examples) assertStringIncludes(stdout, example);
  }
});

Deno.test("help COMMAND is COMMAND --help", async () => {
  const help = (...args: string[]) => callMain(args, { cwd: "/" });
  assertEquals(await help("help", "run"), await help("run", "--help"));
  assertEquals(await help("help"), await help("--help"));
});

Deno.test("docs/cli.md is the page made from the commands", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/cli.md", import.meta.url));
  assertEquals(page, await cliMarkdown());
});

Deno.test("a mistyped command, option or choice is named, and what was meant", async () => {
  const says = async (...args: string[]) => {
    const { code, stdout, stderr } = await callMain(args, { cwd: "/" });
    assertEquals([code, stdout], [2, ""]);
    return stderr;
  };
  assertEquals(await says("valdate"), "Error: Unknown command valdate: did you mean validate?\n");
  assertEquals(await says("actions", "lst"), "Error: Unknown command lst: did you mean list?\n");
  assertEquals(
    await says("run", "--inputt=x"),
    "Error: Unknown option --inputt: did you mean --input?\n",
  );
  assertStringIncludes(await says("run", "--progress", "jsno"), "did you mean json?");
  assertStringIncludes(await says("run", "--timeout", "soon"), "--timeout is a number of seconds");
  assertStringIncludes(await says("validate", "a", "b"), "surplus argument b");
  assertStringIncludes(await says("run", "--strict=yes"), "takes no value");
});

Deno.test("the value of an option may begin with a dash; one that was forgotten is told", async () => {
  await using folder = await project({ "a.netrun.json": { graph: { nodes: [] } } });
  const add = ["add-node", "a", "--position", "-3.5,-2"];
  const { code, stdout, stderr } = await callMain(add, { cwd: folder.path });
  assertEquals(code, 0, stderr);
  assertEquals(JSON.parse(stdout).extra.ui.position, { x: -3.5, y: -2 });
  const forgotten = await callMain(["add-node", "b", "--position", "--compact"], {
    cwd: folder.path,
  });
  assertEquals(forgotten.code, 2);
  assertStringIncludes(forgotten.stderr, "--position needs a value: X,Y");
});

Deno.test("the net file: -c before or after, NETRUN_CONFIG, the only one, links resolved", async () => {
  await using folder = await project({ "a.netrun.json": empty, "sub/b.json": empty });
  const file = async (args: string[], env: Record<string, string> = {}) =>
    JSON.parse((await callMain(args, { cwd: folder.path, env })).stdout).file;
  assertEquals(await file(["validate"]), `${folder.path}/a.netrun.json`);
  for (
    const args of [["-c", "sub/b.json", "validate"], ["validate", "--config=sub/b.json"], [
      "validate",
      "sub/b.json",
    ]]
  ) assertEquals(await file(args), `${folder.path}/sub/b.json`);
  assertEquals(
    await file(["validate"], { NETRUN_CONFIG: "sub/b.json" }),
    `${folder.path}/sub/b.json`,
  );
  await Deno.symlink(`${folder.path}/sub/b.json`, `${folder.path}/link.netrun.toml`);
  const several = await callMain(["info"], { cwd: folder.path });
  assertStringIncludes(several.stderr, "a.netrun.json, link.netrun.toml");
  assertEquals(await file(["validate", "link.netrun.toml"]), `${folder.path}/sub/b.json`);
  const folderItself = await callMain(["info", "-c", "sub"], { cwd: folder.path });
  assertEquals(folderItself.code, 1);
});

Deno.test("errors are a line each with file, line and path; the stack only with --debug", async () => {
  await using folder = await project({
    "net.netrun.json": `{\n  "retries": -1,\n  "timeout": "x",\n  "graph": {"nodes": []}\n}\n`,
  });
  const { code, stderr } = await callMain(["info"], { cwd: folder.path });
  assertEquals(code, 1);
  const lines = stderr.trimEnd().split("\n");
  assertEquals(lines.length, 2);
  assertMatch(lines[0]!, /^Error: net\.netrun\.json:2:3: retries: /);
  assertMatch(lines[1]!, /^Error: net\.netrun\.json:3:3: timeout: /);
  const debug = await callMain(["info", "--debug"], { cwd: folder.path });
  assertMatch(debug.stderr, /\n {4}at /);
});

Deno.test("--color always colours, NO_COLOR and --color never do not", async () => {
  const colored = await callMain(["bogus", "--color", "always"], { cwd: "/" });
  assertStringIncludes(colored.stderr, "\x1b[31m");
  const plain = await callMain(["bogus", "--color=never"], { cwd: "/" });
  assert(!plain.stderr.includes("\x1b"));
});

Deno.test("an unresolvable net is shown as written, unless --strict", async () => {
  await using folder = await project({
    "net.netrun.json": { graph: { nodes: [{ name: "a", factory: "./gone.ts" }] } },
  });
  for (const command of ["info", "structure", "nodes", "node a", "dry-run", "graph"]) {
    const args = command.split(" ");
    const shown = await callMain(args, { cwd: folder.path });
    assertEquals(shown.code, 0, command);
    assertStringIncludes(shown.stderr, "Warning: could not resolve config: ");
    const strict = await callMain([...args, "--strict"], { cwd: folder.path });
    assertEquals([strict.code, strict.stdout], [1, ""], command);
  }
});

Deno.test("info works where even the project root cannot be known", async () => {
  await using folder = await project({
    "net.netrun.json": { ...empty, project_root_override: { $env: "NETRUN_TEST_UNSET" } },
  });
  const { code, stdout, stderr } = await callMain(["info"], { cwd: folder.path });
  assertEquals([code, JSON.parse(stdout).project_root], [0, folder.path]);
  assertStringIncludes(stderr, "NETRUN_TEST_UNSET");
});

Deno.test("--no-import runs no code of the project", async () => {
  await using folder = await project({
    "net.netrun.json": { graph: { nodes: [{ name: "a", factory: "./factory.ts" }] } },
    "factory.ts": `Deno.writeTextFileSync(new URL("loaded", import.meta.url), "");
      export function getNodeConfig() { return { type: "node", name: "a" }; }
      export function getNodeFuncs() { return { exec: null }; }`,
  });
  const isLoaded = () => Deno.stat(`${folder.path}/loaded`).then(() => true, () => false);
  for (const command of ["info", "validate", "nodes"]) {
    await callMain([command, "--no-import"], { cwd: folder.path });
  }
  assertEquals(await isLoaded(), false);
  await callMain(["nodes"], { cwd: folder.path });
  assertEquals(await isLoaded(), true);
});

Deno.test("validate: a thousand problems at once, with lines, in JSON and TOML", async () => {
  const count = 1000;
  const toml = "graph = { nodes = [] }\n[extra.ui]\nactions = [\n" +
    Array.from({ length: count }, (_, i) => `  { id = "${i}", label = "x" },\n`).join("") + "]\n";
  await using folder = await project({
    "net.netrun.json": {
      graph: { nodes: Array.from({ length: count }, () => ({ name: "" })) },
    },
    "net.netrun.toml": toml,
  });
  for (const [file, type] of [["json", "empty_node_name"], ["toml", "invalid_action"]]) {
    const { stdout, code } = await callMain(["validate", `net.netrun.${file}`], {
      cwd: folder.path,
    });
    const { errors } = JSON.parse(stdout);
    assertEquals([code, errors.length], [1, count]);
    assert(errors.every((error: { type: string }) => error.type === type));
    assertEquals(new Set(errors.map(({ line }: { line: number }) => line)).size, count);
  }
});

Deno.test("validate: warnings do not count, with --strict they do", async () => {
  await using folder = await project({ "net.netrun.json": { ...empty, retires: 1 } });
  const report = JSON.parse((await callMain(["validate"], { cwd: folder.path })).stdout);
  assertEquals([report.valid, report.warnings[0].type], [true, "unknown_key"]);
  const strict = await callMain(["validate", "--strict"], { cwd: folder.path });
  assertEquals([strict.code, JSON.parse(strict.stdout).errors.length], [1, 1]);
});

Deno.test("schema prints the whole or a part, factory-info and functions what there is", async () => {
  await using folder = await project({
    "nodes.ts": "/** Doubles. */\nexport function double(x: number): number { return 2 * x; }\n" +
      "export const other = 3;",
    "nodes_test.ts": "export function notANode(x: number): number { return x; }",
  });
  const call = async (...args: string[]) =>
    JSON.parse((await callMain(args, { cwd: folder.path })).stdout);
  assertEquals((await call("schema")).required, ["graph"]);
  assertEquals((await call("schema", "node")).title, "NodeConfig");
  assertEquals(await call("functions"), [{
    ref: "./nodes.ts::double",
    in_ports: { x: "number" },
    out_ports: { out: "number" },
    description: "Doubles.",
  }]);
  const builtIn = await call("factory-info");
  assertEquals(builtIn.map(({ factory }: { factory: string }) => factory).slice(0, 3), [
    "netrun:function",
    "netrun:broadcast",
    "netrun:join",
  ]);
  const join = await call("factory-info", "netrun.node_factories.join");
  assertEquals([join.type, join.params[0].name, join.params[0].default], ["node", "ports", [
    "a",
    "b",
  ]]);
  const missing = await callMain(["factory-info", "./nodes.ts"], { cwd: folder.path });
  assertEquals(missing.code, 1);
});

Deno.test("factory-info reads a schema, else the source; a subgraph factory says what it is", async () => {
  const funcs = "export const getNodeFuncs = () => ({ exec: null });";
  const config = '{ return { type: "node", name: "n" }; }';
  await using folder = await project({
    "typed.ts": `export function getNodeConfig(_net: unknown,
      args: { count?: number; tags: (string | null)[]; mode: "a" | "b" }) ${config}\n${funcs}`,
    "schema.ts": `import * as z from "zod";
      export const argsSchema = z.object({ count: z.number().default(2).describe("How many") });
      export const factoryDesc = "Fans out.";
      export function getNodeConfig() ${config}\n${funcs}`,
    "graph.ts":
      `export function getNodeConfig() { return { type: "subgraph", name: "s", nodes: [] }; }`,
  });
  const info = async (ref: string) =>
    JSON.parse((await callMain(["factory-info", ref], { cwd: folder.path })).stdout);
  assertEquals((await info("./typed.ts")).params, [
    { name: "count", type: "number", required: false },
    { name: "tags", type: "(string | null)[]", required: true },
    { name: "mode", type: '"a" | "b"', required: true },
  ]);
  assertEquals(await info("./schema.ts"), {
    factory: "./schema.ts",
    type: "node",
    params: [{
      name: "count",
      type: "number",
      default: 2,
      required: false,
      description: "How many",
    }],
    description: "Fans out.",
  });
  assertEquals(await info("./graph.ts"), { factory: "./graph.ts", type: "subgraph", params: [] });
});

Deno.test("a closed pipe ends the program quietly", async () => {
  await using folder = await project({
    "net.netrun.json": {
      graph: { nodes: Array.from({ length: 5000 }, (_, i) => ({ name: `n${i}` })) },
    },
  });
  const command = `"${Deno.execPath()}" run -A --no-check "${
    new URL("../../cli/main.ts", import.meta.url).pathname
  }" structure | head -1`;
  const { stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", command],
    cwd: folder.path,
  }).output();
  assertEquals(new TextDecoder().decode(stdout), "{\n");
  assertEquals(new TextDecoder().decode(stderr), "");
});

Deno.test("with --allow-read alone inspecting works", async () => {
  await using folder = await project({ "net.netrun.json": empty });
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-read",
      "--no-check",
      "--no-prompt",
      new URL("../../cli/main.ts", import.meta.url).pathname,
      "info",
    ],
    cwd: folder.path,
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
});
