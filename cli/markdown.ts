/**
 * The page about the command line, made from the commands themselves.
 *
 * @module
 */
import { globalOptions } from "./command.ts";
import { listCommands, type ListedCommand } from "./command_list.ts";
import { optionRow, usage } from "./help.ts";

/** The text of `docs/cli.md`. */
export async function cliMarkdown(): Promise<string> {
  const commands = await listCommands();
  const bySection = Map.groupBy(commands, ({ section }) => section);
  return [
    "# The command line",
    "",
    "`netrun COMMAND` from an installed program, `deno run -A jsr:@netrun/netrun/cli COMMAND` without,",
    "`deno task netrun COMMAND` in a clone. `netrun COMMAND --help` says what stands here.",
    "",
    "Data goes to standard output as JSON, and nothing else; messages, warnings and progress go to",
    "standard error. The status is 0 for done, 1 for a failure, 2 for a wrong call, 3 for a run with",
    "failed epochs, 124 for one whose time was over, 130 and 143 for one that was interrupted.",
    "",
    "The net file is the one that `-c` names, else that of `NETRUN_CONFIG`, else the only `*.netrun.json`",
    "or `*.netrun.toml` of the working folder.",
    "",
    "<!-- deno-fmt-ignore-start -->",
    "",
    ...optionTable("Options of every command", globalOptions.map(optionRow)),
    ...[...bySection].flatMap(([title, members]) => [
      `## ${title}`,
      "",
      ...members.flatMap(describe),
    ]),
    "<!-- deno-fmt-ignore-end -->",
    "",
  ].join("\n");
}

function describe({ name, command }: ListedCommand): string[] {
  const { description, positionals = [], options = [], examples } = command;
  return [
    `### netrun ${name}`,
    "",
    description,
    "",
    "```text",
    usage(name, command),
    "```",
    "",
    ...optionTable("Argument", positionals.map(({ name, help }) => [name, help])),
    ...optionTable("Option", options.map(optionRow)),
    "```sh",
    ...examples.map(([call, what]) => `${call}  # ${what}`),
    "```",
    "",
  ];
}

function optionTable(title: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  return [
    `| ${title} | |`,
    "| --- | --- |",
    ...rows.map(([left, right]) => `| \`${left.trim()}\` | ${right.replaceAll("|", "\\|")} |`),
    "",
  ].map((line) => line.replaceAll(/`([^`]*)`/g, (code) => code.replaceAll("|", "\\|")));
}
