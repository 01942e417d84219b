import { assertEquals, assertStringIncludes } from "@std/assert";
import { callMain } from "./_program.ts";
import { edge, functionNode, project } from "./_project.ts";

const files = {
  "net.netrun.json": {
    node_vars: { factor: { value: "1", type: "int" }, token: { value: { $env: "TOKEN" } } },
    graph: {
      nodes: [
        { ...functionNode("flaky"), execution_config: { retries: 2, retry_wait: 3600 } },
        functionNode("twice"),
      ],
      edges: [edge("flaky.out", "twice.x")],
    },
  },
  "nodes.ts": `
const seen = new Set();
export function flaky(x: number, ctx: { vars: { factor: number; token: string }, print(text: string): void }): number {
  ctx.print("token " + ctx.vars.token);
  if (!seen.has(x)) { seen.add(x); throw new Error("not yet"); }
  return x * ctx.vars.factor;
}
export function* twice(x: number): Generator<number> { yield x; yield x; }
export function minus(x: number): number { return -x; }
`,
};
const test = {
  title: "an hour of waiting takes no time",
  net: "net.netrun.json",
  variables: { global: { factor: "10" } },
  env: { TOKEN: "t" },
  inject: [{ node: "flaky", port: "x", values: [1, 2] }],
  expect: {
    queues: { "twice::out": [10, 20, 10, 20] },
    ordered: { "twice::out": false },
    epochs_per_node: { flaky: 2, twice: 2 },
    retries: { flaky: 2 },
    logs: { flaky: ["token t", "token t", "token t", "token t"] },
  },
};

Deno.test("a flow test passes, on a virtual clock", async () => {
  await using folder = await project({ ...files, "a.nettest.json": test });
  const { code, stdout } = await callMain(["test"], { cwd: folder.path });
  assertEquals([code, stdout], [
    0,
    "ok  a.nettest.json (an hour of waiting takes no time)\n1 passed, 0 failed\n",
  ]);
});

Deno.test("a failed one shows what differs, and is status 1", async () => {
  const wrong = structuredClone(test);
  wrong.expect.queues["twice::out"] = [10, 10, 20, 21];
  wrong.expect.retries.flaky = 3;
  await using folder = await project({ ...files, "a.nettest.json": wrong });
  const { code, stdout } = await callMain(["test", "a.nettest.json"], { cwd: folder.path });
  assertEquals(code, 1);
  assertStringIncludes(stdout, "queue twice::out:\n");
  assertStringIncludes(stdout, "    -21\n    +20\n");
  assertStringIncludes(stdout, 'retries: expected {"flaky":3}, got {"flaky":2}');
  assertStringIncludes(stdout, "0 passed, 1 failed");
});

Deno.test("--update writes what came; then the test passes, and fails after a change", async () => {
  const { expect: _, ...rest } = test;
  await using folder = await project({ ...files, "a.nettest.json": rest });
  const run = (...args: string[]) => callMain(["test", ...args], { cwd: folder.path });
  assertEquals((await run()).code, 1);
  assertEquals((await run("--update")).code, 0);
  const { expect } = JSON.parse(await folder.read("a.nettest.json"));
  assertEquals(Object.keys(expect), ["queues", "epochs_per_node"]);
  assertEquals((await run()).code, 0);
  await folder.write("a.nettest.json", JSON.stringify({ ...test, expect: { startable: 5 } }));
  assertEquals((await run()).code, 1);
});

Deno.test("replace swaps functions; steps that throw are failures unless they are expected", async () => {
  await using folder = await project({
    ...files,
    "replaced.nettest.toml": `
net = "net.netrun.json"
env = { TOKEN = "t" }
replace = { flaky = "./nodes.ts::minus" }
inject = [{ node = "flaky", port = "x", values = [4] }]
[expect]
queues = { "twice::out" = [-4, -4] }
`,
    "steps.nettest.json": {
      net: "net.netrun.json",
      env: { TOKEN: "t" },
      steps: [{ inject: { node: "gone", port: "x", values: [1] } }, { disable: "twice" }],
      expect: { errors: [{ step: 0, class: "NodeNotFoundError" }], startable: 0 },
    },
    "unexpected.nettest.json": {
      net: "net.netrun.json",
      env: { TOKEN: "t" },
      steps: [{ inject: { node: "gone", port: "x", values: [1] } }],
      expect: {},
    },
    "broken.nettest.json": { nets: 1 },
  });
  const { code, stdout } = await callMain(["test", "--json"], { cwd: folder.path });
  assertEquals(code, 1);
  const results: { file: string; ok: boolean; differences: string[] }[] = JSON.parse(stdout);
  assertEquals(results.map(({ file, ok }) => `${file.slice(folder.path.length + 1)} ${ok}`), [
    "broken.nettest.json false",
    "replaced.nettest.toml true",
    "steps.nettest.json true",
    "unexpected.nettest.json false",
  ]);
  assertStringIncludes(results[3]!.differences[0]!, "step 0 threw NodeNotFoundError");
});

Deno.test("--filter chooses by path or title; no tests at all is an error", async () => {
  await using folder = await project({ ...files, "a.nettest.json": test, "b.nettest.json": test });
  const { stdout } = await callMain(["test", "--filter", "b.net"], { cwd: folder.path });
  assertStringIncludes(stdout, "1 passed, 0 failed");
  await using empty = await project({});
  assertEquals((await callMain(["test"], { cwd: empty.path })).code, 1);
});
