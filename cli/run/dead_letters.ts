/**
 * `--dead-letters`: where a run keeps the epochs that failed.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { type CommandCall, CommandError, type Option } from "../command.ts";
import type { Net } from "../../runtime/net/net.ts";
import type { DeadLetter } from "../../runtime/net/dead_letter.ts";
import { DeadLetterFile } from "../../runtime/tools/dead_letter_file.ts";

/** The option. */
export const deadLetterOption: Option = {
  name: "dead-letters",
  value: "FILE|none",
  help: "where failed epochs are kept (.netrun/dead-letters.jsonl under the project root)",
};

/** Where the epochs of one run are kept. */
export interface DeadLetters extends Disposable {
  /** Path of the file; undefined if none are kept. */
  readonly path: string | undefined;
  /** Keeps one. */
  add(entry: DeadLetter): void;
  /** How many are kept of this net, those of earlier runs among them. */
  count(): Promise<number>;
}

/** Opens what a call says. Trouble with the file is told once and does not end the run. */
export function openDeadLetters(call: CommandCall, net: Net): DeadLetters {
  const path = deadLetterPath(call, net.config.projectRootPath);
  const netFile = net.config.filePath;
  if (path === undefined || netFile === undefined) {
    return {
      path: undefined,
      add() {},
      count: () => Promise.resolve(0),
      [Symbol.dispose]() {},
    };
  }
  const file = new DeadLetterFile(path);
  let hasFailed = false;
  return {
    path,
    add(entry) {
      if (hasFailed) return;
      try {
        file.add(entry, netFile);
      } catch (error) {
        hasFailed = true;
        call.io.err(`Warning: cannot keep failed epochs in ${path}: ${(error as Error).message}\n`);
      }
    },
    // A file that cannot be read is no reason to fail: the command that needs it will say why.
    count: () => file.entries(netFile).then(({ length }) => length, () => 0),
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

/** The file of a call; undefined if there is none. */
export function deadLetterPath(call: CommandCall, projectRoot: string): string | undefined {
  const given = call.value("dead-letters");
  if (given === "none") return undefined;
  if (given !== undefined) return resolve(call.io.cwd, given);
  return join(projectRoot, ".netrun", "dead-letters.jsonl");
}

/**
 * The file of a call, which must be one.
 *
 * @throws {CommandError} If there is none.
 */
export function requireDeadLetterPath(call: CommandCall, projectRoot: string): string {
  const path = deadLetterPath(call, projectRoot);
  if (path === undefined) throw new CommandError("--dead-letters must name a file here");
  return path;
}
