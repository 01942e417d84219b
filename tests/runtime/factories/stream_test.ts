import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Net } from "../../../runtime/net/net.ts";
import type { NodeExecutionConfigInput } from "../../../runtime/schema/node.ts";
import { makeNode } from "./_run_node.ts";

type Func = (...args: never[]) => unknown;

/** A net of a generator whose values go to a function; `events` tells what happens when. */
function streamingNet(func: Func, then: Func, execution_config: NodeExecutionConfigInput = {}) {
  return Net.open({
    graph: {
      nodes: [
        {
          name: "source",
          factory: "netrun:function",
          factory_args: { func, stream: true },
          execution_config,
        },
        { name: "sink", factory: "netrun:function", factory_args: { func: then } },
      ],
      edges: [{
        source_node: "source",
        source_port: "out",
        target_node: "sink",
        target_port: "value",
      }],
    },
  });
}

Deno.test("a streamed value is worked on before the last one is computed", async () => {
  const taken: number[] = [];
  const { promise: firstIsTaken, resolve } = Promise.withResolvers<void>();
  const func = async function* (n: number) {
    for (let i = 0; i < n; i++) {
      yield i;
      await firstIsTaken;
    }
  };
  const take = (value: number) => {
    taken.push(value);
    resolve();
  };
  await using net = await streamingNet(func, take);
  net.injectData("source", "n", [20]);
  await net.runUntilBlocked();
  assertEquals(taken, Array.from({ length: 20 }, (_, i) => i));
});

Deno.test("what was streamed before a failure stands, and the attempt is not made again", async () => {
  const got: number[] = [];
  let attempts = 0;
  const func = function* (n: number) {
    attempts++;
    yield n;
    throw new Error("half-way");
  };
  const net = await streamingNet(func, (value: number) => void got.push(value), { retries: 3 });
  net.injectData("source", "n", [7]);
  await assertRejects(() => net.runUntilBlocked(), Error, "half-way");
  await net.runUntilBlocked();
  assertEquals([got, attempts], [[7], 1]);
  await net.close();
});

Deno.test("retries of a streaming node give a warning", async () => {
  const func = function* () {
    yield 1;
  };
  const { warnings } = await makeNode({
    factory: "netrun:function",
    factory_args: { func, stream: true },
    execution_config: { retries: 2 },
  });
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]!, "`retries`");
});

Deno.test("without stream a failure half-way sends nothing, and the retry starts clean", async () => {
  let attempts = 0;
  const func = function* (n: number) {
    attempts++;
    yield n;
    if (attempts === 1) throw new Error("once");
    yield n + 1;
  };
  await using net = await Net.open({
    graph: {
      nodes: [{
        name: "source",
        factory: "netrun:function",
        factory_args: { func },
        execution_config: { retries: 1 },
      }],
    },
  });
  net.injectData("source", "n", [1]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("source::out"), [1, 2]);
});
