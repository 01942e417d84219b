/**
 * `netrun info`: what a net consists of.
 *
 * @module
 */
import { describeNet } from "../../runtime/tools/describe_net.ts";
import { type Command, resolveOptions } from "../command.ts";
import { inspectConfig } from "../inspect_config.ts";
import { printJson } from "../output.ts";

/** The command. */
export const info: Command = {
  description: "Prints what a net consists of: numbers of nodes and edges, pools, factories.\n" +
    "Nodes and edges are counted after subgraphs are flattened.",
  options: resolveOptions,
  examples: [["netrun info", "the net of this folder"]],
  async run(call) {
    printJson(call, describeNet(await inspectConfig(call)));
    return 0;
  },
};
