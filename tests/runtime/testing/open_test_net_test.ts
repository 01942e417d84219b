import { assertEquals, assertRejects } from "@std/assert";
import * as z from "zod";
import { InvalidArgumentError, NodeNotFoundError } from "@netrun/netrun";
import { batch, node, type NodeExecutionContext } from "@netrun/netrun/node";
import { openTestNet } from "@netrun/netrun/testing";
import { edges } from "../net/net_fixture.ts";
import { fn, openFlow } from "../net/everyday_fixture.ts";

Deno.test("13: an hour of retries passes in no time", async () => {
  const flaky = (x: number, ctx: NodeExecutionContext) => {
    if (ctx.retryCount < 6) throw new Error("not yet");
    return x;
  };
  await using net = await openFlow([fn("flaky", flaky, { retries: 6, retry_wait: 600 })]);
  const [start, realStart] = [net.clock.now(), performance.now()];
  net.injectData("flaky", "x", [1]);
  await net.runUntilBlocked();
  assertEquals([net.flushOutputQueue("flaky::out"), net.clock.now() - start], [[1], 3_600_000]);
  assertEquals(performance.now() - realStart < 60_000, true);
});

const config = {
  print_echo_stdout: false,
  pools: { far: { spec: { type: "thread", num_workers: 2 } } },
  node_vars: { greeting: { value: "Hello" } },
  graph: {
    nodes: [
      {
        name: "load",
        factory: "netrun:function",
        factory_args: {
          func: node(
            { in: { url: z.string(), page: z.number() }, out: { body: z.string() } },
            () => {
              throw new Error("no network in tests");
            },
          ),
        },
        execution_config: { pools: ["far"] },
      },
      {
        name: "join",
        factory: "netrun:function",
        factory_args: {
          func: node(
            { in: { bodies: batch(z.string(), { until: "done" }) }, out: z.string() },
            ({ bodies }, ctx) => `${ctx.vars.greeting}: ${bodies.join(", ")}`,
          ),
        },
        execution_config: { pools: ["far"] },
      },
    ],
    edges: edges("load.body>join.bodies"),
  },
};

Deno.test("a replaced function has the ports of its node, and may leave some aside", async () => {
  await using net = await openTestNet(config as never, {
    replace: { load: (url: string) => ({ body: `<${url}>` }) },
    globalNodeVars: { greeting: "Hi" },
  });
  net.injectData("load", "url", ["a", "b"]);
  net.injectData("load", "page", [1, 2]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("join::out"), ["Hi: <a>, <b>"]);
  assertEquals(net.packets.size, 0);
});

Deno.test("a replacement of a node that takes a batch gets a list", async () => {
  await using net = await openTestNet(config as never, {
    replace: { join: (bodies: string[]) => bodies.length },
  });
  net.injectData("join", "bodies", ["a", "b"]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("join::out"), [2]);
});

Deno.test("what cannot be replaced is refused by name", async () => {
  const open = (replace: Record<string, (x: unknown) => unknown>) =>
    openTestNet(config as never, { replace });
  await assertRejects(() => open({ Z: (x) => x }), NodeNotFoundError);
  await assertRejects(() => open({ load: (x) => x }), InvalidArgumentError, 'takes "x"');
});

Deno.test("a test net is opened from a file as well", async () => {
  const file = new URL("../../../examples/retries/retries.netrun.toml", import.meta.url);
  await using net = await openTestNet(file, {
    replace: { look_up: (city: string) => ({ city, people: 1 }) },
  });
  net.injectData("look_up", "city", ["Oslo"]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("found"), ["Oslo has 1 inhabitants"]);
});
