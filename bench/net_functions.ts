/** Functions of the nodes in `net.ts`. */

/** Next to no work. */
export const inc = (x: number): number => x + 1;

/**
 * About ten milliseconds of work, as long as `spin` of the other program takes: 48 times as many
 * turns of the same loop, because here it is compiled.
 */
export function spin(x: number): number {
  let n = 0;
  for (let i = 0; i < 9_500_000; i++) n += i % 7;
  return n > 0 ? x + 1 : x;
}
