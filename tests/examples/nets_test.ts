import { assertEquals } from "@std/assert";
import { Net } from "@netrun/netrun";
import { VirtualClock } from "@netrun/netrun/testing";

const examples = new URL("../../examples/", import.meta.url);

Deno.test("retries: busy lookups are tried again, unknown cities leave by the error port", async () => {
  await using net = await Net.fromFile(new URL("retries/retries.netrun.toml", examples), {
    clock: new VirtualClock(),
  });
  await net.init();
  net.injectData("look_up", "city", ["Oslo", "Atlantis", "Bergen"]);
  await net.runUntilBlocked();
  assertEquals((net.flushOutputQueue("found") as string[]).toSorted(), [
    "Bergen has 291940 inhabitants",
    "Oslo has 717710 inhabitants",
  ]);
  assertEquals(net.flushOutputQueue("missing"), [
    "Atlantis: There is no city Atlantis (after 4 attempts)",
  ]);
  assertEquals(net.deadLetterQueue, []);
});

Deno.test("breaker: a failure switches the press off, and orders wait until it is enabled", async () => {
  await using net = await Net.fromFile(new URL("breaker/breaker.netrun.toml", examples), {
    echo: () => {},
  });
  await net.init();
  net.injectData("press", "order", [1, -1]);
  await net.runUntilBlocked();
  assertEquals(net.isNodeEnabled("press"), false);
  net.injectData("press", "order", [2]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("parts"), ["part 1"]);
  net.sendControl("press", "enable");
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("parts"), ["part 2"]);
  assertEquals(net.flushOutputQueue("journal"), [
    "press: epoch_finished",
    "press: epoch_failed (Order -1 jams the press)",
    "press: epoch_finished",
  ]);
});
