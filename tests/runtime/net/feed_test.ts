import { assertEquals, assertRejects } from "@std/assert";
import { InvalidArgumentError, NetStateError, NodeNotFoundError } from "@netrun/netrun";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import {
  eat,
  node,
  type NodeFn,
  openNet,
  pass,
  record,
  settle,
  sleep,
  whileTimePasses,
} from "./net_fixture.ts";

function* countTo(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield i;
}

/** Sends the list of all inputs, when everything upstream is done. */
const gathering = node(
  "T",
  (ctx, packets) => {
    ctx.loadOutputPort(
      "out",
      ctx.createPacket(packets.in!.map((id) => ctx.consumePacket(id)).length),
    );
    ctx.sendOutputSalvo("default");
  },
  {},
  { in_ports: { in: { gather: { until: "done" } } }, in_salvo_conditions: null },
);

Deno.test("a feed never lets more packets into the net than it may, however slow a later node is", async () => {
  const slow: NodeFn = async (ctx, packets) => {
    await Promise.resolve();
    eat(ctx, packets);
  };
  const nodes = [node("A", pass()), node("B", slow, { max_parallel_epochs: 1 })];
  await using net = await openNet(nodes, ["A.out>B.in"]);
  let most = 0;
  net.onEpochStart(() => most = Math.max(most, net.packets.size), { node: "B" });
  const feed = net.feed("A", "in", countTo(2000), { maxInNet: 50 });
  await net.runUntilBlocked();
  assertEquals([await feed, most <= 50, net.packets.size], [2000, true, 0]);
});

Deno.test("packets that stand at a gathering node do not hold a feed back", async () => {
  await using net = await openNet([node("A", pass()), gathering], ["A.out>T.in"]);
  const feed = net.feed("A", "in", countTo(500), { maxInNet: 20 });
  await net.runUntilBlocked();
  assertEquals([await feed, net.flushOutputQueue("T::out")], [500, [500]]);
});

Deno.test("a run waits for an asynchronous source, and a feed for a run", async () => {
  const clock = new VirtualClock(0);
  async function* slowly(): AsyncGenerator<number> {
    for (const i of [1, 2, 3]) {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 1000));
      yield i;
    }
  }
  await using net = await openNet([node("A", pass())], [], {}, { clock });
  const feed = net.feed("A", "in", slowly());
  await clock.advance(1);
  assertEquals(net.packets.size, 0);
  await whileTimePasses(clock, net.runUntilBlocked());
  assertEquals([await feed, net.flushOutputQueue("A::out")], [3, [1, 2, 3]]);
});

Deno.test("several feeds take turns", async () => {
  const both = {
    max_salvos: { type: "finite", max: 1 },
    ports: { a: { type: "count", count: 1 }, b: { type: "count", count: 1 } },
    term: {
      type: "and",
      terms: ["a", "b"].map((port) => ({
        type: "port",
        port_name: port,
        state: { type: "non_empty" },
      })),
    },
  };
  const join = node("J", eat, {}, { in_ports: { a: {}, b: {} }, in_salvo_conditions: { both } });
  await using net = await openNet([join]);
  const { ends } = record(net);
  const feeds = [
    net.feed("J", "a", countTo(300), { maxInNet: 10 }),
    net.feed("J", "b", countTo(300), { maxInNet: 10 }),
  ];
  await net.runUntilBlocked();
  assertEquals([await Promise.all(feeds), ends.length, net.packets.size], [[300, 300], 300, 0]);
});

Deno.test("a source that throws closes its feed; what was injected runs to its end", async () => {
  function* broken(): Generator<number> {
    yield 1;
    yield 2;
    throw new Error("line 3 is no number");
  }
  await using net = await openNet([node("A", pass())]);
  const feed = assertRejects(() => net.feed("A", "in", broken()), Error, "line 3");
  await net.runUntilBlocked();
  await feed;
  assertEquals(net.flushOutputQueue("A::out"), [1, 2]);
});

Deno.test("close() ends a feed, and so does its signal; the source is told", async () => {
  let returned = 0;
  async function* endless(): AsyncGenerator<number> {
    try {
      for (let i = 0;; i++) {
        await settle();
        yield i;
      }
    } finally {
      returned++;
    }
  }
  const net = await openNet([node("A", eat)]);
  await net.startBackground();
  const abort = new AbortController();
  const aborted = assertRejects(
    () => net.feed("A", "in", endless(), { signal: abort.signal }),
    Error,
    "enough",
  );
  const closed = assertRejects(() => net.feed("A", "in", endless()), NetStateError, "closed");
  await settle();
  abort.abort(new Error("enough"));
  await aborted;
  await net.close();
  await closed;
  for (let i = 0; i < 10 && returned < 2; i++) await settle();
  assertEquals(returned, 2);
});

Deno.test("a feed that cannot go on, because its port stays full, lets the run end", async () => {
  const port = { slots_spec: { type: "finite", capacity: 2 } };
  const stuck = node("A", pass(), {}, {
    in_ports: { in: port, never: {} },
    in_salvo_conditions: null,
  });
  await using net = await openNet([stuck]);
  const feed = assertRejects(() => net.feed("A", "in", countTo(5)), NetStateError);
  assertEquals((await net.runUntilBlocked()).reason, "blocked");
  assertEquals(net.getPacketsAtPort("A", "in").length, 2);
  await net.close();
  await feed;
});

Deno.test("a failed run leaves the feed open for the next one", async () => {
  const clock = new VirtualClock(0);
  const fails: NodeFn = async (ctx, packets) => {
    const value = ctx.peekPacket(packets.in![0]!);
    await sleep(clock, 0)(ctx, packets);
    if (value === 1) throw new Error("one");
  };
  const A = node("A", fails, { max_parallel_epochs: 1 });
  await using net = await openNet([A], [], {}, { clock });
  const feed = net.feed("A", "in", countTo(4), { maxInNet: 1 });
  await assertRejects(() => whileTimePasses(clock, net.runUntilBlocked()), Error, "one");
  await whileTimePasses(clock, net.runUntilBlocked());
  assertEquals([await feed, net.flushOutputQueue("A::out")], [4, [0, 2, 3]]);
});

Deno.test("what cannot be fed is refused", async () => {
  await using net = await openNet([node("A", eat)]);
  await assertRejects(() => net.feed("Z", "in", []), NodeNotFoundError);
  await assertRejects(() => net.feed("A", "in", [], { maxInNet: 0 }), InvalidArgumentError);
  assertEquals(await net.feed("A", "in", []), 0);
});
