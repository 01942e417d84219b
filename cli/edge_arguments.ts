/**
 * The two forms in which an edge is named: `SRC.PORT DST.PORT` and `SRC PORT DST PORT`.
 *
 * @module
 */
import { type EdgeNames, splitEnd } from "../runtime/tools/edit_edges.ts";
import type { RawObject } from "../runtime/tools/raw_net.ts";
import { type CommandCall, type Positional, UsageError } from "./command.ts";

/** Positional arguments of the commands on edges. */
export const edgePositionals: readonly Positional[] = [
  { name: "SRC.PORT", required: true, help: "node and output port, or the node alone" },
  { name: "DST.PORT", required: true, help: "node and input port, or the output port" },
  { name: "DST_NODE", help: "the target node, in the form of four words" },
  { name: "DST_PORT", help: "its input port" },
];

/**
 * The edge that a call names, once the net is known.
 *
 * @throws {UsageError} If there are three words.
 */
export function givenEdge(call: CommandCall): (net: RawObject) => EdgeNames {
  const [first, second, third, fourth] = call.positionals;
  if (third !== undefined && fourth === undefined) {
    throw new UsageError("An edge is SRC.PORT DST.PORT, or SRC_NODE SRC_PORT DST_NODE DST_PORT");
  }
  return (net) => {
    if (third !== undefined && fourth !== undefined) {
      return { sourceNode: first!, sourcePort: second!, targetNode: third, targetPort: fourth };
    }
    const source = splitEnd(net, first!, "out");
    const target = splitEnd(net, second!, "in");
    return {
      sourceNode: source.node,
      sourcePort: source.port,
      targetNode: target.node,
      targetPort: target.port,
    };
  };
}
