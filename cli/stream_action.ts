/**
 * Running an action with its output passed through as it comes.
 *
 * @module
 */
import { startProcess } from "../runtime/process.ts";
import {
  type ActionContext,
  buildTemplateVariables,
  resolveWorkingDirectory,
} from "../runtime/tools/action_context.ts";
import type { ActionConfig } from "../runtime/tools/actions.ts";
import { referencedText } from "../runtime/tools/referenced_text.ts";
import { commandEnvironment, type ExecuteOptions } from "../runtime/tools/execute_action.ts";
import type { Io } from "./io.ts";

/**
 * Runs an action and passes its output through.
 *
 * @returns Its exit status: 128 and the number of the signal that ended it, 124 if it took too long.
 */
export async function streamAction(
  io: Io,
  action: ActionConfig,
  context: ActionContext,
  { timeout = 30, signal, cleanEnv = false }: ExecuteOptions,
): Promise<number> {
  const variables = { ...context.env, ...context.nodeEnv };
  const command = referencedText(action.command, `The command of action "${action.id}"`, variables);
  const templateVariables = buildTemplateVariables(context);
  await using environment = await commandEnvironment(templateVariables, cleanEnv);
  await using child = startProcess({
    command,
    cwd: resolveWorkingDirectory(context),
    ...environment.options,
  });
  let timedOut = false;
  const stop = () => void child.stop();
  const timer = timeout > 0
    ? setTimeout(() => (timedOut = true, stop()), timeout * 1000)
    : undefined;
  signal?.addEventListener("abort", stop, { once: true });
  try {
    await Promise.all([passOn(child.stdout, io.out), passOn(child.stderr, io.err)]);
    const { exitCode } = await child.status;
    if (timedOut) io.err(`Command timed out after ${timeout} seconds\n`);
    return timedOut ? 124 : exitCode < 0 ? 128 - exitCode : exitCode;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

async function passOn(
  stream: ReadableStream<Uint8Array>,
  write: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) write(decoder.decode(chunk, { stream: true }));
  write(decoder.decode());
}
