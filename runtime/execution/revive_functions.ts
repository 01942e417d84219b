/**
 * Functions that have come as text.
 *
 * @module
 */

/** A function as text, in the place of the function. */
export interface FunctionSource {
  /** Marks it. */
  readonly $netrunFunctionSource: string;
}

/** Turns texts back into functions. */
export async function reviveFunctions(value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return await Promise.all(value.map(reviveFunctions));
  if (typeof value !== "object" || value === null || value instanceof Map) return value;
  const { $netrunFunctionSource: text } = value as Partial<FunctionSource>;
  if (typeof text === "string" && Object.keys(value).length === 1) {
    const url = `data:text/javascript,${encodeURIComponent(`export default (${text}\n);`)}`;
    return (await import(url)).default;
  }
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await reviveFunctions(item)] as const),
  );
  return Object.fromEntries(entries);
}
