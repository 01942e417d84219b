/**
 * `netrun dead-letters ls`, `show`, `clear`: the epochs that failed in runs of a net.
 *
 * @module
 */
import { NetConfig } from "../../runtime/config/net_config.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { findConfig } from "../find_config.ts";
import { printJson } from "../output.ts";
import { deadLetterOption } from "../run/dead_letters.ts";
import { deadLetterFile, findDeadLetter } from "../run/stored_dead_letters.ts";

/** `netrun dead-letters ls`. */
export const list: Command = {
  description:
    "Lists the epochs that failed in runs of a net, but for those that `retry` has run since.\n" +
    "What a later `run` did again stays listed until it is cleared: a run cannot tell.",
  options: [deadLetterOption],
  examples: [["netrun dead-letters ls", "oldest first"]],
  async run(call) {
    const config = await NetConfig.fromFile(findConfig(call));
    const entries = await deadLetterFile(call, config).entries(config.filePath);
    printJson(
      call,
      entries.map(({ id, node, error, at, retry_count, retryable }) => ({
        id,
        node,
        error: `${error.type}: ${error.message}`,
        at,
        retry_count,
        retryable,
      })),
    );
    return 0;
  },
};

/** `netrun dead-letters show`. */
export const show: Command = {
  description: "Prints a failed epoch: its error with the stack, and its inputs.",
  positionals: [{ name: "ID", required: true, help: "its id, or a beginning or end of it" }],
  options: [deadLetterOption],
  examples: [["netrun dead-letters show 01J9", "the beginning of an id is enough"]],
  async run(call) {
    const config = await NetConfig.fromFile(findConfig(call));
    const { data: _, ...entry } = await findDeadLetter(call, config, call.positionals[0]!);
    printJson(call, entry);
    return 0;
  },
};

/** `netrun dead-letters clear`. */
export const clear: Command = {
  description: "Forgets the failed epochs of a net. Not possible while a run adds to them.",
  options: [deadLetterOption],
  examples: [["netrun dead-letters clear", "prints how many there were"]],
  run: clearEntries,
};

async function clearEntries(call: CommandCall): Promise<number> {
  const config = await NetConfig.fromFile(findConfig(call));
  const file = deadLetterFile(call, config);
  const cleared = await file.clear(config.filePath!);
  if (cleared === undefined) {
    throw new CommandError(`${file.path} is in use by a run: try again when that has ended`);
  }
  printJson(call, { cleared });
  return 0;
}
