/**
 * The command line of netrun: `main(args, io)`, and the program itself.
 *
 * @example From a program
 * ```ts ignore
 * import { main } from "@netrun/netrun/cli";
 *
 * const status = await main(["validate", "-c", "report.netrun.toml"]);
 * ```
 *
 * @module
 */
import { UsageError } from "./command.ts";
import { programHelp } from "./help.ts";
import { type Io, processIo } from "./io.ts";
import { loadModule } from "./load_module.ts";
import { version } from "./version.ts";

export type { Io } from "./io.ts";

/**
 * Runs one command as the program `netrun` would.
 *
 * Data goes to standard output, everything else to standard error.
 *
 * @param args The arguments behind the program's name.
 * @param io Surroundings; those of this process by default.
 * @returns The exit status: 0 done, 1 failure, 2 wrong call, 3 epochs failed, 124 timed out,
 *   130 interrupted, 143 asked to end.
 */
export async function main(args: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    const status = shortAnswer(args, io);
    if (status !== undefined) return status;
    const { dispatch } = await loadModule<typeof import("./dispatch.ts")>("./dispatch.ts");
    return await dispatch(args, io);
  } catch (error) {
    const { printError } = await loadModule<typeof import("./output.ts")>("./output.ts");
    const color = args.find((_, i) => args[i - 1] === "--color") ??
      args.find((arg) => arg.startsWith("--color="))?.slice("--color=".length);
    printError(io, error, {
      debug: args.includes("--debug") || io.env("NETRUN_DEBUG") === "1",
      color,
    });
    return error instanceof UsageError ? 2 : 1;
  }
}

/** What needs neither a command nor the parser of arguments. */
function shortAnswer([word, ...rest]: readonly string[], io: Io): number | undefined {
  if (rest.length > 0) return undefined;
  switch (word) {
    case "--version":
    case "-V":
      io.out(`netrun ${version}\n`);
      return 0;
    case undefined:
    case "--help":
    case "-h":
    case "help":
      io.out(programHelp());
      return word === undefined ? 2 : 0;
  }
}

// Not awaited: a user's module may import this one, and would wait for the end of what loads it.
if (import.meta.main) main(Deno.args).then(Deno.exit);
