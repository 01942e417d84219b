import { assertEquals } from "@std/assert";
import {
  readTally,
  readTestCounts,
  runSteps,
  type StepResult,
  tallyLine,
} from "../../../tools/check/tally.ts";

const passed: StepResult = { kind: "done", success: true, output: "" };

/** Runs steps that end so; returns the tally and what was printed. */
async function run(results: Array<StepResult | Error>): Promise<[string, string[]]> {
  const printed: string[] = [];
  const log = console.log;
  console.log = (line: string) => void printed.push(line.replace(/\d+\.\d s/, "T s"));
  try {
    const steps = results.map((result, i) => ({
      name: `step ${i}`,
      run: () => result instanceof Error ? Promise.reject(result) : Promise.resolve(result),
    }));
    return [tallyLine(await runSteps(steps)), printed];
  } finally {
    console.log = log;
  }
}

Deno.test("each step is named with its outcome, and a failed one with what it said", async () => {
  const [line, printed] = await run([
    passed,
    { kind: "done", success: false, output: "what went wrong" },
    { kind: "skipped", reason: "no server" },
  ]);
  assertEquals(line, "1 passed, 1 failed");
  assertEquals(printed, [
    "passed   step 0 (T s)",
    "what went wrong",
    "FAILED   step 1 (T s)",
    "skipped  step 2: no server",
  ]);
});

Deno.test("tests count beside the step that ran them", async () => {
  const tests = { passed: 10, failed: 2, ignored: 1 };
  const [line] = await run([passed, { kind: "done", success: false, output: "", tests }]);
  assertEquals(line, "11 passed, 3 failed");
});

Deno.test("a step that throws has failed, and the next one runs", async () => {
  const [line] = await run([new Error("no such file"), passed]);
  assertEquals(line, "1 passed, 1 failed");
});

Deno.test("readTestCounts() reads the last line of `deno test`", () => {
  const counts = (line: string) => readTestCounts(`name ... ok (1ms)\n\n${line}\n\n`);
  assertEquals(counts("ok | 3 passed | 0 failed (5ms)"), { passed: 3, failed: 0, ignored: 0 });
  assertEquals(counts("FAILED | 12 passed (4 steps) | 1 failed (2 steps) | 5 ignored (2s)"), {
    passed: 12,
    failed: 1,
    ignored: 5,
  });
  assertEquals(counts("error: Type checking failed."), undefined);
});

Deno.test("readTally() reads back what tallyLine() writes", () => {
  const tally = { passed: 12, failed: 3 };
  assertEquals(readTally(`passed   a\n${tallyLine(tally)}\n`), tally);
  assertEquals(readTally("3 passed, 1 failed, and more"), undefined);
});
