/** Programs that run beside a test. */
import { until } from "./_leaks.ts";

/** A program that has said something. */
export interface RunningProgram extends AsyncDisposable {
  readonly pid: number;
  /** Its first line. */
  readonly line: string;
  readonly status: Promise<Deno.CommandStatus>;
  kill(signal: Deno.Signal): void;
}

/** Starts a program of this folder; resolves when it has written a line. */
export async function startProgram(name: string, ...args: string[]): Promise<RunningProgram> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", new URL(name, import.meta.url).href, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`${name} has ended with ${(await child.status).code}: ${text}`);
    text += value;
  }
  const kill = (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch {
      // It has ended.
    }
  };
  return {
    pid: child.pid,
    line: text.split("\n")[0]!,
    status: child.status,
    kill,
    async [Symbol.asyncDispose]() {
      kill("SIGCONT");
      kill("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}

/** Whether a process is there and not only waiting to be forgotten. */
export function isAlive(pid: number): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return stat.slice(stat.lastIndexOf(")") + 2)[0] !== "Z";
  } catch {
    return false;
  }
}

/** Waits until a process has ended. */
export async function untilEnded(pid: number): Promise<void> {
  await until(() => !isAlive(pid), `the end of process ${pid}`);
}
