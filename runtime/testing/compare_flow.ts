/**
 * Comparing what came out of a flow test with what must.
 *
 * @module
 */
import { createTwoFilesPatch } from "diff";
import type { FlowExpectation } from "./flow.ts";

/**
 * What differs, a text each: of queues a diff line by line.
 *
 * Compared is what `expected` states; a step that threw counts even if `errors` is not stated.
 */
export function compareFlow(
  expected: FlowExpectation,
  actual: Required<FlowExpectation>,
): string[] {
  const { queues, ordered = {}, errors = [], ...counts } = expected;
  const differences: string[] = [];
  if (queues !== undefined) {
    for (const name of new Set([...Object.keys(queues), ...Object.keys(actual.queues)])) {
      const isOrdered = ordered[name] ?? true;
      const difference = compareLists(
        `queue ${name}`,
        queues[name] ?? [],
        actual.queues[name] ?? [],
        isOrdered,
      );
      if (difference !== undefined) differences.push(difference);
    }
  }
  for (const [key, value] of Object.entries(counts)) {
    const other = actual[key as keyof typeof counts];
    if (other === undefined) differences.push(`\`${key}\` is nothing that can be expected`);
    else if (canonical(value) !== canonical(other)) {
      differences.push(`${key}: expected ${JSON.stringify(value)}, got ${JSON.stringify(other)}`);
    }
  }
  return [...differences, ...compareErrors(errors, actual.errors)];
}

function compareErrors(
  expected: NonNullable<FlowExpectation["errors"]>,
  actual: Required<FlowExpectation>["errors"],
): string[] {
  const left = [...actual];
  const missing = expected.filter((error) => {
    const index = left.findIndex((other) =>
      other.step === error.step &&
      (error.class === undefined || other.class === error.class) &&
      (error.contains === undefined || (other.contains ?? "").includes(error.contains))
    );
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  return [
    ...missing.map((error) => `expected an error, none came: ${JSON.stringify(error)}`),
    ...left.map(({ step, class: name, contains }) => `step ${step} threw ${name}: ${contains}`),
  ];
}

function compareLists(
  what: string,
  expected: readonly unknown[],
  actual: readonly unknown[],
  isOrdered: boolean,
): string | undefined {
  const [wanted, got] = [expected, actual].map((list) => {
    const lines = list.map(canonical);
    return isOrdered ? lines : lines.sort();
  }) as [string[], string[]];
  if (wanted.join("\n") === got.join("\n")) return undefined;
  const text = (lines: string[]) => lines.map((line) => `${line}\n`).join("");
  const patch = createTwoFilesPatch("expected", "actual", text(wanted), text(got), "", "", {
    context: 2,
  });
  const lines = patch.split("\n").filter((line) =>
    /^[-+ ]/.test(line) && !/^(---|\+\+\+)/.test(line)
  );
  return `${what}:\n${lines.map((line) => `    ${line}`).join("\n")}`;
}

/** JSON with keys in order, so that equal values are equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member) => {
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => a < b ? -1 : 1));
  });
}
