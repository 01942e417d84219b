import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  EpochError,
  GraphValidationError,
  InvalidArgumentError,
  Net,
  NetConfig,
  NodeNotFoundError,
  RequestUnconnectedPortError,
  type ResolvedNetConfig,
} from "@netrun/netrun";
import { InputPortNotFoundError } from "../../../sim/error.ts";
import {
  boom,
  config,
  node,
  openNet,
  pass,
  record,
  sendAnswer,
  settle,
  source,
} from "./net_fixture.ts";

Deno.test("create() tells everything that is wrong with the structure at once", async () => {
  const broken = config([node("A", pass(), { pools: ["gpu"] })], ["A.out>B.in", "A.nope>A.in"]);
  const error = await assertRejects(() => Net.create(broken), GraphValidationError);
  assertEquals(error.issues.map(({ code }) => code).toSorted(), [
    "missing_node",
    "missing_port",
    "unknown_pool",
  ]);
});

Deno.test("a net is made without loading anything if all functions are given", async () => {
  const resolved = await NetConfig.parse(config([node("A", pass())])).resolve();
  await using net = new Net(resolved as ResolvedNetConfig);
  await net.init();
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("A::out"), [1]);
  const named = await NetConfig.parse({
    graph: { nodes: [{ name: "B", factory: "netrun:broadcast" }] },
  }).resolve();
  assertThrows(() => new Net(named), InvalidArgumentError, "Net.create");
});

Deno.test("injecting needs a node, a port and an array", async () => {
  await using net = await openNet([node("A", pass())]);
  assertThrows(() => net.injectData("Z", "in", [1]), NodeNotFoundError);
  assertThrows(() => net.injectData("A", "x", [1]), InputPortNotFoundError);
  assertThrows(() => net.injectData("A", "in", "text" as never), InvalidArgumentError, "array");
  assertEquals(net.injectData("A", "in", []), []);
});

Deno.test("a request starts the sources that a node depends on, and is refused if it ends at a bare port", async () => {
  const edges = [{
    source_node: "S",
    source_port: "out",
    target_node: "T",
    target_port: "in",
    dependency: true,
  }];
  const input = config([source("S", sendAnswer), node("T", pass())]);
  const graph = { ...(input as { graph: object }).graph, edges };
  await using net = await Net.open({ ...input, graph } as never);
  await net.runUntilBlocked();
  net.request("T");
  net.request("T", "again");
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("T::out"), [42, 42, 42]);
  const half = node("A", pass(), {}, { in_ports: { in: {}, bare: {} } });
  const nodes = [source("S", sendAnswer), half, node("T", pass())];
  const bare = config(nodes, ["S.out>A.in"]) as unknown as { graph: { edges: object[] } };
  bare.graph.edges.push({ ...edges[0]!, source_node: "A" });
  await using other = await Net.open(bare as never);
  assertThrows(() => other.request("T"), RequestUnconnectedPortError);
  await assertRejects(() => other.runUntilBlocked(), RequestUnconnectedPortError);
  assertEquals((await other.runUntilBlocked()).reason, "blocked");
});

Deno.test("a failing deferred init fails the epoch, which is tried again, and leaves no start", async () => {
  let inits = 0;
  const settings = {
    defer_init: true,
    retries: 1,
    init_node_func: () => {
      if (++inits === 1) throw new Error("not ready");
    },
  };
  await using net = await openNet([node("A", pass(), settings)]);
  const { starts, ends } = record(net);
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  assertEquals([starts.length, ends.map((log) => [log.outcome, log.retryCount])], [1, [[
    "success",
    1,
  ]]]);
});

Deno.test("a node without a function lets packets wait, and runs at once without any", async () => {
  await using net = await openNet([
    node("A", null),
    source("S", null as never, { controls: ["start_epoch"] }),
  ]);
  const { ends } = record(net);
  net.injectData("A", "in", [1]);
  net.sendControl("S", "start_epoch");
  await net.runUntilBlocked();
  assertEquals(ends.map(({ nodeName, outcome }) => [nodeName, outcome]), [["S", "success"]]);
  assertEquals([net.isBlocked(), net.getStartableEpochs().length], [true, 1]);
});

Deno.test("an interrupt ends the background loop after what is in flight", async () => {
  const program = new URL("_interrupt_program.ts", import.meta.url).pathname;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", program],
  }).output();
  assertEquals([code, new TextDecoder().decode(stdout)], [0, "stopped, 1 success\n"]);
});

Deno.test("logs of a run are collected only if that is asked for", async () => {
  await using net = await openNet([node("A", pass())]);
  net.injectData("A", "in", [1]);
  assertEquals((await net.runUntilBlocked()).epochLogs, []);
  net.injectData("A", "in", [1]);
  const { epochLogs, netActions } = await net.runUntilBlocked({ collect: true });
  assertEquals(epochLogs.map(({ nodeName }) => nodeName), ["A"]);
  assertEquals(netActions.map(({ actionKind }) => actionKind), [
    "RunStep",
    "StartEpoch",
    "ConsumePacket",
    "CreatePacket",
    "LoadPacketIntoOutputPort",
    "SendOutputSalvo",
    "ConsumePacket",
    "FinishEpoch",
  ]);
});

Deno.test("a run that does not start epochs only moves packets and forms epochs", async () => {
  await using net = await openNet([node("A", pass(), { controls: ["disable"] })]);
  net.injectData("A", "in", [1]);
  net.sendControl("A", "disable");
  const { madeProgress } = await net.runUntilBlocked({ autoStartEpochs: false });
  assertEquals([madeProgress, net.getStartableEpochs().length, net.isNodeEnabled("A")], [
    true,
    2,
    true,
  ]);
});

Deno.test("a callback that throws is a warning, and one that waits is awaited", async () => {
  await using net = await openNet([node("A", pass())]);
  const warnings: string[] = [];
  net.onEvent((event) => event.type === "warning" && warnings.push(event.code));
  const order: string[] = [];
  net.onEpochStart(() => {
    throw new Error("no");
  });
  net.onEpochStart(async () => {
    await settle();
    order.push("told");
  });
  net.onEpochEnd(() => order.push("ended"));
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  assertEquals([order, warnings], [["told", "ended"], ["callback_failed"]]);
});

Deno.test("print_exceptions and propagation are a node's own choice", async () => {
  const nodes = [node("A", boom, { propagate_exceptions: false }), node("B", boom)];
  await using net = await openNet(nodes);
  net.injectData("A", "in", [1]);
  await net.runUntilBlocked();
  assertEquals(net.exceptionQueue.map(({ nodeName }) => nodeName), ["A"]);
  net.injectData("B", "in", [1]);
  await assertRejects(() => net.runUntilBlocked(), EpochError);
});
