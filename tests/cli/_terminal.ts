/** Typing into the program on a terminal of its own, by the program `script`. */
import { program, succeeds } from "./_program.ts";

/** Whether there is a `script` that can do it. */
export const hasTerminal: boolean = Deno.build.os === "linux" &&
  await succeeds("script", "--version");

/** The program on a terminal. */
export interface TerminalSession extends AsyncDisposable {
  /** Waits until the terminal has shown this. */
  shows(text: string): Promise<void>;
  /** Types. */
  type(text: string): Promise<void>;
  /** How it ended, and all that the terminal showed. */
  end(): Promise<{ code: number; shown: string }>;
}

/** Ctrl-C. */
export const CTRL_C = "\x03";

/** Starts a command line of a shell on a terminal; `netrun` in it is the program. */
export function openTerminal(command: string, cwd: string): TerminalSession {
  const child = new Deno.Command("script", {
    args: ["-qefc", command.replaceAll("netrun ", `${program.join(" ")} `), "/dev/null"],
    cwd,
    env: { TERM: "xterm", INIT_CWD: cwd, NO_COLOR: "" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const input = child.stdin.getWriter();
  let shown = "";
  let wake: () => void = () => {};
  const reading = (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      shown += text;
      wake();
    }
  })();
  const typed = (text: string) => input.write(new TextEncoder().encode(text));
  return {
    async shows(text) {
      while (!shown.includes(text)) await new Promise<void>((resolve) => wake = resolve);
    },
    type: typed,
    async end() {
      const { code } = await child.status;
      await reading;
      return { code, shown };
    },
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
      await input.close().catch(() => {});
      await reading.catch(() => {});
    },
  };
}
