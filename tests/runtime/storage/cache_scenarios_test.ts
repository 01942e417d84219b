import { assertEquals, assertThrows } from "@std/assert";
import { config, node, type NodeFn, openNet, pass, record, settle } from "../net/net_fixture.ts";
import { Net, NodeNotFoundError } from "@netrun/netrun";
import { cacheAll, cached, counted, each, run, sendThree, withFolder } from "./cache_fixture.ts";

Deno.test("4: an equal input is replayed without a call, a pool or logs, and counts for max_epochs", async () => {
  const { calls, fn } = counted();
  await using net = await openNet([node("A", fn, { max_epochs: 2 })], [], {
    ...cacheAll,
    propagate_exceptions: false,
    print_exceptions: false,
  });
  const { starts, ends } = record(net);
  assertEquals(await run(net, 1), [2]);
  assertEquals(await run(net, 1), [2]);
  await run(net, 1);
  assertEquals(calls.count, 1);
  assertEquals(starts, ["A", "A"]);
  assertEquals(ends.map(({ outcome }) => outcome), ["success", "cache_hit", "cancelled"]);
  const hit = ends[1]!;
  assertEquals([hit.wasCacheHit, hit.poolId, hit.workerId, hit.logs.length], [
    true,
    undefined,
    undefined,
    0,
  ]);
  assertEquals(net.exceptionQueue.length, 1);
});

Deno.test("5: whether a node is cached follows from the first rule that applies", async () => {
  const enabled = async (cache: Record<string, unknown> | null, own?: Record<string, unknown>) => {
    await using net = await openNet(
      [node("A.b", pass(), own ? { storage: { cache: own } } : {})],
      [],
      cache ? { storage: { cache } } : {},
    );
    return net.cache.isEnabled("A.b");
  };
  const all = { enabled: true, include_all_nodes: true };
  assertEquals(await enabled(null, { enabled: true }), false);
  assertEquals(await enabled({ enabled: false }, { enabled: true }), true);
  assertEquals(await enabled(all, { enabled: false }), false);
  assertEquals(await enabled({ ...all, enabled: false }), false);
  assertEquals(await enabled({ ...all, exclude_nodes: ["A.*"] }), false);
  assertEquals(await enabled(all, {}), true);
  assertEquals(await enabled({ enabled: true, include_nodes: ["?.[abc]"] }), true);
  assertEquals(await enabled({ enabled: true, include_nodes: ["A", "[!A].b"] }), false);
  assertEquals(await enabled({ enabled: true }), false);
});

Deno.test("5: a node without a function is never cached, an unknown one is an error", async () => {
  await using net = await openNet([node("A", null)], [], cacheAll);
  assertEquals(net.cache.isEnabled("A"), false);
  assertEquals([net.cache.entries("A"), net.cache.outputForInput("A", { in: [1] })], [[], null]);
  assertEquals(net.cache.stats("A").entryCount, 0);
  assertThrows(() => net.cache.stats("B"), NodeNotFoundError);
});

Deno.test("6: a stored result outlives its net, versions stand side by side, and clear() empties", () =>
  withFolder(async (storage_path) => {
    const { calls, fn } = counted();
    const open = (version: number) =>
      openNet([node("A", fn)], [], cached({ storage_path, version }));
    const expected: [version: number, calls: number][] = [[0, 1], [0, 1], [1, 2], [0, 2], [1, 2]];
    for (const [version, count] of expected) {
      await using net = await open(version);
      assertEquals(await run(net, 1), [2]);
      assertEquals(calls.count, count);
    }
    const third = await Net.create(config([node("A", fn)], [], cached({ storage_path })));
    assertEquals(third.cache.stats("A").entryCount, 2);
    assertEquals(third.cache.clear({ netVersion: 1 }), 1);
    assertEquals(third.cache.clear(), 1);
    await using net = await open(0);
    await run(net, 1);
    assertEquals(calls.count, 3);
    await third.close();
  }));

Deno.test("7: `output` always runs and stores for later, `input` stores what is never replayed", () =>
  withFolder(async (storage_path) => {
    const { calls, fn } = counted();
    const open = (cache_what: string) =>
      openNet([node("A", fn)], [], cached({ storage_path, cache_what }));
    {
      await using net = await open("input");
      await run(net, 1);
      await run(net, 1);
      assertEquals([calls.count, net.cache.stats("A").entryCount], [2, 1]);
      assertEquals(net.cache.inputSalvos("A").map((salvo) => salvo.in), [[1]]);
      assertEquals(net.cache.outputForInput("A", { in: [1] }), null);
    }
    {
      await using net = await open("both");
      await run(net, 1);
      assertEquals(calls.count, 3);
      net.cache.clear();
    }
    {
      await using net = await open("output");
      await run(net, 1);
      await run(net, 1);
      assertEquals([calls.count, net.cache.stats("A").entryCount], [5, 1]);
    }
    await using net = await open("both");
    assertEquals(await run(net, 1), [2]);
    assertEquals(calls.count, 5);
  }));

Deno.test("8: three salvos are replayed as three salvos, in order", async () => {
  const received: unknown[][] = [];
  const collect: NodeFn = (ctx, packets) =>
    void received.push(packets.in!.map((id) => ctx.consumePacket(id)));
  await using net = await openNet(
    [node("A", sendThree, {}, { out_salvo_conditions: each }), node("B", collect)],
    ["A.out>B.in"],
    cached({ exclude_nodes: ["B"] }),
  );
  const { ends } = record(net);
  for (let i = 0; i < 2; i++) {
    net.injectData("A", "in", ["x"]);
    await net.runUntilBlocked();
  }
  assertEquals(received, [[0], [1], [2], [0], [1], [2]]);
  const ofA = ends.filter(({ nodeName }) => nodeName === "A");
  assertEquals(ofA.map(({ outcome, outSalvoCount }) => [outcome, outSalvoCount]), [
    ["success", 3],
    ["cache_hit", 3],
  ]);
});

Deno.test("9: an input that is passed on is passed on by a hit too", async () => {
  const forward: NodeFn = (ctx, packets) => {
    ctx.loadOutputPort("out", packets.in![0]!);
    ctx.sendOutputSalvo("default");
  };
  await using net = await openNet(
    [node("A", forward), node("B", pass())],
    ["A.out>B.in"],
    cacheAll,
  );
  const { ends } = record(net);
  const outputs: unknown[] = [];
  for (const value of ["x", "x"]) {
    net.injectData("A", "in", [value]);
    await net.runUntilBlocked();
    outputs.push(...net.flushOutputQueue("B::out"));
  }
  assertEquals(outputs, ["x", "x"]);
  assertEquals(ends.map(({ outcome }) => outcome), [
    "success",
    "success",
    "cache_hit",
    "cache_hit",
  ]);
  assertEquals(net.packets.size, 0);
});

Deno.test("9: inputs and outputs are stored as they were before anybody changed them", async () => {
  const grow: NodeFn = (ctx, packets) => {
    const list = ctx.consumePacket(packets.in![0]!) as number[];
    list.push(9);
    ctx.loadOutputPort("out", ctx.createPacket({ list: [...list] }));
    ctx.sendOutputSalvo("default");
  };
  await using net = await openNet([node("A", grow)], [], cacheAll);
  const [first] = await run(net, [1]) as { list: number[] }[];
  first!.list.length = 0;
  const [second] = await run(net, [1]) as { list: number[] }[];
  assertEquals(second, { list: [1, 9] });
  second!.list.length = 0;
  assertEquals(await run(net, [1]), [{ list: [1, 9] }]);
  assertEquals(net.cache.inputSalvos("A").map((salvo) => salvo.in), [[[1]]]);
});

Deno.test("10: a changed variable or function is another key, unless the key leaves it out", () =>
  withFolder(async (storage_path) => {
    const results = async (
      fn: NodeFn,
      rate: number,
      settings: Record<string, unknown> = {},
    ) => {
      await using net = await openNet([node("A", fn)], [], {
        ...cached({ storage_path, ...settings }),
        node_vars: { rate: { value: rate, type: "int" } },
      });
      return (await run(net, 1))[0];
    };
    let calls = 0;
    const one: NodeFn = (ctx, packets) => pass(() => ["one", ctx.vars.rate, ++calls])(ctx, packets);
    const two: NodeFn = (ctx, packets) => pass(() => ["two", ctx.vars.rate, ++calls])(ctx, packets);
    assertEquals(await results(one, 1), ["one", 1, 1]);
    assertEquals(await results(one, 1), ["one", 1, 1]);
    assertEquals(await results(one, 2), ["one", 2, 2]);
    assertEquals(await results(two, 1), ["two", 1, 3]);
    const inputsOnly = { key_includes: ["inputs"] };
    assertEquals(await results(one, 1, inputsOnly), ["one", 1, 4]);
    assertEquals(await results(two, 5, inputsOnly), ["one", 1, 4]);
    const noRate = { key_exclude_vars: ["rate"] };
    assertEquals(await results(one, 1, noRate), ["one", 1, 5]);
    assertEquals(await results(one, 2, noRate), ["one", 1, 5]);
  }));

Deno.test("11: a result that cannot be stored leaves the epoch a success", async () => {
  for (const bad of [() => 1, new (class Point {})()]) {
    await using net = await openNet([node("A", pass(() => bad))], [], cacheAll);
    const warnings: string[] = [];
    net.onEvent((event) => event.type === "warning" && warnings.push(event.code));
    const { ends } = record(net);
    assertEquals(await run(net, 1), [bad]);
    await run(net, 2);
    assertEquals(ends.map(({ outcome }) => outcome), ["success", "success"]);
    assertEquals([net.cache.stats("A").entryCount, net.cache.stats("A").skipped], [0, 2]);
    assertEquals(warnings, ["cache_skipped"]);
  }
});

Deno.test("13: values over the limit are not stored, the least recently used go first", async () => {
  const text = (size: number) => "x".repeat(size);
  await using net = await openNet(
    [node("A", pass((size: number) => text(size)))],
    [],
    cached({ max_value_bytes: 5000, max_bytes: 7500 }),
  );
  await run(net, 6000);
  assertEquals(net.cache.stats("A").skipped, 1);
  await run(net, 2000);
  await run(net, 2001);
  await run(net, 2000);
  await run(net, 2002);
  await run(net, 2003);
  const kept = net.cache.inputSalvos("A").map((salvo) => salvo.in![0]);
  assertEquals(kept, [2000, 2002, 2003]);
  assertEquals(net.cache.stats("A").evicted, 1);
});

Deno.test("13: a sample keeps its size and its count, max_entries the newest", async () => {
  const { fn } = counted();
  for (
    const [settings, entries] of [
      [{ sample_size: 2 }, 2],
      [{ sample_size: 0 }, 0],
      [{ max_entries: 3 }, 3],
    ] as const
  ) {
    await using net = await openNet([node("A", fn)], [], cached(settings));
    for (let value = 0; value < 50; value++) await run(net, value);
    const { entryCount, epochCount } = net.cache.stats("A");
    assertEquals([entryCount, epochCount], [entries, 50]);
  }
});

Deno.test("13: a sample is spread over all that was offered", async () => {
  const kept: number[] = [];
  for (let i = 0; i < 30; i++) {
    await using net = await openNet([node("A", pass())], [], cached({ sample_size: 1 }));
    for (let value = 0; value < 10; value++) await run(net, value);
    kept.push(net.cache.inputSalvos("A")[0]!.in![0] as number);
  }
  // All 30 in the same half has a chance of one to 500 million.
  assertEquals([kept.some((value) => value < 5), kept.some((value) => value >= 5)], [true, true]);
});

Deno.test("14: epochs of one key wait for the first; if it fails, the next computes", async () => {
  for (const fails of [false, true]) {
    let calls = 0;
    const releases: (() => void)[] = [];
    const slow: NodeFn = async (ctx, packets) => {
      const call = ++calls;
      await new Promise<void>((resolve) => releases.push(resolve));
      if (fails && call === 1) throw new Error("first");
      pass(() => call)(ctx, packets);
    };
    await using net = await openNet([node("A", slow)], [], {
      ...cacheAll,
      propagate_exceptions: false,
      print_exceptions: false,
    });
    const { ends } = record(net);
    net.injectData("A", "in", [1, 1, 1]);
    const ran = net.runUntilBlocked();
    await settle();
    assertEquals([calls, net.sim.getStartableEpochs().length], [1, 2]);
    releases.shift()!();
    await settle();
    assertEquals(calls, fails ? 2 : 1);
    releases.shift()?.();
    await ran;
    assertEquals(
      ends.map(({ outcome }) => outcome).sort(),
      fails ? ["cache_hit", "error", "success"] : ["cache_hit", "cache_hit", "success"],
    );
  }
});
