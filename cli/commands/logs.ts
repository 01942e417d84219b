/**
 * `netrun logs`: the epochs of a log file.
 *
 * @module
 */
import { resolve } from "node:path";
import { EpochLog } from "../../runtime/net/epoch_log.ts";
import { type Command, type CommandCall, CommandError, UsageError } from "../command.ts";
import { untilInterrupted } from "../interrupts.ts";
import { LineTail } from "../line_tail.ts";

/** The command. */
export const logs: Command = {
  description: "Prints the epochs of a log that `run --log` has written, one a line.",
  positionals: [{ name: "FILE", required: true, help: "the log: .jsonl or .db" }],
  options: [
    { name: "node", short: "n", value: "NODE", help: "only epochs of this node" },
    {
      name: "outcome",
      value: "OUTCOME",
      choices: ["success", "error", "cancelled", "cache_hit", "file_storage_hit"],
      help: "only epochs that ended so",
    },
    { name: "since", value: "TIME", help: "only later ones: 30s, 10m, 2h, 1d ago, or an ISO time" },
    { name: "follow", short: "f", help: "go on with what is added, until interrupted" },
    { name: "json", help: "print each log as a line of JSON" },
  ],
  examples: [
    ["netrun logs run.jsonl --outcome error", "what failed"],
    ["netrun logs run.jsonl --since 10m --follow", "the last minutes, and on"],
  ],
  run: printLogs,
};

const UNITS_MS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7 };
const FOLLOW_MS = 300;

async function printLogs(call: CommandCall): Promise<number> {
  const path = resolve(call.io.cwd, call.positionals[0]!);
  const isMeant = filterOf(call);
  const print = (log: EpochLog) => {
    if (!isMeant(log)) return;
    call.io.out(`${call.flag("json") ? JSON.stringify(log) : String(log)}\n`);
  };
  const read = await openLog(path);
  for (const log of read()) print(log);
  if (!call.flag("follow")) return 0;
  return await untilInterrupted(call.io, async (signal) => {
    while (!signal.aborted) {
      await pause(FOLLOW_MS, signal);
      for (const log of read()) print(log);
    }
    return 0;
  });
}

function filterOf(call: CommandCall): (log: EpochLog) => boolean {
  const node = call.value("node");
  const outcome = call.value("outcome");
  const since = sinceMs(call.value("since"));
  return (log) =>
    (node === undefined || log.nodeName === node) &&
    (outcome === undefined || log.outcome === outcome) &&
    log.timestamp >= since;
}

function sinceMs(text: string | undefined): number {
  if (text === undefined) return -Infinity;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const time = unit === undefined
    ? Date.parse(text)
    : Date.now() - Number(amount) * UNITS_MS[unit]!;
  if (!Number.isNaN(time)) return time;
  throw new UsageError(`--since is 30s, 10m, 2h, 1d or an ISO time, got ${text}`);
}

/** What reads the logs that were added since its last call. */
async function openLog(path: string): Promise<() => Iterable<EpochLog>> {
  const stat = await Deno.stat(path).catch(() => undefined);
  if (!stat?.isFile) {
    throw new CommandError(
      `Cannot read ${path}: ${stat ? "it is no file" : "there is no such file"}`,
    );
  }
  if (/\.(db|sqlite)$/i.test(path)) {
    const { SqliteLogger } = await import("../../runtime/net/sqlite_logger.ts");
    const seen = new Set<string>();
    return () => {
      using logger = new SqliteLogger(path);
      const added = logger.loadEpochLogs().filter(({ epochId }) => !seen.has(epochId));
      for (const { epochId } of added) seen.add(epochId);
      return added;
    };
  }
  const tail = new LineTail(path);
  return () => tail.read().filter((line) => line.trim() !== "").flatMap(parseLog);
}

/** Lines of other programs are passed over. */
function parseLog(line: string): EpochLog[] {
  try {
    return [EpochLog.fromJSON(JSON.parse(line))];
  } catch {
    return [];
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
