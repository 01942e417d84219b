/**
 * A project whose heavy node runs on all cores.
 *
 * @module
 */
import type { Template } from "./template.ts";

/** The template. */
export const workers: Template = {
  summary: "heavy work on all cores, in the threads of a pool",
  files: ({ tasks, schemaHint }) => ({
    "primes.netrun.toml":
      `${schemaHint}# Ranges of numbers are searched for primes, each in a thread.

[pools.cores]
spec = { type = "thread", all_cores = true }

[[graph.nodes]]
name = "ranges"
factory = "netrun.node_factories.function"
factory_args = { func = "./nodes.ts::ranges" }

[[graph.nodes]]
name = "count"
factory = "netrun.node_factories.function"
factory_args = { func = "./nodes.ts::countPrimes" }
execution_config = { pools = ["cores"], ordered = true }

[graph]
edges = [
  { source_node = "ranges", source_port = "out", target_node = "count", target_port = "range" },
]
`,
    "nodes.ts": `/** Whole numbers, \`to\` excluded. */
export interface Range {
  from: number;
  to: number;
}

/** Yields the ranges, one packet each. */
export function* ranges(): Generator<Range> {
  for (let from = 0; from < 800_000; from += 100_000) {
    yield { from, to: from + 100_000 };
  }
}

/** Counts the primes of a range. It never waits, so it would hold up the main thread. */
export function countPrimes(range: Range): Range & { primes: number } {
  let primes = 0;
  for (let n = Math.max(2, range.from); n < range.to; n++) {
    if (isPrime(n)) primes++;
  }
  return { ...range, primes };
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) {
    if (n % divisor === 0) return false;
  }
  return true;
}
`,
    "nodes_test.ts": `import assert from "node:assert/strict";
import { countPrimes, ranges } from "./nodes.ts";

Deno.test("countPrimes() counts 2, 3, 5 and 7", () => {
  assert.equal(countPrimes({ from: 0, to: 10 }).primes, 4);
});

Deno.test("ranges() leaves no gap", () => {
  const all = [...ranges()];
  for (const [i, range] of all.entries()) {
    assert.equal(range.from, i === 0 ? 0 : all[i - 1].to);
  }
});
`,
    "primes.nettest.toml": `title = "primes below a hundred"
net = "primes.netrun.toml"

[[inject]]
node = "count"
port = "range"
values = [{ from = 0, to = 100 }]

[expect.queues]
"count::out" = [{ from = 0, to = 100, primes = 25 }]
`,
    "deno.json": `${JSON.stringify({ tasks }, null, 2)}\n`,
  }),
};
