/**
 * The hidden command by which the compiled program becomes a subprocess of a pool.
 *
 * @module
 */
import { runPoolHost } from "../../runtime/pools/subprocess_host.ts";
import type { Command } from "../command.ts";

/** The command. What it is to do comes on standard input. */
export const poolHost: Command = {
  description: "Runs the workers of a pool for the process that has started it.",
  examples: [],
  async run() {
    await runPoolHost();
    return 0;
  },
};
