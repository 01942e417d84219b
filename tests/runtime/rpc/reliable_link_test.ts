import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { propertyRuns } from "../../property_runs.ts";
import { ChannelBroken } from "../../../runtime/rpc/error.ts";
import { ReliableLink, type ReliableLinkOptions } from "../../../runtime/rpc/reliable_link.ts";

/** Two links, and connections between them. */
class Pair implements AsyncDisposable {
  readonly received: [lane: string, data: unknown][] = [];
  readonly lost: string[] = [];
  readonly sender: ReliableLink;
  readonly receiver: ReliableLink;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #closed: Promise<unknown>[] = [];
  #accepted = Promise.withResolvers<WebSocket>();
  #sockets: WebSocket[] = [];
  #waiting: { count: number; resolve(): void } | undefined;

  constructor(options: Partial<ReliableLinkOptions> = {}) {
    const common = {
      maxMessageSize: 1 << 28,
      heartbeatInterval: 10,
      heartbeatTimeout: 30,
      lost: (reason: string) => void this.lost.push(reason),
      deliver: () => {},
    };
    this.sender = new ReliableLink(common);
    this.receiver = new ReliableLink({
      ...common,
      deliver: (key, data) => {
        this.received.push([key, data]);
        if (this.received.length >= (this.#waiting?.count ?? Infinity)) this.#waiting!.resolve();
      },
      ...options,
    });
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
      const { socket, response } = Deno.upgradeWebSocket(request);
      socket.binaryType = "arraybuffer";
      socket.onopen = () => this.#accepted.resolve(socket);
      this.#closed.push(new Promise((resolve) => socket.onclose = resolve));
      return response;
    });
  }

  /** Joins the links by a new connection. */
  async connect(): Promise<void> {
    this.#accepted = Promise.withResolvers();
    const client = new WebSocket(`ws://127.0.0.1:${this.#server.addr.port}`);
    client.binaryType = "arraybuffer";
    this.#closed.push(new Promise((resolve) => client.onclose = resolve));
    const opened = new Promise((resolve) => client.onopen = resolve);
    const accepted = await this.#accepted.promise;
    await opened;
    client.onmessage = ({ data }) => this.sender.receive(data);
    accepted.onmessage = ({ data }) => this.receiver.receive(data);
    this.#sockets = [client, accepted];
    const { lastReceived } = this.receiver;
    this.receiver.attach(accepted, this.sender.lastReceived, 1 << 28);
    this.sender.attach(client, lastReceived, 1 << 28);
  }

  /** Ends the connection; what is under way is lost. */
  async cut(): Promise<void> {
    for (const socket of this.#sockets) socket.onmessage = null;
    this.sender.detach();
    this.receiver.detach();
    for (const socket of this.#sockets) socket.close();
    await Promise.all(this.#closed.splice(0));
    this.#sockets = [];
  }

  /** Waits until so many messages have come. */
  async come(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting = { count, resolve };
    if (this.received.length < count) await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut();
    this.sender.close();
    this.receiver.close();
    await this.#server.shutdown();
  }
}

Deno.test("link: whatever is cut when, each message comes once and in the order of its lane", async () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ lane: fc.nat(3), size: fc.nat(2_500_000) }) },
    { weight: 2, arbitrary: fc.constant("cut" as const) },
    { weight: 2, arbitrary: fc.constant("turn" as const) },
  );
  const property = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
    await using pair = new Pair();
    await pair.connect();
    const sent: Promise<void>[] = [];
    const expected: Record<string, number[]> = {};
    for (const [number, step] of steps.entries()) {
      if (step === "cut") {
        await pair.cut();
        await pair.connect();
      } else if (step === "turn") await new Promise((resolve) => setTimeout(resolve));
      else {
        (expected[step.lane] ??= []).push(number);
        const data = [number, new Uint8Array(step.size).fill(number)];
        sent.push(pair.sender.send(String(step.lane), data, step.lane));
      }
    }
    await pair.come(sent.length);
    await Promise.all(sent);
    const came: Record<string, number[]> = {};
    for (const [lane, data] of pair.received) {
      const [number, bytes] = data as [number, Uint8Array];
      assert([bytes[0], bytes.at(-1)].every((byte) => byte === undefined || byte === number));
      (came[lane] ??= []).push(number);
    }
    assertEquals(came, expected);
    assertEquals(pair.lost, []);
  });
  await fc.assert(property, { numRuns: propertyRuns(15), endOnFailure: true });
});

Deno.test("link: a large message of one lane does not hold up those of others", async () => {
  await using pair = new Pair();
  await pair.connect();
  const large = pair.sender.send("large", new Uint8Array(64 << 20), 1);
  await new Promise((resolve) => setTimeout(resolve));
  for (let i = 0; i < 10; i++) void pair.sender.send("small", i, 2);
  await pair.come(11);
  await large;
  assertEquals(pair.received.map(([key]) => key), [...Array(10).fill("small"), "large"]);
});

Deno.test("link: its end says what the other end has not got", async () => {
  await using pair = new Pair();
  await pair.connect();
  await pair.sender.send("arrives", 1);
  await pair.come(1);
  await pair.cut();
  // Without the word of the other end, what was written may have come or not.
  const lost = pair.sender.send("is lost", 2);
  const refused = assertRejects(() => lost, ChannelBroken, "the end");
  const messages = pair.sender.close(new ChannelBroken("the end"));
  await refused;
  assertEquals(messages.at(-1)!.slice(0, 2), ["is lost", 2]);
  await assertRejects(() => pair.sender.send("more", 3), ChannelBroken);
});

Deno.test("link: what has been acknowledged is known to have come", async () => {
  await using pair = new Pair({ acknowledgesFirst: true });
  await pair.connect();
  for (let i = 0; i < 10; i++) await pair.sender.send("n", i);
  await pair.come(10);
  // The word of each left before it was delivered; this one is written behind them.
  await pair.receiver.send("after", null);
  while (pair.sender.lastReceived < 1) await new Promise((resolve) => setTimeout(resolve));
  assertEquals(pair.sender.close(), []);
});
