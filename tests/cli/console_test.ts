import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { functionNode, project } from "./_project.ts";
import { callProgram } from "./_program.ts";

Deno.test("what nodes on main write to the console joins the log of their epoch", async () => {
  await using files = await project({
    "net.netrun.json": {
      graph: { nodes: [functionNode("say")], edges: [] },
    },
    "nodes.ts": `
      console.log("loading");
      export async function say(text: string): Promise<string> {
        console.log("%s begins", text);
        await Promise.resolve();
        console.table([{ text }]);
        return text;
      }`,
  });
  const { code, stdout, stderr } = await callProgram(
    ["run", "--input", 'say.text="a"', "--input", 'say.text="b"', "--log", "run.jsonl"],
    { cwd: files.path },
  );
  assertEquals(code, 0, stderr);
  assertEquals(JSON.parse(stdout).outputs, { "say::out": ["a", "b"] });
  assertStringIncludes(stderr, "loading");
  assertStringIncludes(stderr, "[say] a begins");
  const logs = (await files.read("run.jsonl")).trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(logs.length, 2);
  for (const [i, text] of ["a", "b"].entries()) {
    const prints = JSON.stringify(logs[i].prints ?? logs[i]);
    assertStringIncludes(prints, `${text} begins`);
    assert(prints.includes("│") && !prints.includes("loading"), prints);
  }
});

Deno.test("what code writes while it is loaded stays off standard output, in every command", async () => {
  await using files = await project({
    "net.netrun.json": {
      graph: { nodes: [{ name: "a", factory: "./factory.ts" }], edges: [] },
    },
    "factory.ts": `
      console.log("loaded");
      console.dir({ loaded: true });
      export function getNodeConfig() {
        console.info("asked");
        return { out_ports: { out: {} } };
      }
      export function getNodeFuncs() {
        return { exec() {} };
      }`,
  });
  for (const command of [["info"], ["validate"], ["node", "a"], ["factory-info", "./factory.ts"]]) {
    const { code, stdout, stderr } = await callProgram(command, { cwd: files.path });
    assertEquals(code, 0, stderr);
    JSON.parse(stdout);
    assertStringIncludes(stderr, "loaded");
  }
});

Deno.test("run tells what resolving warns of", async () => {
  await using files = await project({
    "net.netrun.json": { graph: { nodes: [{ name: "a", factory: "./factory.ts" }] } },
    "factory.ts": `
      export const getNodeConfig = () => ({ out_ports: { out: {} }, out_prots: {} });
      export const getNodeFuncs = () => ({ exec() {} });`,
  });
  const inside = { cwd: files.path };
  const { warnings } = JSON.parse((await callProgram(["validate"], inside)).stdout);
  assertEquals(warnings.length, 1);
  const { stderr } = await callProgram(["run", "--start", "none"], inside);
  assertStringIncludes(stderr, warnings[0].msg);
});

const pools = {
  main: { type: "main" },
  thread: { type: "thread", num_workers: 1 },
  multiprocess: { type: "multiprocess", num_processes: 1 },
};
for (const [kind, spec] of Object.entries(pools)) {
  Deno.test(`on ${kind}, what is written while loading or after an epoch goes to standard error`, async () => {
    const node = (name: string) => ({
      name,
      factory: "netrun:function",
      factory_args: { func: `./nodes.ts::${name}` },
    });
    await using folder = await project({
      "net.netrun.json": {
        pools: { p: { spec } },
        default_pools: ["p"],
        graph: {
          nodes: [node("early"), node("patient")],
          edges: [{
            source_node: "early",
            source_port: "out",
            target_node: "patient",
            target_port: "x",
          }],
        },
      },
      "nodes.ts": `console.log("while loading");
const mark = new URL("./mark", import.meta.url);
export function early(x: number): number {
  setTimeout(() => {
    console.log("after the epoch");
    Deno.writeTextFileSync(mark, "");
  });
  return x;
}
export async function patient(x: number): Promise<number> {
  for (;;) {
    try {
      Deno.statSync(mark);
      return x;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
`,
    });
    const { code, stdout, stderr } = await callProgram(["run", "--input", "early.x=1"], {
      cwd: folder.path,
    });
    assertEquals([code, JSON.parse(stdout).outputs], [0, { "patient::out": [1] }], stderr);
    assertStringIncludes(stderr, "while loading\n");
    assertStringIncludes(stderr, "after the epoch\n");
  });
}
