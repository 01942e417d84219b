/**
 * `netrun exec`: runs one node by itself.
 *
 * @module
 */
import type { Net } from "../../runtime/net/net.ts";
import { toJSONValue } from "../../runtime/packets/json_value.ts";
import { nearestName } from "../../runtime/schema/nearest_name.ts";
import { userFrame } from "../../runtime/tools/user_frame.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { findConfig } from "../find_config.ts";
import { untilInterrupted } from "../interrupts.ts";
import { noSuchNode } from "../net_file.ts";
import { printJson, printWarnings } from "../output.ts";
import { deadLetterOption } from "../run/dead_letters.ts";
import { parseValue } from "../run/inputs.ts";
import { findDeadLetter, inputsOf } from "../run/stored_dead_letters.ts";
import { splitAssignment, variableOptions, variablesOf } from "../variables.ts";

type Inputs = Record<string, unknown[]>;

/** The command. */
export const exec: Command = {
  description: "Runs the function of one node in this process, without a net around it,\n" +
    "and prints what it sends: values by output port. Works under `deno run --inspect-brk`.",
  positionals: [{ name: "NODE", help: "the node; not needed with --dead-letter" }],
  options: [
    { name: "input", value: "PORT=JSON", many: true, help: "a value for an input port" },
    { name: "dead-letter", value: "ID", help: "take node and inputs of this failed epoch" },
    deadLetterOption,
    ...variableOptions,
    {
      name: "allow-module",
      value: "PREFIX",
      many: true,
      help: "code outside the project that may be loaded: a beginning of URLs, or a folder",
    },
  ],
  examples: [
    [`netrun exec double --input x=21`, 'prints {"out": [42]}'],
    ["netrun exec --dead-letter 01J9", "runs a failed epoch again, to see why it fails"],
  ],
  run: execNode,
};

async function execNode(call: CommandCall): Promise<number> {
  const { io } = call;
  const { Net } = await import("../../runtime/net/net.ts");
  const net = await Net.fromFile(findConfig(call), {
    ...variablesOf(call),
    allowModules: [...call.values("allow-module")],
    echo: (line) => io.err(`${line}\n`),
  });
  printWarnings(call, net.warnings);
  const { node, inputs } = await whatToRun(call, net);
  return await untilInterrupted(io, async (signal) => {
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason), { once: true })
    );
    try {
      const running = net.executeNode(node, inputs, { outsideNet: true });
      const outputs = await Promise.race([running, aborted]);
      printJson(
        call,
        new Map(Object.entries(outputs).map(([port, values]) => [port, values.map(toJSONValue)])),
      );
      return 0;
    } catch (error) {
      if (signal.aborted) throw error;
      throw failed(node, error, net.config.projectRootPath);
    } finally {
      await net.close();
    }
  });
}

async function whatToRun(call: CommandCall, net: Net): Promise<{ node: string; inputs: Inputs }> {
  const id = call.value("dead-letter");
  const [given] = call.positionals;
  const entry = id === undefined ? undefined : await findDeadLetter(call, net.config, id);
  const node = entry?.node ?? given;
  if (node === undefined) throw new CommandError("Name a node, or a failed epoch by --dead-letter");
  if (given !== undefined && given !== node) {
    throw new CommandError(`Dead letter ${id} is one of node "${node}", not of "${given}"`);
  }
  const graphNode = net.graph.node(node);
  if (!graphNode) throw noSuchNode(node, net.graph.nodes.map(({ name }) => name));
  const inputs = entry ? inputsOf(entry) : {};
  const ports = graphNode.inPorts.map(({ name }) => name);
  for (const text of call.values("input")) {
    const [port, json] = splitAssignment("input", text, "PORT=JSON");
    if (!ports.includes(port)) throw noSuchPort(node, port, ports);
    (inputs[port] ??= []).push(parseValue(json, `--input ${port}`));
  }
  return { node, inputs };
}

function noSuchPort(node: string, port: string, ports: readonly string[]): CommandError {
  const near = nearestName(port, ports);
  const hint = near === undefined
    ? `it has ${ports.join(", ") || "none"}`
    : `did you mean ${near}?`;
  return new CommandError(`--input ${port}: node "${node}" has no such input port; ${hint}`);
}

function failed(node: string, error: unknown, projectRoot: string): CommandError {
  const { message, stack, name } = error instanceof Error ? error : new Error(String(error));
  const at = userFrame(stack, projectRoot);
  const place = at === undefined ? "" : ` (${at})`;
  return new CommandError(`Node "${node}" failed: ${name}: ${message}${place}`, { cause: error });
}
