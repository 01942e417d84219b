/**
 * Nets under test: on a clock that jumps, in this thread, with functions exchanged.
 *
 * @module
 */
import { NetConfig, type ResolvedNetConfig } from "../config/net_config.ts";
import type { NodeFunction } from "../execution/node_execution_context.ts";
import type { AnyFunction } from "../schema/node.ts";
import { ModuleLoader } from "../modules/loader.ts";
import { Net } from "../net/net.ts";
import type { NetOptions } from "../net/net_options.ts";
import type { NetConfigInput } from "../schema/net.ts";
import type { VariableOverrides } from "../schema/overrides.ts";
import { InvalidArgumentError, NodeNotFoundError } from "../../sim/error.ts";
import { replacementFor } from "./replacement.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** Options of {@linkcode openTestNet}. */
export interface TestNetOptions extends NetOptions, VariableOverrides {
  /**
   * Functions that take the place of those of nodes, by flat name. Their parameters are some of the
   * node's input ports; what they return leaves by its output ports.
   */
  replace?: Readonly<Record<string, string | AnyFunction>>;
}

/** A net whose clock a test can move. */
export interface TestNet extends Net {
  /** The clock that the net lives by. */
  readonly clock: VirtualClock;
}

/**
 * Opens a net for a test: all nodes run in this thread, and the time is a {@linkcode VirtualClock}'s,
 * so that waiting for a retry, a rate limit or `max_wait` takes none.
 *
 * @param config A configuration, or the path of a net file.
 * @param options Functions that are replaced, values of variables, and the options of `Net.create`.
 * @returns The net, initialized; disposing it closes it.
 * @throws {ConfigError} With everything that is wrong with the configuration.
 * @throws {NodeNotFoundError} If a node is to be replaced that there is not.
 * @throws {InvalidArgumentError} If a replacement does not fit the ports of its node.
 *
 * @example An hour of retries
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * await using net = await openTestNet({
 *   graph: {
 *     nodes: [{
 *       name: "load",
 *       factory: "netrun:function",
 *       factory_args: { func: (url: string) => fetch(url) },
 *       execution_config: { retries: 2, retry_wait: 1800 },
 *     }],
 *   },
 * }, {
 *   replace: {
 *     load: (ctx: { retryCount: number }) => {
 *       if (ctx.retryCount < 2) throw new Error("not yet");
 *       return "page";
 *     },
 *   },
 * });
 * const start = net.clock.now();
 * net.injectData("load", "url", ["https://example.org"]);
 * await net.runUntilBlocked();
 * assertEquals(net.flushOutputQueue("load::out"), ["page"]);
 * assertEquals(net.clock.now() - start, 3_600_000);
 * ```
 */
export async function openTestNet(
  config: NetConfig | NetConfigInput | string | URL,
  options: TestNetOptions = {},
): Promise<TestNet> {
  const net = await createTestNet(config, options);
  await net.init();
  return net;
}

/** As {@linkcode openTestNet}, but the net is not initialized yet. */
export async function createTestNet(
  config: NetConfig | NetConfigInput | string | URL,
  options: TestNetOptions = {},
): Promise<TestNet> {
  const { replace = {}, globalNodeVars, nodeVars, ...netOptions } = options;
  const { allowModules = [] } = netOptions;
  const given = await read(config, { globalNodeVars, nodeVars });
  const resolved = await given.resolve({ allowModules });
  for (const node of resolved.data.graph.nodes) node.execution_config.pools = ["main"];
  const loader = new ModuleLoader({ projectRoot: resolved.projectRootPath, allowModules });
  for (const [name, func] of Object.entries(replace)) {
    await replaceFunction(resolved, name, func, loader);
  }
  const clock = netOptions.clock ?? new VirtualClock();
  if (!(clock instanceof VirtualClock)) {
    throw new InvalidArgumentError("Cannot open a test net: `clock` must be a VirtualClock");
  }
  const net = await Net.create(resolved, { ...netOptions, clock });
  return Object.defineProperty(net, "clock", { value: clock }) as TestNet;
}

async function read(
  config: NetConfig | NetConfigInput | string | URL,
  variables: VariableOverrides,
): Promise<NetConfig> {
  if (typeof config === "string" || config instanceof URL) {
    return await NetConfig.fromFile(config, variables);
  }
  return config instanceof NetConfig ? config : NetConfig.parse(config, variables);
}

async function replaceFunction(
  { data }: ResolvedNetConfig,
  name: string,
  func: string | AnyFunction,
  loader: ModuleLoader,
): Promise<void> {
  const node = data.graph.nodes.find((node) => node.name === name);
  if (!node) throw new NodeNotFoundError(name);
  const exec: NodeFunction = await replacementFor(node, func, loader);
  node.execution_config.exec_node_func = exec;
  node.factory = null;
  node.factory_args = {};
}
