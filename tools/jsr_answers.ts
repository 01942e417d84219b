/**
 * Whether the registry of `jsr:` packages answers.
 *
 * @module
 */
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long one attempt may take: behind a hanging proxy it would take 40 s. */
const ATTEMPT_MS = 3_000;
/** How long an answer is believed. */
const REMEMBERED_MS = 5 * 60_000;

interface Answer {
  readonly answers: boolean;
  readonly atMs: number;
}

/** Whether all `specifiers` (`jsr:…`) can be had, from the registry or Deno's cache. */
export async function jsrAnswers(specifiers: readonly string[]): Promise<boolean> {
  const file = join(tmpdir(), "netrun-jsr-answer.json");
  const remembered = await recall(file);
  if (remembered !== undefined) return remembered;
  const answers = await canCacheAll(specifiers);
  const answer: Answer = { answers, atMs: Date.now() };
  // Not being able to remember only costs the next attempt.
  await Deno.writeTextFile(file, JSON.stringify(answer)).catch(() => {});
  return answers;
}

async function recall(file: string): Promise<boolean | undefined> {
  try {
    const { answers, atMs }: Partial<Answer> = JSON.parse(await Deno.readTextFile(file));
    const ageMs = Date.now() - (atMs ?? 0);
    return typeof answers === "boolean" && ageMs >= 0 && ageMs < REMEMBERED_MS
      ? answers
      : undefined;
  } catch {
    return undefined;
  }
}

/** Tries one package after the other (several at once stall now and then) until one fails. */
async function canCacheAll(specifiers: readonly string[]): Promise<boolean> {
  for (const specifier of specifiers) {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["cache", "--quiet", specifier],
      stdin: "null",
      stdout: "null",
      stderr: "null",
      signal: AbortSignal.timeout(ATTEMPT_MS),
    }).output();
    if (!success) return false;
  }
  return true;
}
