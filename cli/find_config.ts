/**
 * Which net file a command is about.
 *
 * @module
 */
import { resolve } from "node:path";
import { type CommandCall, CommandError, UsageError } from "./command.ts";

/**
 * Finds the net file: the argument, `-c`, `NETRUN_CONFIG`, or the only one in the working folder.
 *
 * @param call The call; `-c` is read from it.
 * @param argument The file as a positional argument, for commands that take one.
 * @returns Its absolute path; it may be missing.
 * @throws {UsageError} If both the argument and `-c` name one.
 * @throws {CommandError} If none is named and the folder holds none or several.
 */
export function findConfig(call: CommandCall, argument?: string): string {
  const { io } = call;
  const option = call.value("config");
  if (argument !== undefined && option !== undefined) {
    throw new UsageError(`Two net files named: ${argument} and --config ${option}`);
  }
  const named = argument ?? option ?? io.env("NETRUN_CONFIG");
  if (named !== undefined && named !== "") return resolve(io.cwd, named);
  const found = [...Deno.readDirSync(io.cwd)].map(({ name }) => name)
    .filter((name) => /\.netrun\.(json|toml)$/.test(name)).sort();
  if (found.length === 1) return resolve(io.cwd, found[0]!);
  throw new CommandError(
    found.length === 0
      ? `No net file in ${io.cwd}: name one with -c FILE, or begin a project with netrun init`
      : `Several net files in ${io.cwd}: ${found.join(", ")}; name one with -c FILE`,
  );
}
