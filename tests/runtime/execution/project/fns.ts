/** Functions for jobs. */

export const add = (a: number, b: number, { x = 0 } = {}): number => a + b + x;

export async function sleep(ms: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return ms;
}

export function boom(): never {
  throw new RangeError("boom");
}

export function speak(): () => void {
  console.log("hello");
  return () => {};
}

export function exit(code: number): never {
  Deno.exit(code);
}

export const pid = (): number => Deno.pid;
