import { assert, assertEquals, assertRejects } from "@std/assert";
import { PoolNotStarted, WorkerCrashed } from "../../../runtime/pools/error.ts";
import { RemotePoolClient } from "../../../runtime/pools/remote_client.ts";
import {
  RemotePoolServer,
  type RemotePoolServerOptions,
} from "../../../runtime/pools/remote_server.ts";
import { ConnectError, RecvTimeout } from "../../../runtime/rpc/error.ts";
import { hello, WEBSOCKET_PROTOCOL } from "../../../runtime/rpc/websocket_hello.ts";
import { childProcesses, until } from "./_leaks.ts";
import { TcpProxy } from "./_tcp_proxy.ts";

const projectRoot = import.meta.dirname!;

async function serve(options: RemotePoolServerOptions = {}): Promise<RemotePoolServer> {
  const server = new RemotePoolServer({ projectRoot, ...options });
  server.registerWorker("echo", "./_workers.ts::echo");
  return await server.serveBackground({ port: 0 });
}

function connect(
  { port }: { port: number },
  options: Partial<ConstructorParameters<typeof RemotePoolClient>[0]> = {},
): Promise<RemotePoolClient> {
  return RemotePoolClient.connect(`ws://127.0.0.1:${port}`, options);
}

async function pidOf(client: RemotePoolClient): Promise<unknown> {
  await client.send(0, "pid", null);
  return (await client.recv({ timeout: 10 })).data;
}

Deno.test("remote: a second pool takes the place of the first, whose workers are reported", async () => {
  await using server = await serve();
  await using client = await connect(server);
  await client.createPool("echo", { threads_per_process: 2 });
  const first = await pidOf(client);
  await client.send(0, "spin", null);
  assertEquals((await client.recv({ timeout: 10 })).key, "spinning");
  await client.createPool("echo");
  for (const id of [0, 1]) {
    const error = await assertRejects(() => client.recv({ timeout: 10 }), WorkerCrashed);
    assertEquals([error.workerId, error.reason], [id, "the pool was replaced"]);
  }
  assertEquals([client.numWorkers, server.sessionCount], [1, 1]);
  assert(await pidOf(client) !== first);
  await until(() => childProcesses().length === 1, "the end of the first pool");
  await assertRejects(() => client.createPool("nobody"), Error, 'no worker "nobody"');
  // A request that cannot be met changes nothing.
  await client.send(0, "x", 1);
  assertEquals((await client.recv({ timeout: 10 })).data, [0, 1]);
});

Deno.test("remote: what processes write is handed over by each, and by all", async () => {
  await using server = await serve();
  await using client = await connect(server);
  await client.createPool("echo", { num_processes: 2 });
  const from = Date.now();
  for (const id of [0, 1]) {
    await client.send(id, "print", id);
    await client.recv({ timeout: 10 });
  }
  const all = await client.flushAllStdout();
  assertEquals([...all.keys()].sort(), [0, 1]);
  for (const [id, entries] of all) {
    const text = (isStdout: boolean) =>
      entries.filter((entry) => entry.isStdout === isStdout).map((entry) => entry.text).join("");
    assertEquals([text(true), text(false)].map((each) => each.includes(String(id))), [true, true]);
    assert(entries.every(({ timestamp }) => timestamp >= from && timestamp <= Date.now()));
  }
  assertEquals(await client.flushStdout(0), []);
  await assertRejects(() => client.flushStdout(2), RangeError, "process_idx 2 out of range");
  await client.createPool("echo", { buffer_output: false });
  await client.send(0, "print", 1);
  // Those of the first pool are reported as ended.
  for (const _ of [0, 1]) await assertRejects(() => client.recv({ timeout: 10 }), WorkerCrashed);
  assertEquals((await client.recv({ timeout: 10 })).key, "printed");
  assertEquals(await client.flushStdout(0), []);
});

Deno.test("remote: all cores are those of the server, as far as it allows", async () => {
  await using server = await serve({ limits: { maxProcesses: 3 } });
  await using client = await connect(server);
  await client.createPool("echo", { all_cores: true });
  assertEquals(client.numWorkers, Math.min(3, navigator.hardwareConcurrency));
  await client.createPool("echo", { all_cores: true, threads_per_process: 3 });
  assertEquals(client.numWorkers, 3);
});

Deno.test("remote: a server that is full says so, and lets those come back who were cut off", async () => {
  await using server = await serve({ limits: { maxSessions: 1 } });
  await using proxy = new TcpProxy(server.port);
  await using client = await connect(proxy);
  await client.createPool("echo");
  await assertRejects(
    () => connect(server),
    ConnectError,
    "as many clients as it takes (`maxSessions`), or it ends (503)",
  );
  proxy.cut();
  await client.send(0, "x", 1);
  assertEquals((await client.recv({ timeout: 20 })).data, [0, 1]);
  await client.close();
  await until(() => server.sessionCount === 0, "the end of the session");
  await using _next = await connect(server);
});

Deno.test("remote: who connects and says nothing is turned away", async () => {
  await using server = await serve({ limits: { handshakeTimeout: 0.05, maxSessions: 1 } });
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/pool`, WEBSOCKET_PROTOCOL);
  const { code, reason } = await new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  assertEquals([code, reason], [1002, "no hello came"]);
  await using _next = await connect(server);
});

Deno.test("remote: a session is taken up only by who holds its secret", async () => {
  await using server = await serve();
  await using client = await connect(server);
  await client.createPool("echo");
  const answerTo = async (greeting: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/pool`, WEBSOCKET_PROTOCOL);
    socket.onopen = () => socket.send(greeting);
    const closed = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
    const said = new Promise<string>((resolve) => socket.onmessage = ({ data }) => resolve(data));
    const first = await Promise.race([closed.then(({ code }) => code), said]);
    socket.close();
    await closed;
    return first;
  };
  const told = JSON.parse(
    await answerTo(hello({ maxMessageSize: 1000, lastReceived: 0, resumes: true })) as string,
  );
  assertEquals(typeof told.resumeToken, "string");
  const { sessionId } = told;
  const claim = { maxMessageSize: 1000, lastReceived: 0, sessionId };
  assertEquals(await answerTo(hello({ ...claim, resumeToken: crypto.randomUUID() })), 4404);
  assertEquals(await answerTo(hello({ ...claim })), 4404);
  await client.send(0, "x", 1);
  assertEquals((await client.recv({ timeout: 10 })).data, [0, 1]);
});

Deno.test("remote: messages for a worker that has ended do not reach the one in its place", async () => {
  await using server = await serve();
  await using client = await connect(server);
  await client.createPool("echo");
  const outcomes: string[] = [];
  void client.send(0, "exit", 1);
  // These are on their way while it ends.
  for (let i = 0; i < 20; i++) {
    void client.send(0, "late", i);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  while (!outcomes.includes("restarted")) {
    await client.recv({ timeout: 10 }).then(
      ({ key }) => outcomes.push(key.endsWith("worker-restarted") ? "restarted" : key),
      (error) => outcomes.push((error as Error).name),
    );
  }
  await client.send(0, "next", 1);
  const after = await client.recv({ timeout: 10 });
  assertEquals(after.key, "next");
  await assertRejects(() => client.recv({ timeout: 0.05 }), RecvTimeout);
});

Deno.test("remote: a restarted worker answers as soon as the restart is answered", async () => {
  await using server = await serve();
  await using client = await connect(server);
  await client.createPool("echo", { threads_per_process: 2 });
  for (let i = 0; i < 3; i++) {
    await client.send(0, "x", i);
    assertEquals((await client.recv({ timeout: 10 })).data, [0, i]);
    await client.restartWorker(0, "the test wants it");
    await client.send(0, "y", i);
    const seen: string[] = [];
    while (!seen.includes("y")) {
      // Its neighbour in the same process ends with it, and is reported.
      await client.recv({ timeout: 10 }).then(({ key }) => seen.push(key), () => {});
    }
  }
});

Deno.test("remote: a client that may end the server hears that it does", async () => {
  const server = new RemotePoolServer({ projectRoot, allowShutdown: true });
  const serving = server.serve({ port: 0 });
  const client = await connect(server, { reconnect: false });
  await client.requestShutdown();
  await serving;
  assertEquals([server.sessionCount, server.port], [0, 0]);
  await client.close();
  await assertRejects(() => client.requestShutdown(), PoolNotStarted);
});

Deno.test("remote: what cannot be connected to is named, with the reason", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  await assertRejects(
    () => connect({ port }),
    ConnectError,
    `Cannot connect to ws://127.0.0.1:${port}: nothing answers there`,
  );
});
