/**
 * What code writes to the console while it runs.
 *
 * @module
 */

const METHODS = ["log", "info", "warn", "error", "debug"] as const;
const MAX_CHARACTERS = 10_000_000;

/**
 * Runs a function and returns what it wrote to the console meanwhile, up to ten million characters.
 *
 * The console is that of the whole process: what other code writes at the same time is taken too.
 *
 * @throws Whatever the function throws.
 */
export async function captureConsole<T>(
  task: () => Promise<T>,
): Promise<{ result: T; output: string }> {
  const lines: string[] = [];
  let size = 0;
  const original = Object.fromEntries(METHODS.map((method) => [method, console[method]]));
  const capture = (...values: unknown[]) => {
    if (size > MAX_CHARACTERS) return;
    const line = values.map((value) => typeof value === "string" ? value : Deno.inspect(value))
      .join(" ");
    size += line.length + 1;
    lines.push(size > MAX_CHARACTERS ? "[output cut]\n" : `${line}\n`);
  };
  for (const method of METHODS) console[method] = capture;
  try {
    const result = await task();
    return { result, output: lines.join("") };
  } finally {
    Object.assign(console, original);
  }
}
