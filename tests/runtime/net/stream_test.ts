import { assertEquals, assertRejects } from "@std/assert";
import { EpochError, type NodeExecutionContext } from "@netrun/netrun";
import { eat, node, type NodeFn, openNet, pass, record } from "./net_fixture.ts";

const unlimited = {
  out_salvo_conditions: {
    default: {
      max_salvos: { type: "infinite" },
      ports: { out: { type: "all" } },
      term: { type: "true" },
    },
  },
};

function send(ctx: NodeExecutionContext, value: unknown): void {
  ctx.loadOutputPort("out", ctx.createPacket(value));
  ctx.sendOutputSalvo("default");
}

/** A raw function that commits what it has staged at each yield. */
function counter(upTo: number): NodeFn {
  return function* (ctx, packets) {
    ctx.consumePacket(packets.in![0]!);
    for (let i = 0; i < upTo; i++) {
      send(ctx, i);
      yield;
    }
  };
}

Deno.test("what a generator has staged is committed at each yield, before it ends", async () => {
  const arrived = Promise.withResolvers<void>();
  const waits: NodeFn = async function* (ctx, packets) {
    ctx.consumePacket(packets.in![0]!);
    send(ctx, 0);
    yield;
    // Without a commit at the yield this would wait for ever.
    await arrived.promise;
    send(ctx, 1);
  };
  const nodes = [node("A", waits, {}, unlimited), node("B", pass())];
  await using net = await openNet(nodes, ["A.out>B.in"]);
  const order: string[] = [];
  net.onEpochEnd((name) => {
    order.push(name);
    arrived.resolve();
  });
  net.injectData("A", "in", ["go"]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("B::out"), [0, 1]);
  assertEquals(order, ["B", "A", "B"]);
});

Deno.test("a generator never has more than 1,000 packets waiting for the next node", async () => {
  const nodes = [
    node("A", counter(3000), {}, unlimited),
    node("B", async (ctx, packets) => eat(await ctx, packets), { max_parallel_epochs: 1 }),
  ];
  await using net = await openNet(nodes, ["A.out>B.in"]);
  let most = 0;
  net.onEpochStart(() => most = Math.max(most, net.packets.size), { node: "B" });
  net.injectData("A", "in", ["go"]);
  await net.runUntilBlocked();
  assertEquals([most > 900, most <= 1001, net.packets.size], [true, true, 0]);
});

for (const retained of [false, true]) {
  const what = retained ? "all salvos with retained logs" : "the latest salvos only";
  Deno.test(`of a generator that sends without end ${what} are remembered`, async () => {
    const nodes = [node("A", counter(5000), {}, unlimited), node("B", pass())];
    await using net = await openNet(nodes, ["A.out>B.in"], { retain_epoch_logs: retained });
    let most = 0;
    let started = 0;
    net.onEpochStart(() => {
      if (started++ % 100 > 0) return;
      const generator = net.epochs.find(({ nodeName, state }) =>
        nodeName === "A" && state === "Running"
      );
      most = Math.max(most, generator?.outSalvos.length ?? 0);
    }, { node: "B" });
    const { ends } = record(net);
    net.injectData("A", "in", ["go"]);
    await net.runUntilBlocked();
    assertEquals([most > 1000, most <= 2000], retained ? [true, false] : [true, true]);
    assertEquals(ends.find(({ nodeName }) => nodeName === "A")!.outSalvoCount, 5000);
  });
}

Deno.test("a generator goes on when nothing else would make room", async () => {
  const nodes = [node("A", counter(1500), {}, unlimited), node("B", eat, { enabled: false })];
  await using net = await openNet(nodes, ["A.out>B.in"]);
  const { ends } = record(net);
  net.injectData("A", "in", ["go"]);
  await net.runUntilBlocked();
  assertEquals(ends.map(({ outcome }) => outcome), ["success"]);
  assertEquals(net.packets.size, 1500);
});

Deno.test("after its first commit a generator is not tried again, and what it sent stays sent", async () => {
  const fails: NodeFn = function* (ctx, packets) {
    ctx.consumePacket(packets.in![0]!);
    send(ctx, 1);
    yield;
    send(ctx, 2);
    throw new Error("broken");
  };
  await using net = await openNet([node("A", fails, { retries: 5 }, unlimited)]);
  const { ends } = record(net);
  net.injectData("A", "in", ["go"]);
  await assertRejects(() => net.runUntilBlocked(), EpochError, "broken");
  assertEquals(net.flushOutputQueue("A::out"), [1]);
  assertEquals(ends.map((log) => [log.outcome, log.retryCount]), [["error", 0]]);
  assertEquals(net.deadLetterQueue[0]!.values, { in: ["go"] });
  assertEquals(net.packets.size, 0);
});

Deno.test("a generator that is cancelled is closed, and its epoch ends", async () => {
  let closed = false;
  const endless: NodeFn = async function* (ctx, packets) {
    ctx.consumePacket(packets.in![0]!);
    try {
      for (;;) {
        send(ctx, 0);
        yield await Promise.resolve();
      }
    } finally {
      closed = true;
    }
  };
  await using net = await openNet([node("A", endless, {}, unlimited)]);
  const abort = new AbortController();
  net.injectData("A", "in", ["go"]);
  net.onEvent((event) => event.type === "queued" && abort.abort());
  assertEquals((await net.runUntilBlocked({ signal: abort.signal })).reason, "aborted");
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals([closed, net.runningEpochs, net.packets.size], [true, [], 0]);
});

Deno.test("a lazy value that a generator sends out of the net is computed before it leaves", async () => {
  const root = await Deno.makeTempDir();
  await Deno.writeTextFile(`${root}/values.ts`, "export const answer = () => Promise.resolve(42);");
  const lazy: NodeFn = function* (ctx, packets) {
    ctx.consumePacket(packets.in![0]!);
    for (let i = 0; i < 2; i++) {
      ctx.loadOutputPort("out", ctx.createPacketFromValueFunc("./values.ts::answer", []));
      ctx.sendOutputSalvo("default");
      yield;
    }
  };
  await using net = await openNet([node("A", lazy, {}, unlimited)], [], {
    project_root_override: root,
  });
  net.injectData("A", "in", ["go"]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("A::out"), [42, 42]);
  await net.close();
  await Deno.remove(root, { recursive: true });
});
