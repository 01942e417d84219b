/** Functions of the nodes in `net.ts`. */

/** Next to no work. */
export const inc = (x: number): number => x + 1;

/** About a millisecond of work. */
export function spin(x: number): number {
  let n = 0;
  for (let i = 0; i < 200_000; i++) n += i % 7;
  return n > 0 ? x + 1 : x;
}
