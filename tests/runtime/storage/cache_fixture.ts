/**
 * Cached nodes for tests.
 *
 * @module
 */
import { join } from "node:path";
import type { Net } from "@netrun/netrun";
import { type NodeFn, pass } from "../net/net_fixture.ts";

export const cacheAll = { storage: { cache: { enabled: true, include_all_nodes: true } } };

/** Settings of a cache, on top of one that holds every node. */
export function cached(settings: Record<string, unknown> = {}): Record<string, unknown> {
  return { storage: { cache: { ...cacheAll.storage.cache, ...settings } } };
}

export function counted(map: (value: number) => unknown = (value) => 2 * value) {
  const calls = { count: 0 };
  const fn: NodeFn = pass((value: never) => {
    calls.count++;
    return map(value);
  });
  return { calls, fn };
}

export async function run(net: Net, value: unknown, nodeName = "A"): Promise<unknown[]> {
  net.injectData(nodeName, "in", [value]);
  await net.runUntilBlocked();
  return net.flushOutputQueue(`${nodeName}::out`);
}

export async function withFolder(test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "cache"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

export const sendThree: NodeFn = (ctx, packets) => {
  ctx.consumePacket(packets.in![0]!);
  for (const value of [0, 1, 2]) {
    ctx.loadOutputPort("out", ctx.createPacket(value));
    ctx.sendOutputSalvo("each");
  }
};

export const each = {
  each: {
    max_salvos: { type: "infinite" },
    ports: { out: { type: "all" } },
    term: { type: "true" },
  },
};
