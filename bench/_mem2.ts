import { Net } from "@netrun/netrun";
import v8 from "node:v8";
const show = (l: string) => { const m = Deno.memoryUsage(); const sp = v8.getHeapSpaceStatistics(); console.log(l, "rss", (m.rss/1e6)|0, "used", (m.heapUsed/1e6)|0, "tot", (m.heapTotal/1e6)|0, "ext", (m.external/1e6)|0, "malloced", (v8.getHeapStatistics().malloced_memory/1e6)|0, "peak", (v8.getHeapStatistics().peak_malloced_memory/1e6)|0, sp.filter(s=>s.physical_space_size>1e6).map(s=>s.space_name+":"+((s.space_used_size/1e6)|0)+"/"+((s.physical_space_size/1e6)|0)).join(" "));
 };
const anon = () => { const t = Deno.readTextFileSync("/proc/self/smaps"); const out: [number,string][] = []; let name=""; for (const line of t.split("\n")) { const h = line.match(/^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/); if (h) name = (h[4] || "anon "+h[3]); const r = line.match(/^Rss:\s+(\d+)/); if (r) out.push([+r[1]!, name]); } const by = new Map<string,number>(); for (const [r,n] of out) by.set(n,(by.get(n)??0)+r); console.log([...by].sort((a,b)=>b[1]-a[1]).slice(0,8).map(([n,r])=>n+"="+((r/1000)|0)).join("  ")); };
show("import"); anon();
const depth = 10;
const nodes = Array.from({ length: depth }, (_, i) => ({ name: `n${i}`, factory: "netrun:function", factory_args: { func: (x: number): number => x + 1 } }));
const edges = Array.from({ length: depth - 1 }, (_, i) => ({ source_node: `n${i}`, source_port: "out", target_node: `n${i + 1}`, target_port: "x" }));
await using net = await Net.open({ graph: { nodes, edges } } as never);
show("open"); anon();
for (let k = 0; k < 300; k++) {
  net.injectData("n0", "x", Array.from({ length: 1000 }, (_, i) => i));
  await net.runUntilBlocked();
  net.flushOutputQueue("n9::out");
  if (k % 30 === 29) show(""+k);
}
anon();
