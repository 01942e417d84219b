/**
 * Throwing what several things have failed with.
 *
 * @module
 */

/** Throws one error as it is, several together; nothing if there are none. */
export function throwAll(errors: readonly unknown[], message: string): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, message);
}
