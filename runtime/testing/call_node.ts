/**
 * One node under test, without a net around it.
 *
 * @module
 */
import { NetConfig } from "../config/net_config.ts";
import type { AnyFunction } from "../schema/node.ts";
import type { NodeLogEntry, PrintEntry } from "../execution/prints.ts";
import { buildEngine } from "../net/build.ts";
import { executeOutside } from "../net/execute.ts";
import { loadNetCode } from "../net/net_code.ts";
import { runAsync } from "../net/task.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { InvalidArgumentError } from "../../sim/error.ts";
import { takesSeveral } from "./replacement.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** Options of {@linkcode callNode}. */
export interface CallNodeOptions {
  /** What the function reads as `ctx.vars`. */
  vars?: Readonly<Record<string, unknown>>;
  /**
   * How many attempts the function is told to have failed before.
   *
   * @default {0}
   */
  retryCount?: number;
  /**
   * Folder that references and paths start from.
   *
   * @default {Deno.cwd()}
   */
  projectRoot?: string;
}

/** What a node did. */
export interface CalledNode {
  /** The values that it sent, by output port, in order. */
  readonly outputs: Readonly<Record<string, readonly unknown[]>>;
  /** What it logged by `ctx.log`. */
  readonly logs: readonly NodeLogEntry[];
  /** What it printed, a text for each call; entries of `ctx.log` are among them. */
  readonly prints: readonly string[];
}

/**
 * Calls a function as a node is called: with its ports filled, its values checked, and a `ctx`.
 *
 * @param func The function, or a reference to it such as `./nodes.ts::double`.
 * @param inputs A value for each input port; a list of values for a port that takes a batch.
 * @returns What it sent, logged and printed.
 * @throws {FunctionSignatureError} If it can be no node.
 * @throws {InvalidArgumentError} If `inputs` names a port that the node does not have.
 * @throws Whatever the function throws.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * function add(a: number, b: number, print: (text: string) => void): number {
 *   print("adding");
 *   return a + b;
 * }
 * const { outputs, prints } = await callNode(add, { a: 1, b: 2 });
 * assertEquals([outputs.out, prints], [[3], ["adding"]]);
 * ```
 */
export async function callNode(
  func: string | AnyFunction,
  inputs: Readonly<Record<string, unknown>> = {},
  options: CallNodeOptions = {},
): Promise<CalledNode> {
  const { vars = {}, retryCount = 0, projectRoot = Deno.cwd() } = options;
  const config = NetConfig.parse({
    project_root_override: projectRoot,
    print_echo_stdout: false,
    graph: { nodes: [{ name: "node", factory: "netrun:function", factory_args: { func } }] },
  });
  const resolved = await config.resolve();
  const [node] = resolved.data.graph.nodes;
  node!.vars = Object.assign(Object.create(null), vars);
  const packets = packetsOf(node!, inputs);
  const engine = buildEngine(resolved, await loadNetCode(resolved, {}), {
    clock: new VirtualClock(),
  });
  const logs: NodeLogEntry[] = [];
  const prints: PrintEntry[] = [];
  const outputs = await runAsync(executeOutside(engine, "node", packets, {
    retryCount,
    logged: (entry) => void logs.push(entry),
    printed: (entries) => void prints.push(...entries),
  }));
  return { outputs, logs, prints: prints.map(({ text }) => text.replace(/\n$/, "")) };
}

/** The packets of each port. */
function packetsOf(
  node: ResolvedNodeConfig,
  inputs: Readonly<Record<string, unknown>>,
): Record<string, readonly unknown[]> {
  return Object.fromEntries(
    Object.entries(inputs).map(([port, value]): [string, readonly unknown[]] => {
      if (!node.in_ports.has(port)) {
        throw new InvalidArgumentError(
          `Cannot call the node: it has no input port "${port}", but ` +
            ([...node.in_ports.keys()].join(", ") || "none"),
        );
      }
      if (!takesSeveral(node, port)) return [port, [value]];
      if (Array.isArray(value)) return [port, value];
      throw new InvalidArgumentError(
        `Cannot call the node: input port "${port}" takes a batch, so its input must be an array`,
      );
    }),
  );
}
