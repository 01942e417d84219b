/**
 * `netrun edit-node`: changes a node of a net file.
 *
 * @module
 */
import { addPort, mergeDeep, removePort, renameNode } from "../../runtime/tools/edit_graph.ts";
import type { RawObject } from "../../runtime/tools/raw_net.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { editNet, editOptions, parseGivenObject } from "../edit.ts";
import { readStdin } from "../io.ts";
import { requireNode } from "../net_file.ts";

/** The command. */
export const editNode: Command = {
  description: "Changes a node and prints it. What is given is done in the order of this list.",
  positionals: [{
    name: "NAME",
    required: true,
    help: "its name; inner nodes by their dotted one",
  }],
  options: [
    { name: "rename", value: "NEW", help: "its new name, also in edges and output queues" },
    { name: "add-in-port", value: "P", many: true, help: "an input port that it gets" },
    { name: "remove-in-port", value: "P", many: true, help: "an input port that it loses" },
    { name: "add-out-port", value: "P", many: true, help: "an output port that it gets" },
    { name: "remove-out-port", value: "P", many: true, help: "an output port that it loses" },
    {
      name: "merge",
      value: "JSON",
      help: "data merged into it, deeply; lists are replaced, null removes a key",
    },
    { name: "merge-stdin", help: "merge what standard input holds" },
    ...editOptions,
  ],
  examples: [
    [`netrun edit-node clean --merge '{"execution_config": {"retries": 2}}'`, "sets one field"],
    ["netrun edit-node clean --rename scrub", "edges and queues follow"],
  ],
  async run(call) {
    const changes = await givenChanges(call);
    return await editNet(call, (net) => ({ printed: editIn(call, net, changes) }));
  },
};

async function givenChanges(call: CommandCall): Promise<RawObject[]> {
  const merge = call.value("merge");
  return [
    ...merge === undefined ? [] : [parseGivenObject(merge, "--merge")],
    ...call.flag("merge-stdin")
      ? [parseGivenObject(await readStdin(call.io), "Standard input")]
      : [],
  ];
}

function editIn(call: CommandCall, net: RawObject, changes: readonly RawObject[]): RawObject {
  const name = call.positionals[0]!;
  const { node } = requireNode(net, name);
  const newName = call.value("rename");
  if (newName !== undefined) renameNode(net, name, newName);
  for (const direction of ["in", "out"] as const) {
    for (const port of call.values(`add-${direction}-port`)) addPort(node, direction, port);
    for (const port of call.values(`remove-${direction}-port`)) removePort(node, direction, port);
  }
  const ownName = node.get("name");
  for (const change of changes) mergeDeep(node, change);
  if (node.get("name") !== ownName) {
    throw new CommandError("A merge cannot change the name of a node: use --rename NEW");
  }
  return node;
}
