import { assert, assertEquals } from "@std/assert";
import { edge } from "../../../sim/graph.ts";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import { Simulation } from "../../../ui/model/simulation.ts";

async function line(): Promise<Simulation> {
  const config = NetConfig.parse({
    graph: {
      nodes: [
        { name: "a", in_ports: { in: {}, go: {} }, out_ports: { out: {} } },
        { name: "b", in_ports: { in: {} }, out_ports: { out: {} } },
      ],
      edges: [{ source_node: "a", source_port: "out", target_node: "b", target_port: "in" }],
    },
  });
  return new Simulation((await config.resolve()).toGraph());
}

Deno.test("packets are injected, epochs finished by rule, and what they send goes on", async () => {
  const simulation = await line();
  simulation.inject("a", "in", 2);
  simulation.inject("a", "go");
  simulation.runUntilBlocked();
  const [epoch] = simulation.startable();
  assertEquals(epoch?.nodeName, "a");
  simulation.finish(epoch!.id, { type: "count", count: 2 });
  assertEquals(simulation.onEdge(edge("a", "out", "b", "in")), 2);
  simulation.runUntilBlocked();
  const each = simulation.startable();
  assertEquals(each.map(({ nodeName }) => nodeName), ["b", "b"]);
  for (const { id } of each) simulation.finish(id, { type: "drop" });
  assertEquals([simulation.startable(), simulation.running()], [[], []]);
});

Deno.test("undo leads back through everything to the empty net", async () => {
  const simulation = await line();
  simulation.inject("a", "in");
  simulation.inject("a", "go");
  while (simulation.step());
  const [epoch] = simulation.startable();
  simulation.start(epoch!.id);
  assertEquals(simulation.running().length, 1);
  simulation.finish(epoch!.id, { type: "pass" });
  while (simulation.step());
  assert(simulation.length > 5);
  while (simulation.undo());
  assertEquals(simulation.waitingAt("a", "in"), 0);
  assertEquals([simulation.startable(), simulation.running(), simulation.outside()], [[], [], 0]);
  assertEquals(simulation.lastLabel, undefined);
});

Deno.test("a node that waits says for what", async () => {
  const simulation = await line();
  simulation.inject("a", "in");
  assertEquals(simulation.whyWaiting("a"), [{
    condition: "default",
    parts: [
      { text: "in is non-empty", holds: true },
      { text: "go is non-empty", holds: false },
    ],
  }]);
});

Deno.test("a step that fails in the middle changes nothing", async () => {
  const simulation = await line();
  let failed = false;
  try {
    simulation.inject("a", "nowhere");
  } catch {
    failed = true;
  }
  assert(failed);
  assertEquals([simulation.outside(), simulation.length], [0, 0]);
});
