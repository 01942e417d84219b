/**
 * `--watch`: doing a command again whenever a file of the net changes.
 *
 * @module
 */
import { dirname } from "node:path";
import { filesOfNet } from "../runtime/tools/watched_files.ts";
import type { CommandCall } from "./command.ts";
import { findConfig } from "./find_config.ts";
import { interruptStatus } from "./interrupts.ts";
import { shortPath } from "./output.ts";
import { programCommand } from "./program.ts";

/** Changes within this time count as one. */
const SETTLE_MS = 100;
const GRACE_MS = 2000;

/**
 * Calls the program again without `--watch`, each time in a process of its own since modules that
 * are loaded stay, until it is interrupted.
 *
 * @param what The word for what is done, for messages.
 * @returns The status of the interrupt.
 */
export async function watchAndRepeat(call: CommandCall, what: string): Promise<number> {
  const { io } = call;
  const netFile = await Deno.realPath(findConfig(call, call.positionals[0]));
  const [program, ...args] = programCommand();
  const argv = call.argv.filter((word) => word !== "--watch");
  let status: number | undefined;
  const interrupted = Promise.withResolvers<undefined>();
  const stopListening = io.onInterrupt((signal) => {
    status = interruptStatus[signal];
    interrupted.resolve(undefined);
  });
  try {
    while (status === undefined) {
      const child = new Deno.Command(program, {
        args: [...args, ...argv],
        cwd: io.cwd,
        stdin: "null",
      }).spawn();
      const files = await filesOfNet(netFile);
      const change = nextChange(files, interrupted.promise);
      await Promise.race([child.status, change, interrupted.promise]);
      if (status === undefined) io.err(`Waiting for changes in ${files.size} files\n`);
      const changed = await change;
      await stop(child);
      if (changed !== undefined) io.err(`${shortPath(io, changed)} changed: ${what} again\n`);
    }
    return status;
  } finally {
    stopListening();
  }
}

/** The first of the files that changes; undefined if `stop` resolves before. */
async function nextChange(
  files: ReadonlySet<string>,
  stop: Promise<undefined>,
): Promise<string | undefined> {
  const folders = new Set([...files].map((file) => dirname(file)));
  using watcher = Deno.watchFs([...folders], { recursive: false });
  const events = watcher[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([events.next(), stop]);
    if (next === undefined || next.done) return undefined;
    const { kind, paths } = next.value;
    const changed = kind === "access" ? undefined : paths.find((path) => files.has(path));
    if (changed === undefined) continue;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return changed;
  }
}

async function stop(child: Deno.ChildProcess): Promise<void> {
  const kill = (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch {
      // It has ended by itself.
    }
  };
  // The first asks a run to end after its epochs, the second at once.
  kill("SIGTERM");
  kill("SIGTERM");
  const timer = setTimeout(() => kill("SIGKILL"), GRACE_MS);
  await child.status;
  clearTimeout(timer);
}
