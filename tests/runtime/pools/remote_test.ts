import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  PoolError,
  PoolNotStarted,
  WorkerCrashed,
  WorkerException,
} from "../../../runtime/pools/error.ts";
import { POOL_KEYS } from "../../../runtime/pools/pool.ts";
import { RemotePoolClient } from "../../../runtime/pools/remote_client.ts";
import { RemotePoolServer } from "../../../runtime/pools/remote_server.ts";
import type { RemotePoolServerOptions } from "../../../runtime/pools/remote_server.ts";
import { ConnectError, MessageTooLarge, RecvTimeout } from "../../../runtime/rpc/error.ts";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { childProcesses, until } from "./_leaks.ts";
import { TcpProxy } from "./_tcp_proxy.ts";

const projectRoot = import.meta.dirname!;
const token = "a token of enough length";

async function serve(options: RemotePoolServerOptions = {}): Promise<RemotePoolServer> {
  const server = new RemotePoolServer({ projectRoot, ...options });
  server.registerWorker("echo", "./_workers.ts::echo");
  return await server.serveBackground({ port: 0 });
}

function connect(
  server: { port: number },
  options: Partial<ConstructorParameters<typeof RemotePoolClient>[0]> = {},
): Promise<RemotePoolClient> {
  return RemotePoolClient.connect(`ws://127.0.0.1:${server.port}`, options);
}

Deno.test("remote: every worker answers under its number, to a broadcast too", async () => {
  await using server = await serve();
  await using client = await connect(server);
  assertEquals(client.numWorkers, 0);
  await assertRejects(() => client.send(0, "x", 1), PoolNotStarted);
  await client.createPool("echo", { num_processes: 1, threads_per_process: 2 });
  for (const id of [0, 1]) {
    await client.send(id, "hello", new Map([[id, new Date(0)]]));
    assertEquals(await client.recv({ timeout: 10 }), {
      workerId: id,
      key: "hello",
      data: [id, new Map([[id, new Date(0)]])],
    });
  }
  await client.broadcast("all", 1);
  const answers = [await client.recv({ timeout: 10 }), await client.recv({ timeout: 10 })];
  assertEquals(answers.map(({ workerId }) => workerId).sort(), [0, 1]);
  await assertRejects(() => client.send(99, "x", 1), RangeError, "worker_id 99 out of range");
  await assertRejects(() => client.recv({ timeout: 0.01 }), RecvTimeout);
});

Deno.test("remote: bad requests are errors, and the connection stays usable", async () => {
  await using server = await serve({ limits: { maxProcesses: 2 } });
  await using client = await connect(server);
  await assertRejects(() => client.createPool("nobody"), PoolError, "there are echo");
  await assertRejects(() => client.createPool("echo", { num_processes: 0 }), PoolError, "above 0");
  await assertRejects(() => client.createPool("echo", { num_processes: 3 }), PoolError, "allows 2");
  await client.createPool("echo");
  await client.send(0, "x", 1);
  assertEquals((await client.recv({ timeout: 10 })).data, [0, 1]);
});

Deno.test("remote: throws and crashes come through, and workers are replaced", async () => {
  await using server = await serve();
  await using client = await connect(server);
  await client.createPool("echo");
  await client.send(0, "throw", null);
  const error = await assertRejects(() => client.recv({ timeout: 10 }), WorkerException);
  assertEquals(error.message, "Worker 0 raised TypeError: boom");
  assertEquals((await client.recv({ timeout: 10 })).key, POOL_KEYS.WORKER_RESTARTED);
  await client.send(0, "exit", 3);
  const crash = await assertRejects(() => client.recv({ timeout: 10 }), WorkerCrashed);
  assertEquals(crash.exitCode, 3);
});

Deno.test("remote: clients share no workers, and a client that is gone leaves none", async () => {
  await using server = await serve({ resumeWindow: 0 });
  const [one, other] = [await connect(server), await connect(server)];
  await Promise.all([one.createPool("echo"), other.createPool("echo")]);
  const pidOf = async (client: RemotePoolClient) => {
    await client.send(0, "pid", null);
    return (await client.recv({ timeout: 10 })).data;
  };
  assert(await pidOf(one) !== await pidOf(other));
  await one.close();
  await until(() => server.sessionCount === 1, "the end of the session");
  assertEquals(await pidOf(other) === undefined, false);
  await other.close();
  await until(() => childProcesses().length === 0, "the end of all processes");
});

Deno.test("remote: who shows no token, or comes from a web page, is refused", async () => {
  await using server = await serve({ token });
  await assertRejects(() => connect(server, { token: "a wrong token of length" }), ConnectError);
  await assertRejects(() => connect(server), ConnectError);
  await (await connect(server, { token })).close();
  const knock = async (headers: Record<string, string>) => {
    const response = await fetch(`http://127.0.0.1:${server.port}/v1/pool`, { headers });
    await response.body?.cancel();
    return response.status;
  };
  const authorization = `Bearer ${token}`;
  assertEquals(await knock({ authorization, origin: "https://evil.test" }), 403);
  assertEquals(await knock({ authorization }), 426);
  for (let i = 2; i < 10; i++) assertEquals(await knock({ authorization: "Bearer no" }), 401);
  assertEquals(await knock({ authorization: "Bearer no" }), 429);
});

Deno.test("remote: beyond this machine token and TLS are needed, and tokens must be long", async () => {
  assertThrows(() => new RemotePoolServer({ token: "short" }), InvalidArgumentError, "16");
  const open = new RemotePoolServer({ token });
  await assertRejects(
    () => open.serveBackground({ hostname: "0.0.0.0", port: 0 }),
    InvalidArgumentError,
    "TLS",
  );
});

Deno.test("remote: oversized messages are refused at both ends", async () => {
  await using server = await serve({ limits: { maxMessageSize: 5_000_000 }, resumeWindow: 0 });
  await using small = await connect(server, { max_message_size: 1_000_000 });
  await small.createPool("echo");
  await assertRejects(
    () => small.send(0, "x", new Uint8Array(2_000_000)),
    MessageTooLarge,
  );
  await small.send(0, "x", new Uint8Array(900_000));
  assertEquals(((await small.recv({ timeout: 10 })).data as [0, Uint8Array])[1].length, 900_000);
  await using large = await connect(server);
  await large.createPool("echo");
  const error = await assertRejects(
    () => large.send(0, "x", new Uint8Array(6_000_000)),
    MessageTooLarge,
  );
  assertEquals(error.limit, 5_000_000);
  await large.send(0, "x", new Uint8Array(4_900_000));
  assertEquals(((await large.recv({ timeout: 10 })).data as [0, Uint8Array])[1].length, 4_900_000);
});

Deno.test("remote: a cut connection is resumed, each message comes once", async () => {
  await using server = await serve();
  await using proxy = new TcpProxy(server.port);
  await using client = await connect(proxy);
  await client.createPool("echo");
  const received: unknown[] = [];
  for (let i = 0; i < 60; i++) {
    void client.send(0, "n", i);
    if (i % 20 === 10) proxy.cut();
    if (i % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  while (received.length < 60) {
    received.push(((await client.recv({ timeout: 20 })).data as number[])[1]);
  }
  assertEquals(received, Array.from({ length: 60 }, (_, i) => i));
  assertEquals(server.sessionCount, 1);
});

Deno.test("remote: a session that is over is a loss, and a new one takes its place", async () => {
  await using server = await serve({ resumeWindow: 0.05 });
  await using proxy = new TcpProxy(server.port);
  await using client = await connect(proxy);
  await client.createPool("echo");
  proxy.refuse(true);
  proxy.cut();
  await until(() => server.sessionCount === 0, "the end of the session");
  proxy.refuse(false);
  await assertRejects(() => client.recv({ timeout: 20 }), WorkerCrashed, "connection lost");
  assertEquals((await client.recv({ timeout: 20 })).key, POOL_KEYS.WORKER_RESTARTED);
  await client.send(0, "again", 1);
  assertEquals((await client.recv({ timeout: 10 })).data, [0, 1]);
});

Deno.test("remote: a frozen server is noticed by the heartbeat", async () => {
  await using server = await serve();
  await using proxy = new TcpProxy(server.port);
  await using client = await connect(proxy, {
    heartbeat_interval: 0.2,
    heartbeat_timeout: 2,
    reconnect: false,
  });
  await client.createPool("echo");
  proxy.freeze();
  await assertRejects(() => client.recv({ timeout: 10 }), WorkerCrashed, "connection lost");
});

Deno.test("remote: the server ends although clients are there, and only if it may by request", async () => {
  const server = await serve();
  await using client = await connect(server, { reconnect: false });
  await client.createPool("echo");
  await assertRejects(() => client.requestShutdown(), PoolError, "allowShutdown");
  const waiting = assertRejects(() => client.recv({ timeout: 20 }), WorkerCrashed);
  await server.stop();
  await waiting;
  const willing = await serve({ allowShutdown: true });
  const { port } = willing;
  await using other = await connect(willing, { reconnect: false });
  await other.requestShutdown();
  await willing.waitForShutdown();
  await other.close();
  await willing.stop();
  await assertRejects(() => other.recv(), PoolNotStarted);
  await assertRejects(() => connect({ port }), ConnectError);
});
