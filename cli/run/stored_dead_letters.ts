/**
 * Finding the failed epochs that runs have kept.
 *
 * @module
 */
import type { NetConfig } from "../../runtime/config/net_config.ts";
import {
  DeadLetterFile,
  type StoredDeadLetter,
  storedInputs,
} from "../../runtime/tools/dead_letter_file.ts";
import { type CommandCall, CommandError } from "../command.ts";
import { requireDeadLetterPath } from "./dead_letters.ts";

/** The file of failed epochs that a call is about. */
export function deadLetterFile(call: CommandCall, config: NetConfig): DeadLetterFile {
  return new DeadLetterFile(requireDeadLetterPath(call, config.projectRootPath));
}

/**
 * The failed epoch of a net with this id, or an unambiguous beginning or end of it.
 *
 * @throws {CommandError} If there is none, or several.
 */
export async function findDeadLetter(
  call: CommandCall,
  config: NetConfig,
  id: string,
): Promise<StoredDeadLetter> {
  const entries = await deadLetterFile(call, config).entries(config.filePath);
  const fits = entries.filter((entry) => entry.id.startsWith(id) || entry.id.endsWith(id));
  if (fits.length === 1) return fits[0]!;
  throw new CommandError(
    fits.length === 0
      ? `No failed epoch ${id} of this net: \`netrun dead-letters ls\` lists them`
      : `${fits.length} failed epochs fit ${id}: give more of the id`,
  );
}

/**
 * The inputs of a failed epoch by port.
 *
 * @throws {CommandError} If they could not be kept as they were.
 */
export function inputsOf(entry: StoredDeadLetter): Record<string, unknown[]> {
  const inputs = storedInputs(entry);
  if (inputs) return inputs;
  throw new CommandError(
    `The inputs of ${entry.id} hold something of which there is no copy, such as a function: ` +
      "they can be looked at, not run again",
  );
}
