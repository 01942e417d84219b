import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { connect, connectChannel } from "../../../runtime/rpc/websocket_channel.ts";
import { serve, serveBackground } from "../../../runtime/rpc/websocket_channel.ts";
import {
  ChannelBroken,
  ChannelClosed,
  ConnectError,
  MessageTooLarge,
} from "../../../runtime/rpc/error.ts";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { TcpProxy } from "../pools/_tcp_proxy.ts";
import { webSocketEnds } from "./_websocket_ends.ts";

const token = "a token of enough length";

Deno.test("channels: one call of the handler each; its end closes the channel in order", async () => {
  let calls = 0;
  await using server = await serveBackground(async (channel) => {
    const number = ++calls;
    const [key, data] = await channel.recv();
    await channel.send(key, [number, data]);
  }, { port: 0 });
  for (const number of [1, 2]) {
    await using channel = await connect(`ws://127.0.0.1:${server.port}`);
    await channel.send("n", "x");
    assertEquals(await channel.recv(), ["n", [number, "x"]]);
    await assertRejects(() => channel.recv(), ChannelClosed);
    assert(channel.isClosed);
  }
});

Deno.test("channels: a handler that loops until its channel is closed has not failed", async () => {
  const errors: unknown[] = [];
  const ended = Promise.withResolvers<void>();
  await using server = await serveBackground(async (channel) => {
    try {
      for (;;) await channel.recv();
    } finally {
      ended.resolve();
    }
  }, { port: 0, onError: (error) => errors.push(error) });
  const channel = await connectChannel(`ws://127.0.0.1:${server.port}`);
  await channel.close();
  await ended.promise;
  await server.stop();
  assertEquals(errors, []);
});

Deno.test("channels: a handler that throws breaks its channel, and is reported", async () => {
  const errors: unknown[] = [];
  await using server = await serveBackground(() => {
    throw new TypeError("boom");
  }, { port: 0, onError: (error) => errors.push(error) });
  await using channel = await connectChannel(`ws://127.0.0.1:${server.port}`);
  await assertRejects(() => channel.recv(), ChannelBroken, "its handler has thrown");
  await assertRejects(() => channel.send("x", 1), ChannelBroken);
  assertInstanceOf(errors[0], TypeError);
});

Deno.test("channels: a server serves until it is told to end, and closes its channels", async () => {
  const abort = new AbortController();
  const listening = Promise.withResolvers<void>();
  let port = 0;
  {
    await using free = await serveBackground(() => {}, { port: 0 });
    port = free.port;
  }
  const serving = serve(async (channel) => {
    listening.resolve();
    await channel.recv();
  }, { port, signal: abort.signal });
  await using channel = await connectChannel(`ws://127.0.0.1:${port}`);
  await listening.promise;
  abort.abort();
  await assertRejects(() => channel.recv(), ChannelClosed, "the server ends");
  await serving;
  await assertRejects(() => connectChannel(`ws://127.0.0.1:${port}`), ConnectError);
});

Deno.test("channels: who may not connect is told why", async () => {
  await using server = await serveBackground((channel) => channel.recv().then(() => {}), {
    port: 0,
    token,
    limits: { maxSessions: 1 },
  });
  const url = `ws://127.0.0.1:${server.port}`;
  await assertRejects(() => connectChannel(url), ConnectError, "does not know the token (401)");
  await using _first = await connectChannel(url, { token });
  await assertRejects(
    () => connectChannel(url, { token }),
    ConnectError,
    "as many clients as it takes (`maxSessions`), or it ends (503)",
  );
  const headers = { authorization: `Bearer ${token}`, origin: "https://evil.test" };
  const response = await fetch(`http://127.0.0.1:${server.port}/v1/channel`, { headers });
  await response.body?.cancel();
  assertEquals(response.status, 403);
  await assertRejects(
    () => serveBackground(() => {}, { hostname: "0.0.0.0", port: 0 }),
    InvalidArgumentError,
    "token and TLS",
  );
  await assertRejects(() => connectChannel("nonsense"), ConnectError, "it is no address");
  await assertRejects(
    () => connectChannel(url, { ca_cert: "/nowhere.pem" }),
    ConnectError,
    "`ca_cert` cannot be read",
  );
});

Deno.test("channels: a message above the limit of either end is refused, the channel usable", async () => {
  await using opened = await webSocketEnds({ max_message_size: 1000 }, {
    limits: { maxMessageSize: 2000 },
  });
  const [client, server] = opened.ends;
  const own = await assertRejects(
    () => client.send("big", new Uint8Array(1500)),
    MessageTooLarge,
  );
  assertEquals(own.limit, 1000);
  // The client takes no more than that either.
  await assertRejects(() => server.send("big", new Uint8Array(1500)), MessageTooLarge);
  await client.send("small", 1);
  assertEquals(await server.recv(), ["small", 1]);
});

Deno.test("channels: 100 MiB pass, and everything sent before the close is received", async () => {
  await using opened = await webSocketEnds();
  const [a, b] = opened.ends;
  const bytes = new Uint8Array(100 << 20).fill(7);
  const sent = a.send("bytes", bytes).then(() => a.send("last", 1)).then(() => a.close());
  const [, received] = await b.recv() as [string, Uint8Array];
  assertEquals([received.length, received[0], received.at(-1)], [100 << 20, 7, 7]);
  assertEquals(await b.recv(), ["last", 1]);
  await assertRejects(() => b.recv(), ChannelClosed);
  await sent;
});

Deno.test("channels: who does not receive is not sent more than the window", async () => {
  await using opened = await webSocketEnds();
  const [a, b] = opened.ends;
  let written = 0;
  const sending = (async () => {
    for (let i = 0; i < 40; i++) {
      await a.send("n", new Uint8Array(1 << 20));
      written++;
    }
  })();
  // A message of the other direction has made its way: what could be written is.
  for (let i = 0; i < 10; i++) {
    await b.send("still there", i);
    await a.recv();
  }
  assert(written < 12, `${written} MiB were written although nobody has received any`);
  for (let i = 0; i < 40; i++) await b.recv();
  await sending;
});

Deno.test("channels: a lost connection breaks the channel, unless it may be resumed", async () => {
  const received: unknown[] = [];
  const all = Promise.withResolvers<void>();
  await using server = await serveBackground(async (channel) => {
    for (;;) {
      const [key, data] = await channel.recv();
      received.push(data);
      if (key === "last") all.resolve();
    }
  }, { port: 0 });
  await using proxy = new TcpProxy(server.port);
  await using fragile = await connectChannel(`ws://127.0.0.1:${proxy.port}`);
  proxy.cut();
  await assertRejects(() => fragile.recv(), ChannelBroken);
  await using lasting = await connectChannel(`ws://127.0.0.1:${proxy.port}`, { reconnect: true });
  for (let i = 0; i < 30; i++) {
    void lasting.send("n", i);
    if (i % 10 === 5) proxy.cut();
    await new Promise((resolve) => setTimeout(resolve));
  }
  await lasting.send("last", 30);
  await all.promise;
  assertEquals(received, Array.from({ length: 31 }, (_, i) => i));
});
