import { assertEquals, assertRejects } from "@std/assert";
import { RemotePoolClient } from "../../../runtime/pools/remote_client.ts";
import { REMOTE_KEYS } from "../../../runtime/pools/remote_protocol.ts";
import { RemotePoolServer } from "../../../runtime/pools/remote_server.ts";
import { encodeMessages } from "../../../runtime/rpc/codec.ts";
import { ConnectError } from "../../../runtime/rpc/error.ts";
import { ackFrame, type DataFrame, dataFrame } from "../../../runtime/rpc/link_frame.ts";
import { wireMessage } from "../../../runtime/rpc/outbox.ts";
import { hello, WEBSOCKET_PROTOCOL } from "../../../runtime/rpc/websocket_hello.ts";

type Frame = string | Uint8Array<ArrayBuffer>;

/** Sends frames after a greeting, and tells how the server closes the connection. */
async function closeAfter(
  { port }: { port: number },
  greeting: Frame,
  frames: readonly Frame[] = [],
): Promise<[code: number, reason: string]> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/pool`, WEBSOCKET_PROTOCOL);
  socket.onopen = () => socket.send(greeting);
  socket.onmessage = () => {
    for (const frame of frames) socket.send(frame);
    socket.onmessage = null;
  };
  const { code, reason } = await new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  return [code, reason];
}

async function serve(): Promise<RemotePoolServer> {
  const server = new RemotePoolServer({
    projectRoot: import.meta.dirname!,
    limits: { maxMessageSize: 100_000 },
  });
  server.registerWorker("echo", "./_workers.ts::echo");
  return await server.serveBackground({ port: 0 });
}

const greeting = hello({ maxMessageSize: 1000, lastReceived: 0 });

function data(over: Partial<DataFrame> = {}): Uint8Array<ArrayBuffer> {
  const part = over.part ?? new Uint8Array([1, 2, 3]);
  return dataFrame({ number: 1, lane: 0, size: part.byteLength, hasMore: false, part, ...over });
}

function message(key: string, value: unknown): Uint8Array<ArrayBuffer> {
  return data({ part: new Uint8Array(encodeMessages([wireMessage(key, value)])) });
}

Deno.test("remote: who greets in another language is turned away", async () => {
  await using server = await serve();
  const greetings: [Frame, string][] = [
    ["nonsense", "it does not speak netrun's protocol"],
    ["null", "it does not speak netrun's protocol"],
    [new Uint8Array([1, 2, 3]), "it does not speak netrun's protocol"],
    [hello({ maxMessageSize: 1, lastReceived: 0, now: "x" as never }), "it does not speak"],
    [hello({ maxMessageSize: 1, lastReceived: 0, protocol: 2 }), "it speaks protocol 2, this is 1"],
    [hello({ maxMessageSize: 1, lastReceived: 0, v8Format: 3 }), "it writes values in format 3"],
    [hello({ maxMessageSize: 1, lastReceived: 0, sessionId: 7 as never }), "it does not speak"],
  ];
  for (const [greeting, expected] of greetings) {
    const [code, reason] = await closeAfter(server, greeting);
    assertEquals([code, reason.slice(0, expected.length)], [1002, expected]);
  }
  assertEquals(server.sessionCount, 0);
});

const malformed: Record<string, [frame: Frame, code: number, reason: string]> = {
  "a text": ["x", 1002, "a frame is no binary one"],
  "an empty frame": [new Uint8Array(), 1002, "a frame is no binary one"],
  "a frame of no kind": [new Uint8Array([9]), 1002, "a frame is of an unknown kind"],
  "a header alone": [data({ part: new Uint8Array() }), 1002, "a frame is too short"],
  "a truncated acknowledgement": [
    ackFrame({ number: 1, consumed: 1 }).slice(0, 9),
    1002,
    "an acknowledgement makes no sense",
  ],
  "an acknowledgement of nothing": [
    ackFrame({ number: NaN, consumed: 1 }),
    1002,
    "an acknowledgement makes no sense",
  ],
  "a frame behind a missing one": [data({ number: 2 }), 1002, "a frame is missing"],
  "a frame without a number": [data({ number: NaN }), 1002, "a frame is missing"],
  "a message above the limit": [
    data({ size: 100_001 }),
    1009,
    "a message of 100001 bytes came, allowed are 100000",
  ],
  "a message longer than it says": [data({ size: 2 }), 1002, "a message is longer than it said"],
  "a message shorter than it says": [data({ size: 9 }), 1002, "a message is shorter than it said"],
  "bytes that are no message": [data(), 1002, "what came cannot be decoded"],
  "a request by a strange name": [message("\u{1f680}".repeat(99), 1), 1002, "a message makes no"],
  "a request without data": [message(REMOTE_KEYS.SEND, null), 1002, "a message makes no sense"],
};

for (const [what, [frame, code, reason]] of Object.entries(malformed)) {
  Deno.test(`remote: ${what} ends the session that it came from, and no other`, async () => {
    await using server = await serve();
    await using other = await RemotePoolClient.connect(`ws://127.0.0.1:${server.port}`);
    await other.createPool("echo");
    const [closeCode, said] = await closeAfter(server, greeting, [frame]);
    assertEquals([closeCode, said.slice(0, reason.length)], [code, reason]);
    assertEquals(server.sessionCount, 1);
    await other.send(0, "x", 1);
    assertEquals((await other.recv({ timeout: 10 })).data, [0, 1]);
  });
}

Deno.test("remote: requests that make no sense are answered or passed over", async () => {
  await using server = await serve();
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/pool`, WEBSOCKET_PROTOCOL);
  socket.binaryType = "arraybuffer";
  const senseless: [string, unknown][] = [
    [REMOTE_KEYS.SEND, { worker_id: 99, generation: 1, key: "x", data: 1 }],
    [REMOTE_KEYS.SEND, []],
    [REMOTE_KEYS.CREATE_POOL, { id: 1 }],
    [REMOTE_KEYS.CREATE_POOL, { id: 2, worker_name: "echo", num_processes: "2" }],
    [REMOTE_KEYS.CREATE_POOL, { id: 3, worker_name: "echo", num_processes: 1e9 }],
    [REMOTE_KEYS.RESTART_WORKER, { id: 4, worker_id: "x" }],
    [REMOTE_KEYS.FLUSH_STDOUT, { id: 5 }],
    [REMOTE_KEYS.FLUSH_ALL_STDOUT, {}],
    ["nothing that is known", { id: 7 }],
  ];
  const answers = Promise.withResolvers<void>();
  let count = 0;
  socket.onopen = () => socket.send(greeting);
  socket.onmessage = () => {
    socket.onmessage = ({ data }) => {
      if (new Uint8Array(data)[0] === 1) count++;
      // The answers of a tick travel together: at least one comes, and the server goes on.
      if (count >= 1) answers.resolve();
    };
    for (const [i, [key, value]] of senseless.entries()) {
      const part = new Uint8Array(encodeMessages([wireMessage(key, value)]));
      socket.send(data({ part, number: i + 1 }));
    }
  };
  const closed = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  await Promise.race([answers.promise, closed]);
  assertEquals([count > 0, server.sessionCount], [true, 1]);
  socket.close();
  await closed;
});

Deno.test("remote: a client turns away from what is no server of pools", async () => {
  const greetings: [string, string][] = [
    ["nonsense", "it does not speak netrun's protocol"],
    [hello({ maxMessageSize: 1, lastReceived: 0, protocol: 9 }), "it speaks protocol 9"],
  ];
  for (const [greeting, expected] of greetings) {
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => {
        const { socket, response } = Deno.upgradeWebSocket(request, {
          protocol: WEBSOCKET_PROTOCOL,
        });
        socket.onmessage = () => socket.send(greeting);
        return response;
      },
    );
    const url = `ws://127.0.0.1:${server.addr.port}`;
    await assertRejects(() => RemotePoolClient.connect(url), ConnectError, expected);
  }
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    return new Response("hello");
  });
  await assertRejects(
    () => RemotePoolClient.connect(`ws://127.0.0.1:${server.addr.port}`),
    ConnectError,
    "200",
  );
});

Deno.test("remote: a client whose server goes mad ends the session, and says why", async () => {
  const closed = Promise.withResolvers<[code: number, reason: string]>();
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request, { protocol: WEBSOCKET_PROTOCOL });
    socket.onmessage = () => {
      socket.send(greeting);
      socket.send(data({ number: 7 }));
    };
    socket.onclose = ({ code, reason }) => closed.resolve([code, reason]);
    return response;
  });
  const url = `ws://127.0.0.1:${server.addr.port}`;
  await assertRejects(() => RemotePoolClient.connect(url), ConnectError, "a frame is missing");
  assertEquals(await closed.promise, [4002, "a frame is missing"]);
});
