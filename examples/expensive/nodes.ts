/** Two slow steps, and a quick one that puts their results together. */

function isPrime(n: number): boolean {
  if (n % 2 === 0) return n === 2;
  for (let divisor = 3; divisor * divisor <= n; divisor += 2) if (n % divisor === 0) return false;
  return n > 1;
}

/** Where the widest gap between two primes below a limit is. */
export function widestGap(limit: number): string {
  let widest = { after: 2, width: 1 };
  let last = 2;
  for (let n = 3; n < limit; n++) {
    if (!isPrime(n)) continue;
    if (n - last > widest.width) widest = { after: last, width: n - last };
    last = n;
  }
  return `the widest gap is ${widest.width}, after ${widest.after}`;
}

/** How many primes there are below a limit that have another one two further. */
export function twins(limit: number): number {
  let count = 0;
  for (let n = 3; n < limit; n += 2) if (isPrime(n) && isPrime(n + 2)) count++;
  return count;
}

/** A line of a report. */
export function line(gap: string, twins: number): string {
  return `${twins} pairs of twins; ${gap}`;
}
