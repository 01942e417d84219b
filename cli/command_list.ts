/**
 * All commands, loaded: for what is made of all of them at once.
 *
 * @module
 */
import type { Command } from "./command.ts";
import { isGroup, sections } from "./commands.ts";

/** A command with its place in the program. */
export interface ListedCommand {
  /** Its words, such as `actions run`. */
  readonly name: string;
  /** The section of the overview that it stands in. */
  readonly section: string;
  /** One line about it. */
  readonly summary: string;
  /** The command. */
  readonly command: Command;
}

/** Loads every command, in the order of the overview. */
export async function listCommands(): Promise<ListedCommand[]> {
  const commands: ListedCommand[] = [];
  for (const [section, table] of sections) {
    for (const [first, entry] of Object.entries(table)) {
      const inner = isGroup(entry) ? Object.entries(entry.commands) : [];
      const entries = [
        [first, entry] as const,
        ...inner.map(([second, command]) => [`${first} ${second}`, command] as const),
      ];
      for (const [name, { summary, load }] of entries) {
        if (load) commands.push({ name, section, summary, command: await load() });
      }
    }
  }
  return commands;
}
