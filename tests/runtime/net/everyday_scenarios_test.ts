import { assert, assertEquals, assertRejects } from "@std/assert";
import { setImmediate } from "node:timers";
import * as z from "zod";
import { EpochError, NoReplyError, OutputTimeoutError } from "@netrun/netrun";
import {
  batch,
  node,
  type NodeExecutionContext,
  NonRetryableError,
  RetryAfterError,
} from "@netrun/netrun/node";
import type { TestNet } from "@netrun/netrun/testing";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import { countTo, fn, made, openFlow } from "./everyday_fixture.ts";
import { record, settle, whileTimePasses } from "./net_fixture.ts";

const row = z.object({ n: z.number() });
const done = { until: "done", empty: true } as const;
const total = node(
  { in: { rows: batch(row, done) }, out: z.number() },
  ({ rows }) => rows.reduce((sum, { n }) => sum + n, 0),
);
const report = node(
  { in: { sums: batch(z.number(), done) }, out: z.number().array() },
  ({ sums }) => sums,
);
const clean = (row: { n: number }) => ({ n: row.n * 10 });

const reporting = [fn("clean", clean), fn("total", total), fn("report", report)];
const reportingEdges = ["clean.out>total.rows", "total.out>report.sums"];

Deno.test("1: rows are cleaned, summed up once, and reported once", async () => {
  const file = await Deno.makeTempFile({ suffix: ".jsonl" });
  await Deno.writeTextFile(file, [1, 2, 3, 4, 5].map((n) => `{"n":${n}}\n`).join(""));
  try {
    await using net = await openFlow(
      [made("read", "read", { path: file }), ...reporting],
      ["read.out>clean.row", ...reportingEdges],
    );
    const { starts } = record(net);
    net.createEpoch("read", "default");
    await net.runUntilBlocked();
    assertEquals(net.flushOutputQueue("report::out"), [[150]]);
    assertEquals(starts.filter((name) => name !== "clean"), ["read", "total", "report"]);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("1: with no rows each aggregate fires once with nothing", async () => {
  await using net = await openFlow(reporting, reportingEdges);
  const { starts } = record(net);
  await net.runUntilBlocked();
  assertEquals([starts, net.flushOutputQueue("report::out")], [["total", "report"], [[0]]]);
});

Deno.test("1: in the background each feed is a round", async () => {
  await using net = await openFlow(reporting, reportingEdges);
  await net.startBackground();
  for (const first of [0, 5]) {
    const rows = [1, 2, 3, 4, 5].map((n) => ({ n: first + n }));
    assertEquals(await net.feed("clean", "row", rows), 5);
    assertEquals(await net.getOutput("report::out"), [150 + first * 50]);
  }
});

Deno.test("1: a batch with max_wait delivers its last packets before the aggregates fire", async () => {
  const pairs = node(
    {
      in: { rows: batch(row, { count: 2, waitFor: 2, maxWait: 60 }) },
      out: z.object({ n: z.number() }),
    },
    ({ rows }) => ({ n: rows.reduce((sum, { n }) => sum + n, 0) }),
  );
  await using net = await openFlow(
    [fn("clean", clean), fn("pairs", pairs), fn("total", total), fn("report", report)],
    ["clean.out>pairs.rows", "pairs.out>total.rows", "total.out>report.sums"],
  );
  const { starts } = record(net);
  net.injectData("clean", "row", [1, 2, 3, 4, 5].map((n) => ({ n })));
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("report::out"), [[150]]);
  assertEquals(starts.filter((name) => name !== "clean"), [
    "pairs",
    "pairs",
    "pairs",
    "total",
    "report",
  ]);
});

Deno.test("1: a run to the report leaves a sibling branch alone", async () => {
  await using net = await openFlow(
    [...reporting, made("copy", "broadcast"), fn("other", total)],
    ["copy.out_0>clean.row", "copy.out_1>other.rows", ...reportingEdges],
  );
  net.injectData("copy", "in_0", [{ n: 1 }, { n: 2 }]);
  const salvos = await net.runToTargets("report");
  assertEquals(
    salvos.map(({ nodeName, packets }) => ({ nodeName, sums: packets.get("sums") })),
    [{ nodeName: "report", sums: [30] }],
  );
  assertEquals(net.getPacketsAtPort("other", "rows").length, 2);
});

Deno.test("2: with max_wait 1 three packets of five fire after a second", async () => {
  const five = node(
    { in: { xs: batch(z.number(), { count: 5, waitFor: 5, maxWait: 1 }) }, out: z.number() },
    ({ xs }) => xs.length,
  );
  await using net = await openFlow([fn("five", five)]);
  const start = net.clock.now();
  const { ends } = record(net);
  net.injectData("five", "xs", [1, 2, 3]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("five::out"), [3]);
  assertEquals(ends.map(({ startedAt }) => startedAt! - start), [1000]);
});

Deno.test("3: an ordered node delivers in order, around one that fails after retries", async () => {
  const clock = new VirtualClock();
  const slow = async (x: number) => {
    await new Promise<void>((resolve) => clock.setTimeout(resolve, (x * 7919) % 1000));
    if (x === 50) throw new Error("fifty");
    return x;
  };
  const settings = { ordered: true, retries: 2, retry_wait: 5 };
  await using net = await openFlow([fn("slow", slow, settings)], [], {}, { clock });
  net.injectData("slow", "x", [...countTo(100)]);
  await whileTimePasses(clock, net.runUntilBlocked({ onError: "continue" }));
  assertEquals(net.flushOutputQueue("slow::out"), [...countTo(100)].filter((x) => x !== 50));
  assertEquals(net.deadLetterQueue.map(({ retryCount }) => retryCount), [2]);
});

Deno.test("4: a join by key pairs 997 of 1,000 through two shuffled branches", async () => {
  const clock = new VirtualClock();
  const delay = (factor: number) => async (row: { id: number }) => {
    await new Promise<void>((resolve) => clock.setTimeout(resolve, (row.id * factor) % 997));
    return row;
  };
  await using net = await openFlow(
    [fn("left", delay(7919)), fn("right", delay(104_729)), made("join", "join", { by: "id" })],
    ["left.out>join.a", "right.out>join.b"],
    {},
    { clock },
  );
  const rows = [...countTo(1000)].map((id) => ({ id }));
  net.injectData("left", "row", rows);
  net.injectData("right", "row", rows.filter(({ id }) => ![3, 500, 999].includes(id)));
  await whileTimePasses(clock, net.runUntilBlocked());
  type Row = { id: number };
  const pairs = net.flushOutputQueue("join::out") as { a: Row; b: Row }[];
  assertEquals([pairs.length, pairs.filter(({ a, b }) => a.id !== b.id)], [997, []]);
  const rest = net.flushOutputQueue("join::unmatched") as { port: string; value: Row }[];
  assertEquals(rest.map(({ value }) => value.id).sort((a, b) => a - b), [3, 500, 999]);
  assertEquals([rest.every(({ port }) => port === "a"), net.packets.size], [true, 0]);
});

Deno.test("5: a feed of many lines never has more than 1,000 packets inside", async () => {
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  let most = 0;
  const slow = async () => {
    most = Math.max(most, net.packets.size);
    await turn();
  };
  await using net: TestNet = await openFlow(
    [
      fn("parse", (line: string) => line),
      fn("slow", (_line: string) => slow(), {
        max_parallel_epochs: 50,
      }),
    ],
    ["parse.out>slow._line"],
  );
  const lines = countTo(100_000).map((i) => `line ${i}`);
  const fed = net.feed("parse", "line", lines);
  await net.runUntilBlocked();
  assertEquals([await fed, most <= 1000, most > 900, net.packets.size], [100_000, true, true, 0]);
});

Deno.test("5: a feed that throws in the middle rejects, and the rest runs to its end", async () => {
  await using net = await openFlow([fn("parse", (x: number) => x)]);
  const broken = countTo(10).map((i) => {
    if (i === 6) throw new Error("line 7");
    return i;
  });
  const fed = assertRejects(() => net.feed("parse", "x", broken), Error, "line 7");
  await net.runUntilBlocked();
  await fed;
  assertEquals(net.flushOutputQueue("parse::out"), [0, 1, 2, 3, 4, 5]);
});

Deno.test("5: rows that stand at a gathering node do not slow a feed down", async () => {
  const time = async (maxInNet: number): Promise<number> => {
    const clock = new VirtualClock();
    const wait = async (x: number) => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 20));
      return { n: x };
    };
    await using net = await openFlow(
      [fn("wait", wait, { max_parallel_epochs: 10 }), fn("total", total)],
      ["wait.out>total.rows"],
      {},
      { clock },
    );
    const start = clock.now();
    const fed = net.feed("wait", "x", countTo(5000), { maxInNet });
    await whileTimePasses(clock, net.runUntilBlocked());
    assertEquals([await fed, net.flushOutputQueue("total::out")], [5000, [12_497_500]]);
    return clock.now() - start;
  };
  const [small, large] = [await time(200), await time(5000)];
  assert(small / large < 1.5, `${small} ms with 200, ${large} ms with 5,000`);
});

Deno.test("5: two files fed into a join take turns", async () => {
  let most = 0;
  await using net: TestNet = await openFlow(
    [
      made("join", "join"),
      fn("see", (_x: unknown) => void (most = Math.max(most, net.packets.size))),
    ],
    ["join.out>see._x"],
  );
  const feeds = ["a", "b"].map((port) => net.feed("join", port, countTo(3000), { maxInNet: 20 }));
  await net.runUntilBlocked();
  assertEquals([await Promise.all(feeds), most <= 20, net.packets.size], [[3000, 3000], true, 0]);
});

interface Request {
  id: number;
  fails?: boolean;
  drops?: boolean;
  late?: boolean;
}

async function thousandCalls(settings: object) {
  const clock = new VirtualClock();
  const wait = (seconds: number) =>
    new Promise<void>((resolve) => clock.setTimeout(resolve, seconds * 1000));
  const admit = (request: Request): Request | undefined => request.drops ? undefined : request;
  const branch = (factor: number) => async (request: Request) => {
    await wait((request.id * factor) % 1009 / 1000);
    if (request.late) await wait(60);
    if (request.fails) throw new Error(`no ${request.id}`);
    return request;
  };
  const answer = ({ a, b }: { a: Request; b: Request }) => [a.id, b.id];
  const answering = node({ in: { both: z.any() }, out: z.any() }, ({ both }) => answer(both));
  const net = await openFlow(
    [
      fn("admit", admit),
      made("copy", "broadcast"),
      fn("left", branch(7919), settings),
      fn("right", branch(104_729), settings),
      made("join", "join"),
      fn("answer", answering),
    ],
    [
      "admit.out>copy.in_0",
      "copy.out_0>left.request",
      "copy.out_1>right.request",
      "left.out>join.a",
      "right.out>join.b",
      "join.out>answer.both",
    ],
    {},
    { clock },
  );
  await net.startBackground();
  const requests = [...countTo(1000)].map((id): Request => ({
    id,
    ...id % 100 === 10 && { fails: true },
    ...id % 100 === 20 && { drops: true },
    ...id % 100 === 30 && { late: true },
  }));
  const call = (request: Request) =>
    net.call("admit", "request", request, {
      queue: "answer::out",
      ...request.late && { timeout: 5 },
    });
  const outcomes = await whileTimePasses(clock, Promise.allSettled(requests.map(call)));
  await settle();
  assertEquals(net.packets.size, 0);
  const unclaimed = net.outputCount("answer::out");
  assertEquals(await whileTimePasses(clock, call({ id: 7 })), [7, 7]);
  await net.close();
  return { outcomes, unclaimed };
}

function reasons(outcomes: PromiseSettledResult<unknown>[]): Error[] {
  return outcomes.filter((outcome) => outcome.status === "rejected").map(({ reason }) => reason);
}

Deno.test("6: of 1,000 concurrent calls through ordered branches 970 get their own answer", async () => {
  const { outcomes, unclaimed } = await thousandCalls({ ordered: true });
  assertEquals(unclaimed, 0);
  for (const [id, outcome] of outcomes.entries()) {
    if (outcome.status === "fulfilled") assertEquals(outcome.value, [id, id]);
  }
  const failed = reasons(outcomes);
  assertEquals(failed.length, 30);
  for (const type of [EpochError, NoReplyError, OutputTimeoutError]) {
    assertEquals(failed.filter((error) => error instanceof type).length, 10, type.name);
  }
});

Deno.test("6: through branches that overtake each other no call gets another's answer", async () => {
  const { outcomes } = await thousandCalls({});
  for (const [id, outcome] of outcomes.entries()) {
    if (outcome.status === "fulfilled") assertEquals(outcome.value, [id, id]);
  }
  const mixed = reasons(outcomes).filter((error) =>
    error instanceof NoReplyError && error.reason === "mixed" && error.node === "join"
  );
  assert(mixed.length > 0);
});

const fails = (x: number) => {
  throw new TypeError(`cannot take ${x}`);
};

Deno.test("7: a failure leaves by a wired error port after the third attempt, and is handled", async () => {
  const logged: unknown[] = [];
  await using net = await openFlow(
    [
      fn("work", fails, { error_port: "errors", retries: 2 }),
      fn("log", (failure: unknown) => void logged.push(failure)),
    ],
    ["work.errors>log.failure"],
  );
  const { ends } = record(net);
  net.injectData("work", "x", [7]);
  assertEquals((await net.runUntilBlocked()).reason, "blocked");
  const { epochId } = ends[0]!;
  assertEquals(logged, [{
    error: { type: "TypeError", message: "cannot take 7" },
    inputs: { x: [7] },
    node_name: "work",
    epoch_id: epochId,
    retry_count: 2,
  }]);
  assertEquals([net.deadLetterQueue, net.exceptionQueue, ends[0]!.outcome], [[], [], "error"]);
});

Deno.test("7: a failure leaves by an unwired error port into its queue", async () => {
  await using net = await openFlow([fn("work", fails, { error_port: "errors" })]);
  net.injectData("work", "x", [7]);
  await net.runUntilBlocked();
  const [failure] = net.flushOutputQueue("work::errors") as { inputs: unknown }[];
  assertEquals([failure!.inputs, net.deadLetterQueue], [{ x: [7] }, []]);
});

async function attemptTimes(settings: object, error: (x: number) => unknown): Promise<number[]> {
  const times: number[] = [];
  await using net: TestNet = await openFlow([
    fn("work", (x: number) => {
      times.push(net.clock.now());
      throw error(x);
    }, settings),
  ]);
  net.injectData("work", "x", [1]);
  await assertRejects(() => net.runUntilBlocked(), EpochError);
  return times.slice(1).map((time, i) => (time - times[i]!) / 1000);
}

Deno.test("8: waits grow by the backoff up to their limit; errors may end or set them", async () => {
  const policy = { retries: 4, retry_wait: 1, retry_backoff: 2, retry_wait_max: 5 };
  assertEquals(await attemptTimes(policy, () => new Error("again")), [1, 2, 4, 5]);
  assertEquals(await attemptTimes(policy, () => new NonRetryableError("never")), []);
  assertEquals(await attemptTimes(policy, () => new RetryAfterError(3)), [3, 3, 3, 3]);
});

Deno.test("9: two nodes of a group never make more than 5 attempts in a second together", async () => {
  const times: number[] = [];
  const attempt = (x: number, ctx: NodeExecutionContext) => {
    times.push(net.clock.now());
    if (x % 3 === 0 && ctx.retryCount === 0) throw new Error("once more");
  };
  const group = { rate_limit_group: "api", retries: 1, propagate_exceptions: false };
  await using net: TestNet = await openFlow([
    fn("first", attempt, { ...group, rate_limit_per_second: 5 }),
    fn("second", attempt, group),
  ]);
  net.injectData("first", "x", [...countTo(20)]);
  net.injectData("second", "x", [...countTo(20)]);
  await net.runUntilBlocked();
  assertEquals(times.length, 40 + 14);
  assert(times.every((time, i) => i < 5 || time - times[i - 5]! >= 1000));
  assertEquals(times.at(-1)! - times[0]!, 10_000);
});
