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
import { nearestName } from "../runtime/schema/nearest_name.ts";
import { type GivenOptions, readCall, readOptions } from "./arguments.ts";
import { globalOptions, UsageError } from "./command.ts";
import {
  type CommandEntry,
  type CommandGroup,
  commands,
  hiddenCommands,
  isGroup,
} from "./commands.ts";
import { type Io, processIo } from "./io.ts";
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
    return await dispatch(args, io);
  } catch (error) {
    const { printError } = await import("./output.ts");
    const color = args.find((_, i) => args[i - 1] === "--color") ??
      args.find((arg) => arg.startsWith("--color="))?.slice("--color=".length);
    printError(io, error, {
      debug: args.includes("--debug") || io.env("NETRUN_DEBUG") === "1",
      color,
    });
    return error instanceof UsageError ? 2 : 1;
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const options = [...globalOptions, { name: "version", short: "V", help: "print the version" }];
  const { words, given } = readOptions(args, options, true);
  if (given.has("version")) {
    io.out(`netrun ${version}\n`);
    return 0;
  }
  const [name, ...rest] = words;
  if (name === undefined) {
    const { programHelp } = await import("./help.ts");
    io.out(programHelp());
    return given.has("help") ? 0 : 2;
  }
  // What people try first.
  if (name === "help") return await dispatch([...rest, "--help"], io);
  if (Object.hasOwn(hiddenCommands, name)) {
    return await runCommand(name, hiddenCommands[name]!, rest, given, io);
  }
  const entry = find(name, commands, "netrun");
  return isGroup(entry)
    ? await runGroup(name, entry, rest, given, io)
    : await runCommand(name, entry, rest, given, io);
}

async function runGroup(
  name: string,
  group: CommandGroup,
  args: readonly string[],
  before: GivenOptions,
  io: Io,
): Promise<number> {
  const { words: [word, ...rest], given } = readOptions(args, globalOptions, true);
  const all = new Map([...before, ...given]);
  if (word === undefined) {
    const { groupHelp } = await import("./help.ts");
    io.out(groupHelp(name, group));
    return all.has("help") ? 0 : 2;
  }
  const entry = find(word, group.commands, `netrun ${name}`);
  return await runCommand(`${name} ${word}`, entry, rest, all, io);
}

async function runCommand(
  name: string,
  entry: CommandEntry,
  args: readonly string[],
  before: GivenOptions,
  io: Io,
): Promise<number> {
  const command = await entry.load();
  const call = readCall(name, command, args, before, io);
  if (call.flag("help")) {
    const { commandHelp } = await import("./help.ts");
    io.out(commandHelp(name, command));
    return 0;
  }
  const { redirectConsole } = await import("./redirect_console.ts");
  using _console = redirectConsole(io.err);
  return await command.run(call);
}

function find<Entry>(
  name: string,
  entries: Readonly<Record<string, Entry>>,
  program: string,
): Entry {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (entry !== undefined) return entry;
  const near = nearestName(name, Object.keys(entries));
  const hint = near === undefined ? `\`${program} --help\` lists them` : `did you mean ${near}?`;
  throw new UsageError(`Unknown command ${name}: ${hint}`);
}

// Not awaited: a user's module may import this one, and would wait for the end of what loads it.
if (import.meta.main) main(Deno.args).then(Deno.exit);
