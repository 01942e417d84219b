/**
 * `netrun actions`: the shell commands that a net file keeps.
 *
 * @module
 */
import {
  type ActionConfig,
  getAvailableActions,
  getNodeActions,
  getProjectActions,
  recordOf,
} from "../../runtime/tools/actions.ts";
import type { ActionContext } from "../../runtime/tools/action_context.ts";
import { toPlain } from "../../runtime/tools/raw_net.ts";
import { referencedText } from "../../runtime/tools/referenced_text.ts";
import { nearestName } from "../../runtime/schema/nearest_name.ts";
import { numberOption } from "../arguments.ts";
import { type Command, type CommandCall, CommandError, UsageError } from "../command.ts";
import { untilInterrupted } from "../interrupts.ts";
import { readNetFile, requireNode } from "../net_file.ts";
import { printJson } from "../output.ts";

/** The actions that a call may mean, and what they run with. */
interface Available {
  readonly actions: readonly ActionConfig[];
  context(): Promise<ActionContext>;
}

/** `netrun actions list`. */
export const list: Command = {
  description: "Lists the actions of a net, with -n those that are available on a node.",
  options: [{ name: "node", short: "n", value: "NODE", help: "the node" }],
  examples: [["netrun actions list -n clean", "those of the project and of the node"]],
  async run(call) {
    const { actions } = await findActions(call, call.value("node"));
    printJson(call, actions);
    return 0;
  },
};

/** `netrun actions run`. */
export const run: Command = {
  description: "Runs an action in a shell and prints what came of it.\n" +
    "The command sees NODE_NAME, NODE_CONFIG, NET_FILE_PATH, NET_FILE_DIR, PROJECT_ROOT, " +
    "DEFAULT_CMD,\nand the variables of project and node, as environment variables.",
  positionals: [
    { name: "ID", required: true, help: "the action" },
    { name: "NODE", help: "the node that it is run for" },
  ],
  options: [
    { name: "global", short: "g", help: "run it for the project instead of a node" },
    { name: "timeout", short: "t", value: "SECONDS", help: "stop it then (30; 0 for no limit)" },
    { name: "stream", help: "pass its output through and end with its status" },
    { name: "clean-env", help: "pass on only PATH, HOME, USER, LANG, LC_*, TMPDIR and TERM" },
  ],
  examples: [
    ["netrun actions run open-source clean", "for the node clean"],
    ["netrun actions run deploy -g --stream -t 0", "for the project, without a limit"],
  ],
  run: runAction,
};

async function runAction(call: CommandCall): Promise<number> {
  const [id, node] = call.positionals;
  if (node === undefined && !call.flag("global")) {
    throw new UsageError("Name a node, or give --global to run the action for the project");
  }
  if (node !== undefined && call.flag("global")) {
    throw new UsageError("--global and a node exclude each other");
  }
  const timeout = numberOption(call, "timeout", { what: "a number of seconds" }) ?? 30;
  const available = await findActions(call, node);
  const action = available.actions.find((action) => action.id === id);
  if (!action) throw noSuchAction(id!, available.actions);
  const context = await available.context();
  const cleanEnv = call.flag("clean-env");
  return await untilInterrupted(call.io, async (signal) => {
    if (call.flag("stream")) {
      const { streamAction } = await import("../stream_action.ts");
      return await streamAction(call.io, action, context, { timeout, signal, cleanEnv });
    }
    const { executeAction } = await import("../../runtime/tools/execute_action.ts");
    const result = await executeAction(action, context, { timeout, signal, cleanEnv });
    printJson(call, {
      success: result.success,
      exit_code: result.exitCode,
      stdout: result.stdout,
      stderr: result.stderr,
      resolved_command: result.resolvedCommand,
      timed_out: result.timedOut,
    });
    return result.success ? 0 : 1;
  });
}

async function findActions(call: CommandCall, nodeName: string | undefined): Promise<Available> {
  const { net, filePath } = await readNetFile(call);
  const nodeConfig = nodeName === undefined
    ? undefined
    : recordOf(toPlain(requireNode(net, nodeName).node));
  const data = recordOf(toPlain(net));
  const graphExtra = recordOf(recordOf(data.graph).extra);
  const nodeExtra = recordOf(nodeConfig?.extra);
  return {
    actions: getAvailableActions(
      getProjectActions(graphExtra, recordOf(data.extra)),
      getNodeActions(nodeExtra),
    ),
    async context() {
      const { buildActionContext } = await import("../../runtime/tools/action_context.ts");
      const override = data.project_root_override ?? data.project_root;
      return buildActionContext({
        graphExtra,
        nodeName,
        nodeExtra,
        nodeConfig,
        netFilePath: filePath,
        projectRoot: override === undefined || override === null
          ? undefined
          : referencedText(override, "project_root_override"),
        globalNodeVars: data.node_vars,
        nodeExecutionConfig: nodeConfig?.execution_config,
      });
    },
  };
}

function noSuchAction(id: string, actions: readonly ActionConfig[]): CommandError {
  const ids = actions.map(({ id }) => id);
  const near = nearestName(id, ids);
  const hint = near !== undefined
    ? `did you mean ${near}?`
    : ids.length > 0
    ? `there are ${ids.join(", ")}`
    : "there are none";
  return new CommandError(`No action ${id}: ${hint}`);
}
