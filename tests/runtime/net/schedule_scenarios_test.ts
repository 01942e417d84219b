import { assert, assertEquals } from "@std/assert";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import { eat, node, openNet, pass, record, sleep, whileTimePasses } from "./net_fixture.ts";

Deno.test("scenario 1: values pass two nodes in order, and a second run has nothing to do", async () => {
  const nodes = [node("A", pass((x: number) => x * 2)), node("B", pass())];
  await using net = await openNet(nodes, ["A.out>B.in"]);
  const { starts } = record(net);
  net.injectData("A", "in", [1, 2, 3]);
  const { madeProgress, reason } = await net.runUntilBlocked();
  assertEquals([madeProgress, reason], [true, "blocked"]);
  assertEquals(net.flushOutputQueue("B::out"), [2, 4, 6]);
  assertEquals(starts.toSorted(), ["A", "A", "A", "B", "B", "B"]);
  assertEquals((await net.runUntilBlocked()).madeProgress, false);
});

Deno.test("scenario 2: with max_parallel_epochs 1 output keeps the order of injection", async () => {
  const clock = new VirtualClock(0);
  const waits = Array.from({ length: 20 }, (_, i) => (7 * i) % 5 + 1);
  let next = 0;
  const slow = sleepEach(clock, () => waits[next++]!);
  await using net = await openNet([node("A", slow, { max_parallel_epochs: 1 })], [], {}, { clock });
  const values = Array.from({ length: 20 }, (_, i) => i);
  net.injectData("A", "in", values);
  await whileTimePasses(clock, net.runUntilBlocked());
  assertEquals(net.flushOutputQueue("A::out"), values);
});

function sleepEach(clock: VirtualClock, seconds: () => number): ReturnType<typeof sleep> {
  return (ctx, packets) => sleep(clock, seconds())(ctx, packets);
}

for (const [limit, expectedMs, mostRunning] of [[2, 300, 2], [null, 100, 6]] as const) {
  Deno.test(`scenario 3: six sleeps of 0.1 s take ${expectedMs} ms with a limit of ${limit}`, async () => {
    const clock = new VirtualClock(0);
    const settings = { max_parallel_epochs: limit };
    await using net = await openNet([node("A", sleep(clock, 0.1), settings)], [], {}, { clock });
    let most = 0;
    net.onEpochStart(() => most = Math.max(most, net.runningEpochs.length));
    net.injectData("A", "in", [1, 2, 3, 4, 5, 6]);
    await whileTimePasses(clock, net.runUntilBlocked());
    assertEquals([clock.now(), most], [expectedMs, mostRunning]);
    assertEquals(net.outputCount("A::out"), 6);
  });
}

for (const [rate, offsets] of [[2, [0, 0, 1000, 1000, 2000]], [0.5, [0, 2000, 4000]]] as const) {
  Deno.test(`scenario 4: at a rate of ${rate} epochs start at ${offsets} ms`, async () => {
    const clock = new VirtualClock(0);
    const settings = { rate_limit_per_second: rate };
    const sink = node("A", eat, settings, { out_ports: {} });
    await using net = await openNet([sink], [], {}, { clock });
    const starts: number[] = [];
    net.onEpochStart(() => starts.push(clock.now()));
    net.injectData("A", "in", [...offsets]);
    // The net itself tells the clock that it only waits for the next slot.
    await net.runUntilBlocked();
    assertEquals(starts, [...offsets]);
  });
}

Deno.test("runStep() leaves what the rate limit holds back", async () => {
  const clock = new VirtualClock(0);
  const settings = { rate_limit_per_second: 1 };
  await using net = await openNet([node("A", pass(), settings)], [], {}, { clock });
  net.injectData("A", "in", [1, 2]);
  await net.runStep();
  await net.runStep();
  assertEquals([clock.now(), net.outputCount("A::out")], [0, 1]);
  assertEquals(net.getStartableEpochs().length, 1);
});

Deno.test("timers have their turn while synchronous nodes run", async () => {
  const nodes = [node("A", pass()), node("B", pass())];
  await using net = await openNet(nodes, ["A.out>B.in", "B.out>A.in"]);
  net.injectData("A", "in", [1]);
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 20);
  const { reason, madeProgress } = await net.runUntilBlocked({ signal: abort.signal });
  assertEquals([reason, madeProgress], ["aborted", true]);
});

Deno.test("nodes that stand idle cost nothing: none of them is looked at", async () => {
  const many = Array.from({ length: 200 }, (_, i) => node(`N${i}`, pass()));
  await using net = await openNet(many);
  net.injectData("N7", "in", [1]);
  await net.runUntilBlocked();
  assert(net.hasOutput("N7::out"));
});
