/** Calling the program: in this process, and as a process of its own. */
import { fileURLToPath } from "node:url";
import { type Io, main } from "../../cli/main.ts";

/** What a call left. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Where and with what a call is made. */
export interface Surroundings {
  cwd: string;
  env?: Record<string, string>;
  stdin?: string;
}

/** Surroundings that keep what is written. */
export function recordedIo(
  { cwd, env = {}, stdin = "" }: Surroundings,
): { io: Io; outcome: Omit<Outcome, "code"> } {
  const outcome = { stdout: "", stderr: "" };
  const io: Io = {
    cwd,
    stdin: new Blob([stdin]).stream(),
    terminal: { stdin: false, stdout: false, stderr: false },
    env: (name) => env[name],
    out: (text) => outcome.stdout += text,
    err: (text) => outcome.stderr += text,
    onInterrupt: () => () => {},
  };
  return { io, outcome };
}

/** Calls `main` in this process. */
export async function callMain(
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<Outcome> {
  const { io, outcome } = recordedIo(surroundings);
  const code = await main(argv, io);
  return { code, ...outcome };
}

/** Path of the program. */
const programPath: string = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** Path of a compiled program that is to be tested instead. */
const binary = Deno.env.get("NETRUN_BINARY");

/** The command that starts the program. */
export const program: readonly [string, ...string[]] = binary
  ? [binary]
  : [Deno.execPath(), "run", "-A", "--no-check", programPath];

/** The program as a task of this project, called from any folder. */
export const programTask: readonly [string, ...string[]] = [
  Deno.execPath(),
  "task",
  "--quiet",
  "--config",
  fileURLToPath(new URL("../../deno.json", import.meta.url)),
  "netrun",
];

/** Calls the program as a process. */
export async function callProgram(
  argv: readonly string[],
  { cwd, env = {}, stdin = "" }: Surroundings,
  [command, ...args]: readonly [string, ...string[]] = program,
): Promise<Outcome> {
  const child = new Deno.Command(command, {
    args: [...args, ...argv],
    cwd,
    // A task that runs these tests hands its own `INIT_CWD` on.
    env: { NO_COLOR: "1", INIT_CWD: cwd, ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Whether a program is there and ends well. */
export async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  try {
    const command = new Deno.Command(program, { args, stdout: "null", stderr: "null" });
    return (await command.output()).success;
  } catch {
    return false;
  }
}
