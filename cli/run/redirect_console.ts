/**
 * Keeping what user code writes to the console off standard output.
 *
 * @module
 */

const METHODS = ["log", "info", "debug", "warn", "error"] as const;

/** Sends what is written to the console to `write`, until it is disposed. */
export function redirectConsole(write: (text: string) => void): Disposable {
  const original = Object.fromEntries(METHODS.map((method) => [method, console[method]]));
  const print = (...values: unknown[]) => {
    write(`${values.map((v) => typeof v === "string" ? v : Deno.inspect(v)).join(" ")}\n`);
  };
  for (const method of METHODS) console[method] = print;
  return { [Symbol.dispose]: () => void Object.assign(console, original) };
}
