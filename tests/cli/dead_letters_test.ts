import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { callMain, callProgram } from "./_program.ts";
import { edge, functionNode, project } from "./_project.ts";

const broken = `export function half(x: number): number {
  if (x % 2) throw new RangeError("odd: " + x);
  return x / 2;
}
export function next(x: number): number { return x + 1; }
`;
const mended = broken.replace(/\n {2}if .*/, "");
const files = {
  "net.netrun.json": {
    graph: {
      nodes: [functionNode("half"), functionNode("next")],
      edges: [edge("half.out", "next.x")],
    },
  },
  "nodes.ts": broken,
  "in.jsonl": "2\n3\n4\n",
};

Deno.test("a failed row is kept, looked at, run alone, mended and run again", async () => {
  await using folder = await project(files);
  const call = (...args: string[]) => callProgram(args, { cwd: folder.path });
  const run = await call("run", "--input-file", "half.x=in.jsonl");
  assertEquals([run.code, JSON.parse(run.stdout).outputs["next::out"]], [3, [2, 3]]);
  const path = join(folder.path, ".netrun", "dead-letters.jsonl");
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);

  const [entry, ...others] = JSON.parse((await call("dead-letters", "ls")).stdout);
  assertEquals(others, []);
  assertEquals([entry.node, entry.error, entry.retryable], ["half", "RangeError: odd: 3", true]);
  const shown = JSON.parse((await call("dead-letters", "show", entry.id.slice(-8))).stdout);
  assertEquals([shown.values, shown.salvo_condition], [{ x: [3] }, "trigger"]);
  const alone = await call("exec", "--dead-letter", entry.id);
  assertEquals(alone.code, 1);
  assertStringIncludes(alone.stderr, 'Node "half" failed: RangeError: odd: 3 (nodes.ts:2:');
  const again = await call("dead-letters", "retry");
  assertEquals(again.code, 3);
  assertEquals(JSON.parse((await call("dead-letters", "ls")).stdout).length, 1);

  await folder.write("nodes.ts", mended);
  const retried = await call("dead-letters", "retry", entry.id);
  assertEquals([retried.code, JSON.parse(retried.stdout).outputs["next::out"]], [0, [2.5]]);
  assertEquals(JSON.parse((await call("dead-letters", "ls")).stdout), []);
});

Deno.test("a run that ends well tells of what earlier runs have left, until it is cleared", async () => {
  await using folder = await project(files);
  const call = (...args: string[]) => callMain(args, { cwd: folder.path });
  const run = ["run", "--input", "half.x=2"];
  assertEquals((await call(...run)).stderr.includes("earlier runs"), false);
  assertEquals((await call("run", "--input", "half.x=3")).code, 3);
  assertStringIncludes((await call(...run)).stderr, "1 failed epoch of earlier runs is still kept");
  assertEquals((await call("dead-letters", "clear")).stdout, '{\n  "cleared": 1\n}\n');
  assertEquals((await call(...run)).stderr.includes("earlier runs"), false);
});

Deno.test("the same can be had elsewhere or not at all", async () => {
  await using folder = await project(files);
  const args = ["run", "--input", "half.x=1", "--dead-letters"];
  await callMain([...args, "none"], { cwd: folder.path });
  await callMain([...args, "kept.jsonl"], { cwd: folder.path });
  const list = (...args: string[]) =>
    callMain(["dead-letters", "ls", ...args], { cwd: folder.path })
      .then(({ stdout }) => JSON.parse(stdout).length);
  assertEquals([await list(), await list("--dead-letters", "kept.jsonl")], [0, 1]);
  const cleared = await callMain(["dead-letters", "clear", "--dead-letters", "kept.jsonl"], {
    cwd: folder.path,
  });
  assertEquals(JSON.parse(cleared.stdout), { cleared: 1 });
  assertEquals(await list("--dead-letters", "kept.jsonl"), 0);
});

Deno.test("inputs of which there is no copy are shown, and refused for running", async () => {
  await using folder = await project({
    "net.netrun.json": {
      graph: {
        nodes: [functionNode("make"), functionNode("call")],
        edges: [edge("make.out", "call.f")],
      },
    },
    "nodes.ts": `export function make(): unknown { return () => 1; }
      export function call(f: unknown): number { throw new Error("no"); }`,
  });
  assertEquals((await callMain(["run"], { cwd: folder.path })).code, 3);
  const [entry] = JSON.parse((await callMain(["dead-letters", "ls"], { cwd: folder.path })).stdout);
  assertEquals(entry.retryable, false);
  for (const args of [["exec", "--dead-letter", entry.id], ["dead-letters", "retry"]]) {
    const { code, stderr } = await callMain(args, { cwd: folder.path });
    assertEquals(code, 1);
    assertStringIncludes(stderr, "no copy");
  }
});

Deno.test("retry refuses where what follows takes all packets of a run together", async () => {
  const { graph } = files["net.netrun.json"];
  const write = { name: "write", factory: "netrun:write", factory_args: { path: "o.jsonl" } };
  await using folder = await project({
    ...files,
    "net.netrun.json": {
      graph: {
        nodes: [...graph.nodes, write],
        edges: [...graph.edges, edge("next.out", "write.in")],
      },
    },
  });
  await callMain(["run", "--input", "half.x=1"], { cwd: folder.path });
  const { code, stderr } = await callMain(["dead-letters", "retry"], { cwd: folder.path });
  assertEquals(code, 1);
  assertStringIncludes(stderr, "run --cache");
});

Deno.test("exec runs one node and prints what it sends, by port", async () => {
  await using folder = await project(files);
  const exec = (...args: string[]) => callMain(["exec", ...args], { cwd: folder.path });
  const { code, stdout } = await exec("half", "--input", "x=8");
  assertEquals([code, JSON.parse(stdout)], [0, { out: [4] }]);
  assertStringIncludes((await exec("hlf")).stderr, 'did you mean "half"?');
  assertStringIncludes((await exec("half", "--input", "y=8")).stderr, "did you mean x?");
});
