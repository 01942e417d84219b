/**
 * `--log`: the logs of a run's epochs in a file.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Net } from "../../runtime/net/net.ts";
import { type CommandCall, CommandError, type Option, UsageError } from "../command.ts";

/** The option. */
export const logOption: Option = {
  name: "log",
  value: "FILE",
  help: "add the log of every epoch to this file: .jsonl, or .db for SQLite",
};

/** Writes the logs of a net's epochs until it is disposed. */
export async function logEpochs(call: CommandCall, net: Net): Promise<Disposable> {
  const file = call.value("log");
  if (file === undefined) return { [Symbol.dispose]() {} };
  const path = resolve(call.io.cwd, file);
  if (/\.(jsonl|ndjson)$/i.test(path)) {
    const { JsonlEpochLogger } = await import("../../runtime/net/jsonl_logger.ts");
    const logger = open(path, () => new JsonlEpochLogger(path));
    net.onEpochEnd(logger.handler);
    return logger;
  }
  if (/\.(db|sqlite)$/i.test(path)) {
    const { SqliteLogger } = await import("../../runtime/net/sqlite_logger.ts");
    const logger = open(path, () => new SqliteLogger(path));
    net.onEpochEnd(logger.epochHandler);
    net.onNetActions(logger.netActionHandler);
    return logger;
  }
  throw new UsageError(`--log writes .jsonl or .db, got ${file}`);
}

function open<Logger>(path: string, create: () => Logger): Logger {
  try {
    return create();
  } catch (error) {
    throw new CommandError(`Cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}
