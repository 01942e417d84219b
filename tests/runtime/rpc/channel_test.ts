import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { NotSerializableError } from "../../../runtime/packets/error.ts";
import { createAsyncChannelPair } from "../../../runtime/rpc/async_channel.ts";
import type { RPCChannel } from "../../../runtime/rpc/channel.ts";
import { ChannelBroken, ChannelClosed, RecvTimeout } from "../../../runtime/rpc/error.ts";
import { MessageTooLarge } from "../../../runtime/rpc/error.ts";
import { ProcessChannel } from "../../../runtime/rpc/process_channel.ts";
import { ThreadChannel } from "../../../runtime/rpc/thread_channel.ts";
import { webSocketEnds } from "./_websocket_ends.ts";

/** Two joined ends, and what is behind them. */
interface Ends extends AsyncDisposable {
  readonly ends: readonly [RPCChannel, RPCChannel];
}

// deno-lint-ignore require-await
async function memoryEnds(): Promise<Ends> {
  const ends = createAsyncChannelPair();
  return { ends, [Symbol.asyncDispose]: () => closeBoth(ends) };
}

// deno-lint-ignore require-await
async function threadEnds(): Promise<Ends> {
  const { port1, port2 } = new MessageChannel();
  const ends = [new ThreadChannel(port1), new ThreadChannel(port2)] as const;
  port1.onmessage = ({ data }) => ends[0].receive(data);
  port2.onmessage = ({ data }) => ends[1].receive(data);
  return {
    ends,
    async [Symbol.asyncDispose]() {
      await closeBoth(ends);
      port1.close();
      port2.close();
    },
  };
}

async function processEnds(maxMessageSize = 1 << 20): Promise<Ends> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connect = async () => {
    const { port } = listener.addr as Deno.NetAddr;
    return await Promise.all([listener.accept(), Deno.connect({ hostname: "127.0.0.1", port })]);
  };
  const [one, other] = [await connect(), await connect()];
  const ends = [
    new ProcessChannel({ input: one[0], output: other[0], maxMessageSize }),
    new ProcessChannel({ input: other[1], output: one[1], maxMessageSize }),
  ] as const;
  return {
    ends,
    async [Symbol.asyncDispose]() {
      await closeBoth(ends);
      for (const end of ends) end.abort("the test is over");
      await Promise.all(ends.map((end) => end.readToEnd));
    },
  };
}

async function closeBoth(ends: readonly RPCChannel[]): Promise<void> {
  await Promise.all(ends.map((end) => end.close()));
}

const kinds: Record<string, () => Promise<Ends>> = {
  AsyncChannel: memoryEnds,
  ThreadChannel: threadEnds,
  ProcessChannel: () => processEnds(),
  WebSocketChannel: () => webSocketEnds(),
};

for (const [kind, open] of Object.entries(kinds)) {
  Deno.test(`${kind}: 1,000 messages each way arrive in order`, async () => {
    await using opened = await open();
    const [a, b] = opened.ends;
    const numbers = Array.from({ length: 1000 }, (_, i) => i);
    const received = async (end: RPCChannel) => {
      const values: unknown[] = [];
      for (const _ of numbers) values.push((await end.recv())[1]);
      return values;
    };
    const both = Promise.all([received(a), received(b)]);
    for (const n of numbers) await Promise.all([a.send("n", n), b.send("n", n)]);
    assertEquals(await both, [numbers, numbers]);
  });

  Deno.test(`${kind}: those who wait are served in order, each message once`, async () => {
    await using opened = await open();
    const [a, b] = opened.ends;
    const waiting = [b.recv(), b.recv(), b.recv()];
    for (const n of [1, 2, 3]) await a.send("n", n);
    assertEquals(await Promise.all(waiting), [["n", 1], ["n", 2], ["n", 3]]);
  });

  Deno.test(`${kind}: after a timeout nothing is lost`, async () => {
    await using opened = await open();
    const [a, b] = opened.ends;
    assertEquals(b.tryRecv(), undefined);
    await assertRejects(() => b.recv({ timeout: 0.01 }), RecvTimeout);
    await a.send("next", 1);
    assertEquals(await b.recv({ timeout: 5 }), ["next", 1]);
  });

  Deno.test(`${kind}: an abort ends the wait with its reason`, async () => {
    await using opened = await open();
    const abort = new AbortController();
    const waiting = opened.ends[0].recv({ signal: abort.signal });
    abort.abort(new Error("enough"));
    await assertRejects(() => waiting, Error, "enough");
  });

  Deno.test(`${kind}: what was sent before the close is received, then ChannelClosed`, async () => {
    await using opened = await open();
    const [a, b] = opened.ends;
    for (const n of [1, 2, 3]) await a.send("n", n);
    await a.close();
    const received = [await b.recv(), await b.recv(), await b.recv()];
    assertEquals(received.map(([, n]) => n), [1, 2, 3]);
    await assertRejects(() => b.recv(), ChannelClosed);
    assert(b.isClosed);
    await assertRejects(() => b.send("n", 4), ChannelClosed);
  });

  Deno.test(`${kind}: the own close rejects pending recv at once and works twice`, async () => {
    await using opened = await open();
    const [a] = opened.ends;
    const waiting = assertRejects(() => a.recv(), ChannelClosed);
    await a.close();
    await waiting;
    await a.close();
    assert(a.isClosed);
    await assertRejects(() => a.send("n", 1), ChannelClosed);
    await assertRejects(() => a.recv(), ChannelClosed);
  });

  Deno.test(`${kind}: keys that begin with __ are refused`, async () => {
    await using opened = await open();
    await assertRejects(() => opened.ends[0].send("__rpc:shutdown", 1), InvalidArgumentError);
  });

  if (kind === "AsyncChannel") continue; // It passes values by reference.

  Deno.test(`${kind}: what has no copy is refused by its path, and nothing is sent`, async () => {
    await using opened = await open();
    const [a, b] = opened.ends;
    const bad = { rows: [1, { cb: () => 1 }] };
    const error = await assertRejects(() => a.send("out", bad), NotSerializableError);
    assertEquals([error.path, error.typeName], [".rows[1].cb", "function"]);
    await a.send("n", 1);
    assertEquals(await b.recv(), ["n", 1]);
  });

  Deno.test(`${kind}: errors arrive with class, fields and causes`, async () => {
    await using opened = await open();
    const [a, b] = opened.ends;
    const cause = new RecvTimeout(3);
    await a.send("e", { error: new TypeError("boom", { cause }) });
    const [, { error }] = await b.recv() as [string, { error: TypeError }];
    assertInstanceOf(error, TypeError);
    assertEquals(error.message, "boom");
    assertInstanceOf(error.cause, RecvTimeout);
    assertEquals(error.cause.timeout, 3);
  });

  Deno.test(`${kind}: a view arrives without the rest of its buffer`, async () => {
    await using opened = await open();
    const [a, b] = opened.ends;
    await a.send("v", new Uint8Array(1 << 16).fill(7).subarray(10, 12));
    const [, view] = await b.recv() as [string, Uint8Array];
    assertEquals([...view], [7, 7]);
    assert(view.buffer.byteLength < 1000);
  });
}

Deno.test("ProcessChannel: a message above the limit is refused, and the channel stays usable", async () => {
  await using opened = await processEnds(1000);
  const [a, b] = opened.ends;
  const error = await assertRejects(() => a.send("big", new Uint8Array(2000)), MessageTooLarge);
  assertEquals(error.limit, 1000);
  await a.send("small", 1);
  assertEquals(await b.recv(), ["small", 1]);
});

Deno.test("ProcessChannel: a large message arrives whole", async () => {
  await using opened = await processEnds(1 << 24);
  const [a, b] = opened.ends;
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
  const [[, received]] = await Promise.all([b.recv(), a.send("bytes", bytes)]);
  assertEquals(received, bytes);
});

async function rawConnection(write: (connection: Deno.Conn) => Promise<unknown>): Promise<unknown> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const [input, peer] = await Promise.all([
    listener.accept(),
    Deno.connect({ hostname: "127.0.0.1", port }),
  ]);
  const [output, unused] = await Promise.all([
    listener.accept(),
    Deno.connect({ hostname: "127.0.0.1", port }),
  ]);
  const channel = new ProcessChannel({ input, output, maxMessageSize: 1000 });
  await write(peer);
  peer.close();
  try {
    return await channel.recv({ timeout: 5 }).then(() => undefined, (error) => error);
  } finally {
    channel.abort("the test is over");
    await channel.readToEnd;
    unused.close();
  }
}

const malformed: Record<string, number[]> = {
  "a truncated frame": [0, 0, 0, 9, 1, 2],
  "a frame above the limit": [0xff, 0xff, 0xff, 0xff],
  "bytes that are no value": [0, 0, 0, 3, 1, 2, 3],
  "no frame at all": [],
};

for (const [what, bytes] of Object.entries(malformed)) {
  Deno.test(`ProcessChannel: ${what} breaks the channel`, async () => {
    const error = await rawConnection((peer) => peer.write(Uint8Array.from(bytes)));
    assertInstanceOf(error, ChannelBroken);
  });
}
