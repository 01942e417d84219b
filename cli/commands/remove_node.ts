/**
 * `netrun remove-node`: removes a node from a net file.
 *
 * @module
 */
import { removeNode as removeNodeFrom } from "../../runtime/tools/edit_graph.ts";
import type { Command } from "../command.ts";
import { editNet, editOptions } from "../edit.ts";
import { requireNode } from "../net_file.ts";

/** The command. */
export const removeNode: Command = {
  description: "Removes a node or subgraph, its edges, and what output queues collect from it.",
  positionals: [{
    name: "NAME",
    required: true,
    help: "its name; inner nodes by their dotted one",
  }],
  options: editOptions,
  examples: [["netrun remove-node clean", "prints how many edges went with it"]],
  run: (call) =>
    editNet(call, (net) => {
      const name = call.positionals[0]!;
      requireNode(net, name);
      const { edgesRemoved } = removeNodeFrom(net, name);
      return { printed: { removed: name, edges_removed: edgesRemoved } };
    }),
};
