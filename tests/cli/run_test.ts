import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { callMain } from "./_program.ts";
import { edge, functionNode, project } from "./_project.ts";

const nodes = `
export function* numbers(): Generator<number> { yield 1; yield 2; yield 3; }
export function half(x: number): number {
  if (x % 2 === 1) throw new RangeError("odd: " + x + " " + (Deno.env.get("NETRUN_TEST_SECRET") ?? ""));
  return x / 2;
}
export function add(a: number, b: number): number { return a + b; }
export function bytes(x: number): unknown { return { big: BigInt(x), data: new Uint8Array([x]), when: new Date(0), f: () => 1 }; }
export function talk(x: number): number { console.log("to the console", x); return x; }
export async function slow(x: number): Promise<number> { await new Promise((r) => setTimeout(r, 5000)); return x; }
`;
const net = {
  graph: {
    nodes: [functionNode("numbers"), functionNode("half"), functionNode("add")],
    edges: [edge("numbers.out", "half.x"), edge("half.out", "add.a")],
  },
};

Deno.test("run: source nodes start by themselves, and a failed epoch is status 3", async () => {
  await using folder = await project({ "net.netrun.json": net, "nodes.ts": nodes });
  const { code, stdout, stderr } = await callMain(["run", "--progress", "none"], {
    cwd: folder.path,
  });
  const result = JSON.parse(stdout);
  assertEquals(code, 3);
  assertEquals(Object.keys(result), [
    "status",
    "outputs",
    "epochs",
    "waiting",
    "errors",
    "duration_ms",
  ]);
  assertEquals(result.status, "failed");
  assertEquals(result.epochs, { total: 4, failed: 2, handled: 0, cancelled: 0, cache_hits: 0 });
  assertEquals(result.waiting, [{ node: "add", port: "a", packets: 1 }]);
  assertStringIncludes(
    stderr,
    "1 packet waits at add.a: add fires when a and b are non-empty; b is empty, no edge leads to it",
  );
});

Deno.test("run: each error has its node, class, place in the user's code, and inputs", async () => {
  await using folder = await project({ "net.netrun.json": net, "nodes.ts": nodes });
  const { stdout } = await callMain(["run", "--progress", "none"], { cwd: folder.path });
  const [error] = JSON.parse(stdout).errors;
  assertEquals(
    { node: error.node, type: error.type, msg: error.msg, inputs: error.inputs },
    { node: "half", type: "RangeError", msg: "odd: 1 ", inputs: { x: [1] } },
  );
  assertMatch(error.at, /^nodes\.ts:4:\d+$/);
});

Deno.test("run: a value that came from the environment is not printed", async () => {
  const secret = {
    ...net,
    node_vars: { token: { value: { $env: "NETRUN_TEST_SECRET", default: "" } } },
  };
  await using folder = await project({ "net.netrun.json": secret, "nodes.ts": nodes });
  Deno.env.set("NETRUN_TEST_SECRET", "hunter22");
  try {
    const { stdout } = await callMain(["run", "--progress", "none"], {
      cwd: folder.path,
      env: { NETRUN_TEST_SECRET: "hunter22" },
    });
    assert(!stdout.includes("hunter22"));
    assertStringIncludes(stdout, "odd: 1 ***");
  } finally {
    Deno.env.delete("NETRUN_TEST_SECRET");
  }
});

Deno.test("run: --start none starts nothing and says that nothing ran; --start names one", async () => {
  await using folder = await project({ "net.netrun.json": net, "nodes.ts": nodes });
  const none = await callMain(["run", "--start", "none"], { cwd: folder.path });
  assertEquals([none.code, JSON.parse(none.stdout).epochs.total], [0, 0]);
  assertStringIncludes(none.stderr, "Nothing ran");
  const one = await callMain(["run", "--start", "numbers"], { cwd: folder.path });
  assertEquals(JSON.parse(one.stdout).epochs.total, 4);
  const wrong = await callMain(["run", "--start", "half"], { cwd: folder.path });
  assertEquals(wrong.code, 1);
  assertStringIncludes(wrong.stderr, "--input half.PORT=JSON");
});

Deno.test("run: packets come from arguments, JSON lines, JSON, CSV and standard input", async () => {
  await using folder = await project({
    "net.netrun.json": { graph: { nodes: [functionNode("add")] } },
    "nodes.ts": nodes,
    "a.jsonl": "1\n2\n",
    "a.json": "[3]",
    "b.txt": "x\ny\n",
    "rows.csv": "n\n7\n",
  });
  const sums = async (...args: string[]) => {
    const { stdout, stderr, code } = await callMain(["run", "--progress", "none", ...args], {
      cwd: folder.path,
      stdin: "10\n20\n",
    });
    assertEquals(code, 0, stderr);
    return JSON.parse(stdout).outputs["add::out"];
  };
  assertEquals(await sums("--input", "add.a=1", "--input=add.b=-3"), [-2]);
  assertEquals(await sums("--input-file", "add.a=a.jsonl", "--input-file", "add.b=-"), [11, 22]);
  assertEquals(await sums("--input-file", "add.a=a.json", "--input", "add.b=1"), [4]);
});

Deno.test("run: what is wrong in given data is status 1, and says where", async () => {
  await using folder = await project({
    "net.netrun.json": net,
    "nodes.ts": nodes,
    "bad.jsonl": "1\n{\n",
  });
  const fails = async (...args: string[]) => {
    const { code, stdout, stderr } = await callMain(["run", "--progress", "none", ...args], {
      cwd: folder.path,
    });
    assertEquals([code, stdout], [1, ""], stderr);
    return stderr;
  };
  assertStringIncludes(await fails("--input", "half.x=hello"), `a text needs quotes: '"hello"'`);
  assertStringIncludes(await fails("--input", "hlaf.x=1"), 'did you mean node "half"?');
  assertStringIncludes(await fails("--input", "half.y=1"), 'no input port "y"; it has x');
  assertStringIncludes(await fails("--input-file", "half.x=nothing.jsonl"), "nothing.jsonl");
  assertStringIncludes(await fails("--output", "add::oot=x"), "did you mean add::out?");
  assertStringIncludes(await fails("--var", "NOPE=1"), "NOPE");
  assertStringIncludes(await fails("--target", "ad"), "ad");
});

Deno.test("run: a record that cannot be read is status 1 and named; those before it have run", async () => {
  await using folder = await project({
    "net.netrun.json": { graph: { nodes: [functionNode("half")] } },
    "nodes.ts": nodes,
    "bad.jsonl": "2\n{\n4\n",
  });
  const { code, stdout, stderr } = await callMain(["run", "--input-file", "half.x=bad.jsonl"], {
    cwd: folder.path,
  });
  assertEquals([code, JSON.parse(stdout).outputs["half::out"]], [1, [1]]);
  assertMatch(stderr, /Error: .*bad\.jsonl:2/);
});

Deno.test("run: --output writes a queue as JSON lines and leaves it out of the result", async () => {
  await using folder = await project({ "net.netrun.json": net, "nodes.ts": nodes });
  const args = ["run", "--start", "none", "--input", "half.x=8", "--input", "add.b=1"];
  const file = await callMain([...args, "--output", "add::out=o.jsonl"], { cwd: folder.path });
  assertEquals(await folder.read("o.jsonl"), "5\n");
  assertEquals(JSON.parse(file.stdout).outputs, {});
  const pipe = await callMain([...args, "--output", "add::out=-", "--progress", "none"], {
    cwd: folder.path,
  });
  assertEquals(pipe.stdout, "5\n");
  assertEquals(JSON.parse(pipe.stderr).status, "ok");
});

Deno.test("run: values without a form in JSON are printed as objects with a $ key", async () => {
  await using folder = await project({
    "net.netrun.json": { graph: { nodes: [functionNode("bytes")] } },
    "nodes.ts": nodes,
  });
  const { stdout } = await callMain(["run", "--input", "bytes.x=7"], { cwd: folder.path });
  assertEquals(JSON.parse(stdout).outputs["bytes::out"], [{
    big: { $bigint: "7" },
    data: { $bytes: "Bw==" },
    when: "1970-01-01T00:00:00.000Z",
    f: { $type: "Function" },
  }]);
});

Deno.test("run: the console of user code goes to standard error", async () => {
  await using folder = await project({
    "net.netrun.json": { graph: { nodes: [functionNode("talk")] } },
    "nodes.ts": nodes,
  });
  const { stdout, stderr } = await callMain(["run", "--input", "talk.x=1"], { cwd: folder.path });
  JSON.parse(stdout);
  assertStringIncludes(stderr, "to the console 1");
});

Deno.test("run: --timeout cancels and ends with 124", async () => {
  await using folder = await project({
    "net.netrun.json": { graph: { nodes: [functionNode("slow")] } },
    "nodes.ts": `export async function slow(x: number, ctx: { signal: AbortSignal }) {
      await new Promise((_, reject) => ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason)));
      return x;
    }`,
  });
  const { code, stdout } = await callMain(["run", "--input", "slow.x=1", "--timeout", "0.2"], {
    cwd: folder.path,
  });
  assertEquals([code, JSON.parse(stdout).status], [124, "timeout"]);
});

Deno.test("run: --target stops before the target and prints what has reached it", async () => {
  await using folder = await project({ "net.netrun.json": net, "nodes.ts": nodes });
  const { code, stdout } = await callMain(
    ["run", "--start", "none", "--target", "add", "--input", "half.x=4", "--input", "add.b=1"],
    { cwd: folder.path },
  );
  const { targets, epochs } = JSON.parse(stdout);
  assertEquals(code, 0);
  assertEquals(targets, [{ node: "add", salvo_condition: "trigger", packets: { a: [2], b: [1] } }]);
  assertEquals(epochs.total, 1);
});

Deno.test("run: --max-epochs is exact, --strict makes waiting packets status 3", async () => {
  await using folder = await project({
    "net.netrun.json": { graph: { nodes: [functionNode("half")] } },
    "nodes.ts": nodes,
    "in.jsonl": "2\n4\n6\n8\n",
  });
  const few = await callMain(["run", "--input-file", "half.x=in.jsonl", "--max-epochs", "3"], {
    cwd: folder.path,
  });
  assertEquals(JSON.parse(few.stdout).outputs["half::out"], [1, 2, 3]);
  await using stuck = await project({
    "net.netrun.json": { graph: { nodes: [functionNode("add")] } },
    "nodes.ts": nodes,
  });
  const strict = await callMain(["run", "--input", "add.a=1", "--strict"], { cwd: stuck.path });
  assertEquals([strict.code, JSON.parse(strict.stdout).status], [3, "ok"]);
});

Deno.test("run: what takes all packets of a run together gets all of a long file", async () => {
  const total = { ...functionNode("total"), in_ports: { xs: { gather: { until: "done" } } } };
  await using folder = await project({
    "net.netrun.json": { graph: { nodes: [total] } },
    "nodes.ts": `import type { Batch } from "@netrun/netrun/node";
      export function total(xs: Batch<number, "done">): number {
        return xs.reduce((sum, x) => sum + x, 0);
      }`,
    "in.jsonl": Array.from({ length: 5000 }, (_, i) => `${i + 1}\n`).join(""),
  });
  const { stdout } = await callMain(["run", "--input-file", "total.xs=in.jsonl"], {
    cwd: folder.path,
  });
  assertEquals(JSON.parse(stdout).outputs["total::out"], [12_502_500]);
});

Deno.test("run: --set, --var and --node-var replace what the file says", async () => {
  await using folder = await project({
    "net.netrun.json": {
      node_vars: { greeting: { value: "hello" } },
      graph: {
        nodes: [{
          ...functionNode("greet"),
          execution_config: { node_vars: { name: { value: "nobody" } } },
        }],
      },
    },
    "nodes.ts": `export function greet(ctx: { vars: Record<string, string> }): string {
      return ctx.vars.greeting + " " + ctx.vars.name;
    }`,
  });
  const greet = async (...args: string[]) =>
    JSON.parse((await callMain(["run", ...args], { cwd: folder.path })).stdout)
      .outputs["greet::out"];
  assertEquals(await greet("--var", "greeting=hi", "--node-var", "greet:name=Ada"), ["hi Ada"]);
  const path = "graph.nodes[greet].execution_config.node_vars.name.value";
  assertEquals(await greet("--set", `${path}="Grace"`), ["hello Grace"]);
});

Deno.test("run: every line of --progress json is an event with a number", async () => {
  await using folder = await project({ "net.netrun.json": net, "nodes.ts": nodes });
  const { stderr } = await callMain(["run", "--progress", "json"], { cwd: folder.path });
  const events = stderr.split("\n").filter((line) => line.startsWith("{")).map((line) =>
    JSON.parse(line)
  );
  assertEquals(events.map(({ seq }) => seq), events.map((_, i) => i + 1));
  assert(events.some(({ type, node_name }) => type === "epoch_start" && node_name === "half"));
});

Deno.test("run: --log is read by logs, by node, outcome and time", async () => {
  await using folder = await project({ "net.netrun.json": net, "nodes.ts": nodes });
  for (const file of ["run.jsonl", "run.db"]) {
    await callMain(["run", "--log", file], { cwd: folder.path });
    const logs = (...args: string[]) => callMain(["logs", file, ...args], { cwd: folder.path });
    const failed = await logs("--outcome", "error", "--json");
    const lines = failed.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines.map(({ node_name }) => node_name), ["half", "half"]);
    assertMatch(
      (await logs("--node", "numbers", "--since", "1h")).stdout,
      /\[numbers\] outcome=success/,
    );
    assertEquals((await logs("--since", "2100-01-01")).stdout, "");
  }
});

Deno.test("run: a packet that leaves by an error port is handled, not failed", async () => {
  const handled = structuredClone(net);
  Object.assign(handled.graph.nodes[1]!, { execution_config: { error_port: "failed" } });
  await using folder = await project({ "net.netrun.json": handled, "nodes.ts": nodes });
  const { code, stdout } = await callMain(["run"], { cwd: folder.path });
  const { epochs, errors } = JSON.parse(stdout);
  assertEquals([code, epochs.failed, epochs.handled, errors], [0, 0, 2, []]);
});
