/**
 * `netrun dry-run`: the order in which nodes can run.
 *
 * @module
 */
import { executionOrder } from "../../runtime/tools/execution_order.ts";
import { type Command, resolveOptions } from "../command.ts";
import { inspectConfig } from "../inspect_config.ts";
import { printJson } from "../output.ts";

/** The command. */
export const dryRun: Command = {
  description: "Prints the order in which the nodes of a net can run; nothing is run.\n" +
    "Nodes on a cycle stand together and are listed under `cycles`.",
  options: resolveOptions,
  examples: [["netrun dry-run", "sources, sinks, and all nodes in order"]],
  async run(call) {
    printJson(call, executionOrder(await inspectConfig(call)));
    return 0;
  },
};
