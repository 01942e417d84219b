import { assertEquals, assertRejects } from "@std/assert";
import { EpochError, type Net } from "@netrun/netrun";
import { node, type NodeFn, openNet, pass, record } from "../net/net_fixture.ts";

const unlimited = {
  out_salvo_conditions: {
    default: {
      max_salvos: { type: "infinite" },
      ports: { out: { type: "all" } },
      term: { type: "true" },
    },
  },
};

function cached(settings: Record<string, unknown> = {}): Record<string, unknown> {
  return { storage: { cache: { enabled: true, include_nodes: ["A"], ...settings } } };
}

/** A raw generator, which commits at each yield what it has sent. */
function countTo(calls: { count: number }, make: (i: number) => unknown = (i) => i): NodeFn {
  return function* (ctx, packets) {
    calls.count++;
    // A packet may be made in one part and sent in another, an input be passed on in any.
    const early = ctx.createPacket("early");
    for (let i = 0; i < 3; i++) {
      ctx.loadOutputPort("out", ctx.createPacket(make(i)));
      ctx.sendOutputSalvo("default");
      yield;
    }
    ctx.loadOutputPort("out", early);
    ctx.sendOutputSalvo("default");
    yield;
    ctx.loadOutputPort("out", packets.in![0]!);
    ctx.sendOutputSalvo("default");
  };
}

async function run(net: Net, value: unknown, queue = "B::out"): Promise<unknown[]> {
  net.injectData("A", "in", [value]);
  await net.runUntilBlocked();
  return net.flushOutputQueue(queue);
}

Deno.test("what is sent part by part is stored whole at the end, and replayed in order", async () => {
  const calls = { count: 0 };
  const nodes = [node("A", countTo(calls), {}, unlimited), node("B", pass())];
  await using net = await openNet(nodes, ["A.out>B.in"], cached());
  const { ends } = record(net);
  for (let i = 0; i < 2; i++) assertEquals(await run(net, "in"), [0, 1, 2, "early", "in"]);
  assertEquals(calls.count, 1);
  const ofA = ends.filter(({ nodeName }) => nodeName === "A");
  assertEquals(ofA.map(({ outcome, outSalvoCount }) => [outcome, outSalvoCount]), [
    ["success", 5],
    ["cache_hit", 5],
  ]);
  assertEquals(net.cache.stats("A").skipped, 0);
  assertEquals(net.packets.size, 0);
});

Deno.test("a part is stored as it was sent, whatever becomes of its value", async () => {
  const calls = { count: 0 };
  const grow = pass((value: unknown) => {
    if (Array.isArray(value)) value.push("grown");
    return value;
  });
  const nodes = [node("A", countTo(calls, (i) => [i]), {}, unlimited), node("B", grow)];
  await using net = await openNet(nodes, ["A.out>B.in"], cached());
  const expected = [[0, "grown"], [1, "grown"], [2, "grown"], "early", "in"];
  for (let i = 0; i < 2; i++) assertEquals(await run(net, "in"), expected);
  assertEquals(calls.count, 1);
});

Deno.test("a generator that fails after a part stores nothing", async () => {
  const fails: NodeFn = function* (ctx, packets) {
    ctx.consumePacket(packets.in![0]!);
    ctx.loadOutputPort("out", ctx.createPacket(1));
    ctx.sendOutputSalvo("default");
    yield;
    throw new Error("broken");
  };
  await using net = await openNet([node("A", fails, {}, unlimited)], [], {
    ...cached(),
    print_exceptions: false,
  });
  for (let i = 0; i < 2; i++) await assertRejects(() => run(net, 1), EpochError, "broken");
  assertEquals([net.cache.stats("A").entryCount, net.cache.stats("A").misses], [0, 2]);
});

Deno.test("one part that cannot be stored leaves the whole unstored, and is counted once", async () => {
  const calls = { count: 0 };
  const make = (i: number) => i === 1 ? () => i : i;
  await using net = await openNet([node("A", countTo(calls, make), {}, unlimited)], [], cached());
  assertEquals((await run(net, "in", "A::out")).length, 5);
  assertEquals([net.cache.stats("A").entryCount, net.cache.stats("A").skipped], [0, 1]);
});

Deno.test("parts that are too large together are given up before they fill the memory", async () => {
  const calls = { count: 0 };
  const nodes = [node("A", countTo(calls, () => "x".repeat(4000)), {}, unlimited)];
  await using net = await openNet(nodes, [], cached({ max_bytes: 10_000 }));
  const warnings: string[] = [];
  net.onEvent((event) => event.type === "warning" && warnings.push(event.message));
  await run(net, "in", "A::out");
  assertEquals([net.cache.stats("A").entryCount, net.cache.stats("A").skipped], [0, 1]);
  assertEquals(warnings.length, 1);
});

Deno.test("inputs alone are kept of a generator too", async () => {
  const calls = { count: 0 };
  const nodes = [node("A", countTo(calls), {}, unlimited)];
  await using net = await openNet(nodes, [], cached({ cache_what: "input" }));
  for (let i = 0; i < 2; i++) await run(net, "in", "A::out");
  assertEquals([calls.count, net.cache.inputSalvos("A").map((salvo) => salvo.in)], [2, [["in"]]]);
});

Deno.test("a node that streams is cached, on the main thread and on a worker", async () => {
  const project = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${project}/nodes.ts`,
    `export async function* count(upTo: number) {
      for (let i = 0; i < upTo; i++) yield [i, performance.now()];
    }`,
  );
  const stream = (name: string, pools: string[]) => ({
    name,
    factory: "netrun:function",
    factory_args: { func: "./nodes.ts::count", stream: true },
    execution_config: { pools },
  });
  const { Net } = await import("@netrun/netrun");
  await using net = await Net.open({
    project_root_override: project,
    pools: { workers: { spec: { type: "thread", num_workers: 1 } } },
    storage: { cache: { enabled: true, include_all_nodes: true } },
    graph: { nodes: [stream("here", ["main"]), stream("there", ["workers"])] },
  });
  const { ends } = record(net);
  const results: unknown[] = [];
  for (let i = 0; i < 2; i++) {
    for (const name of ["here", "there"]) {
      net.injectData(name, "upTo", [3]);
      await net.runUntilBlocked();
      results.push(net.flushOutputQueue(`${name}::out`));
    }
  }
  assertEquals(results.slice(2), results.slice(0, 2));
  assertEquals(ends.map(({ outcome }) => outcome), [
    "success",
    "success",
    "cache_hit",
    "cache_hit",
  ]);
  await net.close();
  await Deno.remove(project, { recursive: true });
});

Deno.test("output files of what is sent part by part are refused before anything is sent", async () => {
  const root = await Deno.makeTempDir();
  const calls = { count: 0 };
  const file_storage = { backend: { type: "local", base_path: "data" } };
  const nodes = [node("A", countTo(calls), { storage: { file_storage } }, unlimited)];
  await using net = await openNet(nodes, [], {
    project_root_override: root,
    print_exceptions: false,
  });
  await assertRejects(() => run(net, 1, "A::out"), EpochError, "before it ends");
  assertEquals([net.outputCount("A::out"), net.packets.size], [0, 0]);
  await net.close();
  await Deno.remove(root, { recursive: true });
});
