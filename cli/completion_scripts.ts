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
      return `#compdef netrun\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(list)}`;
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

function bashScript(list: readonly ListedCommand[]): string {
  const choices = list.flatMap((listed) =>
    optionsOf(listed).filter(({ choices }) => choices).map(({ name, choices }) =>
      `    "${listed.name} --${name}") words="${choices!.join(" ")}" ;;`
    )
  );
  return `_netrun() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="" words="" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$word" in -*) continue ;; esac
    case "$command" in
      "") command="$word" ;;
${groups(list).map(([first]) => `      ${first}) command="$command $word" ;;`).join("\n")}
    esac
  done
  case "$command $previous" in
${choices.join("\n")}
    *) case "$command" in
      "") words="${[...Object.keys(commands), "--help", "--version"].join(" ")}" ;;
${
    groups(list).map(([first, second]) => `      ${first}) words="${second.join(" ")}" ;;`).join(
      "\n",
    )
  }
${
    list.filter((listed) => !isGroupName(listed)).map((listed) =>
      `      "${listed.name}") words="${written(optionsOf(listed)).join(" ")}" ;;`
    )
      .join("\n")
  }
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case "$current" in
    -*) ;;
    *) [ "$command" = "" ] || COMPREPLY+=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _netrun netrun
`;
}

function fishScript(list: readonly ListedCommand[]): string {
  const lines = Object.entries(commands).map(([first, { summary }]) =>
    `complete -c netrun -f -n __fish_use_subcommand -a ${first} -d ${quote(summary)}`
  );
  for (const [first, second] of groups(list)) {
    const condition = `"__fish_seen_subcommand_from ${first}"`;
    const words = second.filter((word) => !word.startsWith("-"));
    lines.push(`complete -c netrun -f -n ${condition} -a "${words.join(" ")}"`);
  }
  for (const listed of list) {
    const condition = listed.name.split(" ")
      .map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    for (const { name, short, value, choices, help } of optionsOf(listed)) {
      const parts = [
        `complete -c netrun -n "${condition}" -l ${name}`,
        ...short === undefined ? [] : [`-s ${short}`],
        ...value === undefined ? [] : ["-r"],
        ...choices === undefined ? [] : [`-f -a "${choices.join(" ")}"`],
        `-d ${quote(help)}`,
      ];
      lines.push(parts.join(" "));
    }
  }
  return `${lines.join("\n")}\n`;
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
      `    '${listed.name}' = @(${written(optionsOf(listed)).map(quote).join(", ")})`
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
