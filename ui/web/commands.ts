/**
 * Everything that can be done by a command: for buttons, menus, palette and keyboard.
 *
 * @module
 */
import { NEEDS_SERVER } from "./api.ts";
import type { Command } from "./commands/command.ts";
import { editingCommands } from "./commands/editing_commands.ts";
import { fileCommands } from "./commands/file_commands.ts";
import { graphCommands } from "./commands/graph_commands.ts";
import { layoutCommands } from "./commands/layout_commands.ts";
import { nodeCommands } from "./commands/node_commands.ts";
import { viewCommands } from "./commands/view_commands.ts";
import { say, studio } from "./studio.ts";

/** All commands. */
export const commands: readonly Command[] = [
  ...fileCommands,
  ...editingCommands,
  ...nodeCommands,
  ...graphCommands,
  ...layoutCommands,
  ...viewCommands,
];

const byId = new Map(commands.map((command) => [command.id, command]));

/** Whether a command makes sense now. */
export function isPossible({ isPossible }: Command): boolean {
  return isPossible?.() ?? true;
}

/** Runs a command, if it makes sense now. */
export function run(id: string): void {
  const command = byId.get(id);
  if (!command || !isPossible(command)) return;
  if (command.needsServer && studio().isAlone) return say(NEEDS_SERVER, "error");
  command.run();
}
