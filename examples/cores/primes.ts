/** Counts the primes among the 200,000 numbers from `from` on. */
export function countPrimes(from: number): string {
  let primes = 0;
  for (let n = Math.max(2, from); n < from + 200_000; n++) if (isPrime(n)) primes++;
  return `${primes} from ${from} on`;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}
