import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import * as z from "zod";
import { type Commit, EpochError, Net, NoReplyError, OutputTimeoutError } from "@netrun/netrun";
import { batch, node, type NodeExecutionContext } from "@netrun/netrun/node";
import { buildEngine } from "../../../runtime/net/build.ts";
import { applyCommit } from "../../../runtime/net/commit.ts";
import { loadNetCode } from "../../../runtime/net/net_code.ts";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import { fn, made } from "./everyday_fixture.ts";
import { edges, settle, whileTimePasses } from "./net_fixture.ts";
import { propertyRuns } from "../../property_runs.ts";

/** A net with the commits that it has made, so that they can be made again. */
async function recorded(nodes: object[], edgeTexts: string[], clock: VirtualClock) {
  const config = {
    print_echo_stdout: false,
    propagate_exceptions: false,
    graph: { nodes, edges: edges(...edgeTexts) },
  };
  const net = await Net.create(config as never, { clock });
  const resolved = await net.config.resolve();
  const copy = buildEngine(resolved, await loadNetCode(resolved, {}), { clock });
  const commits: Commit[] = [];
  net.onCommit((commit) => commits.push(plain(commit)));
  await net.init();
  return {
    net,
    /** Makes all commits again from the start, and compares what comes of it. */
    checkReplay(): void {
      for (const commit of commits) applyCommit(copy.state, commit);
      const { state } = copy;
      assertEquals(
        [...state.packets.ids()].sort().map((id) => [id, state.packets.peek(id)]),
        [...net.packets.ids()].sort().map((id) => [id, net.packets.peek(id)]),
      );
      assertEquals(state.sim.getStartableEpochs(), net.sim.getStartableEpochs());
      assertEquals(
        state.queues.names.map((name) => state.queues.items(name)),
        state.queues.names.map((name) => net.peekOutputQueue(name, { includeMetadata: true })),
      );
      assertEquals(state.deadLetters.toArray().length, net.deadLetterQueue.length);
      // Second values of answered calls may stay at a join for ever; else nothing is left of calls.
      if (net.packets.size === 0) assertEquals(state.origins.isTracking, false);
    },
  };
}

function plain({ deadLetter, exception, answered, ...rest }: Commit): Commit {
  return {
    ...structuredClone(rest),
    ...deadLetter && { deadLetter },
    ...exception && { exception },
    ...answered && { answered },
  };
}

interface Item {
  id: number;
  /** What each stage does with it, in turn. */
  fates: Fate[];
}

/** Seconds that it takes, and how many attempts fail. */
interface Fate {
  delay: number;
  failures: number;
}

interface Chain {
  stages: { kind: "plain" | "ordered" | "gather"; retries: number; parallel: number | null }[];
  items: Fate[][];
  maxInNet: number;
}

const fate = fc.record({
  delay: fc.constantFrom(0, 0, 0.1, 1, 3),
  failures: fc.constantFrom(0, 0, 0, 1, 3),
});
const chainArbitrary: fc.Arbitrary<Chain> = fc.record({
  stages: fc.array(
    fc.record({
      kind: fc.constantFrom("plain", "ordered", "gather"),
      retries: fc.nat(2),
      parallel: fc.constantFrom(null, 1, 3),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  items: fc.array(fc.array(fate, { minLength: 1, maxLength: 3 }), { maxLength: 25 }),
  maxInNet: fc.constantFrom(1, 2, 10, 1000),
});

async function checkChain({ stages, items, maxInNet }: Chain): Promise<void> {
  const clock = new VirtualClock(0);
  const fateAt = ({ fates }: Item, stage: number) => fates[stage % fates.length]!;
  const gathered: number[][][] = stages.map(() => []);
  const nodes = stages.map(({ kind, retries, parallel }, stage) => {
    const name = `N${stage}`;
    if (kind === "gather") {
      const gather = node(
        { in: { item: batch(z.any(), { until: "done" }) }, out: z.any() },
        function* ({ item }) {
          gathered[stage]!.push((item as Item[]).map(({ id }) => id));
          yield* item as Item[];
        },
      );
      return fn(name, gather);
    }
    const work = async (item: Item, ctx: NodeExecutionContext) => {
      const { delay, failures } = fateAt(item, stage);
      if (delay > 0) {
        await new Promise<void>((resolve) => clock.setTimeout(resolve, delay * 1000));
      }
      if (ctx.retryCount < failures) throw new Error("not yet");
      return item;
    };
    return fn(name, work, {
      retries,
      retry_wait: 0.5,
      ordered: kind === "ordered",
      max_parallel_epochs: parallel,
    });
  });
  const edgeTexts = stages.slice(1).map((_, i) => `N${i}.out>N${i + 1}.item`);
  const { net, checkReplay } = await recorded(nodes, edgeTexts, clock);
  const starts: string[][] = stages.map(() => []);
  const ends: string[][] = stages.map(() => []);
  net.onEpochStart((name, id) => void starts[Number(name.slice(1))]!.push(id));
  net.onEpochEnd((name, id) => void ends[Number(name.slice(1))]!.push(id));
  const all = items.map((fates, id): Item => ({ id, fates }));
  const fed = net.feed("N0", "item", all, { maxInNet });
  await whileTimePasses(clock, net.runUntilBlocked());
  assertEquals(await fed, items.length);
  assertEquals(net.packets.size, 0);
  let left = all;
  for (const [stage, { kind, retries }] of stages.entries()) {
    if (kind === "gather") {
      const seen = gathered[stage]!.map((ids) => ids.toSorted((a, b) => a - b));
      assertEquals(seen, left.length > 0 ? [left.map(({ id }) => id)] : []);
    } else left = left.filter((item) => fateAt(item, stage).failures <= retries);
    if (kind === "ordered") assertEquals(ends[stage], starts[stage]);
  }
  const out = net.peekOutputQueue(`N${stages.length - 1}::out`) as Item[];
  assertEquals(out.map(({ id }) => id).sort((a, b) => a - b), left.map(({ id }) => id));
  await net.close();
  checkReplay();
}

Deno.test("a gather sees each packet once, an ordered node never swaps, a feed ends, and replaying gives the same", async () => {
  await fc.assert(fc.asyncProperty(chainArbitrary, checkChain), { numRuns: propertyRuns(120) });
});

interface Callers {
  ordered: boolean;
  by: boolean;
  retries: number;
  /** Of each call: what happens to it in the two branches, and how long it waits for its answer. */
  calls: { left: BranchFate; right: BranchFate; timeout: number | null }[];
}

type BranchFate = Fate & { act: "pass" | "drop" | "cancel" | "twice" };

const branchFate: fc.Arbitrary<BranchFate> = fc.record({
  delay: fc.constantFrom(0, 0.1, 1, 3),
  failures: fc.constantFrom(0, 0, 0, 0, 1, 3),
  act: fc.constantFrom("pass", "pass", "pass", "pass", "pass", "drop", "cancel", "twice"),
});
const callersArbitrary: fc.Arbitrary<Callers> = fc.record({
  ordered: fc.boolean(),
  by: fc.boolean(),
  retries: fc.nat(2),
  calls: fc.array(
    fc.record({
      left: branchFate,
      right: branchFate,
      timeout: fc.constantFrom(null, null, null, 0.05, 2),
    }),
    { minLength: 1, maxLength: 25 },
  ),
});

interface CallItem {
  id: number;
  left: BranchFate;
  right: BranchFate;
}

async function checkCalls({ ordered, by, retries, calls }: Callers): Promise<void> {
  const clock = new VirtualClock(0);
  const branch = (side: "left" | "right") =>
    async function* (item: CallItem, ctx: NodeExecutionContext) {
      const { delay, failures, act } = item[side];
      if (delay > 0) {
        await new Promise<void>((resolve) => clock.setTimeout(resolve, delay * 1000));
      }
      if (ctx.retryCount < failures) throw new Error("not yet");
      if (act === "cancel") ctx.cancelEpoch();
      if (act !== "drop") yield item;
      if (act === "twice") yield item;
    };
  const answer = node({ in: { both: z.any() }, out: z.any() }, ({ both }) => {
    const { a, b } = both as { a: CallItem; b: CallItem };
    return [a.id, b.id];
  });
  const settings = { ordered, retries, retry_wait: 0.5 };
  const { net, checkReplay } = await recorded(
    [
      made("copy", "broadcast"),
      fn("left", branch("left"), settings),
      fn("right", branch("right"), settings),
      made("join", "join", by ? { by: "id" } : {}),
      fn("answer", answer),
    ],
    [
      "copy.out_0>left.item",
      "copy.out_1>right.item",
      "left.out>join.a",
      "right.out>join.b",
      "join.out>answer.both",
    ],
    clock,
  );
  await net.startBackground();
  const outcomes = await whileTimePasses(
    clock,
    Promise.allSettled(
      calls.map(({ timeout, ...fates }, id) =>
        net.call("copy", "in_0", { id, ...fates }, {
          queue: "answer::out",
          ...timeout !== null && { timeout },
        })
      ),
    ),
  );
  for (const [id, outcome] of outcomes.entries()) {
    if (outcome.status === "fulfilled") assertEquals(outcome.value, [id, id]);
    else {
      const known = [EpochError, NoReplyError, OutputTimeoutError];
      assert(known.some((type) => outcome.reason instanceof type), `${outcome.reason}`);
    }
    const { left, right, timeout } = calls[id]!;
    const isEasy = timeout === null &&
      [left, right].every(({ act, failures }) => act === "pass" && failures <= retries);
    if (isEasy && by) assertEquals(outcome.status, "fulfilled");
  }
  await whileTimePasses(clock, net.waitUntilBlocked());
  await settle();
  await net.close();
  checkReplay();
}

Deno.test("of concurrent calls each gets its own answer or a typed error, never another's", async () => {
  await fc.assert(fc.asyncProperty(callersArbitrary, checkCalls), { numRuns: propertyRuns(150) });
});
