import v8 from "node:v8";
const show = (l: string, t = 0) => { const m = Deno.memoryUsage(); const sp = v8.getHeapSpaceStatistics();
const txt = Deno.readTextFileSync("/proc/self/smaps"); let name=""; const by = new Map<string,number>(); for (const line of txt.split("\n")) { const h = line.match(/^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/); if (h) name = (h[4]?.split("/").pop() || "anon "+h[3]); const r = line.match(/^Rss:\s+(\d+)/); if (r) by.set(name,(by.get(name)??0)+ +r[1]!); }
console.log(l, "rss", (m.rss/1e6)|0, "used", (m.heapUsed/1e6)|0, "tot", (m.heapTotal/1e6)|0, [...by].sort((a,b)=>b[1]-a[1]).slice(0,5).map(([n,r])=>n+"="+((r/1000)|0)).join("  "), (t|0)+"ms"); };
show("bare");
for (const m of Deno.args) { const t = performance.now(); await import(m); show(m, performance.now()-t); }
