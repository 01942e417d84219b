/**
 * Running programs: each in a process group of its own, so that stopping one stops what it started.
 *
 * @module
 */
import { InvalidArgumentError } from "../sim/error.ts";

/** Seconds between asking a process group to end and ending it. */
const GRACE_SECONDS = 2;

/** How long a stopped program's outputs may take to end: its group is gone by then. */
const PIPE_GRACE_MS = 200;

/** What to run, and how. */
export interface ProcessOptions {
  /** Program and arguments, run without a shell; or one text for the shell. */
  command: readonly string[] | string;
  /** Working directory; that of this process by default. */
  cwd?: string | undefined;
  /** Environment variables on top of the environment of this process. */
  env?: Readonly<Record<string, string>> | undefined;
  /** Pass only `env`. @default {false} */
  clearEnv?: boolean | undefined;
  /** What its standard input is: nothing, or a pipe. @default {"null"} */
  stdin?: "null" | "piped" | undefined;
}

/** How a process ended. */
export interface ProcessStatus {
  /** Exit status; minus the number of the signal that ended it. */
  exitCode: number;
  /** The signal that ended it, such as `SIGKILL`. */
  signal: string | null;
}

/** A running program. Leaving its scope stops it, if it has not ended by then. */
export interface RunningProcess extends AsyncDisposable {
  /** Process id, also that of its group. */
  readonly pid: number;
  /** Its standard input, if that is a pipe. */
  readonly stdin: WritableStream<Uint8Array> | undefined;
  /** Its standard output. */
  readonly stdout: ReadableStream<Uint8Array>;
  /** Its standard error. */
  readonly stderr: ReadableStream<Uint8Array>;
  /** Settles once the program itself has ended. */
  readonly status: Promise<ProcessStatus>;
  /**
   * Asks the whole group to end, and ends it after two seconds. Resolves when the program is gone;
   * calling it again changes nothing.
   */
  stop(): Promise<void>;
}

/**
 * Starts a program in a process group of its own.
 *
 * Its outputs must be read or cancelled. The group is also ended when this process ends.
 *
 * @throws {InvalidArgumentError} If the working directory does not exist, or the command is empty.
 * @throws {Error} If the program cannot be started, such as `Deno.errors.NotFound`.
 */
export function startProcess(options: ProcessOptions): RunningProcess {
  const { program, args, raw } = commandLine(options.command);
  if (options.cwd !== undefined) requireDirectory(options.cwd);
  const stdin = options.stdin ?? "null";
  const child = new Deno.Command(program, {
    args,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
    clearEnv: options.clearEnv ?? false,
    stdin,
    stdout: "piped",
    stderr: "piped",
    detached: true,
    windowsRawArguments: raw,
  }).spawn();
  const killGroup = (signal: Deno.Signal) => endGroup(child, signal);
  const killAtExit = () => killGroup("SIGKILL");
  addEventListener("unload", killAtExit);
  let ended = false;
  const status = child.status.then(({ code, signal }) => ({
    exitCode: signal === null ? code : 128 - code,
    signal,
  })).finally(() => {
    ended = true;
    removeEventListener("unload", killAtExit);
  });
  let stopping: Promise<void> | undefined;
  const stop = () => stopping ??= stopGroup(status, killGroup);
  return {
    pid: child.pid,
    stdin: stdin === "piped" ? child.stdin : undefined,
    stdout: child.stdout,
    stderr: child.stderr,
    status,
    stop,
    [Symbol.asyncDispose]: () => ended ? Promise.resolve() : stop(),
  };
}

/** Asks a group to end; ends it when the program is gone or the grace is over. */
async function stopGroup(
  status: Promise<ProcessStatus>,
  killGroup: (signal: Deno.Signal) => void,
): Promise<void> {
  killGroup("SIGTERM");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const graceOver = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GRACE_SECONDS * 1000);
  });
  await Promise.race([status, graceOver]);
  clearTimeout(timer);
  // Whoever of the group ignored the request has no leader left to wait for.
  killGroup("SIGKILL");
  await status;
}

/** Sends a signal to a whole group; one that is gone already is as good as ended. */
function endGroup(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    if (Deno.build.os === "windows") child.kill("SIGKILL");
    else Deno.kill(-child.pid, signal);
  } catch (error) {
    // macOS says "not permitted" of a group of which only the dead are left.
    const { NotFound, PermissionDenied } = Deno.errors;
    const isGone = error instanceof NotFound || error instanceof PermissionDenied ||
      error instanceof TypeError;
    if (!isGone) throw error;
  }
}

/** The program to start and its arguments; a text goes to the shell. */
function commandLine(
  command: readonly string[] | string,
): { program: string; args: string[]; raw: boolean } {
  if (typeof command === "string") {
    return Deno.build.os === "windows"
      ? { program: "cmd", args: ["/d", "/s", "/c", `"${command}"`], raw: true }
      : { program: "sh", args: ["-c", command], raw: false };
  }
  const [program, ...args] = command;
  if (program === undefined || program === "") {
    throw new InvalidArgumentError("Cannot run a command: it names no program");
  }
  return { program, args, raw: false };
}

function requireDirectory(path: string): void {
  let isDirectory = false;
  try {
    isDirectory = Deno.statSync(path).isDirectory;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
      throw error;
    }
  }
  if (!isDirectory) throw new InvalidArgumentError(`Working directory does not exist: ${path}`);
}

/** How to run a program to its end. */
export interface RunProcessOptions extends Omit<ProcessOptions, "stdin"> {
  /** What it reads from its standard input; nothing by default. */
  input?: Uint8Array | undefined;
  /** Seconds after which it is stopped; no limit if absent or 0. */
  timeout?: number | undefined;
  /** Stops it. */
  signal?: AbortSignal | undefined;
  /** How much of each output is kept. @default {10000000} */
  maxOutputBytes?: number | undefined;
}

/** What a program that ran to its end, or was stopped, left. */
export interface ProcessResult extends ProcessStatus {
  /** Its standard output, up to the limit. */
  stdout: Uint8Array;
  /** Its standard error, up to the limit. */
  stderr: Uint8Array;
  /** Whether its standard output went on past the limit. */
  stdoutCut: boolean;
  /** Whether its standard error went on past the limit. */
  stderrCut: boolean;
  /** Whether it was stopped because its time was over. */
  timedOut: boolean;
}

/**
 * Runs a program until it ends or its time is over, and collects what it writes.
 *
 * @throws The reason of `signal`, once the program is stopped, if that was aborted.
 * @throws {InvalidArgumentError} If the working directory does not exist, or the command is empty.
 * @throws {Error} If the program cannot be started.
 *
 * @example Arguments reach the program as they are
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { exitCode, stdout } = await runProcess({ command: ["echo", "two words; one argument"] });
 * assertEquals(exitCode, 0);
 * assertEquals(new TextDecoder().decode(stdout), "two words; one argument\n");
 * ```
 */
export async function runProcess(options: RunProcessOptions): Promise<ProcessResult> {
  const { input, timeout, signal, maxOutputBytes = 10_000_000, ...rest } = options;
  signal?.throwIfAborted();
  await using child = startProcess({ ...rest, stdin: input === undefined ? "null" : "piped" });
  const outputs = [child.stdout, child.stderr].map((stream) =>
    collectOutput(stream, maxOutputBytes)
  );
  let timedOut = false;
  let giveUp: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const stop = () => {
    // A process that left the group keeps the pipes open; it must not keep us waiting.
    child.stop().then(() => {
      if (!ended) {
        giveUp = setTimeout(() => outputs.forEach((output) => output.stop()), PIPE_GRACE_MS);
      }
    });
  };
  const timer = timeout ? setTimeout(() => (timedOut = true, stop()), timeout * 1000) : undefined;
  signal?.addEventListener("abort", stop);
  try {
    if (input !== undefined) await feedProcess(child.stdin!, input);
    const [stdout, stderr] = await Promise.all(outputs.map((output) => output.done));
    const status = await child.status;
    signal?.throwIfAborted();
    return {
      ...status,
      stdout: stdout!.bytes,
      stderr: stderr!.bytes,
      stdoutCut: stdout!.cut,
      stderrCut: stderr!.cut,
      timedOut,
    };
  } finally {
    ended = true;
    clearTimeout(timer);
    clearTimeout(giveUp);
    signal?.removeEventListener("abort", stop);
  }
}

/**
 * Writes all of `input` and closes. A program may end, or close its input, without reading it: that
 * is no error.
 */
export async function feedProcess(
  stdin: WritableStream<Uint8Array>,
  input: Uint8Array,
): Promise<void> {
  const writer = stdin.getWriter();
  try {
    await writer.write(input);
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** An output that is being read. */
export interface CollectedOutput {
  /** What there is at the end of the stream, or when told to stop; `cut` if there was more. */
  readonly done: Promise<{ bytes: Uint8Array; cut: boolean }>;
  /** Waits no longer. */
  stop(): void;
}

/** Reads a stream to its end and keeps the first `maxBytes`. */
export function collectOutput(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): CollectedOutput {
  const reader = stream.getReader();
  const read = async () => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    let cut = false;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const kept = value.subarray(0, maxBytes - size);
      cut ||= kept.length < value.length;
      if (kept.length === 0) continue;
      chunks.push(kept);
      size += kept.length;
    }
    return { bytes: concatBytes(chunks, size), cut };
  };
  return { done: read(), stop: () => void reader.cancel().catch(() => {}) };
}

function concatBytes(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
