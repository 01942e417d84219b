import { assertEquals } from "@std/assert";
import type { NodePool } from "../../../runtime/execution/pool.ts";
import { Allocator, type Worker } from "../../../runtime/net/allocation.ts";

function pool(id: string, workerCount: number): NodePool {
  return { id, workerCount } as NodePool;
}

const pools = [pool("a", 2), pool("b", 2), pool("m", 1)];
const nameOf = ({ pool, workerId }: Worker) => `${pool.id}${workerId}`;

Deno.test("round-robin takes workers that were never used in order, then the least recently used", () => {
  const allocator = new Allocator(pools, () => 0);
  const candidates = allocator.candidates(["a", "b", "m", "a"]);
  const chosen = Array.from(
    { length: 7 },
    () => nameOf(allocator.choose(candidates, "round-robin")),
  );
  assertEquals(chosen, ["a0", "a1", "b0", "b1", "m0", "a0", "a1"]);
});

Deno.test("use by one node counts for all nodes", () => {
  const allocator = new Allocator(pools, () => 0);
  allocator.choose(allocator.candidates(["b"]), "round-robin");
  assertEquals(nameOf(allocator.choose(allocator.candidates(["b", "m"]), "round-robin")), "b1");
});

Deno.test("least-busy takes the worker with the fewest unfinished jobs, the first of equals", () => {
  const allocator = new Allocator(pools, () => 0);
  const candidates = allocator.candidates(["b", "a"]);
  const chosen = Array.from(
    { length: 6 },
    () => nameOf(allocator.choose(candidates, "least-busy")),
  );
  assertEquals(chosen, ["b0", "b1", "a0", "a1", "b0", "b1"]);
});

Deno.test("random chooses by the number that it is given", () => {
  const numbers = [0, 0.999, 0.5];
  const allocator = new Allocator(pools, () => numbers.shift()!);
  const candidates = allocator.candidates(["a", "b"]);
  const chosen = Array.from({ length: 3 }, () => nameOf(allocator.choose(candidates, "random")));
  assertEquals(chosen, ["a0", "b1", "b0"]);
});
