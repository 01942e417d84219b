import { assertEquals } from "@std/assert";
import { NonRetryableError, NotSerializableError, RetryAfterError } from "@netrun/netrun";
import { retryDelayMs } from "../../../runtime/net/retry_policy.ts";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import { boom, node, type NodeFn, openNet } from "./net_fixture.ts";

const settings = {
  retries: 9,
  retry_wait: 1,
  retry_backoff: 2,
  retry_wait_max: 5,
  retry_jitter: 0,
};

Deno.test("a backoff of 2 waits 1, 2, 4, 5 seconds where 5 is the longest", async () => {
  const clock = new VirtualClock(0);
  const execution = { ...settings, retries: 4 };
  await using net = await openNet([node("A", boom, execution)], [], {
    propagate_exceptions: false,
  }, { clock });
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  const at = net.deadLetterQueue[0]!.retryTimestamps;
  assertEquals(at.slice(1).map((time, i) => time - at[i]!), [1000, 2000, 4000, 5000]);
});

Deno.test("the share of the wait that is random shortens it", () => {
  const jittered = { ...settings, retry_jitter: 0.5 };
  assertEquals(
    [0, 0.5, 0.999].map((random) => Math.round(retryDelayMs(jittered, 1, null, random)!)),
    [
      2000,
      1500,
      1001,
    ],
  );
});

Deno.test("some errors end the attempts, others say how long to wait; what counts is their code", () => {
  const delay = (error: unknown) => retryDelayMs(settings, 0, error, 0);
  assertEquals(delay(new NonRetryableError("no use")), undefined);
  assertEquals(delay({ code: "NonRetryable" }), undefined);
  assertEquals(delay(new NotSerializableError("packet", "", "function")), undefined);
  assertEquals(delay(new RetryAfterError(3)), 3000);
  assertEquals(delay({ code: "HTTP", retryable: true, retryAfter: 7 }), 7000);
  assertEquals(delay({ code: "HTTP", retryable: false }), undefined);
  assertEquals(delay("a string"), 1000);
});

Deno.test("an attempt that is made again takes a slot of the rate limit before new epochs do", async () => {
  const clock = new VirtualClock(0);
  const calls: [string, number][] = [];
  const fn: NodeFn = (ctx, packets) => {
    const name = ctx.consumePacket(packets.in![0]!) as string;
    calls.push([name, clock.now()]);
    if (name === "a" && ctx.retryCount === 0) throw new Error("once");
  };
  const execution = { rate_limit_per_second: 1, retries: 1 };
  await using net = await openNet([node("A", fn, execution)], [], {}, { clock });
  net.injectData("A", "in", ["a", "b", "c"]);
  await net.runUntilBlocked();
  assertEquals(calls, [["a", 0], ["a", 1000], ["b", 2000], ["c", 3000]]);
});

Deno.test("the nodes of a rate limit group share its slots", async () => {
  const clock = new VirtualClock(0);
  const calls: number[] = [];
  const fn: NodeFn = (ctx, packets) => {
    ctx.consumePacket(packets.in![0]!);
    calls.push(clock.now());
  };
  const inGroup = (rate: number | null) => ({
    rate_limit_group: "api",
    rate_limit_per_second: rate,
  });
  const nodes = [node("A", fn, inGroup(2)), node("B", fn, inGroup(null))];
  await using net = await openNet(nodes, [], {}, { clock });
  net.injectData("A", "in", [1, 2, 3]);
  net.injectData("B", "in", [1, 2, 3]);
  await net.runUntilBlocked();
  assertEquals(calls, [0, 0, 1000, 1000, 2000, 2000]);
});
