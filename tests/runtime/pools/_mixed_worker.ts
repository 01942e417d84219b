import type { RPCChannel } from "../../../runtime/rpc/channel.ts";

/** Sends as many messages as it is told, of all sizes and kinds, each with its number. */
export async function mixed(channel: RPCChannel): Promise<void> {
  for (;;) {
    const [, count] = await channel.recv() as [string, number];
    for (let i = 0; i < count; i++) {
      const sent = channel.send("mixed", [i, extra(i)]);
      if (i % 7 === 0) await sent;
    }
  }
}

function extra(i: number): unknown {
  if (i % 11 === 0) return new Date(i);
  if (i % 97 === 0) return new Uint8Array(100_000);
  if (i % 31 === 0) return "x".repeat(60_000);
  return i % 5 === 0 ? undefined : "text";
}
