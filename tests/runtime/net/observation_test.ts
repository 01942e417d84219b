import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type EpochLog,
  JsonlEpochLogger,
  LazyPacketValueSpec,
  Net,
  type NetRuntimeEvent,
  type NodeExecutionContext,
  PacketTypeMismatch,
} from "../../../mod.ts";
import type { NetConfigInput } from "../../../runtime/schema/net.ts";
import { eventToJSON } from "../../../runtime/net/event_json.ts";
import { NetSim } from "../../../sim/net_sim.ts";

/** A node made of a function. */
function node(name: string, func: (...args: never[]) => unknown, settings: object = {}) {
  return {
    name,
    factory: "netrun:function",
    factory_args: { func },
    execution_config: { print_echo_stdout: false, ...settings },
  };
}

const chain = {
  nodes: [
    node("A", (x: number, ctx: NodeExecutionContext) => {
      ctx.print("got", x);
      ctx.log("seen", { x });
      return x + 1;
    }),
    node("B", (y: number) => y * 2),
  ],
  edges: [{ source_node: "A", source_port: "out", target_node: "B", target_port: "y" }],
};

/** Runs a net with these packets at `A.x` and returns its events. */
async function eventsOf(config: object, values: unknown[]): Promise<NetRuntimeEvent[]> {
  const net = await Net.create(config as NetConfigInput);
  const events: NetRuntimeEvent[] = [];
  net.onEvent((event) => events.push(event));
  await net.init();
  net.injectData("A", "x", values);
  await net.runUntilBlocked();
  await net.close();
  return events;
}

Deno.test("the events of a net are numbered without a gap, and each of them is JSON", async () => {
  const events = await eventsOf({ graph: chain }, [1, 2, 3]);
  assertEquals(events.map(({ seq }) => seq), events.map((_, index) => index + 1));
  assert(events.every((event, i) => i === 0 || event.timestamp >= events[i - 1]!.timestamp));
  for (const event of events) JSON.stringify(eventToJSON(event));
});

Deno.test("an epoch's events come in the order in which things happen", async () => {
  const events = await eventsOf({ graph: { nodes: chain.nodes.slice(0, 1) } }, [1]);
  const types = events.map(({ type }) => type).filter((type) => type !== "commit");
  assertEquals(types.filter((type) => type !== "state"), [
    "epochStart",
    "print",
    "log",
    "print",
    "queued",
    "epochEnd",
  ]);
});

Deno.test("the commits alone lead a fresh simulator through the same events", async () => {
  const events = await eventsOf({ graph: chain }, [1, 2]);
  const applied = events.flatMap((event) => event.type === "commit" ? event.actions : []);
  const net = await Net.create({ graph: chain } as NetConfigInput);
  const ids = applied.flatMap(({ events }) =>
    events.flatMap((event) =>
      event.type === "packetCreated"
        ? [event.packetId]
        : event.type === "epochCreated"
        ? [event.epochId]
        : []
    )
  );
  const replayed = new NetSim(net.graph.toJSON(), {
    newId: () => ids.shift()!,
    skipEmptySalvos: true,
  });
  const bare = (event: { timestamp?: number }) => ({ ...event, timestamp: 0 });
  for (const { action, events } of applied) {
    assertEquals(replayed.doAction(action).events.map(bare), events.map(bare), action.type);
  }
});

Deno.test("epoch_log_echo_stdout prints one line for each epoch that ends", async () => {
  const lines: string[] = [];
  await using net = await Net.open(
    { epoch_log_echo_stdout: true, graph: chain } as NetConfigInput,
    { echo: (line) => lines.push(line) },
  );
  net.injectData("A", "x", [1]);
  await net.runUntilBlocked();
  assertEquals(lines.length, 2);
  assert(
    /^\[\d\d:\d\d:\d\d\.\d{3}\] \[A\] outcome=success duration=\d+ms pool=main\/0 x=1$/.test(
      lines[0]!,
    ),
    lines[0],
  );
});

Deno.test("retained logs equal those that the callbacks and the log file got", async () => {
  const path = await Deno.makeTempFile();
  const seen: EpochLog[] = [];
  {
    using logger = new JsonlEpochLogger(path);
    await using net = await Net.open({ retain_epoch_logs: true, graph: chain } as NetConfigInput);
    net.onEpochEnd((_node, _id, log) => seen.push(log));
    net.onEpochEnd(logger.handler);
    net.injectData("A", "x", [1, 2]);
    await net.runUntilBlocked();
    assertEquals(net.epochLogs, seen);
    assertEquals(net.logs.forNode("A").length, 4);
  }
  assertEquals(await JsonlEpochLogger.load(path), seen);
  await Deno.remove(path);
});

Deno.test("a value of the wrong type fails the attempt, with port, types and place", async () => {
  await using net = await Net.open({
    graph: {
      nodes: [{
        ...node("A", (x: number[]) => x.length),
        in_ports: { x: { port_type: "list[int]" } },
      }],
    },
  } as NetConfigInput);
  net.injectData("A", "x", [[1, "2"]]);
  const error = await assertRejects(() => net.runUntilBlocked());
  const { cause } = error as Error;
  assert(cause instanceof PacketTypeMismatch, String(error));
  assertEquals([cause.nodeName, cause.portName, cause.expected, cause.actual, cause.hint], [
    "A",
    "x",
    "list[int]",
    "array",
    "at [1]: expected int, got string",
  ]);
});

Deno.test("an injected lazy value is computed when it is taken, by a function of the project", async () => {
  const root = await Deno.makeTempDir();
  await Deno.writeTextFile(`${root}/values.ts`, "export const make = (n: number) => n * 10;\n");
  try {
    await using net = await Net.open({
      project_root_override: root,
      graph: { nodes: [node("A", (x: number) => x + 1)] },
    } as NetConfigInput);
    net.injectData("A", "x", [new LazyPacketValueSpec("./values.ts::make", [4])]);
    await net.runUntilBlocked();
    assertEquals(net.flushOutputQueue("A::out"), [41]);
    assertEquals(net.packets.size, 0);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("warnings go to `onWarning`, whether or not anybody listens to the events", async () => {
  const warnings: string[] = [];
  await using net = await Net.open({ graph: chain }, {
    onWarning: ({ code }) => warnings.push(code),
    echo: () => {},
  });
  net.onEpochEnd(() => {
    throw new Error("broken");
  }, { node: "A" });
  net.injectData("A", "x", [1]);
  await net.runUntilBlocked();
  assertEquals(warnings, ["callback_failed"]);
});

Deno.test("closing is told as the last state, once", async () => {
  const net = await Net.open({ graph: chain });
  const states: string[] = [];
  net.onEvent((event) => {
    if (event.type === "state") states.push(`${event.phase} ${event.reason}`);
  });
  await net.close();
  await net.close();
  assertEquals(states, ["stopped closed"]);
});
