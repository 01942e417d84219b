import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import {
  config,
  eat,
  node,
  type NodeFn,
  openNet,
  pass,
  record,
  settle,
  sleep,
} from "../net/net_fixture.ts";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import { Net, NetConfig } from "@netrun/netrun";
import { cacheAll, cached, counted, each, run, sendThree, withFolder } from "./cache_fixture.ts";

Deno.test("entries that are too old are computed anew", async () => {
  const clock = new VirtualClock();
  const { calls, fn } = counted();
  await using net = await openNet([node("A", fn)], [], cached({ max_age: 60 }), { clock });
  await run(net, 1);
  await clock.advance(59);
  await run(net, 1);
  assertEquals(calls.count, 1);
  await clock.advance(2);
  await run(net, 1);
  assertEquals([calls.count, net.cache.stats("A").entryCount], [2, 1]);
});

Deno.test("an ordered node with equal inputs comes to its end, in order", async () => {
  const clock = new VirtualClock();
  await using net = await openNet(
    [node("A", sleep(clock, 1), { ordered: true })],
    [],
    cacheAll,
    { clock },
  );
  net.injectData("A", "in", [1, 2, 1, 2, 3, 1]);
  const ran = net.runUntilBlocked();
  for (let i = 0; i < 20; i++) {
    await settle();
    await clock.advance(1);
  }
  await ran;
  assertEquals(net.flushOutputQueue("A::out"), [1, 2, 1, 2, 3, 1]);
});

Deno.test("hits take no slot of a rate limit, misses wait for theirs", async () => {
  const clock = new VirtualClock();
  const { calls, fn } = counted();
  await using net = await openNet(
    [node("A", fn, { rate_limit_per_second: 5 })],
    [],
    cacheAll,
    { clock },
  );
  await run(net, 1);
  const startMs = clock.now();
  net.injectData("A", "in", Array(1000).fill(1));
  await net.runUntilBlocked();
  assertEquals([clock.now() - startMs, calls.count], [0, 1]);
  net.injectData("A", "in", [2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await net.runUntilBlocked();
  assertEquals([calls.count, clock.now() - startMs], [10, 1000]);
});

Deno.test("the fifth result of a node that was retried is stored like any other", async () => {
  let calls = 0;
  const flaky = pass(() => {
    if (++calls === 1) throw new Error("once");
    return calls;
  });
  await using net = await openNet([node("A", flaky, { retries: 1 })], [], cacheAll);
  const { ends } = record(net);
  assertEquals([await run(net, 1), await run(net, 1)], [[2], [2]]);
  assertEquals(ends.map(({ outcome, retryCount }) => [outcome, retryCount]), [
    ["success", 1],
    ["cache_hit", 0],
  ]);
});

Deno.test("prints are replayed if that is wished, marked and not echoed", async () => {
  const lines: string[] = [];
  const talk: NodeFn = (ctx, packets) => {
    ctx.print("working");
    eat(ctx, packets);
  };
  await using net = await openNet(
    [node("A", talk, { print_echo_stdout: true })],
    [],
    cached({ replay_prints: true }),
    { echo: (line) => lines.push(line) },
  );
  const { ends } = record(net);
  await run(net, 1);
  await run(net, 1);
  assertEquals(ends.map(({ logs }) => logs.map(({ message }) => message.trim())), [
    ["working"],
    ["[cached] working"],
  ]);
  assertEquals(lines.length, 1);
});

Deno.test("lazy outputs are stored as what computes them", () =>
  withFolder(async (storage_path) => {
    const root = join(storage_path, "..");
    await Deno.writeTextFile(
      join(root, "lazy.ts"),
      "let n = 0; export const next = (x: number) => [x, ++n];",
    );
    const lazy: NodeFn = (ctx, packets) => {
      const value = ctx.consumePacket(packets.in![0]!);
      ctx.loadOutputPort("out", ctx.createPacketFromValueFunc("./lazy.ts::next", [value]));
      ctx.sendOutputSalvo("default");
    };
    await using net = await openNet([node("A", lazy)], [], {
      ...cached({ storage_path }),
      project_root_override: root,
    });
    assertEquals(await run(net, 1), [[1, 1]]);
    assertEquals(await run(net, 1), [[1, 2]]);
    assertEquals(net.cache.stats("A").hits, 1);
  }));

Deno.test("an entry tells all that was stored, and clearForInput() removes it", async () => {
  await using net = await openNet(
    [node("A", sendThree, {}, { out_salvo_conditions: each })],
    [],
    cacheAll,
  );
  await run(net, "x");
  const entry = net.cache.outputForInput("A", { in: ["x"] })!;
  assertEquals(
    [entry.nodeName, entry.inSalvoCondition, entry.mode, entry.consumedInputPorts],
    ["A", "one", "both", ["in"]],
  );
  assertEquals({ ...entry.outputPortValues }, { out: [0, 1, 2] });
  assertEquals(entry.outputSalvoNames, ["each", "each", "each"]);
  assertEquals(entry.inputSalvoHash.length, 16);
  assertEquals(net.cache.clearForInput("A", { in: ["y"] }), 0);
  assertEquals(net.cache.clearForInput("A", { in: ["x"] }), 1);
  assertEquals(net.cache.stats("A").entryCount, 0);
});

Deno.test("a stored result that no longer fits the node is computed anew", () =>
  withFolder(async (storage_path) => {
    const settings = cached({ storage_path, key_includes: ["inputs"] });
    {
      await using net = await openNet(
        [node("A", sendThree, {}, { out_salvo_conditions: each })],
        [],
        settings,
      );
      await run(net, 1);
    }
    await using net = await openNet([node("A", pass())], [], settings);
    assertEquals(await run(net, 1), [1]);
    assertEquals(await run(net, 1), [1]);
    assertEquals(net.cache.stats("A").hits, 1);
  }));

Deno.test("`refresh` computes and stores anew", () =>
  withFolder(async (storage_path) => {
    const { calls, fn } = counted();
    for (const [refresh, count] of [[false, 1], [true, 2], [["B"], 2], [["A"], 3]] as const) {
      await using net = await openNet([node("A", fn)], [], cached({ storage_path }), { refresh });
      await run(net, 1);
      assertEquals([calls.count, net.cache.stats("A").entryCount], [count, 1]);
    }
  }));

Deno.test("the synchronous calls work with a cache", async () => {
  const { calls, fn } = counted();
  using net = new Net(await NetConfig.parse(config([node("A", fn)], [], cacheAll)).resolve(), {
    runInitNodes: true,
  });
  net.initSync();
  for (let i = 0; i < 2; i++) {
    net.injectData("A", "in", [4]);
    net.runUntilBlockedSync();
  }
  assertEquals([net.flushOutputQueue("A::out"), calls.count], [[8, 8], 1]);
});

Deno.test("what fails in a node is not stored", async () => {
  const boom = pass(() => {
    throw new Error("boom");
  });
  await using net = await openNet([node("A", boom)], [], { ...cacheAll, print_exceptions: false });
  await assertRejects(() => run(net, 1));
  await assertRejects(() => run(net, 1));
  assertEquals(net.cache.stats("A"), {
    entryCount: 0,
    epochCount: 0,
    sampleSize: null,
    hits: 0,
    misses: 2,
    skipped: 0,
    corrupt: 0,
    evicted: 0,
    bytes: 0,
  });
});
