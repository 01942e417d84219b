/**
 * `netrun node`: one node of a net.
 *
 * @module
 */
import { describeNode, isSubgraph, shownGraph } from "../../runtime/tools/describe_net.ts";
import { type Command, type CommandCall, CommandError, resolveOptions } from "../command.ts";
import { inspectConfig } from "../inspect_config.ts";
import { noSuchNode } from "../net_file.ts";
import { printJson } from "../output.ts";

/** The command. */
export const node: Command = {
  description: "Prints one node as resolved: ports with their types, conditions, settings.",
  positionals: [{
    name: "NAME",
    required: true,
    help: "its name; inner nodes by their dotted one",
  }],
  options: [
    { name: "edges", help: "also list the edges at the node" },
    { name: "full", help: "print everything that counts for the node" },
    ...resolveOptions,
  ],
  examples: [["netrun node clean --edges", "with what it is connected to"]],
  run: printNode,
};

async function printNode(call: CommandCall): Promise<number> {
  const [name] = call.positionals;
  const net = await inspectConfig(call);
  const description = describeNode(net, name!, { withEdges: call.flag("edges") });
  if (!description) {
    const { nodes } = shownGraph(net);
    const isWrittenSubgraph = net.written.data.graph.nodes.some((member) =>
      isSubgraph(member) && member.name === name
    );
    if (isWrittenSubgraph) {
      throw new CommandError(`"${name}" is a subgraph: \`netrun nodes\` lists the nodes inside it`);
    }
    throw noSuchNode(name!, nodes.filter((node) => !isSubgraph(node)).map((node) => node.name));
  }
  const full = call.flag("full") ? net.shown.toData({ full: true }).graph.nodes : undefined;
  printJson(call, full?.find((node) => node.name === name) ?? description);
  return 0;
}
