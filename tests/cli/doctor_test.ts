import { assertEquals, assertStringIncludes } from "@std/assert";
import { callMain, callProgram } from "./_program.ts";
import { project } from "./_project.ts";

interface Check {
  check: string;
  status: string;
  message: string;
  advice?: string;
}

async function doctor(cwd: string): Promise<{ code: number; found: (check: string) => string[] }> {
  const { code, stdout } = await callProgram(["doctor", "--json"], { cwd });
  const checks: Check[] = JSON.parse(stdout);
  const found = (name: string) =>
    checks.filter(({ check }) => check === name).map(({ status, message }) =>
      `${status} ${message}`
    );
  return { code, found };
}

function node(name: string, pool: string): Record<string, unknown> {
  return {
    name,
    factory: "netrun:function",
    factory_args: { func: "./n.ts::f" },
    execution_config: { pools: [pool] },
  };
}

const good = "export function f(): number { return 1; }";

Deno.test("doctor starts and ends every pool that is used, and tells of the one that does not start", async () => {
  await using folder = await project({
    "net.netrun.json": {
      pools: {
        main: { spec: { type: "main" } },
        threads: { spec: { type: "thread", num_workers: 2 } },
        far: { spec: { type: "remote", url: "ws://127.0.0.1:9" } },
        idle: { spec: { type: "remote", url: "ws://127.0.0.1:9" } },
      },
      graph: { nodes: [node("a", "main"), node("b", "threads"), node("c", "far")] },
    },
    "n.ts": good,
  });
  const { code, found } = await doctor(folder.path);
  assertEquals(code, 1);
  assertEquals(found("code"), ["ok the code of all 3 nodes can be loaded"]);
  assertEquals(found("pool main"), ["ok starts with 1 worker for 1 node"]);
  assertEquals(found("pool threads"), ["ok starts with 2 workers for 1 node"]);
  assertStringIncludes(found("pool far")[0]!, "fail Cannot connect to ws://127.0.0.1:9");
  assertEquals(found("pool idle"), []);
});

Deno.test("doctor loads the code of nodes on the pools that are to run it", async () => {
  await using folder = await project({
    "net.netrun.json": {
      pools: {
        free: { spec: { type: "thread" } },
        cage: { spec: { type: "multiprocess", permissions: "none" } },
      },
      graph: { nodes: [node("a", "free"), node("b", "cage"), node("c", "main")] },
    },
    "n.ts": `Deno.env.get("HOME");\n${good}`,
  });
  const { code, found } = await doctor(folder.path);
  assertEquals([code, found("code on free")], [1, ["ok a worker loads 1 module"]]);
  assertStringIncludes(found("pool cage")[0]!, "ok starts with 1 worker");
  assertStringIncludes(found("code on cage")[0]!, 'fail node "b": Cannot load `./n.ts::f`');
  assertStringIncludes(found("code on cage")[0]!, 'state `permissions: { env: ["HOME"] }`');
  assertEquals(found("code on main"), []);
});

Deno.test("doctor writes, reads and deletes in every place of storage", async () => {
  await using folder = await project({
    "net.netrun.json": {
      storage: {
        backends: {
          here: { type: "local", base_path: "kept" },
          gone: { type: "local", base_path: "n.ts/none" },
        },
      },
      graph: { nodes: [node("a", "main")] },
    },
    "n.ts": good,
  });
  const { code, found } = await doctor(folder.path);
  assertEquals(code, 1);
  assertStringIncludes(found("storage here")[0]!, "ok local");
  assertStringIncludes(found("storage gone")[0]!, "fail Cannot write");
  const left = await Array.fromAsync(Deno.readDir(`${folder.path}/kept`));
  assertEquals(left.filter(({ isFile }) => isFile), []);
});

Deno.test("doctor names each variable that is not set, and each function that is not there", async () => {
  await using folder = await project({
    "net.netrun.json": {
      node_vars: {
        a: { value: { $env: "NETRUN_TEST_UNSET_A" } },
        b: { value: { $env: "NETRUN_TEST_UNSET_B" } },
      },
      graph: { nodes: [node("a", "main")] },
    },
    "n.ts": "export function g(): number { return 1; }",
  });
  const unset = await doctor(folder.path);
  assertEquals([unset.code, unset.found("environment").length], [1, 2]);
  assertStringIncludes(unset.found("environment")[1]!, "NETRUN_TEST_UNSET_B is not set");
  await folder.write("net.netrun.json", JSON.stringify({ graph: { nodes: [node("a", "main")] } }));
  const missing = await doctor(folder.path);
  assertEquals(missing.code, 1);
  assertStringIncludes(missing.found("net")[0]!, "n.ts");
});

Deno.test("doctor without a net checks the system alone; a net that was named must be there", async () => {
  await using folder = await project({});
  const system = await callMain(["doctor"], { cwd: folder.path });
  assertEquals([system.code, system.stdout.includes("net:")], [0, false]);
  const named = await callMain(["doctor", "none.netrun.json"], { cwd: folder.path });
  assertEquals(named.code, 1);
  assertStringIncludes(named.stdout, "there is no such file");
});
