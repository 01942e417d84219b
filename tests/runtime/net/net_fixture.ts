/**
 * Small nets for tests.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import {
  type EpochLog,
  Net,
  type NetConfig,
  type NetOptions,
  type NodeExecutionContext,
  type PacketId,
} from "@netrun/netrun";
import type { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";

/** The configuration of a net as it may be written. */
export type NetInput = Exclude<Parameters<typeof Net.create>[0], NetConfig>;
/** A node of it. */
export type NodeInput = Record<string, unknown>;
/** A raw node function. */
export type NodeFn = (ctx: NodeExecutionContext, packets: Record<string, PacketId[]>) => unknown;

/** An input condition that takes one packet as soon as there is one. */
export function one(port: string): Record<string, unknown> {
  return {
    max_salvos: { type: "finite", max: 1 },
    ports: { [port]: { type: "count", count: 1 } },
    term: { type: "port", port_name: port, state: { type: "non_empty" } },
  };
}

/** A node with ports `in` and `out` that takes a packet at a time; `x` are execution settings. */
export function node(
  name: string,
  fn: NodeFn | null,
  x: Record<string, unknown> = {},
  over: NodeInput = {},
): NodeInput {
  return {
    name,
    in_ports: { in: {} },
    out_ports: { out: {} },
    in_salvo_conditions: { one: one("in") },
    execution_config: { exec_node_func: fn, ...x },
    ...over,
  };
}

/** A node without inputs. */
export function source(name: string, fn: NodeFn, x: Record<string, unknown> = {}): NodeInput {
  return node(name, fn, x, { in_ports: {}, in_salvo_conditions: null });
}

/** The edges of `"A.out>B.in"` and the like. */
export function edges(...texts: string[]): Record<string, string>[] {
  return texts.map((text) => {
    const [from, to] = text.split(">").map((end) => end.split("."));
    return {
      source_node: from![0]!,
      source_port: from![1]!,
      target_node: to![0]!,
      target_port: to![1]!,
    };
  });
}

/** The whole configuration. */
export function config(
  nodes: NodeInput[],
  edgeTexts: string[] = [],
  net: Record<string, unknown> = {},
): NetInput {
  return {
    print_echo_stdout: false,
    ...net,
    graph: { nodes, edges: edges(...edgeTexts) },
  } as unknown as NetInput;
}

/** Opens a net of these nodes. */
export function openNet(
  nodes: NodeInput[],
  edgeTexts: string[] = [],
  net: Record<string, unknown> = {},
  options: NetOptions = {},
): Promise<Net> {
  return Net.open(config(nodes, edgeTexts, net), options);
}

/** Consumes each input and sends what `map` makes of it. */
export function pass(map: (value: never) => unknown = (value) => value): NodeFn {
  return (ctx, packets) => {
    for (const id of packets.in!) {
      ctx.loadOutputPort("out", ctx.createPacket(map(ctx.consumePacket(id) as never)));
    }
    ctx.sendOutputSalvo("default");
  };
}

/** Consumes and sends nothing. */
export const eat: NodeFn = (ctx, packets) => {
  for (const ids of Object.values(packets)) for (const id of ids) ctx.consumePacket(id);
};

/** Consumes, then throws. */
export const boom: NodeFn = (ctx, packets) => {
  throw new Error(`boom${ctx.consumePacket(packets.in![0]!)}`);
};

/** Sends 42. */
export const sendAnswer: NodeFn = (ctx) => {
  ctx.loadOutputPort("out", ctx.createPacket(42));
  ctx.sendOutputSalvo("default");
};

/** Passes after some seconds of the clock. */
export function sleep(clock: VirtualClock, seconds: number): NodeFn {
  return async (ctx, packets) => {
    await new Promise<void>((resolve) => clock.setTimeout(resolve, seconds * 1000));
    pass()(ctx, packets);
  };
}

/** Lets everything happen that can happen without time passing. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Jumps from timer to timer of the clock until the promise settles. */
export async function whileTimePasses<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let done = false;
  const mark = () => done = true;
  promise.then(mark, mark);
  for (let i = 0; i < 10_000; i++) {
    await settle();
    if (done) return promise;
    clock.idle();
  }
  throw new Error("The promise does not settle, however much time passes");
}

/** Records starts and ends. */
export function record(net: Net): { starts: string[]; ends: EpochLog[] } {
  const starts: string[] = [];
  const ends: EpochLog[] = [];
  net.onEpochStart((name) => starts.push(name));
  net.onEpochEnd((_name, _id, log) => ends.push(log));
  return { starts, ends };
}
