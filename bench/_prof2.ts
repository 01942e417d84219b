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
await post("HeapProfiler.enable");
await post("HeapProfiler.startSampling", { samplingInterval: 65536, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true, stackDepth: 24 });
for (let k = 0; k < 100; k++) await batch();
const { profile } = await post("HeapProfiler.stopSampling");
const flat = new Map<string, number>();
let total = 0;
(function walk(n: any, path: string[]) {
  const f = n.callFrame; const name = `${f.functionName}@${f.url.split("/").pop()}:${f.lineNumber + 1}`;
  if (n.selfSize) { total += n.selfSize; const key = [name, ...path.slice(0, 1)].join(" < "); flat.set(key, (flat.get(key) ?? 0) + n.selfSize); }
  for (const c of n.children) walk(c, [name, ...path]);
})(profile.head, []);
console.log("total MB", total / 1e6);
for (const [k, v] of [...flat].sort((a, b) => b[1] - a[1]).slice(0, 40)) console.log((v / 1e6).toFixed(2), k);
