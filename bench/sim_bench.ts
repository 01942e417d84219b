/**
 * Hot operations of the simulator, one by one: `deno task bench`.
 *
 * @module
 */
import { edge, evaluateTerm, Graph, NetSim, term, ulidSource } from "@netrun/netrun/sim";
import { drain, graphOf, inject } from "./sim_workloads.ts";

const spec = graphOf("pipeline", 10);
const first = spec.edges[0]!;

{
  const sim = new NetSim(spec);
  Deno.bench("a packet through a chain of 10 nodes", { group: "epochs" }, () => {
    inject(sim, first);
    drain(sim);
  });
}

{
  const idle = graphOf("idle", 10_000);
  const sim = new NetSim(idle);
  Deno.bench("the same beside 10,000 idle nodes", { group: "epochs" }, () => {
    inject(sim, idle.edges[0]!);
    drain(sim);
  });
}

{
  const sim = new NetSim({ nodes: [], edges: [] });
  Deno.bench("create and consume a packet", { group: "packet" }, () => {
    const { packetId } = sim.doAction({ type: "createPacket" }).data;
    sim.doAction({ type: "consumePacket", packetId });
  });
  Deno.bench("the same without events", { group: "packet" }, () => {
    const { packetId } = sim.perform({ type: "createPacket" }, undefined, 0);
    sim.perform({ type: "consumePacket", packetId }, undefined, 0);
  });
  Deno.bench("create a packet and undo it", { group: "packet" }, () => {
    const action = { type: "createPacket" } as const;
    sim.undoAction(action, sim.doAction(action).events);
  });
}

{
  const sim = new NetSim(spec);
  const ids = Array.from({ length: 10_000 }, () => inject(sim, first));
  const destination = { type: "edge", edge: first } as const;
  let i = 0;
  Deno.bench("take a packet from the front of 10,000 and put it at the end", () => {
    const packetId = ids[i++ % ids.length]!;
    sim.doAction({ type: "transportPacketToLocation", packetId, destination });
  });
}

{
  const sim = new NetSim(spec);
  Deno.bench("a step of a blocked net", { group: "blocked" }, () => {
    sim.runStep();
  });
  Deno.bench("ask whether a net is blocked", { group: "blocked" }, () => {
    sim.isBlocked();
  });
}

{
  const newId = ulidSource();
  let ms = 0;
  Deno.bench("mint an id", () => {
    newId(ms++ >> 8);
  });
}

{
  const both = term.and(term.port("a", "nonEmpty"), term.port("b", "nonEmpty"));
  const slots = { type: "infinite" } as const;
  Deno.bench("evaluate a term of two ports", () => {
    evaluateTerm(both, () => 1, () => slots);
  });
}

Deno.bench("build and validate a graph of 100 nodes", () => {
  const names = Array.from({ length: 100 }, (_, i) => `n${i}`);
  new Graph({
    nodes: names.map((name) => ({ name, inPorts: [{ name: "i" }], outPorts: [{ name: "o" }] })),
    edges: names.map((name, i) => edge(name, "o", names[(i + 1) % 100]!, "i")),
  }).validate();
});
