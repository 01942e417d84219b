/**
 * Running actions: their output goes to the page as it comes.
 *
 * @module
 */
import { startProcess } from "../../runtime/process.ts";
import {
  type ActionContext,
  buildActionContext,
  buildTemplateVariables,
  resolveWorkingDirectory,
} from "../../runtime/tools/action_context.ts";
import { recordOf } from "../../runtime/tools/actions.ts";
import { commandEnvironment } from "../../runtime/tools/execute_action.ts";
import { findNode, type RawObject, toPlain } from "../../runtime/tools/raw_net.ts";
import { resolveTemplate } from "../../runtime/tools/template.ts";

/** What an action of a document runs with. */
export function contextOf(
  document: RawObject,
  nodeName: string | undefined,
  netFilePath: string | undefined,
): ActionContext {
  const data = recordOf(toPlain(document));
  const node = nodeName === undefined
    ? undefined
    : recordOf(toPlain(findNode(document, nodeName)?.node));
  const override = data.project_root_override;
  return buildActionContext({
    graphExtra: recordOf(recordOf(data.graph).extra),
    ...(nodeName === undefined
      ? {}
      : { nodeName, nodeExtra: recordOf(node?.extra), nodeConfig: node }),
    ...(node === undefined ? {} : { nodeExecutionConfig: recordOf(node.execution_config) }),
    ...(netFilePath === undefined ? {} : { netFilePath }),
    ...(typeof override === "string" ? { projectRoot: override } : {}),
    globalNodeVars: recordOf(data.node_vars),
  });
}

/** A command as it would read with its variables put in; only for showing. */
export function previewAction(command: string, context: ActionContext): string {
  return resolveTemplate(command, buildTemplateVariables(context));
}

/** Runs a command; lines of JSON tell of its output and its end. Giving up the response stops it. */
export function streamAction(
  command: string,
  context: ActionContext,
  timeout: number,
): ReadableStream<Uint8Array> {
  const stop = new AbortController();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async start(controller) {
      const send = (line: Record<string, unknown>) => {
        if (!stop.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      };
      try {
        await run(command, context, timeout, stop.signal, send);
      } catch (error) {
        const message = error instanceof Error ? error.message : `${error}`;
        send({ type: "stderr", text: message });
        send({ type: "exit", exit_code: -1, timed_out: false, duration_ms: 0 });
      }
      if (!stop.signal.aborted) controller.close();
    },
    cancel: () => stop.abort(),
  });
}

async function run(
  command: string,
  context: ActionContext,
  timeout: number,
  signal: AbortSignal,
  send: (line: Record<string, unknown>) => void,
): Promise<void> {
  const variables = buildTemplateVariables(context);
  await using environment = await commandEnvironment(variables, false);
  const startedMs = Date.now();
  await using child = startProcess({
    command,
    cwd: resolveWorkingDirectory(context),
    ...environment.options,
  });
  send({ type: "start", resolved_command: resolveTemplate(command, variables) });
  let timedOut = false;
  const timer = timeout > 0
    ? setTimeout(() => {
      timedOut = true;
      child.stop();
    }, timeout * 1000)
    : undefined;
  const onAbort = () => child.stop();
  signal.addEventListener("abort", onAbort);
  const relay = async (stream: ReadableStream<Uint8Array>, type: string) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream() as never)) {
      send({ type, text: text as unknown as string });
    }
  };
  try {
    const [{ exitCode }] = await Promise.all([
      child.status,
      relay(child.stdout, "stdout"),
      relay(child.stderr, "stderr"),
    ]);
    send({
      type: "exit",
      exit_code: timedOut ? -1 : exitCode,
      timed_out: timedOut,
      duration_ms: Date.now() - startedMs,
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}
