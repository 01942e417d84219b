/**
 * `netrun completions`: a completion script for a shell.
 *
 * @module
 */
import { type Command, UsageError } from "../command.ts";
import { completionScript, shells } from "../completion_scripts.ts";

/** The command. */
export const completions: Command = {
  description: "Prints a script that completes commands and options in a shell.",
  positionals: [{ name: "SHELL", required: true, choices: shells, help: shells.join(", ") }],
  examples: [
    ["netrun completions bash >> ~/.bashrc", "for bash"],
    ["netrun completions zsh > ~/.zfunc/_netrun", "for zsh, with ~/.zfunc in `fpath`"],
    ["netrun completions fish > ~/.config/fish/completions/netrun.fish", "for fish"],
  ],
  async run(call) {
    const shell = shells.find((shell) => shell === call.positionals[0]);
    if (shell === undefined) throw new UsageError(`There are scripts for ${shells.join(", ")}`);
    call.io.out(await completionScript(shell));
    return 0;
  },
};
