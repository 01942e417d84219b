import { Net } from "@netrun/netrun";
const one = { max_salvos: { type: "finite", max: 1 }, ports: { in: { type: "count", count: 1 } }, term: { type: "port", port_name: "in", state: { type: "non_empty" } } };
const net = await Net.open({ graph: { nodes: [{ name: "A", in_ports: { in: {} }, out_ports: { out: {} }, in_salvo_conditions: { one }, execution_config: { timeout: 0.2, retries: 1, exec_node_func: async (ctx: any, p: any) => { for (const id of p.in) ctx.consumePacket(id); await new Promise((r) => setTimeout(r, 1500)); } } }] }, } as never);
let t = performance.now();
await net.executeNode("A", { in: [1] }).then(console.log, (e) => console.log(String(e), performance.now() - t));
// cancelEpoch
t = performance.now();
const p = net.executeNode("A", { in: [2] }).then((r) => console.log(r?.cancelled), (e) => console.log(String(e)));
await new Promise((r) => setTimeout(r, 50));
net.cancelEpoch(net.runningEpochs[0]!.id ?? (net.runningEpochs[0] as any).epochId);
await p; console.log(performance.now() - t);
net.onEvent((e) => console.log(e.type, (e as any).phase));
await net.close();
