/**
 * Checks the last commit in a fresh clone, the tests by the very command that the README gives.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPrograms } from "../tests/servers/install.ts";
import { testResult, TESTS_LIMIT_MS, TESTS_STEP } from "./check/checks.ts";
import { type CommandResult, runCommand } from "./check/command.ts";
import { readTally, runSteps, type Step, type StepResult, tallyLine } from "./check/tally.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** The line of the README that says how to run the tests. */
function testCommand(readme: string): string {
  const command = /^(npx .*\btask test)$/m.exec(readme)?.[1];
  if (command === undefined) throw new Error("README.md has no line `npx … task test`");
  return command;
}

async function git(args: string[], cwd: string): Promise<CommandResult> {
  return await runCommand("git", args, { cwd });
}

function clean(status: CommandResult): CommandResult {
  return status.output.trim() === "" ? status : { ...status, success: false };
}

/** Without these programs their tests are skipped, which is no failure. */
async function install(): Promise<StepResult> {
  const problems = (await installPrograms({ quick: true })).filter(([, problem]) => problem);
  if (problems.length === 0) return { kind: "done", success: true, output: "" };
  const reason = problems.map(([program, problem]) => `no ${program} (${problem})`).join("; ");
  return { kind: "skipped", reason };
}

function steps(clone: string): Step[] {
  return [
    {
      name: "clone",
      run: async () => ({ kind: "done", ...await git(["clone", "--quiet", ROOT, clone], ROOT) }),
    },
    { name: "servers and a browser for the tests", run: install },
    {
      name: `${TESTS_STEP}, as the README says`,
      run: async () => {
        const command = testCommand(await Deno.readTextFile(join(clone, "README.md")));
        return testResult(
          await runCommand("sh", ["-c", command], { cwd: clone, limitMs: TESTS_LIMIT_MS }),
        );
      },
    },
    {
      name: "the tests leave nothing behind",
      run: async () => ({
        kind: "done",
        ...clean(await git(["status", "--porcelain", "--ignored"], clone)),
      }),
    },
  ];
}

/** Runs the checks of the clone itself, whose lines are shown as they come. */
async function runChecks(clone: string): Promise<{ passed: number; failed: number }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "ok", "--except", TESTS_STEP],
    cwd: clone,
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const text = new TextDecoder();
  let output = "";
  for await (const chunk of child.stdout) {
    await Deno.stdout.write(chunk);
    output += text.decode(chunk, { stream: true });
  }
  const tally = readTally(output);
  if (tally === undefined) return { passed: 0, failed: 1 };
  return tally;
}

if (import.meta.main) {
  const changes = await git(["status", "--porcelain"], ROOT);
  if (changes.output.trim() !== "") console.log(`not committed, not checked:\n${changes.output}`);
  const folder = await Deno.makeTempDir({ prefix: "netrun-ci-" });
  const clone = join(folder, "netrun");
  const first = await runSteps(steps(clone));
  const second = await runChecks(clone);
  await Deno.remove(folder, { recursive: true });
  const tally = {
    passed: first.passed + second.passed,
    failed: first.failed + second.failed,
  };
  console.log(tallyLine(tally));
  Deno.exit(tally.failed === 0 ? 0 : 1);
}
