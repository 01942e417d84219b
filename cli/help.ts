/**
 * The help texts of the program and its commands.
 *
 * @module
 */
import { type Command, globalOptions, type Option, type Positional } from "./command.ts";
import { type CommandEntry, type CommandGroup, isGroup, sections } from "./commands.ts";
import { version } from "./version.ts";

/** The text of `netrun --help`. */
export function programHelp(): string {
  return [
    `netrun ${version}: flow-based development for Deno`,
    "",
    "Usage: netrun COMMAND [ARGUMENTS] [OPTIONS]",
    ...sections.flatMap(([title, commands]) =>
      section(title, Object.entries(commands).map(summary))
    ),
    ...section("Options of every command", globalOptions.map(optionRow)),
    "",
    "The net file is named by -c or NETRUN_CONFIG, or is the only *.netrun.json or *.netrun.toml here.",
    "`netrun COMMAND --help` tells more.",
    "",
  ].join("\n");
}

/** The text of `netrun GROUP --help`. */
export function groupHelp(name: string, group: CommandGroup): string {
  return [
    `${group.summary}.`,
    "",
    `Usage: netrun ${name} COMMAND [ARGUMENTS] [OPTIONS]`,
    ...section("Commands", Object.entries(group.commands).map(summary)),
    "",
    `\`netrun ${name} COMMAND --help\` tells more.`,
    "",
  ].join("\n");
}

/** The text of `netrun COMMAND --help`. */
export function commandHelp(name: string, command: Command): string {
  const { positionals = [], options = [], examples } = command;
  return [
    command.description,
    "",
    `Usage: ${usage(name, command)}`,
    ...section("Arguments", positionals.map(({ name, help }) => [name, help])),
    ...section("Options", [...options, ...globalOptions].map(optionRow)),
    ...section("Examples", examples.map(([call, what]) => [call, what])),
    "",
  ].join("\n");
}

/** How a command is called, on one line. */
export function usage(name: string, { positionals = [] }: Command): string {
  return ["netrun", name, ...positionals.map(placeholder), "[OPTIONS]"].join(" ");
}

function placeholder({ name, required, many }: Positional): string {
  const text = many ? `${name}…` : name;
  return required ? text : `[${text}]`;
}

/** An option and what it does, as the two columns of a table. */
export function optionRow(option: Option): [string, string] {
  const short = option.short === undefined ? "    " : `-${option.short}, `;
  const value = option.value === undefined ? "" : ` ${option.value}`;
  const choices = option.choices === undefined ? "" : ` (${option.choices.join(", ")})`;
  const many = option.many ? " (may be repeated)" : "";
  return [`${short}--${option.name}${value}`, option.help + choices + many];
}

function summary([name, entry]: [string, CommandEntry | CommandGroup]): [string, string] {
  const inner = isGroup(entry) ? ` (${Object.keys(entry.commands).join(", ")})` : "";
  return [name, `${entry.summary}${inner}`];
}

function section(title: string, rows: [string, string][]): string[] {
  return rows.length === 0 ? [] : ["", `${title}:`, ...columns(rows)];
}

function columns(rows: [string, string][]): string[] {
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)));
  return rows.map(([left, right]) =>
    left.length > width
      ? `  ${left}\n  ${" ".repeat(width)}  ${right}`
      : `  ${left.padEnd(width)}  ${right}`
  );
}
