/**
 * All that must hold before a change goes in.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { checkBinary } from "./binary.ts";
import { type CommandResult, runDeno } from "./command.ts";
import { lintDocumentation } from "./doc_lint.ts";
import { readTestCounts, type Step, type StepResult } from "./tally.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The step that takes long, and that `.ci/run` runs in its own way. */
export const TESTS_STEP = "tests and doc-tests";
/** All tests may take so long, in ms. */
export const TESTS_LIMIT_MS = 780_000;

/** The steps, quick ones first. */
export const CHECKS: readonly Step[] = [
  denoStep("format", ["fmt", "--check"]),
  denoStep("lint", ["lint"]),
  denoStep("types", ["check"]),
  { name: "documentation", run: async () => done(await lintDocumentation()) },
  {
    name: TESTS_STEP,
    run: async () =>
      testResult(await runDeno(["task", "test"], { cwd: ROOT, limitMs: TESTS_LIMIT_MS })),
  },
  denoStep("demo", ["task", "demo"]),
  denoStep("page of the studio", ["run", "-A", "ui/build.ts"]),
  denoStep("publish", ["publish", "--dry-run", "--allow-dirty"]),
  { name: "compiled program", run: checkBinary },
];

/** What a run of `deno test` comes to; a run that counts nothing is a failed one. */
export function testResult(result: CommandResult): StepResult {
  const tests = readTestCounts(result.output);
  if (tests === undefined) return { kind: "done", success: false, output: result.output };
  return { kind: "done", ...result, tests };
}

/** What a command's end comes to. */
export function done({ success, output }: CommandResult): StepResult {
  return { kind: "done", success, output };
}

function denoStep(name: string, args: string[]): Step {
  return { name, run: async () => done(await runDeno(args, { cwd: ROOT })) };
}
