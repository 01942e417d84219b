import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import {
  node,
  type NodeFn,
  openNet,
  pass,
  record,
  settle,
  whileTimePasses,
} from "./net_fixture.ts";
import { propertyRuns } from "../../property_runs.ts";

/** Takes as many seconds as the value says; above 100 it fails. */
function takesItsTime(clock: VirtualClock): NodeFn {
  return async (ctx, packets) => {
    const seconds = ctx.peekPacket(packets.in![0]!) as number;
    if (seconds > 0) {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, seconds * 1000));
    }
    if (seconds > 100) throw new Error("too much");
    pass()(ctx, packets);
  };
}

Deno.test("epochs of an ordered node run side by side and deliver in order, past one that fails", async () => {
  const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(values, fc.nat(), async (values, at) => {
      const clock = new VirtualClock(0);
      const settings = { ordered: true, propagate_exceptions: false, retries: 1 };
      const A = node("A", takesItsTime(clock), settings);
      await using net = await openNet([A], [], {}, { clock });
      const packets = values.toSpliced(at % values.length, 0, 101);
      net.injectData("A", "in", packets);
      await whileTimePasses(clock, net.runUntilBlocked());
      assertEquals(net.flushOutputQueue("A::out"), values);
      // Side by side: it takes as long as the slowest, which fails twice.
      assertEquals(clock.now(), 202_000);
    }),
    { numRuns: propertyRuns(30) },
  );
});

Deno.test("in an ordered node a cancelled epoch leaves at once, and the others go on", async () => {
  const clock = new VirtualClock(0);
  const A = node("A", takesItsTime(clock), { ordered: true });
  await using net = await openNet([A], [], {}, { clock });
  const { ends } = record(net);
  net.injectData("A", "in", [50, 1, 2]);
  const run = net.runUntilBlocked();
  await clock.advance(3);
  assertEquals(ends.length, 0);
  net.cancelEpoch(net.runningEpochs[0]!.epochId);
  await run;
  assertEquals(ends.map(({ outcome }) => outcome), ["cancelled", "success", "success"]);
  assertEquals([net.flushOutputQueue("A::out"), clock.now()], [[1, 2], 3000]);
});

Deno.test("the timeout of an epoch does not run while it waits for its turn", async () => {
  const clock = new VirtualClock(0);
  const slowFirst: NodeFn = async (ctx, packets) => {
    await takesItsTime(clock)(ctx, packets);
  };
  const A = node("A", slowFirst, { ordered: true, timeout: 10 });
  await using net = await openNet([A], [], {}, { clock });
  net.injectData("A", "in", [9, 5, 8]);
  await whileTimePasses(clock, net.runUntilBlocked());
  assertEquals(net.flushOutputQueue("A::out"), [9, 5, 8]);
});

Deno.test("an ordered node launches no more while 1,000 epochs wait behind one", async () => {
  const clock = new VirtualClock(0);
  const A = node("A", takesItsTime(clock), { ordered: true });
  await using net = await openNet([A], [], {}, { clock });
  net.injectData("A", "in", [60, ...Array.from({ length: 1500 }, () => 0)]);
  const { starts } = record(net);
  const run = net.runUntilBlocked();
  // Everything has been formed, and nobody starts any more.
  while (net.getPacketsAtPort("A", "in").length > 0) await settle();
  await settle();
  const before = starts.length;
  await whileTimePasses(clock, run);
  assertEquals([before, net.outputCount("A::out")], [1001, 1501]);
});
