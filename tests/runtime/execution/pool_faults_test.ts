import { assert, assertEquals, assertRejects } from "@std/assert";
import { Net } from "@netrun/netrun";
import { ExecutionManagerProtocolKeys as KEYS } from "../../../runtime/execution/job_protocol.ts";
import type { MultiprocessPool } from "../../../runtime/pools/multiprocess_pool.ts";
import { ExecutionManager, RemotePoolClient, WorkerCrashed } from "../../../runtime/pools/mod.ts";
import { childProcesses } from "../pools/_leaks.ts";
import { type NetInput, node } from "../net/net_fixture.ts";

const project = new URL("./project", import.meta.url).pathname;

Deno.test("whatever is killed when, every job ends once, as done or as crashed", async () => {
  await using manager = await ExecutionManager.open({
    p: { type: "multiprocess", num_processes: 2, max_restarts: 1000 },
  }, { projectRoot: project });
  const pool = manager.getPool("p") as MultiprocessPool;
  const log = await Deno.makeTempFile();
  await manager.sendFunctionToPool("p", "note", (file: string, n: number) => {
    Deno.writeTextFileSync(file, `${n}\n`, { append: true });
    return n;
  });
  const count = 1000;
  let crashed = 0;
  const jobs = Array.from({ length: count }, async (_, n) => {
    try {
      const args = [log, n];
      const { result } = await manager.runAllocate({ workers: ["p"], func: "note", args });
      assertEquals(result, n);
    } catch (error) {
      assert(error instanceof WorkerCrashed, String(error));
      crashed++;
    }
  });
  let kills = 0;
  const killer = setInterval(() => {
    const pid = pool.processIds[kills++ % 2];
    try {
      if (pid !== undefined) Deno.kill(pid, "SIGKILL");
    } catch {
      // It has just ended.
    }
    if (kills === 8) clearInterval(killer);
  }, 30);
  await Promise.all(jobs);
  clearInterval(killer);
  const noted = (await Deno.readTextFile(log)).trim().split("\n");
  // What was reported as done ran once; what had started and crashed was not run again.
  assertEquals(new Set(noted).size, noted.length);
  assert(noted.length >= count - crashed);
  await Deno.remove(log);
  await manager.close();
  assertEquals(childProcesses().length, 0);
});

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
