/**
 * How often a property is tried.
 *
 * @module
 */

/** Number of runs that `PROPERTY_RUNS` asks for, else `usual`. */
export function propertyRuns(usual: number): number {
  const asked = Number(Deno.env.get("PROPERTY_RUNS") ?? usual);
  if (Number.isInteger(asked) && asked > 0) return asked;
  throw new Error("PROPERTY_RUNS must be a positive whole number");
}
