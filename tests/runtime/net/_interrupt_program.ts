/** Interrupts itself while an epoch runs, and prints how its background loop ended. */
import { eat, node, openNet, record } from "./net_fixture.ts";

await using net = await openNet([
  node("A", async (ctx, packets) => {
    Deno.kill(Deno.pid, "SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 50));
    eat(ctx, packets);
  }, { max_parallel_epochs: 1 }),
]);
const { ends } = record(net);
await net.startBackground();
net.injectData("A", "in", [1, 2]);
const { reason } = await net.waitUntilStopped();
console.log(`${reason}, ${ends.length} ${ends[0]?.outcome}`);
