/**
 * Small nets of ordinary functions.
 *
 * @module
 */
import { openTestNet, type TestNet, type TestNetOptions } from "@netrun/netrun/testing";
import { edges } from "./net_fixture.ts";

/** A node of a function, with its execution settings. */
// deno-lint-ignore no-explicit-any
export function fn(name: string, func: (...args: any[]) => unknown, settings: object = {}): object {
  return {
    name,
    factory: "netrun:function",
    factory_args: { func },
    execution_config: settings,
  };
}

/** A node of another factory. */
export function made(name: string, factory: string, args: object = {}): object {
  return { name, factory: `netrun:${factory}`, factory_args: args };
}

/** Opens a net of these nodes and edges such as `"A.out>B.x"`, on a virtual clock. */
export async function openFlow(
  nodes: object[],
  edgeTexts: string[] = [],
  net: object = {},
  options: TestNetOptions = {},
): Promise<TestNet> {
  return await openTestNet(
    { print_echo_stdout: false, ...net, graph: { nodes, edges: edges(...edgeTexts) } } as never,
    options,
  );
}

/** Numbers from 0. */
export function* countTo(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield i;
}

/** Waits on a clock. */
export function pause(net: { clock: TestNet["clock"] }, seconds: number): Promise<void> {
  return new Promise((resolve) => net.clock.setTimeout(resolve, seconds * 1000));
}
