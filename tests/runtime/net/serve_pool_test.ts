import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Net, NetConfig, type NetOptions } from "@netrun/netrun";
import { type Project, project } from "../../cli/_project.ts";
import type { NetInput } from "./net_fixture.ts";

/** A net of a project whose nodes run on a pool of some type; `nodes` are given in short. */
function net(
  root: Project,
  nodes: Record<string, unknown>[],
  spec: Record<string, unknown> = { type: "main" },
  rest: Record<string, unknown> = {},
): NetInput {
  return {
    project_root_override: root.path,
    print_echo_stdout: false,
    default_pools: ["p"],
    pools: { p: { spec } },
    ...rest,
    graph: {
      nodes: nodes.map(({ func, ...node }) => ({
        factory: "netrun:function",
        factory_args: { func },
        ...node,
      })),
    },
  } as unknown as NetInput;
}

async function outputs(net: Net, node: string, port: string, values: unknown[]) {
  net.injectData(node, port, values);
  await net.runUntilBlocked();
  return net.flushOutputQueue(`${node}::out`);
}

const clean = { name: "clean", func: "./nodes.ts::clean" };
const files = {
  "nodes.ts": `
    import { trim } from "./lib/text.ts";
    export const clean = (row: string) => trim(row);
    export const other = () => 1;
  `,
  "lib/text.ts": "export const trim = (text: string) => text.trim();",
};

Deno.test("one line moves a net to the cores of this machine, or of a server", async () => {
  await using here = await project(files);
  const cores = navigator.hardwareConcurrency;
  {
    await using local = await Net.open(net(here, [clean], { type: "thread", all_cores: true }));
    assertEquals((await outputs(local, "clean", "row", [" a ", " b"])).sort(), ["a", "b"]);
  }
  await using server = await Net.servePool(net(here, [clean]), { port: 0 });
  const url = `ws://127.0.0.1:${server.port}`;
  await using far = await Net.open(net(here, [clean], { type: "remote", url, all_cores: true }));
  const rows = Array.from({ length: 4 * cores }, (_, i) => ` ${i} `);
  const cleaned = await outputs(far, "clean", "row", rows);
  assertEquals(cleaned.sort(), rows.map((row) => row.trim()).sort());
});

Deno.test("a server whose code differs is refused, or warned of, by node and file", async () => {
  await using here = await project(files);
  await using there = await project({
    ...files,
    "lib/text.ts": "export const trim = (text: string) => text.trimStart();",
  });
  await using server = await Net.servePool(net(there, [clean]), { port: 0 });
  const url = `ws://127.0.0.1:${server.port}`;
  const open = (code_check: string | undefined, options: NetOptions = {}) =>
    Net.open(net(here, [clean], { type: "remote", url, ...code_check && { code_check } }), options);
  const refusal = await assertRejects(() => open("refuse"), Error);
  assertStringIncludes(refusal.message, 'node "clean": ./lib/text.ts differs');
  assertStringIncludes(refusal.message, "`code_check`");
  for (const [code_check, expected] of [[undefined, 1], ["off", 0]] as const) {
    const warnings: { code: string; message: string; nodeName?: string }[] = [];
    await using warned = await open(code_check, {
      onWarning: (warning) => warnings.push(warning as never),
    });
    assertEquals(warnings.length, expected);
    assertEquals(await outputs(warned, "clean", "row", [" a "]), ["a "]);
    if (expected === 0) continue;
    const [{ code, message, nodeName }] = warnings as [typeof warnings[0]];
    assertEquals([code, nodeName], ["code_differs", "clean"]);
    assertStringIncludes(message, "./lib/text.ts differs");
  }
  // Code that the node does not reach is no difference, and what is edited back is none either.
  await there.write("lib/text.ts", files["lib/text.ts"]);
  await there.write("nodes.ts", files["nodes.ts"].replace("=> 1", "=> 2"));
  await using same = await open("refuse");
  assertEquals(await outputs(same, "clean", "row", [" a "]), ["a"]);
});

Deno.test("a server that lacks a node, or uses other files for it, is refused", async () => {
  await using here = await project(files);
  await using there = await project({ "nodes.ts": "export const clean = (row: string) => row;" });
  await using lacking = await Net.servePool(net(there, []), { port: 0 });
  const open = (port: number) =>
    Net.open(
      net(here, [clean], {
        type: "remote",
        url: `ws://127.0.0.1:${port}`,
        code_check: "refuse",
      }),
    );
  await assertRejects(
    () => open(lacking.port),
    Error,
    'node "clean": the server\'s net has no node of that name',
  );
  await using other = await Net.servePool(net(there, [clean]), { port: 0 });
  await assertRejects(
    () => open(other.port),
    Error,
    'node "clean": ./lib/text.ts is not used by the server, ./nodes.ts differs',
  );
});

const told = {
  name: "told",
  factory: null,
  factory_args: undefined,
  in_ports: { in: { port_type: "int" } },
  out_ports: { out: {} },
  in_salvo_conditions: {
    one: {
      max_salvos: { type: "finite", max: 1 },
      ports: { in: { type: "count", count: 1 } },
      term: { type: "port", port_name: "in", state: { type: "non_empty" } },
    },
  },
};

/** A node that tells of its variables and of the types at its ports. */
function teller(x: Record<string, unknown>): Record<string, unknown> {
  return {
    ...told,
    execution_config: { exec_node_func: "./nodes.ts::told", ...x },
  };
}

const tellerFiles = {
  "nodes.ts": `
    export async function told(ctx, packets) {
      for (const id of packets.in) {
        const value = await ctx.consumePacket(id);
        ctx.loadOutputPort("out", ctx.createPacket({ ...ctx.vars, value }));
      }
      ctx.sendOutputSalvo("default");
    }
  `,
};

Deno.test("variables and flags of a remote net count, also those filled in when it is loaded", async () => {
  await using here = await project(tellerFiles);
  const config = (spec: Record<string, unknown> | undefined, x: Record<string, unknown>) =>
    net(here, [teller(x)], spec, {
      node_vars: { greeting: { value: { $env: "GREETING" }, type: "str" } },
    });
  // A server without the variable is told so when it starts, and may be given a value.
  const served = config(undefined, { node_vars: { limit: { value: 1, type: "int" } } });
  await assertRejects(() => Net.servePool(served, { port: 0, env: {} }), Error, "GREETING");
  await using server = await Net.servePool(served, {
    port: 0,
    env: { GREETING: "hello from the server" },
  });
  const url = `ws://127.0.0.1:${server.port}`;
  const resolved = async (greeting: string, x: Record<string, unknown>) => {
    const written = config({ type: "remote", url }, x);
    return await NetConfig.parse(written).resolve({ env: { GREETING: greeting } });
  };
  const limit = { node_vars: { limit: { value: 3, type: "int" } } };
  await using far = await Net.open(await resolved("hello from the client", limit) as never);
  assertEquals(await outputs(far, "told", "in", [7]), [
    { greeting: "hello from the client", limit: 3, value: 7 },
  ]);
  assert(await fails(far, "no number"));
  const lax = await resolved("hi", { ...limit, type_checking_enabled: false });
  await using unchecked = await Net.open(lax as never);
  assertEquals(await outputs(unchecked, "told", "in", ["no number"]), [
    { greeting: "hi", limit: 3, value: "no number" },
  ]);
});

async function fails(net: Net, value: unknown): Promise<boolean> {
  net.injectData("told", "in", [value]);
  return await net.runUntilBlocked().then(() => false, () => true);
}
