import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { callMain, type Outcome } from "./_program.ts";
import { type Project, project } from "./_project.ts";

const json = `{
    "$schema": "./netrun.schema.json",
    "retries":  2,
    "graph": {
        "edges": [
            {"source_node": "a", "source_port": "out", "target_node": "b", "target_port": "in"}
        ],
        "nodes": [
            {"name": "a", "out_ports": {"out": {}, "10": {}, "2": {}}},
            {
                "name": "b",
                "in_ports": {"in": {}, "in2": {}}
            },
            {
                "name": "sub",
                "nodes": [
                    {"name": "x", "out_ports": {"o": {}}},
                    {"name": "y", "in_ports": {"i": {}}}
                ],
                "edges": [],
                "exposed_out_ports": {"o": {"internal_node": "x", "internal_port": "o"}}
            }
        ]
    }
}
`;

function call(folder: Project, ...args: string[]): Promise<Outcome> {
  return callMain(args, { cwd: folder.path });
}

/** Lines of the new text that are not in the old one, and the other way round. */
function changedLines(before: string, after: string): { added: string[]; removed: string[] } {
  const lines = (text: string) => text.split(/\r?\n/).map((line) => line.trim());
  const without = (a: string[], b: string[]) => a.filter((line) => !b.includes(line));
  return {
    added: without(lines(after), lines(before)),
    removed: without(lines(before), lines(after)),
  };
}

Deno.test("an edit leaves every other line as it is: order, indentation, CRLF", async () => {
  for (const text of [json, json.replaceAll("\n", "\r\n")]) {
    await using folder = await project({ "net.netrun.json": text });
    await call(folder, "edit-node", "b", "--merge", '{"in_ports": {"in": {"port_type": "int"}}}');
    const after = await folder.read("net.netrun.json");
    assertEquals(after.includes("\r\n"), text.includes("\r\n"));
    const { added, removed } = changedLines(text, after);
    assertEquals(removed, ['"in_ports": {"in": {}, "in2": {}}']);
    assert(added.every((line) => /in_ports|"in"|port_type|in2|^\}/.test(line)), added.join("\n"));
    assertStringIncludes(after, '{"out": {}, "10": {}, "2": {}}');
  }
});

Deno.test("inner nodes are edited by their dotted names, and what names them follows", async () => {
  await using folder = await project({ "net.netrun.json": json });
  const renamed = await call(folder, "edit-node", "sub.x", "--rename", "z");
  assertEquals([renamed.code, JSON.parse(renamed.stdout).name], [0, "z"]);
  const edge = await call(folder, "add-edge", "sub.z.o", "sub.y.i");
  assertEquals(JSON.parse(edge.stdout), {
    source_node: "z",
    source_port: "o",
    target_node: "y",
    target_port: "i",
  });
  await call(folder, "add-node", "sub.w", "--in-ports", "q");
  const { graph } = JSON.parse(await folder.read("net.netrun.json"));
  const [, , sub] = graph.nodes;
  assertEquals(sub.nodes.map(({ name }: { name: string }) => name), ["z", "y", "w"]);
  assertEquals(sub.exposed_out_ports.o.internal_node, "z");
  assertEquals(graph.edges.length, 1);
  const crossing = await call(folder, "add-edge", "a", "out", "sub.y", "i");
  assertEquals(crossing.code, 1);
  assertStringIncludes(crossing.stderr, "border of a subgraph");
});

Deno.test("renaming and removing a subgraph follows into output queues", async () => {
  const net = {
    ...JSON.parse(json),
    output_queues: { q: { ports: [["sub", "o"], ["sub.x", "o"]] } },
  };
  await using folder = await project({ "net.netrun.json": net });
  await call(folder, "edit-node", "sub", "--rename", "part");
  assertEquals(JSON.parse(await folder.read("net.netrun.json")).output_queues.q.ports, [
    ["part", "o"],
    ["part.x", "o"],
  ]);
  await call(folder, "remove-node", "part");
  assertEquals(JSON.parse(await folder.read("net.netrun.json")).output_queues, {});
});

Deno.test("an identical edge is refused, a second one from a port is warned about", async () => {
  await using folder = await project({ "net.netrun.json": json });
  const twice = await call(folder, "add-edge", "a.out", "b.in");
  assertEquals([twice.code, twice.stdout], [1, ""]);
  const second = await call(folder, "add-edge", "a.out", "b.in2");
  assertEquals(second.code, 0);
  assertStringIncludes(second.stderr, "broadcast");
  assertStringIncludes(second.stderr, "Warning: fan_out:");
});

Deno.test("add-edge --broadcast puts a broadcast between, then widens it", async () => {
  await using folder = await project({ "net.netrun.json": json });
  await call(folder, "add-node", "c", "--in-ports", "in");
  const first = await call(folder, "add-edge", "a.out", "b.in2", "--broadcast");
  assertEquals([first.code, first.stderr], [0, ""]);
  const second = await call(folder, "add-edge", "a.out", "c.in", "--broadcast");
  assertEquals([second.code, second.stderr], [0, ""]);
  const { graph } = JSON.parse(await folder.read("net.netrun.json"));
  const broadcast = graph.nodes.find(({ factory }: { factory?: string }) => factory !== undefined);
  assertEquals(broadcast.factory_args, { num_outputs: 3 });
  assertEquals((await call(folder, "validate")).code, 0);
});

Deno.test("add-edge --broadcast refuses what the broadcast does already", async () => {
  const nodes = ["a", "b", "c"].map((name) => ({
    name,
    in_ports: { in: {} },
    out_ports: { out: {} },
  }));
  await using folder = await project({ "net.netrun.json": { graph: { nodes, edges: [] } } });
  const add = (target: string) =>
    callMain(["add-edge", "a.out", target, "--broadcast"], { cwd: folder.path });
  for (const target of ["b.in", "c.in"]) assertEquals((await add(target)).code, 0);
  const again = await add("c.in");
  assertEquals(again.code, 1);
  assertStringIncludes(again.stderr, 'Cannot add the edge a.out -> c.in: "a_out" leads there');
});

Deno.test("--dry-run prints the text and writes nothing; a file that is read-only is not replaced", async () => {
  await using folder = await project({ "net.netrun.json": json });
  const dry = await call(folder, "remove-node", "a", "--dry-run");
  assert(!dry.stdout.includes('"name": "a"'));
  assertEquals(await folder.read("net.netrun.json"), json);
  if (Deno.uid() === 0) return; // The superuser may write anything.
  await Deno.chmod(`${folder.path}/net.netrun.json`, 0o444);
  const { code, stderr } = await call(folder, "remove-node", "a");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Cannot write");
});

Deno.test("TOML: comments survive a changed value, and their loss is told", async () => {
  const toml = `# the net
[[graph.nodes]]
name = "a" # first
description = "old"
`;
  await using folder = await project({ "net.netrun.toml": toml });
  await call(folder, "edit-node", "a", "--merge", '{"description": "new"}');
  assertEquals(await folder.read("net.netrun.toml"), toml.replace("old", "new"));
  const added = await call(folder, "add-node", "b");
  assertStringIncludes(added.stderr, "loses a comment");
  assertStringIncludes(await folder.read("net.netrun.toml"), "# the net");
});

Deno.test("what is wrong in given data is status 1, in the call itself 2", async () => {
  await using folder = await project({ "net.netrun.json": json });
  const status = async (...args: string[]) => {
    const { code, stdout, stderr } = await call(folder, ...args);
    assertEquals(stdout, "");
    assert(stderr.startsWith("Error: "), stderr);
    return code;
  };
  assertEquals(await status("add-node", "c", "--position", "1,x"), 1);
  assertEquals(await status("add-node", "c", "--factory-arg", "=3"), 1);
  assertEquals(await status("edit-node", "a", "--merge", "[]"), 1);
  assertEquals(await status("edit-node", "a", "--merge", '{"name": "q"}'), 1);
  assertEquals(await status("edit-node", "b", "--rename", "a"), 1);
  assertEquals(await status("remove-edge", "a.out", "b.in2"), 1);
  assertEquals(await status("add-edge", "a", "out", "b"), 2);
  assertEquals(await status("add-node"), 2);
  assertEquals(await status("add-node", "c", "--postion", "1,2"), 2);
});

Deno.test("add-node --function warns of a function that is not there, or is none, and runs nothing", async () => {
  await using folder = await project({
    "net.netrun.json": { graph: { nodes: [] } },
    "nodes.ts": "export class Thing {}\nthrow new Error('this must not run');\n",
  });
  const add = (...args: string[]) => callMain(["add-node", ...args], { cwd: folder.path });
  const missing = await add("a", "--function", "./nodes.ts::none");
  assertEquals(missing.code, 0);
  assertStringIncludes(missing.stderr, "Warning: Cannot load `./nodes.ts::none`");
  const thing = await add("b", "--function", "./nodes.ts::Thing");
  assertStringIncludes(thing.stderr, "Warning: ./nodes.ts::Thing: `Thing` is a class");
  const unchecked = await add("c", "--function", "./none.ts::x", "--no-validate");
  assertEquals([unchecked.code, unchecked.stderr], [0, ""]);
});

Deno.test("add-node --function makes a node that runs", async () => {
  await using folder = await project({
    "net.netrun.json": {},
    "nodes.ts": "export function double(x: number): number { return 2 * x; }",
  });
  const added = await call(folder, "add-node", "double", "--function", "./nodes.ts::double");
  assertEquals(JSON.parse(added.stdout).factory_args, { func: "./nodes.ts::double" });
  const run = await call(folder, "run", "--input", "double.x=4");
  assertEquals(JSON.parse(run.stdout).outputs, { "double::out": [8] });
});
