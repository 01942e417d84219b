import { assertEquals } from "@std/assert";
import { Net } from "@netrun/netrun";

const file = new URL("../../examples/cores/primes.netrun.toml", import.meta.url);

for (const pool of ["main", "cores", "processes"]) {
  Deno.test(`the primes are the same on ${pool}`, async () => {
    await using net = await Net.fromFile(file, { dataOverrides: { default_pools: [pool] } });
    await net.init();
    net.injectData("count", "from", [0, 200_000]);
    await net.runUntilBlocked();
    assertEquals(net.flushOutputQueue("count::out").sort(), [
      "15876 from 200000 on",
      "17984 from 0 on",
    ]);
  });
}
