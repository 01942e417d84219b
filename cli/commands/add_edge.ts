/**
 * `netrun add-edge`: connects two ports of a net file.
 *
 * @module
 */
import { addEdge as addEdgeTo, addEdgeByBroadcast } from "../../runtime/tools/edit_edges.ts";
import { addNode } from "../../runtime/tools/edit_graph.ts";
import type { Command } from "../command.ts";
import { edgePositionals, givenEdge } from "../edge_arguments.ts";
import { editNet, editOptions } from "../edit.ts";
import { requireNode } from "../net_file.ts";

/** The command. */
export const addEdge: Command = {
  description: "Connects an output port with an input port and prints the edge.",
  positionals: edgePositionals,
  options: [
    { name: "dependency", help: "make it a dependency edge" },
    {
      name: "broadcast",
      help: "where the output port has an edge, put a broadcast between or widen the one there",
    },
    ...editOptions,
  ],
  examples: [
    ["netrun add-edge clean.out report.rows", "node and port with a dot between"],
    ["netrun add-edge clean out report rows", "the same in four words"],
  ],
  async run(call) {
    const edgeOf = givenEdge(call);
    return await editNet(call, (net) => {
      const names = edgeOf(net);
      requireNode(net, names.sourceNode);
      requireNode(net, names.targetNode);
      const { edge, warnings } = call.flag("broadcast")
        ? addEdgeByBroadcast(net, names, (name, node) => addNode(net, name, node))
        : addEdgeTo(net, names, { dependency: call.flag("dependency") });
      return { printed: edge, warnings };
    });
  },
};
