/**
 * What one check of `netrun doctor` comes to.
 *
 * @module
 */

/** What a check found. */
export interface Checkup {
  /** What was looked at. */
  readonly check: string;
  /** Whether it is as it should be. */
  readonly status: "ok" | "warn" | "fail";
  /** What was found. */
  readonly message: string;
  /** What to do. */
  readonly advice?: string;
}

/** Does what is checked; what it returns is the message, what it throws the failure. */
export async function attempt(
  check: string,
  task: () => Promise<string>,
  advice: string,
): Promise<Checkup> {
  try {
    return { check, status: "ok", message: await task() };
  } catch (error) {
    return failed(check, error, advice);
  }
}

/** A check that failed. */
export function failed(check: string, error: unknown, advice: string): Checkup {
  const message = error instanceof Error ? error.message : String(error);
  return { check, status: "fail", message, advice };
}
