/**
 * `netrun nodes`: the nodes of a net.
 *
 * @module
 */
import { describeNodes } from "../../runtime/tools/describe_net.ts";
import { type Command, resolveOptions } from "../command.ts";
import { inspectConfig } from "../inspect_config.ts";
import { printJson } from "../output.ts";

/** The command. */
export const nodes: Command = {
  description: "Lists the nodes of a net with the names of their ports, as resolved.",
  options: resolveOptions,
  examples: [["netrun nodes --compact", "on one line"]],
  async run(call) {
    printJson(call, describeNodes(await inspectConfig(call)));
    return 0;
  },
};
