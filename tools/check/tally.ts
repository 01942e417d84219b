/**
 * Counting what passed and what failed, and saying so.
 *
 * @module
 */

/** How many tests ended how. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

/** How a step ended. */
export type StepResult =
  | {
    readonly kind: "done";
    readonly success: boolean;
    readonly output: string;
    readonly tests?: TestCounts;
  }
  | { readonly kind: "skipped"; readonly reason: string };

/** A check with a name. */
export interface Step {
  readonly name: string;
  run(): Promise<StepResult>;
}

/** Steps and tests that passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Runs the steps in order, prints each one's name and outcome, and what a failed one said. */
export async function runSteps(steps: readonly Step[]): Promise<Tally> {
  let passed = 0;
  let failed = 0;
  for (const { name, run } of steps) {
    const startMs = performance.now();
    const result = await run().catch((error): StepResult => ({
      kind: "done",
      success: false,
      output: Deno.inspect(error),
    }));
    if (result.kind === "skipped") {
      console.log(`skipped  ${name}: ${result.reason}`);
      continue;
    }
    if (!result.success) console.log(result.output);
    const { tests } = result;
    const counts = tests
      ? `, tests: ${tests.passed} passed, ${tests.failed} failed, ${tests.ignored} ignored`
      : "";
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    console.log(`${result.success ? "passed " : "FAILED "}  ${name} (${seconds} s${counts})`);
    passed += (tests?.passed ?? 0) + (result.success ? 1 : 0);
    failed += (tests?.failed ?? 0) + (result.success ? 0 : 1);
  }
  return { passed, failed };
}

/** The last line of all that check something. */
export function tallyLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}

/** Reads {@linkcode tallyLine} back from the end of an output. */
export function readTally(output: string): Tally | undefined {
  const found = /(\d+) passed, (\d+) failed\s*$/.exec(output);
  return found ? { passed: Number(found[1]), failed: Number(found[2]) } : undefined;
}

/** Reads the counts from the last line of `deno test`. */
export function readTestCounts(output: string): TestCounts | undefined {
  const line = [...output.matchAll(/^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed(.*)$/gm)].at(
    -1,
  );
  if (!line) return undefined;
  return {
    passed: Number(line[1]),
    failed: Number(line[2]),
    ignored: Number(/\| (\d+) ignored/.exec(line[3]!)?.[1] ?? 0),
  };
}
