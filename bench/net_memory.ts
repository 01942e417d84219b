/**
 * What a long run keeps: `deno run -A bench/net_memory.ts [THOUSANDS]` feeds packets, a thousand at
 * a time, through a chain of ten nodes, and prints the memory of the process as JSON lines.
 *
 * @module
 */
import { Net } from "@netrun/netrun";

const thousands = Number(Deno.args[0] ?? 1000);
const names = Array.from({ length: 10 }, (_, i) => `n${i}`);
await using net = await Net.open({
  graph: {
    nodes: names.map((name) => ({
      name,
      factory: "netrun:function",
      factory_args: { func: (x: number): number => x + 1 },
    })),
    edges: names.slice(1).map((target_node, i) => ({
      source_node: names[i]!,
      source_port: "out",
      target_node,
      target_port: "x",
    })),
  },
});
const values = Array.from({ length: 1000 }, (_, i) => i);
let most = 0;
tell(0);
for (let done = 1; done <= thousands; done++) {
  net.injectData("n0", "x", values);
  await net.runUntilBlocked();
  net.flushOutputQueue("n9::out");
  most = Math.max(most, Deno.memoryUsage().rss);
  if (done % 100 === 0 || done === thousands) tell(done);
}

function tell(done: number): void {
  const { rss, heapUsed } = Deno.memoryUsage();
  console.log(JSON.stringify({
    packets: done * 1000,
    rss_mb: toMb(rss),
    heap_used_mb: toMb(heapUsed),
    most_rss_mb: toMb(most),
  }));
}

function toMb(bytes: number): number {
  return Math.round(bytes / 1e6);
}
