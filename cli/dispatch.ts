/**
 * Finding the command that a call means, and running it.
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
import { commandHelp, groupHelp, programHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { redirectConsole } from "./redirect_console.ts";
import { version } from "./version.ts";

/**
 * Runs the command that the arguments name.
 *
 * @returns The exit status.
 * @throws {UsageError} If they name none, or do not fit it.
 */
export async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const options = [...globalOptions, { name: "version", short: "V", help: "print the version" }];
  const { words, given } = readOptions(args, options, true);
  if (given.has("version")) {
    io.out(`netrun ${version}\n`);
    return 0;
  }
  const [name, ...rest] = words;
  if (name === undefined) {
    io.out(programHelp());
    return given.has("help") ? 0 : 2;
  }
  // What people try first.
  if (name === "help") return await dispatch([...rest, "--help"], io);
  if (Object.hasOwn(hiddenCommands, name)) {
    return await runCommand(name, hiddenCommands[name]!, rest, given, io);
  }
  const entry = find(name, commands, "netrun");
  if (!isGroup(entry)) return await runCommand(name, entry, rest, given, io);
  const { load, summary, commands: inner } = entry;
  const isInner = rest[0] !== undefined && Object.hasOwn(inner, rest[0]);
  return load === undefined || isInner
    ? await runGroup(name, entry, rest, given, io)
    : await runCommand(name, { summary, load }, rest, given, io);
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
    io.out(commandHelp(name, command));
    return 0;
  }
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
