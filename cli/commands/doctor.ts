/**
 * `netrun doctor`: whether everything that a net needs is there.
 *
 * @module
 */
import type { Checkup } from "../doctor/checkup.ts";
import { checkSystem } from "../doctor/system_checks.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { findConfig } from "../find_config.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output.ts";

/** The command. */
export const doctor: Command = {
  description: "Checks what netrun and a net need: runtime, permissions, workers, subprocesses,\n" +
    "the net itself and the variables it names, its folder, its code, its pools, each of which is\n" +
    "started, loads the code of its nodes and is ended, and its storage, where a file is written\n" +
    "and deleted. Ends with 1 if something fails.",
  positionals: [{ name: "FILE", help: "the net file; without one only the system is checked" }],
  options: [{ name: "json", help: "print JSON" }],
  examples: [["netrun doctor", "one line a check, with advice"]],
  run: checkUp,
};

async function checkUp(call: CommandCall): Promise<number> {
  const checkups: Checkup[] = [];
  const isPlain = !call.flag("json");
  const file = netFile(call);
  for await (const checkup of allChecks(file, call.io)) {
    checkups.push(checkup);
    if (isPlain) call.io.out(describe(checkup));
  }
  if (!isPlain) printJson(call, checkups);
  return checkups.some(({ status }) => status === "fail") ? 1 : 0;
}

async function* allChecks(file: string | undefined, io: Io): AsyncGenerator<Checkup> {
  yield* checkSystem();
  if (file === undefined) return;
  const { checkNet } = await import("../doctor/net_checks.ts");
  yield* checkNet(file, io);
}

function netFile(call: CommandCall): string | undefined {
  try {
    return findConfig(call, call.positionals[0]);
  } catch (error) {
    const isNamed = call.value("config") !== undefined || call.positionals.length > 0;
    if (error instanceof CommandError && !isNamed) return undefined;
    throw error;
  }
}

function describe({ check, status, message, advice }: Checkup): string {
  const mark = { ok: "ok  ", warn: "warn", fail: "FAIL" }[status];
  return `${mark}  ${check}: ${message}${advice === undefined ? "" : `\n      ${advice}`}\n`;
}
