import { assert, assertEquals, assertRejects } from "@std/assert";
import { Net } from "@netrun/netrun";
import { ExecutionManagerProtocolKeys as KEYS } from "../../../runtime/execution/job_protocol.ts";
import { RemotePoolClient } from "../../../runtime/pools/mod.ts";
import { childProcesses } from "../pools/_leaks.ts";
import { type NetInput, node } from "../net/net_fixture.ts";

const project = new URL("./project", import.meta.url).pathname;

Deno.test("a served node takes variables, and nothing of a client but jobs for it", async () => {
  const config = (pools: string[], bias: number, net: Record<string, unknown> = {}) =>
    ({
      project_root_override: project,
      print_echo_stdout: false,
      ...net,
      graph: {
        nodes: [node("describe", "./nodes.ts::describe" as never, {
          pools,
          node_vars: { bias: { value: bias, type: "int" } },
        })],
      },
    }) as unknown as NetInput;
  const logFile = await Deno.makeTempFile();
  await using server = await Net.servePool(config(["main"], 5), { port: 0, logFile });
  const url = `ws://127.0.0.1:${server.port}`;
  await using net = await Net.open(
    config(["p"], 9, { pools: { p: { spec: { type: "remote", url } } } }),
  );
  net.injectData("describe", "in", [1]);
  await net.runUntilBlocked();
  const [told] = net.flushOutputQueue("describe::out") as { vars: unknown; poolId: string }[];
  assertEquals([told!.vars, told!.poolId], [{ bias: 9 }, "p"]);
  await assertRejects(() => net.requestPoolShutdown("p"), Error, "allowShutdown");
  await assertRejects(() => net.requestPoolShutdown("main"), TypeError);
  assert((await Deno.readTextFile(logFile)).endsWith("[describe] execution ok\n"));

  await using client = new RemotePoolClient({ url, worker_name: "execution_manager" });
  await client.start();
  const hostile: [string, unknown[]][] = [
    [KEYS.SEND_FUNCTION, ["a", "node:evil", {
      kind: "factory",
      node: { ...node("evil", null), vars: {} },
    }]],
    [KEYS.SEND_FUNCTION, ["b", "net", { projectRoot: "/", allowModules: ["/"] }]],
    [KEYS.RUN, ["c", "node:evil", "c", false, [["e", [], [], [], 0, [], []]], null]],
    [KEYS.RUN, ["d", "file:///etc/passwd::x", "d", false, [], null]],
  ];
  for (const [key, data] of hostile) {
    await client.send(0, key, data);
    for (;;) {
      const message = await client.recv({ timeout: 10 });
      const answer = message.data as unknown[];
      if (answer[0] !== data[0] || message.key === KEYS.UP_RUN_STARTED) continue;
      const error = key === KEYS.RUN ? answer[5] : answer[1];
      assertEquals((error as { code: string }).code, "NodeNotFound");
      break;
    }
  }
  await Deno.remove(logFile);
});

Deno.test("a pool that cannot start fails `init`, and leaves nothing behind", async () => {
  const open = () =>
    Net.open({
      pools: { p: { spec: { type: "remote", url: "ws://127.0.0.1:1" } } },
      graph: { nodes: [node("double", "./nodes.ts::double" as never, { pools: ["p"] })] },
      project_root_override: project,
    } as unknown as NetInput);
  await assertRejects(open, Error, "Cannot connect to ws://127.0.0.1:1");
  assertEquals(childProcesses().length, 0);
});
