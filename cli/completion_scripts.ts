/**
 * Completion scripts for shells, made from the commands themselves.
 *
 * @module
 */
import { globalOptions, type Option } from "./command.ts";
import { listCommands, type ListedCommand } from "./command_list.ts";
import { commands, isGroup } from "./commands.ts";

/** Shells that there is a script for. */
export const shells = ["bash", "zsh", "fish", "powershell"] as const;

/** The completion script for a shell. */
export async function completionScript(shell: typeof shells[number]): Promise<string> {
  const list = await listCommands();
  switch (shell) {
    case "bash":
      return bashScript(list);
    case "zsh":
      return zshScript(list);
    case "fish":
      return fishScript(list);
    case "powershell":
      return powershellScript(list);
  }
}

function optionsOf({ command }: ListedCommand): Option[] {
  return [...command.options ?? [], ...globalOptions];
}

function written(options: readonly Option[]): string[] {
  return options.flatMap(({ name, short }) => [
    `--${name}`,
    ...short === undefined ? [] : [`-${short}`],
  ]);
}

/** What the arguments of a command may be, where only some words are allowed. */
function choicesOf({ command }: ListedCommand): string[] {
  return (command.positionals ?? []).flatMap(({ choices = [] }) => choices);
}

/** Everything that may follow a command. */
function wordsOf(listed: ListedCommand): string[] {
  return [...choicesOf(listed), ...written(optionsOf(listed))];
}

/** Second words by first word, for groups; with options, where the first word is a command itself. */
function groups(list: readonly ListedCommand[]): [first: string, second: string[]][] {
  const own = new Map(list.map((listed) => [listed.name, written(optionsOf(listed))]));
  return Object.entries(commands).flatMap(([first, entry]) =>
    isGroup(entry) ? [[first, [...Object.keys(entry.commands), ...own.get(first) ?? []]]] : []
  );
}

/** Whether a command's words are those of a group, which are completed with it. */
function isGroupName({ name }: ListedCommand): boolean {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return entry !== undefined && isGroup(entry);
}

/** Options that take the next word with them, in whatever command. */
function valueOptions(list: readonly ListedCommand[]): string[] {
  const all = [...globalOptions, ...list.flatMap(({ command }) => command.options ?? [])];
  const flags = new Set(written(all.filter(({ value }) => value === undefined)));
  const takers = new Set(written(all.filter(({ value }) => value !== undefined)));
  return [...takers].filter((option) => !flags.has(option));
}

function bashScript(list: readonly ListedCommand[], name = "_netrun"): string {
  const choices = list.flatMap((listed) =>
    optionsOf(listed).filter(({ choices }) => choices).map(({ name, choices }) =>
      `    "${listed.name} --${name}") words="${choices!.join(" ")}" files="" ;;`
    )
  );
  const firsts = groups(list);
  const single = list.filter((listed) => !isGroupName(listed));
  return `${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="" words="" files="1" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in
      ${valueOptions(list).join("|")}) i=$((i + 1)); continue ;;
      -*) continue ;;
    esac
    case "$command" in
      "") command="$word" ;;
${firsts.map(([first]) => `      ${first}) command="$command $word" ;;`).join("\n")}
    esac
  done
  case "$command $previous" in
${choices.join("\n")}
    *) case "$command" in
      "") words="${[...Object.keys(commands), "--help", "--version"].join(" ")}" files="" ;;
${
    firsts.map(([first, second]) =>
      `      ${first}) words="${second.join(" ")}"${
        list.some(({ name }) => name === first) ? "" : ' files=""'
      } ;;`
    ).join("\n")
  }
${
    single.map((listed) =>
      `      "${listed.name}") words="${wordsOf(listed).join(" ")}"${
        choicesOf(listed).length > 0 ? ' files=""' : ""
      } ;;`
    ).join("\n")
  }
    esac ;;
  esac
  case "$previous" in -c|--config) words="" files="1" ;; esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case "$current" in
    -*) ;;
    *) [ "$files" = "" ] || COMPREPLY+=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F ${name} netrun
`;
}

/** Works by `source` and as a file `_netrun` in a folder of `fpath`, which is run as a function. */
function zshScript(list: readonly ListedCommand[]): string {
  return `#compdef netrun
autoload -U +X bashcompinit && bashcompinit
${bashScript(list, "_netrun_words")}
[[ "\${funcstack[1]}" != _netrun ]] || _bash_complete -o filenames -F _netrun_words
`;
}

function fishScript(list: readonly ListedCommand[]): string {
  const none = `not __fish_seen_subcommand_from ${Object.keys(commands).join(" ")}`;
  const lines = Object.entries(commands).map(([first, { summary }]) =>
    `complete -c netrun -f -n "${none}" -a ${first} -d ${quote(summary)}`
  );
  lines.push(...globalOptions.map((option) => fishOption(none, option)));
  for (const [first, second] of groups(list)) {
    const condition = `"__fish_seen_subcommand_from ${first}"`;
    const words = second.filter((word) => !word.startsWith("-"));
    lines.push(`complete -c netrun -f -n ${condition} -a "${words.join(" ")}"`);
  }
  for (const listed of list) {
    const condition = listed.name.split(" ")
      .map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    const words = choicesOf(listed);
    if (words.length > 0) {
      lines.push(`complete -c netrun -f -n "${condition}" -a "${words.join(" ")}"`);
    }
    lines.push(...optionsOf(listed).map((option) => fishOption(condition, option)));
  }
  return `${lines.join("\n")}\n`;
}

function fishOption(condition: string, { name, short, value, choices, help }: Option): string {
  return [
    `complete -c netrun -n "${condition}" -l ${name}`,
    ...short === undefined ? [] : [`-s ${short}`],
    ...value === undefined ? [] : ["-r"],
    ...choices === undefined ? [] : [`-f -a "${choices.join(" ")}"`],
    `-d ${quote(help)}`,
  ].join(" ");
}

/** A text in single quotes, for fish and PowerShell alike if it holds none. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}

function powershellScript(list: readonly ListedCommand[]): string {
  const rows = [
    `    '' = @(${Object.keys(commands).map(quote).join(", ")})`,
    ...groups(list).map(([first, second]) => `    '${first}' = @(${second.map(quote).join(", ")})`),
    ...list.filter((listed) => !isGroupName(listed)).map((listed) =>
      `    '${listed.name}' = @(${wordsOf(listed).map(quote).join(", ")})`
    ),
  ];
  return `Register-ArgumentCompleter -Native -CommandName netrun -ScriptBlock {
  param($word, $ast, $position)
  $words = @{
${rows.join("\n")}
  }
  $command = @($ast.CommandElements | Select-Object -Skip 1 |
    ForEach-Object { "$_" } | Where-Object { $_ -notlike '-*' -and $_ -ne $word })
  $two = ($command | Select-Object -First 2) -join ' '
  $one = ($command | Select-Object -First 1) -join ' '
  $known = if ($words.ContainsKey($two)) { $words[$two] } else { $words[$one] }
  $known | Where-Object { $_ -like "$word*" } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`;
}
