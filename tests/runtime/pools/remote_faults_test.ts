import { assert, assertEquals, assertRejects } from "@std/assert";
import { Net } from "@netrun/netrun";
import { ExecutionManager, RemotePoolClient, WorkerCrashed } from "../../../runtime/pools/mod.ts";
import { createExecutionManagerServer } from "../../../runtime/pools/mod.ts";
import { type Project, project } from "../../cli/_project.ts";
import { until } from "./_leaks.ts";
import { isAlive, startProgram, untilEnded } from "./_program.ts";
import { TcpProxy } from "./_tcp_proxy.ts";

const far = { poolId: "far", workerId: 0 };

function jobs(ahead = 0): Promise<Project> {
  return project({
    "fns.ts": `
      const { now } = Date;
      Date.now = () => now() + ${ahead};
      export const pid = () => Deno.pid;
      export function note(file: string, n: number, ms = 0) {
        Deno.writeTextFileSync(file, n + "\\n", { append: true });
        return ms === 0 ? n : new Promise((resolve) => setTimeout(() => resolve(n), ms));
      }
      export function speak() {
        console.log("hello");
        return Date.now();
      }
    `,
  });
}

/** Ports that are free now, and stay the same when a server is started again. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

Deno.test("a server killed and started again: no job is lost, none that may have begun runs twice", async () => {
  await using folder = await jobs();
  const log = `${folder.path}/log`;
  await Deno.writeTextFile(log, "");
  const port = freePort();
  const start = () => startProgram("_server_program.ts", folder.path, String(port));
  let server = await start();
  await using manager = await ExecutionManager.open({
    far: { type: "remote", url: `ws://127.0.0.1:${port}`, num_processes: 2 },
  });
  const count = 1000;
  let done = 0;
  const attempts = new Array(count).fill(0);
  const args = (n: number) => [log, n, 2];
  const run = async (n: number) => {
    for (let retries = 5;;) {
      attempts[n]++;
      try {
        const func = "./fns.ts::note";
        const { result } = await manager.runAllocate({ workers: ["far"], func, args: args(n) });
        assertEquals(result, n);
        done++;
        return;
      } catch (error) {
        assert(error instanceof WorkerCrashed, String(error));
        // It may have begun: whether it is tried again is for its owner to say.
        if (--retries === 0) throw error;
      }
    }
  };
  const running = Promise.all(Array.from({ length: count }, (_, n) => run(n)));
  for (const share of [0.2, 0.5, 0.8]) {
    await until(() => done > share * count, `${share} of the jobs`);
    server.kill("SIGKILL");
    await server[Symbol.asyncDispose]();
    server = await start();
  }
  await running;
  await server[Symbol.asyncDispose]();
  const noted = (await Deno.readTextFile(log)).trim().split("\n").map(Number);
  assertEquals([done, new Set(noted).size], [count, count]);
  for (const n of noted) attempts[n]--;
  assert(attempts.every((unused) => unused >= 0), "a job has run more often than it was tried");
});

Deno.test("a net whose server is killed and started again gets all results, each once", async () => {
  await using folder = await project({
    "nodes.ts": `
      export async function double(n: number) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        Deno.writeTextFileSync("log", n + "\\n", { append: true });
        return 2 * n;
      }
    `,
    "log": "",
  });
  const port = freePort();
  const node = { name: "double", factory: "netrun:function" };
  const graph = { nodes: [{ ...node, factory_args: { func: "./nodes.ts::double" } }] };
  await folder.write("net.netrun.json", JSON.stringify({ graph }));
  const start = () =>
    startProgram("_net_server_program.ts", `${folder.path}/net.netrun.json`, String(port));
  let server = await start();
  await using net = await Net.open({
    project_root_override: folder.path,
    print_echo_stdout: false,
    retain_epoch_logs: true,
    default_pools: ["far"],
    pools: {
      far: { spec: { type: "remote", url: `ws://127.0.0.1:${port}`, num_processes: 2 } },
    },
    graph: { nodes: [{ ...graph.nodes[0]!, execution_config: { retries: 5 } }] },
  });
  const numbers = Array.from({ length: 1000 }, (_, n) => n);
  net.injectData("double", "n", numbers);
  const running = net.runUntilBlocked();
  for (const share of [0.3, 0.6]) {
    await until(
      () => net.peekOutputQueue("double::out").length > share * 1000,
      `${share} of the results`,
    );
    server.kill("SIGKILL");
    await server[Symbol.asyncDispose]();
    server = await start();
  }
  await running;
  const results = net.flushOutputQueue("double::out") as number[];
  assertEquals(results.sort((a, b) => a - b), numbers.map((n) => 2 * n));
  await net.close();
  await server[Symbol.asyncDispose]();
  // What ran without its result having come has used a retry; nothing ran without need.
  const runs = (await folder.read("log")).trim().split("\n").length;
  const retries = net.epochLogs.reduce((sum, { retryCount }) => sum + retryCount, 0);
  assert(runs <= 1000 + retries, `${runs} runs, ${retries} retries`);
});

Deno.test("a server stops although a client stands still", async () => {
  await using folder = await jobs();
  const server = createExecutionManagerServer({
    projectRoot: folder.path,
    register: { pid: "./fns.ts::pid" },
  });
  await server.serveBackground({ port: 0 });
  await using client = await startProgram("_client_program.ts", `ws://127.0.0.1:${server.port}`);
  client.kill("SIGSTOP");
  await server.stop();
  await untilEnded(Number(client.line));
});

Deno.test("a client that vanishes leaves nothing at the server", async () => {
  await using folder = await jobs();
  await using server = createExecutionManagerServer({
    projectRoot: folder.path,
    register: { pid: "./fns.ts::pid" },
    resumeWindow: 0.05,
  });
  await server.serveBackground({ port: 0 });
  const client = await startProgram("_client_program.ts", `ws://127.0.0.1:${server.port}`);
  const worker = Number(client.line);
  assertEquals([server.sessionCount, isAlive(worker)], [1, true]);
  await client[Symbol.asyncDispose]();
  await untilEnded(worker);
  await until(() => server.sessionCount === 0, "the end of the session");
});

Deno.test("a connection cut for 2 s in the middle of a job is resumed: one result, one run", async () => {
  await using folder = await jobs();
  const log = `${folder.path}/log`;
  await using server = await startProgram("_server_program.ts", folder.path, "0");
  await using proxy = new TcpProxy(Number(server.line));
  await using manager = await ExecutionManager.open({
    far: { type: "remote", url: `ws://127.0.0.1:${proxy.port}` },
  });
  const job = manager.run({ ...far, func: "./fns.ts::note", args: [log, 1, 3000] });
  await until(
    () => manager.getWorkerJobs("far", 0)[0]?.timestampUtcStarted !== undefined,
    "a start",
  );
  proxy.refuse(true);
  proxy.cut();
  setTimeout(() => proxy.refuse(false), 2000);
  assertEquals((await job).result, 1);
  assertEquals(await Deno.readTextFile(log), "1\n");
});

Deno.test("a server that stands still is noticed, and gone on with when it moves again", async () => {
  await using folder = await jobs();
  await using server = await startProgram("_server_program.ts", folder.path, "0");
  const url = `ws://127.0.0.1:${server.line}`;
  const times = { heartbeat_interval: 0.2, heartbeat_timeout: 2 };
  await using fragile = await ExecutionManager.open({
    far: { type: "remote", url, ...times, reconnect: false },
  });
  await using lasting = await ExecutionManager.open({ far: { type: "remote", url, ...times } });
  const run = (manager: ExecutionManager, ms: number) =>
    manager.run({ ...far, func: "./fns.ts::note", args: [`${folder.path}/log`, 1, ms] });
  const pid = async () => (await lasting.run({ ...far, func: "./fns.ts::pid" })).result;
  await Promise.all([run(fragile, 0), run(lasting, 0)]);
  const worker = await pid();
  server.kill("SIGSTOP");
  const slow = run(lasting, 1);
  const error = await assertRejects(() => run(fragile, 1), WorkerCrashed);
  assertEquals(error.reason, "connection lost: the other end is silent");
  server.kill("SIGCONT");
  assertEquals((await slow).result, 1);
  // The session was resumed, with its workers.
  assertEquals(await pid(), worker);
});

Deno.test("times of a server whose clock is wrong are those of the clock here", async () => {
  const ahead = 3_600_000;
  await using folder = await jobs(ahead);
  await using server = await startProgram(
    "_server_program.ts",
    folder.path,
    "0",
    String(ahead),
  );
  await using manager = await ExecutionManager.open({
    far: { type: "remote", url: `ws://127.0.0.1:${server.line}` },
  });
  // The module is loaded by the first job: what is measured before has the right time there.
  await manager.run({ ...far, func: "./fns.ts::pid" });
  const from = Date.now();
  const job = await manager.run({ ...far, func: "./fns.ts::speak" });
  const to = Date.now();
  assert((job.result as number) > to + ahead / 2);
  const times = [
    job.timestampUtcStarted,
    job.timestampUtcCompleted,
    ...job.printBuffer.map(({ timestamp }) => timestamp),
  ];
  assertEquals(times.length, 3);
  const slackMs = ahead / 2;
  for (const time of times) assert(time > from - slackMs && time < to + slackMs, `${time - from}`);
});

Deno.test("a server that ends tells its clients, whose jobs fail at once", async () => {
  await using folder = await jobs();
  const server = await startProgram("_server_program.ts", folder.path, "0");
  await using client = await RemotePoolClient.connect(`ws://127.0.0.1:${server.line}`, {
    reconnect: false,
  });
  await client.createPool("execution_manager");
  const waiting = assertRejects(() => client.recv({ timeout: 20 }), WorkerCrashed);
  server.kill("SIGKILL");
  const error = await waiting;
  assert(error.reason.startsWith("connection lost"), error.reason);
  await server[Symbol.asyncDispose]();
});
