import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { OutputQueueNotFoundError } from "../../../runtime/net/error.ts";
import {
  type ConsumedOutputPacket,
  OutputQueues,
  type OutputQueueSelector,
} from "../../../runtime/net/output_queues.ts";

function makeQueues(): OutputQueues {
  return new OutputQueues([
    ["a", [["A", "out"], ["B", "out"]]],
    ["b.c", [["b.c", "out"]]],
  ]);
}

function item(queueName: string, value: unknown): ConsumedOutputPacket {
  return {
    packetId: `p${value}`,
    value,
    fromNode: "A",
    fromPort: "out",
    queueName,
    timestamp: 0,
    epochId: "e",
  };
}

Deno.test("a queue is found by its name, and by each of its ports", () => {
  const queues = makeQueues();
  assertEquals(queues.resolve("a"), "a");
  assertEquals(queues.resolve({ queue: "b.c" }), "b.c");
  assertEquals(queues.resolve({ node: "B", port: "out" }), "a");
  assertEquals(queues.queueOfPort("b", "c.out"), undefined);
});

Deno.test("an unknown queue is refused with the list of those there are", () => {
  const error = assertThrows(
    () => makeQueues().resolve("x"),
    OutputQueueNotFoundError,
    'There is no output queue "x"; the queues are "a", "b.c"',
  );
  assertEquals(error.queueName, "x");
  assertThrows(() => makeQueues().count("x"), OutputQueueNotFoundError);
  assertThrows(() => new OutputQueues([]).resolve("x"), OutputQueueNotFoundError, "has none");
});

Deno.test("a port that feeds no queue is refused", () => {
  const error = assertThrows(
    () => makeQueues().resolve({ node: "C", port: "out" }),
    OutputQueueNotFoundError,
    'Output port "out" of node "C" feeds no output queue',
  );
  assertEquals(error.queueName, "C.out");
});

Deno.test("a selector that names both, neither, or half a port is refused", () => {
  const selectors = [{}, { node: "A" }, { port: "out" }, { queue: "a", node: "A", port: "out" }];
  for (const selector of [...selectors, { queue: "a", port: "out" }]) {
    assertThrows(
      () => makeQueues().resolve(selector as OutputQueueSelector),
      InvalidArgumentError,
      `got ${JSON.stringify(selector)}`,
    );
  }
});

Deno.test("packets are taken from each queue in the order in which they were appended", () => {
  fc.assert(fc.property(
    fc.array(fc.oneof(
      fc.record({ append: fc.array(fc.constantFrom("a", "b.c"), { maxLength: 5 }) }),
      fc.record({ take: fc.constantFrom("a", "b.c"), count: fc.nat(4) }),
    )),
    (calls) => {
      const queues = makeQueues();
      const model = new Map<string, number[]>([["a", []], ["b.c", []]]);
      let next = 0;
      for (const call of calls) {
        if ("append" in call) {
          const items = call.append.map((name) => {
            model.get(name)!.push(next);
            return item(name, next++);
          });
          queues.append(items);
        } else {
          const taken = queues.take(call.take, call.count).map(({ value }) => value);
          assertEquals(taken, model.get(call.take)!.splice(0, call.count));
        }
      }
      for (const [name, values] of model) {
        assertEquals(queues.items(name).map(({ value }) => value), values);
        assertEquals(queues.count(name), values.length);
        assertEquals(queues.peek(name)?.value, values[0]);
      }
    },
  ));
});

Deno.test("list() tells ports and lengths", () => {
  const queues = makeQueues();
  queues.append([item("a", 1)]);
  assertEquals(queues.list(), [
    { name: "a", ports: [["A", "out"], ["B", "out"]], count: 1 },
    { name: "b.c", ports: [["b.c", "out"]], count: 0 },
  ]);
});
