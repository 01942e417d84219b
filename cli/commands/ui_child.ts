/**
 * The hidden command by which the compiled program runs code of a project for the studio.
 *
 * @module
 */
import { runCompiledChild } from "../../ui/server/compiled_child.ts";
import type { Command } from "../command.ts";

/** The command. What it is to answer comes on standard input. */
export const uiChild: Command = {
  description: "Answers one call of the studio with code of the project, confined to its folder.",
  examples: [],
  async run() {
    return await runCompiledChild();
  },
};
