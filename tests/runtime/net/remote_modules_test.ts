import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { EpochError, Net } from "@netrun/netrun";
import { project } from "../../cli/_project.ts";
import { type NetInput, node } from "./net_fixture.ts";

const source = `
import { factor } from "./factor.ts";
export function multiply(ctx: any, { in: [id] }: Record<string, string[]>) {
  ctx.loadOutputPort("out", ctx.createPacket((ctx.consumePacket(id) as number) * factor));
  ctx.sendOutputSalvo("default");
}
`;

/** A server of modules in memory. */
function serveModules(): Deno.HttpServer<Deno.NetAddr> {
  const files: Record<string, string> = {
    "/nodes.ts": source,
    "/factor.ts": "export const factor: number = 3;",
  };
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const text = files[new URL(request.url).pathname];
    if (text === undefined) return new Response(null, { status: 404 });
    return new Response(text, { headers: { "content-type": "application/typescript" } });
  });
}

const kinds = ["thread", "multiprocess", "remote"] as const;

/** A net whose node is a module from the web; on a remote pool the server is what has permissions. */
async function open(
  kind: typeof kinds[number],
  origin: string,
  permissions: "none" | Record<string, unknown> | undefined,
  allowModules: string[],
): Promise<{ net: Net; close(): Promise<void> }> {
  const config = (spec: Record<string, unknown>) =>
    ({
      print_echo_stdout: false,
      default_pools: ["p"],
      pools: { p: { spec } },
      graph: { nodes: [node("multiply", `${origin}/nodes.ts::multiply` as never)] },
    }) as unknown as NetInput;
  if (kind !== "remote") {
    const given = permissions === undefined ? {} : { permissions };
    const net = await Net.open(config({ type: kind, ...given }), { allowModules });
    return { net, close: () => net.close() };
  }
  const server = await Net.servePool(config({ type: "main" }), {
    port: 0,
    allowModules,
    permissions: permissions as never,
  });
  const url = `ws://127.0.0.1:${server.port}`;
  const net = await Net.open(config({ type: "remote", url }), { allowModules });
  return { net, close: () => net.close().then(() => server.stop()) };
}

async function multiplied(net: Net, value: number): Promise<unknown> {
  net.injectData("multiply", "in", [value]);
  await net.runUntilBlocked();
  return net.flushOutputQueue("multiply::out")[0];
}

for (const kind of kinds) {
  Deno.test(`${kind}: nodes may be modules of the web where that is allowed and granted`, async () => {
    await using modules = serveModules();
    const host = `127.0.0.1:${modules.addr.port}`;
    const permissions = kind === "thread" ? undefined : { import: [host] };
    const { net, close } = await open(kind, `http://${host}`, permissions, [`http://${host}/`]);
    assertEquals(await multiplied(net, 7), 21);
    await close();
  });

  if (kind === "thread") continue; // It may do what this process may.

  Deno.test(`${kind}: a module of the web that is not granted fails, and says what would grant it`, async () => {
    await using modules = serveModules();
    const host = `127.0.0.1:${modules.addr.port}`;
    const { net, close } = await open(kind, `http://${host}`, "none", [`http://${host}/`]);
    const error = await assertRejects(() => multiplied(net, 7), EpochError);
    const { message } = error.cause as Error;
    assertStringIncludes(message, `Requires import access to "${host}"`);
    assertStringIncludes(message, `permissions: { import: ["${host}"] }`);
    await close();
  });
}

Deno.test("a module of the web that nobody has allowed is refused before anything runs", async () => {
  await using modules = serveModules();
  const origin = `http://127.0.0.1:${modules.addr.port}`;
  for (const kind of kinds) {
    await assertRejects(
      () => open(kind, origin, undefined, []),
      Error,
      `--allow-module ${origin}/`,
    );
  }
});

Deno.test("a project's own import map counts for the nodes that a server runs", async () => {
  const root = new URL("../../../", import.meta.url);
  const { imports, minimumDependencyAge } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", root)),
  );
  const absolute = Object.fromEntries(
    Object.entries(imports as Record<string, string>).map(([name, to]) => [
      name,
      to.startsWith(".") ? new URL(to, root).href : to,
    ]),
  );
  await using here = await project({
    "deno.json": {
      imports: { ...absolute, "texts/": "./lib/", "shout": "./lib/shout.ts" },
      lock: false,
      minimumDependencyAge,
    },
    "lib/mark.ts": "export const mark = '!';",
    "lib/shout.ts": `
      import { mark } from "texts/mark.ts";
      export const shout = (text: string) => text.toUpperCase() + mark;
    `,
    "nodes.ts": `
      import { shout } from "shout";
      export const loud = (text: string) => shout(text);
    `,
    "main.ts": `
      import { Net } from "@netrun/netrun";
      const config = (spec) => ({
        print_echo_stdout: false,
        default_pools: ["p"],
        pools: { p: { spec } },
        graph: {
          nodes: ["./nodes.ts::loud", "shout::shout"].map((func, i) => ({
            name: "node" + i,
            factory: "netrun:function",
            factory_args: { func },
          })),
        },
      });
      await using server = await Net.servePool(config({ type: "main" }), { port: 0 });
      const url = "ws://127.0.0.1:" + server.port;
      await using net = await Net.open(config({ type: "remote", url }));
      for (const name of ["node0", "node1"]) net.injectData(name, "text", ["hello"]);
      await net.runUntilBlocked();
      console.log(net.flushOutputQueue("node0::out")[0], net.flushOutputQueue("node1::out")[0]);
    `,
  });
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "main.ts"],
    cwd: here.path,
    stderr: "inherit",
  }).output();
  assertEquals([success, new TextDecoder().decode(stdout)], [true, "HELLO! HELLO!\n"]);
});
