/**
 * The environment variables of this process.
 *
 * @module
 */

/** The environment, as far as it may be read. */
export function environment(): Record<string, string> {
  try {
    return Deno.env.toObject();
  } catch {
    return {};
  }
}
