/**
 * Nets on every kind of pool, for tests.
 *
 * @module
 */
import { assertRejects } from "@std/assert";
import { EpochError, Net } from "@netrun/netrun";
import { type NetInput, node, type NodeInput } from "../net/net_fixture.ts";

/** Folder of the functions that the nodes run. */
export const project = new URL("./project", import.meta.url).pathname;
/** Every kind of pool. */
export const kinds: Record<string, Record<string, unknown>> = {
  main: { type: "main" },
  thread: { type: "thread", num_workers: 1 },
  multiprocess: { type: "multiprocess", num_processes: 1 },
  remote: { type: "remote" },
};
/** With two workers. */
export const two: Record<string, Record<string, unknown>> = {
  main: {},
  thread: { num_workers: 2 },
  multiprocess: { num_processes: 2 },
  remote: { num_processes: 2 },
};
/** Those that run nodes elsewhere. */
export const workerKinds = ["thread", "multiprocess", "remote"];

/** An output condition that may send any number of salvos. */
export const unlimited = {
  default: {
    max_salvos: { type: "infinite" },
    ports: { out: { type: "all" } },
    term: { type: "port", port_name: "out", state: { type: "non_empty" } },
  },
};

/** A node that runs one of the project's functions on the pool. */
export function on(name: string, x: Record<string, unknown> = {}, over: NodeInput = {}): NodeInput {
  return node(name, `./nodes.ts::${name}` as never, { pools: ["p"], ...x }, over);
}

/** A net of these nodes, with a pool "p". */
export async function open(
  kind: string,
  nodes: NodeInput[],
  { spec = {}, pool = {}, pools, ...net }: Record<string, unknown> = {},
  options: Parameters<typeof Net.open>[1] = {},
): Promise<Net> {
  const config = (spec: unknown) =>
    ({
      project_root_override: project,
      print_echo_stdout: false,
      retain_epoch_logs: true,
      pools: pools ?? { p: { spec, ...pool as object } },
      ...net,
      graph: { nodes },
    }) as unknown as NetInput;
  const whole = { ...kinds[kind], ...spec as object };
  if (kind !== "remote") return await Net.open(config(whole), options);
  const server = await Net.servePool(config({ type: "main" }), { port: 0 });
  const url = `ws://127.0.0.1:${server.port}`;
  try {
    const remote = await Net.open(config({ ...whole, url }), options);
    const close = remote.close.bind(remote);
    remote.close = () => close().finally(() => server.stop());
    return remote;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** What comes out of a node that gets these values. */
export async function results(net: Net, name: string, values: unknown[]): Promise<unknown[]> {
  net.injectData(name, "in", values);
  await net.runUntilBlocked();
  return net.flushOutputQueue(`${name}::out`);
}

/** Why the node fails with this value. */
export async function failure(net: Net, name: string, value: unknown): Promise<EpochError> {
  net.injectData(name, "in", [value]);
  return await assertRejects(() => net.runUntilBlocked(), EpochError);
}
