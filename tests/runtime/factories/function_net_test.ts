import { assertEquals, assertRejects } from "@std/assert";
import { Net } from "../../../runtime/net/net.ts";
import type { NodeConfigInput } from "../../../runtime/schema/node.ts";
import { PROJECT } from "./_context.ts";

/** A net of functions of the test project; edges as `[from, port, to, port]`. */
function openNet(
  functions: Record<string, string>,
  edges: [string, string, string, string][] = [],
  others: NodeConfigInput[] = [],
) {
  return Net.open({
    project_root_override: PROJECT,
    graph: {
      nodes: [
        ...Object.entries(functions).map(([name, func]) => ({
          name,
          factory: "netrun:function",
          factory_args: { func: `./nodes.ts::${func}` },
        })),
        ...others,
      ],
      edges: edges.map(([source_node, source_port, target_node, target_port]) => ({
        source_node,
        source_port,
        target_node,
        target_port,
      })),
    },
  });
}

Deno.test("one packet at every port makes one result", async () => {
  await using net = await openNet({ add: "add" });
  net.injectData("add", "a", [1, 10]);
  net.injectData("add", "b", [2]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("add::out"), [3]);
  assertEquals(net.getPacketsAtPort("add", "a").length, 1);
});

Deno.test("an unconnected default is not waited for, but taken if it is there", async () => {
  await using net = await openNet({ sum: "withDefault" });
  net.injectData("sum", "a", [1]);
  await net.runUntilBlocked();
  net.injectData("sum", "b", [2]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("sum::out"), [6]);
  net.injectData("sum", "a", [1]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("sum::out"), [3]);
});

Deno.test("a default to which an edge leads is waited for", async () => {
  await using net = await openNet({ inc: "expression", sum: "withDefault" }, [
    ["inc", "out", "sum", "b"],
  ]);
  net.injectData("sum", "a", [1]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("sum::out"), []);
  net.injectData("inc", "n", [1]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("sum::out"), [3]);
});

Deno.test("a batch takes what waits up to its count, and the rest stays", async () => {
  await using net = await openNet({ three: "firstThree" });
  net.injectData("three", "xs", [1, 2, 3, 4, 5]);
  net.injectData("three", "scale", [10]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("three::out"), [[10, 20, 30]]);
  assertEquals(net.getPacketsAtPort("three", "xs").length, 2);
});

Deno.test("a batch with a least number waits for it", async () => {
  await using net = await openNet({ every: "everyThree" });
  net.injectData("every", "xs", [1, 2]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("every::out"), []);
  net.injectData("every", "xs", [3]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("every::out"), [3]);
});

Deno.test("a result that does not fit fails the epoch, and nothing is sent", async () => {
  const net = await openNet({ route: "routeAny" });
  net.injectData("route", "value", [{ even: 1, third: 2 }]);
  await assertRejects(() => net.runUntilBlocked(), Error, "third");
  assertEquals(net.flushAllOutputQueues().size, 0);
  await net.close();
});

Deno.test("a value of the wrong type fails the epoch and names the port", async () => {
  const net = await openNet({ add: "add" });
  net.injectData("add", "a", ["one"]);
  net.injectData("add", "b", [2]);
  await assertRejects(() => net.runUntilBlocked(), Error, '"a"');
  await net.close();
});

Deno.test("a broadcast with three inputs fires once for each packet", async () => {
  await using net = await openNet({}, [], [
    { name: "tee", factory: "netrun:broadcast", factory_args: { num_inputs: 3, num_outputs: 1 } },
  ]);
  net.injectData("tee", "in_0", [1, 2]);
  net.injectData("tee", "in_2", [3]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("tee::out_0").toSorted(), [1, 2, 3]);
});
