/**
 * What `ordered` and `call` cost beside the same packets without them.
 *
 * @module
 */
import { Net } from "@netrun/netrun";

const packets = 1000;
const values = Array.from({ length: packets }, (_, i) => i);

/** Lets others go first, so that epochs are in flight side by side. */
const inc = async (x: number): Promise<number> => (await Promise.resolve(), x + 1);

function chain(ordered: boolean): Promise<Net> {
  const names = ["a", "b", "c"];
  return Net.open({
    graph: {
      nodes: names.map((name) => ({
        name,
        factory: "netrun:function",
        factory_args: { func: inc },
        execution_config: { ordered },
      })),
      edges: names.slice(1).map((target_node, i) => ({
        source_node: names[i]!,
        source_port: "out",
        target_node,
        target_port: "x",
      })),
    },
  });
}

const plain = await chain(false);
const ordered = await chain(true);
const serving = await chain(false);
await serving.startBackground({ sigint: false });

async function inject(net: Net): Promise<void> {
  net.injectData("a", "x", values);
  await net.runUntilBlocked();
  net.flushOutputQueue("c::out");
}

Deno.bench("1,000 packets through three nodes", { group: "ordered", baseline: true }, async () => {
  await inject(plain);
});

Deno.bench("the same, ordered", { group: "ordered" }, async () => {
  await inject(ordered);
});

Deno.bench("1,000 packets injected and fetched", { group: "call", baseline: true }, async () => {
  serving.injectData("a", "x", values);
  for (let i = 0; i < packets; i++) await serving.getOutput("c::out");
});

Deno.bench("1,000 calls in flight", { group: "call" }, async () => {
  await Promise.all(values.map((value) => serving.call("a", "x", value, { queue: "c::out" })));
});
