/**
 * Running the shell commands of actions.
 *
 * @module
 */
import { runProcess } from "../process.ts";
import {
  type ActionContext,
  buildTemplateVariables,
  resolveWorkingDirectory,
} from "./action_context.ts";
import type { ActionConfig } from "./actions.ts";
import { referencedText } from "./referenced_text.ts";
import { resolveTemplate, type TemplateVariables } from "./template.ts";

/** How to run a command. */
export interface ExecuteOptions {
  /** Seconds after which it is stopped, with all that it started; 0 for no limit. @default {30} */
  timeout?: number | undefined;
  /** Stops it. */
  signal?: AbortSignal | undefined;
  /** Pass on only what every program needs of the environment of this process. @default {false} */
  cleanEnv?: boolean | undefined;
}

/** What came of running a command. */
export interface ActionResult {
  /** Whether its exit status is 0. */
  success: boolean;
  /** Exit status; minus the number of the signal that ended it; -1 if it was stopped or did not start. */
  exitCode: number;
  /** What it wrote to standard output, the first 10 MB. */
  stdout: string;
  /** What it wrote to standard error, the first 10 MB, and why it was stopped or did not start. */
  stderr: string;
  /** The command with its variables replaced, for showing. */
  resolvedCommand: string;
  /** Whether it was stopped because its time was over. */
  timedOut: boolean;
}

/** The system refuses longer variables: 128 KB on Linux. */
const MAX_VARIABLE_BYTES = 100_000;
const KEPT_VARIABLE = /^(?:PATH|HOME|USER|LANG|LC_.*|TMPDIR|TERM)$/;

/**
 * Runs an action.
 *
 * @throws {InvalidArgumentError} If the command refers to a variable without a value, or the working
 * directory does not exist.
 * @throws The reason of `signal`, if that was aborted.
 */
export async function executeAction(
  action: Pick<ActionConfig, "id" | "command">,
  context: ActionContext,
  options: ExecuteOptions = {},
): Promise<ActionResult> {
  const variables = { ...context.env, ...context.nodeEnv };
  const command = referencedText(action.command, `The command of action "${action.id}"`, variables);
  return await executeCommand(command, context, options);
}

/**
 * Runs a command in a shell. Values reach it as environment variables, never as program text.
 *
 * @throws {InvalidArgumentError} If the working directory does not exist.
 * @throws The reason of `signal`, if that was aborted.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const result = await executeCommand('echo "$NODE_NAME"', { nodeName: "$(touch x); roast" });
 * assertEquals(result.stdout, "$(touch x); roast\n");
 * ```
 */
export async function executeCommand(
  command: string,
  context: ActionContext,
  options: ExecuteOptions = {},
): Promise<ActionResult> {
  const { timeout = 30, signal, cleanEnv } = options;
  const variables = buildTemplateVariables(context);
  const resolvedCommand = resolveTemplate(command, variables);
  await using environment = await commandEnvironment(variables, cleanEnv ?? false);
  const cwd = resolveWorkingDirectory(context);
  try {
    const result = await runProcess({ command, cwd, timeout, signal, ...environment.options });
    const { exitCode, timedOut } = result;
    const stderr = outputText(result.stderr, result.stderrCut);
    const notice = `Command timed out after ${timeout} seconds`;
    return {
      success: exitCode === 0 && !timedOut,
      exitCode: timedOut ? -1 : exitCode,
      stdout: outputText(result.stdout, result.stdoutCut),
      stderr: timedOut ? onOwnLine(stderr, notice) : stderr,
      resolvedCommand,
      timedOut,
    };
  } catch (error) {
    if (!isStartFailure(error)) throw error;
    const stderr = `Cannot start the command: ${(error as Error).message}`;
    return { success: false, exitCode: -1, stdout: "", stderr, resolvedCommand, timedOut: false };
  }
}

/** The environment of a command, and the file that holds what is too long for it. */
export interface CommandEnvironment extends AsyncDisposable {
  /** As running a process takes it. */
  readonly options: { env: Record<string, string>; clearEnv: boolean };
}

/** Makes the environment of a command; disposing it removes its temporary file. */
export async function commandEnvironment(
  variables: TemplateVariables,
  cleanEnv: boolean,
): Promise<CommandEnvironment> {
  const env: Record<string, string> = cleanEnv
    ? Object.fromEntries(
      Object.entries(Deno.env.toObject()).filter(([name]) => KEPT_VARIABLE.test(name)),
    )
    : {};
  Object.assign(env, variables);
  let file: string | undefined;
  const { NODE_CONFIG = "{}" } = variables;
  if (
    NODE_CONFIG.length > MAX_VARIABLE_BYTES / 3 &&
    new TextEncoder().encode(NODE_CONFIG).length > MAX_VARIABLE_BYTES
  ) {
    file = await Deno.makeTempFile({ prefix: "netrun-node-", suffix: ".json" });
    await Deno.writeTextFile(file, NODE_CONFIG);
    Object.assign(env, { NODE_CONFIG: "{}", NODE_CONFIG_FILE: file });
  }
  return {
    options: { env, clearEnv: cleanEnv },
    async [Symbol.asyncDispose]() {
      if (file !== undefined) await Deno.remove(file);
    },
  };
}

function outputText(bytes: Uint8Array, isCut: boolean): string {
  const text = new TextDecoder().decode(bytes);
  return isCut ? onOwnLine(text, "[output cut: more than 10 MB]\n") : text;
}

function onOwnLine(text: string, line: string): string {
  return text === "" || text.endsWith("\n") ? text + line : `${text}\n${line}`;
}

function isStartFailure(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable || error instanceof TypeError ||
    error instanceof Error && /E2BIG|Argument list too long/.test(error.message);
}
