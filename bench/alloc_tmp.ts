import inspector from "node:inspector";
/**
 * `deno task bench:net DEPTH PACKETS POOL [FN]`: packets through a chain of nodes, as one JSON line.
 *
 * @module
 */
import { Net } from "@netrun/netrun";

const [depth = 10, packets = 20_000] = Deno.args.slice(0, 2).map(Number);
const pool = Deno.args[2] ?? "main";
const fn = Deno.args[3] ?? "inc";

const specs: Record<string, unknown> = {
  main: { type: "main" },
  thread: { type: "thread", num_workers: 2 },
  process: { type: "multiprocess", num_processes: 2, threads_per_process: 1 },
};
const spec = specs[pool];
if (!spec || !["inc", "spin"].includes(fn)) {
  console.error("usage: bench:net DEPTH PACKETS main|thread|process [inc|spin]");
  Deno.exit(2);
}

const names = Array.from({ length: depth }, (_, i) => `n${i}`);
await using net = await Net.open({
  project_root_override: import.meta.dirname!,
  pools: { p: { spec: spec as { type: "main" } } },
  graph: {
    nodes: names.map((name) => ({
      name,
      factory: "netrun:function",
      factory_args: { func: `./net_functions.ts::${fn}` },
      execution_config: { pools: ["p"] },
    })),
    edges: names.slice(1).map((name, i) => ({
      source_node: names[i]!,
      source_port: "out",
      target_node: name,
      target_port: "x",
    })),
  },
  output_queues: { r: { ports: [[names.at(-1)!, "out"]] } },
});

import process from "node:process"; 
const R = Number(Deno.env.get("R") ?? 12);
for (let i=0;i<3;i++) await run();
const stop = undefined as any;
const c0 = process.cpuUsage(); const rates: number[] = [];
const s = new inspector.Session(); s.connect(); s.post("HeapProfiler.startSampling", { samplingInterval: 2048, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true } as any); for (let i=0;i<2;i++) rates.push(depth*packets/(await run()).seconds);   s.post("HeapProfiler.stopSampling", (_e: any, r: any) => {  const agg = new Map<string, number>(); let tot = 0; const N=20000; const walk = (n: any) => { const f = n.callFrame; const k = `${f.functionName || "(anon)"} ${f.url.split("/").slice(-1)}:${f.lineNumber + 1}`; agg.set(k, (agg.get(k) ?? 0) + n.selfSize); tot += n.selfSize; n.children.forEach(walk); };  walk(r.profile.head);  console.log("total/job", Math.round(tot / N)); for (const [k, v] of [...agg].sort((a, b) => b[1] - a[1]).slice(0, 40)) console.log(String(Math.round(v / N)).padStart(6), k);});
const c1 = process.cpuUsage(c0);
stop?.("main");
rates.sort((a,b)=>a-b);
console.log(pool, depth, packets, "median", Math.round(rates[R>>1]!), "max", Math.round(rates.at(-1)!), "cpu/epoch", ((c1.user+c1.system)/R/depth/packets).toFixed(1), "us");
await new Promise((r) => setTimeout(r, 2000)); Deno.exit(0);
const cold = await run();
const { out, seconds } = await run();
const epochs = depth * packets;
console.log(JSON.stringify({
  impl: "netrun deno",
  depth,
  packets,
  pool,
  fn,
  out,
  epochs,
  seconds,
  epochs_per_s: Math.round(epochs / seconds),
  warm: true,
  cold_epochs_per_s: Math.round(epochs / cold.seconds),
}));

async function run(): Promise<{ out: number; seconds: number }> {
  net.injectData("n0", "x", Array.from({ length: packets }, (_, i) => i));
  const start = performance.now();
  await net.runUntilBlocked();
  const seconds = (performance.now() - start) / 1000;
  return { out: net.flushOutputQueue("r").length, seconds };
}
