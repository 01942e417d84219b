/**
 * Running a command to look at what it says.
 *
 * @module
 */

/** How a command ended. */
export interface CommandResult {
  readonly success: boolean;
  /** What it wrote to stderr and stdout, without colours. */
  readonly output: string;
}

/** Where and with what a command runs. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** When it is stopped, with all that it started. @default {600_000} */
  readonly limitMs?: number;
}

/** Runs `program` without input and without colours. */
export async function runCommand(
  program: string,
  args: string[],
  { cwd, env, limitMs = 600_000 }: CommandOptions = {},
): Promise<CommandResult> {
  const child = new Deno.Command(program, {
    args,
    env: { ...env, NO_COLOR: "1" },
    ...(cwd === undefined ? {} : { cwd }),
    // In a process group of its own: npx, tasks and shells do not pass on what stops them.
    detached: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let stopped = false;
  const stop = () => {
    stopped = true;
    if (Deno.build.os === "windows") child.kill("SIGKILL");
    else Deno.kill(-child.pid, "SIGKILL");
  };
  const interrupt = () => {
    stop();
    Deno.exit(130);
  };
  const timer = setTimeout(stop, limitMs);
  Deno.addSignalListener("SIGINT", interrupt);
  try {
    const { success, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    const said = text.decode(stderr) + text.decode(stdout);
    return stopped
      ? { success: false, output: `${said}\nstopped after ${limitMs / 1000} s` }
      : { success, output: said };
  } finally {
    clearTimeout(timer);
    Deno.removeSignalListener("SIGINT", interrupt);
  }
}

/** Runs this very Deno. */
export function runDeno(args: string[], options?: CommandOptions): Promise<CommandResult> {
  return runCommand(Deno.execPath(), args, options);
}
