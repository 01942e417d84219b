/**
 * What a command sees of the world: streams, environment, working folder.
 *
 * @module
 */
import { CommandError } from "./command.ts";

/** The surroundings of one call of the program; tests hand in their own. */
export interface Io {
  /** Absolute path of the folder that relative paths start from. */
  readonly cwd: string;
  /** Standard input; not touched before it is read. */
  readonly stdin: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Which of the streams are terminals. */
  readonly terminal: {
    readonly stdin: boolean;
    readonly stdout: boolean;
    readonly stderr: boolean;
  };
  /** An environment variable, or undefined if it is unset or may not be read. */
  env(name: string): string | undefined;
  /** Writes to standard output: data, nothing else. */
  out(text: string): void;
  /** Writes to standard error: messages, warnings, progress. */
  err(text: string): void;
  /** Calls `handler` at every SIGINT or SIGTERM until the returned function is called. */
  onInterrupt(handler: (signal: "SIGINT" | "SIGTERM") => void): () => void;
}

/** The real surroundings of this process. */
export function processIo(): Io {
  const encoder = new TextEncoder();
  return {
    cwd: Deno.cwd(),
    get stdin() {
      return Deno.stdin.readable;
    },
    terminal: {
      stdin: Deno.stdin.isTerminal(),
      stdout: Deno.stdout.isTerminal(),
      stderr: Deno.stderr.isTerminal(),
    },
    env: readEnvironment,
    out(text) {
      // `netrun … | head -1` closes the pipe: nobody wants the rest.
      try {
        if (!writeAll(Deno.stdout, encoder.encode(text))) Deno.exit(0);
      } catch (error) {
        throw new CommandError(`Cannot write to standard output: ${(error as Error).message}`, {
          cause: error,
        });
      }
    },
    // Without readers of messages the work goes on.
    err: (text) => void writeAll(Deno.stderr, encoder.encode(text)),
    onInterrupt(handler) {
      const signals = (["SIGINT", "SIGTERM"] as const).map((signal) => {
        const listener = () => handler(signal);
        // Windows knows no SIGTERM.
        if (Deno.build.os === "windows" && signal === "SIGTERM") return () => {};
        Deno.addSignalListener(signal, listener);
        return () => Deno.removeSignalListener(signal, listener);
      });
      return () => signals.forEach((remove) => remove());
    },
  };
}

function readEnvironment(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}

/** Writes everything; false if nobody reads any more. */
function writeAll(stream: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): boolean {
  try {
    for (let done = 0; done < bytes.length;) done += stream.writeSync(bytes.subarray(done));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}

/** All of standard input as text. */
export async function readStdin(io: Io): Promise<string> {
  return await new Response(io.stdin).text();
}
