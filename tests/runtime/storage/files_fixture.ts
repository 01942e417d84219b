/**
 * Nodes with output files for tests.
 *
 * @module
 */
import { join } from "node:path";
import type { Net } from "@netrun/netrun";
import type { NodeFn } from "../net/net_fixture.ts";

/** A folder with a backend `disk` and room for manifests. */
export class Place implements AsyncDisposable {
  readonly root = Deno.makeTempDirSync();

  settings(files: Record<string, unknown> = {}): Record<string, unknown> {
    return { storage: { file_storage: { backend: "disk", ...files } } };
  }

  net(over: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      print_exceptions: false,
      project_root_override: this.root,
      storage: {
        backends: { disk: { type: "local", base_path: "data" } },
        file_storage_metadata_path: "meta",
      },
      ...over,
    };
  }

  files(folder = "data"): string[] {
    const found: string[] = [];
    const visit = (path: string) => {
      for (const { name, isDirectory } of Deno.readDirSync(join(this.root, folder, path))) {
        if (isDirectory) visit(`${path}${name}/`);
        else found.push(path + name);
      }
    };
    visit("");
    return found.sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
}

export const sendAll =
  (...values: unknown[]) => (count: { calls: number }): NodeFn => (ctx, packets) => {
    count.calls++;
    ctx.consumePacket(packets.in![0]!);
    for (const value of values) ctx.loadOutputPort("out", ctx.createPacket(value));
    ctx.sendOutputSalvo("default");
  };

export async function run(net: Net, value: unknown): Promise<unknown[]> {
  net.injectData("A", "in", [value]);
  await net.runUntilBlocked();
  return net.flushOutputQueue("A::out");
}

export const each = {
  each: {
    max_salvos: { type: "infinite" },
    ports: { out: { type: "all" } },
    term: { type: "true" },
  },
};

export function sendEach(count: { calls: number }): NodeFn {
  return (ctx, packets) => {
    count.calls++;
    ctx.consumePacket(packets.in![0]!);
    for (const value of ["a", "b", "c"]) {
      ctx.loadOutputPort("out", ctx.createPacket(value));
      ctx.sendOutputSalvo("each");
    }
  };
}
