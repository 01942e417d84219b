import { Net } from "@netrun/netrun";
import inspector from "node:inspector";
const depth = 10;
const nodes = Array.from({ length: depth }, (_, i) => ({ name: `n${i}`, factory: "netrun:function", factory_args: { func: (x: number): number => x + 1 } }));
const edges = Array.from({ length: depth - 1 }, (_, i) => ({ source_node: `n${i}`, source_port: "out", target_node: `n${i + 1}`, target_port: "x" }));
await using net = await Net.open({ graph: { nodes, edges } } as never);
async function batch() {
  net.injectData("n0", "x", Array.from({ length: 1000 }, (_, i) => i));
  await net.runUntilBlocked();
  net.flushOutputQueue("n9::out");
}
for (let k = 0; k < 100; k++) await batch();
const s = new inspector.Session(); s.connect();
const post = (m: string, p?: unknown) => new Promise<any>((ok, no) => s.post(m as never, p as never, (e: unknown, r: unknown) => e ? no(e) : ok(r)));
await post("Profiler.enable");
await post("Profiler.setSamplingInterval",{interval:500}); await post("Profiler.start");
for (let k = 0; k < 100; k++) await batch();
const { profile } = await post("Profiler.stop");
const self = new Map<string, number>(); const byId = new Map<number, any>(profile.nodes.map((n: any) => [n.id, n]));
let total = 0;
profile.samples.forEach((id: number, i: number) => { const f = byId.get(id).callFrame; const k = `${f.functionName}@${f.url.split("/").pop()}:${f.lineNumber + 1}`; const d = profile.timeDeltas[i]; total += d; self.set(k, (self.get(k) ?? 0) + d); });
for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 32)) console.log((100 * v / total).toFixed(1) + "%", k);
