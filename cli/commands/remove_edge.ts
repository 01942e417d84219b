/**
 * `netrun remove-edge`: removes the edge between two ports of a net file.
 *
 * @module
 */
import { removeEdge as removeEdgeFrom } from "../../runtime/tools/edit_edges.ts";
import type { Command } from "../command.ts";
import { edgePositionals, givenEdge } from "../edge_arguments.ts";
import { editNet, editOptions } from "../edit.ts";

/** The command. */
export const removeEdge: Command = {
  description: "Removes the edge from an output port to an input port.",
  positionals: edgePositionals,
  options: editOptions,
  examples: [["netrun remove-edge clean.out report.rows", "node and port with a dot between"]],
  async run(call) {
    const edgeOf = givenEdge(call);
    return await editNet(call, (net) => {
      const names = edgeOf(net);
      removeEdgeFrom(net, names);
      return {
        printed: {
          removed_source_node: names.sourceNode,
          removed_source_port: names.sourcePort,
          removed_target_node: names.targetNode,
          removed_target_port: names.targetPort,
        },
      };
    });
  },
};
