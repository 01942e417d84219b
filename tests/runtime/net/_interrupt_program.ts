/** Interrupts itself while an epoch runs, and prints how its background loop ended. */
import { eat, node, openNet, record } from "./net_fixture.ts";

await using net = await openNet([
  node("A", async (ctx, packets) => {
    const arrived = Promise.withResolvers<void>();
    Deno.addSignalListener("SIGINT", arrived.resolve);
    Deno.kill(Deno.pid, "SIGINT");
    await arrived.promise;
    Deno.removeSignalListener("SIGINT", arrived.resolve);
    eat(ctx, packets);
  }, { max_parallel_epochs: 1 }),
]);
const { ends } = record(net);
await net.startBackground();
net.injectData("A", "in", [1, 2]);
const { reason } = await net.waitUntilStopped();
console.log(`${reason}, ${ends.length} ${ends[0]?.outcome}`);
