/**
 * `netrun add-node`: adds a node to a net file.
 *
 * @module
 */
import { addNode as addNodeTo, addPort, type Position } from "../../runtime/tools/edit_graph.ts";
import type { RawObject } from "../../runtime/tools/raw_net.ts";
import { ModuleImportError } from "../../runtime/modules/error.ts";
import { ConfigError } from "../../runtime/schema/error.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { editNet, editOptions, jsonOrText, parseGivenObject } from "../edit.ts";
import { readStdin } from "../io.ts";
import { printWarning } from "../output.ts";
import { findProject } from "../project.ts";
import { splitAssignment } from "../variables.ts";

/** The command. */
export const addNode: Command = {
  description: "Adds a node and prints it. A dotted name puts it into an inline subgraph.",
  positionals: [{ name: "NAME", required: true, help: "its name" }],
  options: [
    {
      name: "function",
      value: "REF",
      help: "the function that it runs, such as ./nodes.ts::clean",
    },
    { name: "factory", short: "f", value: "REF", help: "its factory" },
    {
      name: "factory-arg",
      value: "K=V",
      many: true,
      help: "an argument of the factory; V is JSON, else taken as text",
    },
    { name: "in-ports", value: "A,B", help: "its input ports" },
    { name: "out-ports", value: "C", help: "its output ports" },
    { name: "position", value: "X,Y", help: "where it is drawn; else to the right of all others" },
    { name: "json", help: "read the node from standard input instead" },
    ...editOptions,
  ],
  examples: [
    ["netrun add-node clean --function ./nodes.ts::clean", "a function as a node"],
    ["netrun add-node fan -f netrun:broadcast --factory-arg num_outputs=3", "a built-in factory"],
  ],
  async run(call) {
    const position = readPosition(call.value("position"));
    const node = call.flag("json")
      ? parseGivenObject(await readStdin(call.io), "Standard input")
      : describedNode(call);
    const status = await editNet(call, (net) => ({
      printed: addNodeTo(net, call.positionals[0]!, node, position),
    }));
    await checkFunction(call);
    return status;
  },
};

/** Warns of a function that cannot become a node: it is read, not run. */
async function checkFunction(call: CommandCall): Promise<void> {
  const reference = call.value("function");
  if (reference === undefined || call.flag("json") || call.flag("no-validate")) return;
  try {
    const { loader } = await findProject(call);
    const signature = await loader.readSignature(reference);
    const problems = signature.kind === "function"
      ? signature.problems
      : signature.kind === "unreadable"
      ? [signature.problem]
      : [];
    for (const { message } of problems) printWarning(call, `${reference}: ${message}`);
  } catch (error) {
    if (error instanceof ModuleImportError) printWarning(call, error.message);
    // Of a net that is not valid the edit has told already.
    else if (!(error instanceof ConfigError)) throw error;
  }
}

/** The name under which nets of the original system have the factory too. */
const FUNCTION_FACTORY = "netrun.node_factories.function";

function describedNode(call: CommandCall): RawObject {
  const node: RawObject = new Map();
  const reference = call.value("function");
  const factory = call.value("factory");
  if (reference !== undefined && factory !== undefined) {
    throw new CommandError("--function and --factory exclude each other");
  }
  const args: RawObject = new Map(reference === undefined ? [] : [["func", reference]]);
  for (const text of call.values("factory-arg")) {
    const [key, value] = splitAssignment("factory-arg", text, "K=V");
    args.set(key, jsonOrText(value));
  }
  if (reference !== undefined) node.set("factory", FUNCTION_FACTORY);
  else if (factory !== undefined) node.set("factory", factory);
  if (args.size > 0) node.set("factory_args", args);
  for (const direction of ["in", "out"] as const) {
    for (const port of namesIn(call.value(`${direction}-ports`))) addPort(node, direction, port);
  }
  return node;
}

function namesIn(text: string | undefined): string[] {
  return text?.split(",").map((name) => name.trim()).filter((name) => name !== "") ?? [];
}

function readPosition(text: string | undefined): Position | undefined {
  if (text === undefined) return undefined;
  const [x, y, ...rest] = text.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
  if (Number.isFinite(x) && Number.isFinite(y) && rest.length === 0) return { x: x!, y: y! };
  throw new CommandError(`--position takes X,Y, two numbers, got ${text}`);
}
