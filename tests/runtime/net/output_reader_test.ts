import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "../../../sim/error.ts";
import {
  NetStateError,
  OutputQueueNotFoundError,
  OutputTimeoutError,
} from "../../../runtime/net/error.ts";
import { OutputQueues } from "../../../runtime/net/output_queues.ts";
import { OutputReader } from "../../../runtime/net/output_reader.ts";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";

/** A reader of the queues "q" and "r", and a function that does what a commit does. */
function makeReader() {
  const queues = new OutputQueues([["q", [["A", "out"]]], ["r", [["B", "out"]]]]);
  const clock = new VirtualClock();
  const takes: [string, number][] = [];
  const reader = new OutputReader(queues, clock, (name, count) => {
    takes.push([name, count]);
    return queues.take(name, count);
  });
  const append = (...values: unknown[]) => {
    queues.append(values.map((value) => ({
      packetId: `p${value}`,
      value,
      fromNode: "A",
      fromPort: "out",
      queueName: "q",
      timestamp: clock.now(),
      epochId: "e",
    })));
  };
  const commit = (...values: unknown[]) => {
    append(...values);
    reader.serve();
  };
  return { reader, clock, commit, append, takes };
}

Deno.test("getOutput() returns what waits, and otherwise the next that comes", async () => {
  const { reader, commit } = makeReader();
  commit(1);
  assertEquals(await reader.getOutput("q"), 1);
  const next = reader.getOutput({ node: "A", port: "out" });
  commit(2);
  assertEquals(await next, 2);
  assertEquals(reader.waiting, false);
});

Deno.test("whoever asked first is served first, one packet each", async () => {
  const { reader, commit } = makeReader();
  const waits = [1, 2, 3].map(() => reader.getOutput("q"));
  commit("a", "b");
  assertEquals(reader.hasOutput("q"), false);
  commit("c", "d");
  assertEquals(await Promise.all(waits), ["a", "b", "c"]);
  assertEquals(reader.flushOutputQueue("q"), ["d"]);
});

Deno.test("nobody gets a packet before those who asked earlier, not even before serve()", async () => {
  const { reader, append } = makeReader();
  const first = reader.getOutput("q");
  append("a", "b");
  assertEquals(reader.tryGetOutput("q"), "b");
  assertEquals(await first, "a");
});

Deno.test("a wait ends after its timeout on the net's clock, and loses no packet", async () => {
  const { reader, clock, commit } = makeReader();
  const wait = reader.getOutput("q", { timeout: 2 });
  const patient = reader.getOutput("q", { timeout: 5 });
  const rejected = assertRejects(() => wait, OutputTimeoutError, 'queue "q" within 2 s');
  await clock.advance(3);
  await rejected;
  commit(1);
  assertEquals([await patient, clock.pending], [1, 0]);
});

Deno.test("a timeout of 0 asks for what waits now", async () => {
  const { reader, commit } = makeReader();
  await assertRejects(() => reader.getOutput("q", { timeout: 0 }), OutputTimeoutError);
  commit(1);
  assertEquals(await reader.getOutput("q", { timeout: 0 }), 1);
});

Deno.test("a timeout that is no number of seconds is refused", async () => {
  const { reader } = makeReader();
  for (const timeout of [-1, NaN, "1" as unknown as number]) {
    await assertRejects(
      () => reader.getOutput("q", { timeout }),
      InvalidArgumentError,
      `got ${timeout}`,
    );
  }
});

Deno.test("an aborted wait throws the signal's reason and loses no packet", async () => {
  const { reader, commit } = makeReader();
  const abort = new AbortController();
  const wait = reader.getOutput("q", { signal: abort.signal, timeout: 9 });
  abort.abort(new URIError("enough"));
  await assertRejects(() => wait, URIError, "enough");
  await assertRejects(() => reader.getOutput("q", { signal: abort.signal }), URIError);
  commit(1);
  assertEquals(reader.outputCount("q"), 1);
});

Deno.test("metadata tells where a value came from", async () => {
  const { reader, commit, clock } = makeReader();
  commit(7);
  const item = {
    packetId: "p7",
    value: 7,
    fromNode: "A",
    fromPort: "out",
    queueName: "q",
    timestamp: clock.now(),
    epochId: "e",
  };
  const options = { includeMetadata: true } as const;
  assertEquals(reader.peekOutputQueue("q", options), [item]);
  assertEquals(await reader.getOutput("q", options), item);
  commit(7);
  assertEquals(reader.tryGetOutput("q", options), item);
  assertEquals(reader.tryGetOutput("q", options), undefined);
  commit(7);
  assertEquals(reader.flushAllOutputQueues(options), new Map([["q", [item]]]));
});

Deno.test("flushing empties: one queue as a list, all as a map of those that held something", () => {
  const { reader, commit } = makeReader();
  assertEquals(reader.flushOutputQueue("q"), []);
  commit(1, 2);
  assertEquals(reader.peekOutputQueue("q"), [1, 2]);
  assertEquals(reader.flushOutputQueue("q"), [1, 2]);
  commit(3);
  assertEquals(reader.flushAllOutputQueues(), new Map([["q", [3]]]));
  assertEquals(reader.flushAllOutputQueues(), new Map());
});

Deno.test("packets leave the queues by the given function alone, and only if there are any", async () => {
  const { reader, commit, takes } = makeReader();
  assertEquals(reader.tryGetOutput("q"), undefined);
  reader.flushAllOutputQueues();
  assertEquals(takes, []);
  const wait = reader.getOutput("q");
  commit(1, 2, 3, 4);
  await wait;
  reader.tryGetOutput("q");
  reader.flushOutputQueue("q");
  assertEquals(takes, [["q", 1], ["q", 1], ["q", 2]]);
});

Deno.test("an unknown queue is refused by every call", async () => {
  const { reader } = makeReader();
  for (
    const call of [
      "tryGetOutput",
      "flushOutputQueue",
      "peekOutputQueue",
      "outputCount",
      "hasOutput",
      "outputs",
    ] as const
  ) {
    assertThrows(() => reader[call]("x"), OutputQueueNotFoundError, '"x"');
  }
  await assertRejects(() => reader.getOutput("x"), OutputQueueNotFoundError);
});

Deno.test("iterating gives every packet once, until the net is closed and nothing is left", async () => {
  const { reader, commit } = makeReader();
  commit(1, 2);
  const seen: unknown[] = [];
  const done = (async () => {
    for await (const value of reader.outputs("q")) seen.push(value);
  })();
  await Promise.resolve();
  commit(3);
  commit(4);
  reader.close();
  await done;
  assertEquals([seen, reader.waiting], [[1, 2, 3, 4], false]);
});

Deno.test("leaving an iteration takes nothing more, and revokes a pending wait", async () => {
  const { reader, commit } = makeReader();
  commit(1, 2);
  for await (const value of reader.outputs("q")) {
    assertEquals(value, 1);
    break;
  }
  const iterator = reader.outputs("q");
  assertEquals(await iterator.next(), { done: false, value: 2 });
  const pending = iterator.next();
  await iterator.return!();
  assertEquals(await pending, { done: true, value: undefined });
  assertEquals(await iterator.next(), { done: true, value: undefined });
  commit(3);
  assertEquals(reader.outputCount("q"), 1);
});

Deno.test("an iteration ends when its signal is aborted", async () => {
  const { reader } = makeReader();
  const abort = new AbortController();
  const iterator = reader.outputs("q", { signal: abort.signal });
  const pending = iterator.next();
  abort.abort();
  assertEquals(await pending, { done: true, value: undefined });
});

Deno.test("closing fails who waits for one packet; the queues can be read on", async () => {
  const { reader, commit } = makeReader();
  const wait = reader.getOutput("q");
  reader.close();
  await assertRejects(() => wait, NetStateError, 'output queue "q"');
  commit(1);
  assertEquals(await reader.getOutput("q"), 1);
});
