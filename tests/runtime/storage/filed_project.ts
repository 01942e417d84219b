/**
 * A net whose only node keeps three large files for its last input.
 *
 * @module
 */
import type { Net } from "@netrun/netrun";
import { node, openNet } from "../net/net_fixture.ts";

/** The values that the node makes of an input. */
export function valuesFor(input: number): string[] {
  return [0, 1, 2].map((part) => `${input}.${part} `.repeat(20_000));
}

/** Opens the net of a project. */
export function openFiled(project_root_override: string): Promise<Net> {
  const file_storage = { backend: "disk", serialization: "str", on_hash_change: "overwrite" };
  const make = node("A", (ctx, packets) => {
    const input = ctx.consumePacket(packets.in![0]!) as number;
    for (const value of valuesFor(input)) ctx.loadOutputPort("out", ctx.createPacket(value));
    ctx.sendOutputSalvo("default");
  }, { storage: { file_storage } });
  return openNet([make], [], {
    project_root_override,
    storage: {
      backends: { disk: { type: "local", base_path: "data" } },
      file_storage_metadata_path: "meta",
    },
  });
}

/** What leaves the node for an input. */
export async function runFiled(net: Net, input: number): Promise<unknown[]> {
  net.injectData("A", "in", [input]);
  await net.runUntilBlocked();
  return net.flushOutputQueue("A::out");
}
