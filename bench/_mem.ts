import { Net } from "@netrun/netrun";
const depth = 10;
const nodes = Array.from({ length: depth }, (_, i) => ({ name: `n${i}`, factory: "netrun:function", factory_args: { func: (x: number): number => x + 1 } }));
const edges = Array.from({ length: depth - 1 }, (_, i) => ({ source_node: `n${i}`, source_port: "out", target_node: `n${i + 1}`, target_port: "x" }));
await using net = await Net.open({ graph: { nodes, edges } } as never);
console.log("start", (Deno.memoryUsage().rss / 1e6) | 0);
let max = 0;
for (let k = 0; k < (Number(Deno.args[0]) || 1000); k++) {
  net.injectData("n0", "x", Array.from({ length: 1000 }, (_, i) => i));
  await net.runUntilBlocked();
  net.flushOutputQueue("n9::out");
  max = Math.max(max, Deno.memoryUsage().rss);
  if (k % 100 === 99) { const m = Deno.memoryUsage(); console.log(k, (m.rss / 1e6) | 0, (m.heapUsed / 1e6) | 0, (m.heapTotal / 1e6) | 0); }
}
console.log("max", (max / 1e6) | 0);
