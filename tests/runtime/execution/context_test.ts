import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import {
  ContextClosedError,
  EpochCancelled,
  LazyPacketValueSpec,
  MaxSalvosExceededError,
  NetConfig,
  type NodeExecutionContext,
  OutputPortFullError,
  PacketNotFoundError,
  PacketStateError,
  PacketTypeMismatch,
  SalvoConditionNotMetError,
} from "@netrun/netrun";
import { StagingContext } from "../../../runtime/execution/context.ts";
import type { JobObserver } from "../../../runtime/execution/job.ts";
import { nodeLayout } from "../../../runtime/execution/node_layout.ts";
import type { NodeLogEntry } from "../../../runtime/execution/prints.ts";
import { config, one } from "../net/net_fixture.ts";

/** A context of an attempt with inputs `i0`, `i1`, and what it printed and logged. */
async function makeContext(): Promise<
  { ctx: StagingContext; prints: string[]; entries: NodeLogEntry[] }
> {
  const finite = { slots_spec: { type: "finite", capacity: 1 } };
  const resolved = await NetConfig.parse(config([{
    name: "A",
    in_ports: { in: {} },
    out_ports: { out: {}, small: finite, typed: { port_type: "int" } },
    in_salvo_conditions: { one: one("in") },
    out_salvo_conditions: {
      pair: {
        max_salvos: { type: "finite", max: 1 },
        ports: { out: { type: "count", count: 2 }, small: { type: "all" } },
        term: { type: "port", port_name: "out", state: { type: "non_empty" } },
      },
    },
  }])).resolve();
  const [node] = resolved.data.graph.nodes;
  const layout = nodeLayout(node!, resolved.toGraph().nodes[0]!);
  const prints: string[] = [];
  const entries: NodeLogEntry[] = [];
  const observer: JobObserver = {
    signal: new AbortController().signal,
    started() {},
    yielded() {},
    printed: (list) => void prints.push(...list.map(({ text }) => text)),
    logged: (entry) => void entries.push(entry),
  };
  let ids = 0;
  const ctx = new StagingContext(
    layout,
    {
      epochId: "E",
      nodeName: "A",
      packets: { in: ["i0", "i1"] },
      values: [
        { id: "i0", portName: "in", value: 10 },
        { id: "i1", portName: "in", value: 11 },
      ],
      retryCount: 0,
      retryTimestamps: [],
      retryExceptions: [],
    },
    { poolId: "main", workerId: 0, projectRoot: "/", now: () => 5, newId: () => `p${ids++}` },
    observer,
  );
  return { ctx, prints, entries };
}

Deno.test("what a function does is staged as actions under the final ids, in its order", async () => {
  const { ctx } = await makeContext();
  assertEquals(ctx.consumePacket("i0"), 10);
  const id = ctx.createPacket("value");
  ctx.loadOutputPort("out", id);
  ctx.loadOutputPort("out", "i1");
  ctx.sendOutputSalvo("pair");
  assertEquals(ctx.isComplete, true);
  const staged = ctx.takeStaged();
  assertEquals(staged.actions.map(({ type }) => type), [
    "consumePacket",
    "createPacket",
    "loadPacketIntoOutputPort",
    "loadPacketIntoOutputPort",
    "sendOutputSalvo",
  ]);
  assertEquals([staged.created, staged.createdValues, staged.consumed], [[id], ["value"], ["i0"]]);
  assertEquals(staged.salvos, [{
    actionIndex: 4,
    packets: [
      { id, portName: "out", value: "value" },
      { id: "i1", portName: "out", value: 11 },
    ],
  }]);
});

const mistakes: [
  string,
  (ctx: NodeExecutionContext) => unknown,
  new (...args: never[]) => Error,
][] = [
  [
    "consuming a created packet",
    (ctx) => ctx.consumePacket(ctx.createPacket(1)),
    PacketNotFoundError,
  ],
  ["peeking at an unknown packet", (ctx) => ctx.peekPacket("x"), PacketNotFoundError],
  ["loading a consumed packet", (ctx) => {
    ctx.consumePacket("i0");
    ctx.loadOutputPort("out", "i0");
  }, PacketStateError],
  ["consuming a loaded packet", (ctx) => {
    ctx.loadOutputPort("out", "i0");
    ctx.consumePacket("i0");
  }, PacketStateError],
  ["filling a port twice", (ctx) => {
    ctx.loadOutputPort("small", "i0");
    ctx.loadOutputPort("small", "i1");
  }, OutputPortFullError],
  ["loading a value of the wrong type", (ctx) => {
    ctx.loadOutputPort("typed", ctx.createPacket("text"));
  }, PacketTypeMismatch],
  ["sending what is not there", (ctx) => ctx.sendOutputSalvo("pair"), SalvoConditionNotMetError],
  ["sending too often", (ctx) => {
    ctx.loadOutputPort("out", "i0");
    ctx.sendOutputSalvo("pair");
    ctx.loadOutputPort("out", "i1");
    ctx.sendOutputSalvo("pair");
  }, MaxSalvosExceededError],
];
for (const [what, act, error] of mistakes) {
  Deno.test(`${what} is refused at the call`, async () => {
    const { ctx } = await makeContext();
    const thrown = assertThrows(() => act(ctx));
    assertInstanceOf(thrown, error);
  });
}

Deno.test("a refused call stages nothing", async () => {
  const { ctx } = await makeContext();
  ctx.loadOutputPort("small", "i0");
  assertThrows(() => ctx.loadOutputPort("small", "i1"), OutputPortFullError);
  ctx.loadOutputPort("out", "i1");
  ctx.sendOutputSalvo("pair");
  assertEquals(ctx.takeStaged().actions.length, 3);
});

Deno.test("a lazy value is loaded without a look at its type", async () => {
  const { ctx } = await makeContext();
  const id = ctx.createPacketFromValueFunc("./f.ts::f", [1]);
  ctx.loadOutputPort("typed", id);
  assertEquals(ctx.peekPacket(id), new LazyPacketValueSpec("./f.ts::f", [1]));
});

Deno.test("cancelEpoch() throws, and the context remembers it", async () => {
  const { ctx } = await makeContext();
  assertThrows(() => ctx.cancelEpoch(), EpochCancelled);
  assertEquals(ctx.cancelled, true);
});

Deno.test("prints and log entries are told at once, with their time", async () => {
  const { ctx, prints, entries } = await makeContext();
  ctx.print("a", { b: 1 });
  ctx.printWith({ sep: "-", end: "" }, 1, 2);
  ctx.log("done", { n: 1 }, { level: "error" });
  assertEquals(prints, ["a { b: 1 }\n", "1-2", "done | n=1\n"]);
  assertEquals(entries, [{ timestamp: 5, message: "done", fields: { n: 1 }, level: "error" }]);
});

Deno.test("a call after the function has ended is refused", async () => {
  const { ctx } = await makeContext();
  ctx.close();
  assertThrows(() => ctx.print("late"), ContextClosedError, "ctx.print");
  assertThrows(() => ctx.consumePacket("i0"), ContextClosedError);
});

Deno.test("more packets than a list is good for are found all the same", async () => {
  const { ctx } = await makeContext();
  const ids = Array.from({ length: 50 }, (_, i) => ctx.createPacket(i));
  assertEquals(ids.map((id) => ctx.peekPacket(id)), Array.from({ length: 50 }, (_, i) => i));
  assertEquals(ctx.consumePacket("i0"), 10);
});
