import { assertEquals, assertInstanceOf } from "@std/assert";
import fc from "fast-check";
import {
  type Commit,
  InputPortFullError,
  Net,
  NetView,
  type NodeExecutionContext,
} from "@netrun/netrun";
import { buildEngine } from "../../../runtime/net/build.ts";
import { applyCommit } from "../../../runtime/net/commit.ts";
import { codeInConfig } from "../../../runtime/net/net_code.ts";
import { VirtualClock } from "../../../runtime/testing/virtual_clock.ts";
import { config, type NetInput, node, whileTimePasses } from "./net_fixture.ts";
import { propertyRuns } from "../../property_runs.ts";

/** What a node function does with a packet; `left` counts down, so that every packet ends. */
interface Item {
  left: number;
  acts: Act[];
}

const acts = [
  "pass",
  "pass",
  "pass later",
  "twice",
  "forward",
  "eat",
  "throw",
  "throw at first",
  "cancel",
  "keep",
  "load only",
  "half, then throw",
] as const;
type Act = typeof acts[number];

interface Plan {
  /** Every so many-th epoch that starts is cancelled from outside; none for 0. */
  cancelEvery: number;
  nodes: {
    retries: number;
    retryWait: number;
    maxParallel: number | null;
    maxEpochs: number;
    propagates: boolean;
    hasSignals: boolean;
    errorPort: boolean;
    enabled: boolean;
    ordered: boolean;
    gathers: boolean;
    capacity: number | null;
    next: number;
  }[];
  inject: { node: number; items: Item[] }[];
}

const planArbitrary: fc.Arbitrary<Plan> = fc.record({
  cancelEvery: fc.constantFrom(0, 0, 1, 3),
  nodes: fc.array(
    fc.record({
      retries: fc.nat(2),
      retryWait: fc.constantFrom(0, 0.5),
      maxParallel: fc.constantFrom(null, 1, 2),
      maxEpochs: fc.constantFrom(-1, -1, -1, 3),
      propagates: fc.boolean(),
      hasSignals: fc.boolean(),
      errorPort: fc.boolean(),
      enabled: fc.constantFrom(true, true, true, false),
      ordered: fc.boolean(),
      gathers: fc.constantFrom(false, false, true),
      capacity: fc.constantFrom(null, null, 2),
      next: fc.nat(5),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  inject: fc.array(
    fc.record({
      node: fc.nat(4),
      items: fc.array(
        fc.record({
          left: fc.nat(5),
          acts: fc.array(fc.constantFrom(...acts), { minLength: 1, maxLength: 4 }),
        }),
        { maxLength: 4 },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

function nodeFunction(clock: VirtualClock, endsSoon: (name: string) => boolean) {
  return async function run(
    ctx: NodeExecutionContext,
    packets: Record<string, string[]>,
  ): Promise<void> {
    for (const id of packets.in!) await act(ctx, id);
  };

  function act(ctx: NodeExecutionContext, id: string): Promise<void> | void {
    const item = ctx.peekPacket(id) as Item;
    const kind = item.left === 0 ? "eat" : item.acts[item.left % item.acts.length]!;
    const next = { ...item, left: item.left - 1 };
    const send = (count: number) => {
      ctx.consumePacket(id);
      for (let i = 0; i < count; i++) ctx.loadOutputPort("out", ctx.createPacket(next));
      ctx.sendOutputSalvo("default");
    };
    switch (kind) {
      case "pass":
        return send(1);
      case "pass later":
        return new Promise<void>((resolve) => clock.setTimeout(resolve, item.left * 100))
          .then(() => send(1));
      case "twice":
        return send(2);
      case "forward":
        // Its count does not go down: on a cycle that would never end.
        if (!endsSoon(ctx.nodeName)) return send(1);
        ctx.loadOutputPort("out", id);
        return ctx.sendOutputSalvo("default");
      case "eat":
        return void ctx.consumePacket(id);
      case "throw":
        throw new Error("boom");
      case "throw at first":
        if (ctx.retryCount === 0) throw new Error("not yet");
        return send(1);
      case "cancel":
        return ctx.cancelEpoch();
      case "keep":
        return;
      case "load only":
        return ctx.loadOutputPort("out", id);
      case "half, then throw":
        send(1);
        throw new Error("half");
    }
  }
}

function netOf(plan: Plan, clock: VirtualClock): NetInput {
  const run = nodeFunction(clock, (name) => {
    const index = Number(name.slice(1));
    return plan.nodes[index]!.next > index;
  });
  const nodes = plan.nodes.map((spec, i) =>
    node(`N${i}`, run, {
      retries: spec.retries,
      retry_wait: spec.retryWait,
      max_parallel_epochs: spec.maxParallel,
      max_epochs: spec.maxEpochs,
      propagate_exceptions: spec.propagates,
      enabled: spec.enabled,
      ordered: spec.ordered,
      ...spec.errorPort && { error_port: "errors" },
      ...spec.hasSignals && { signals: ["epoch_started", "epoch_failed", "epoch_cancelled"] },
    }, {
      in_ports: {
        in: {
          // A gathering port has no capacity.
          ...spec.gathers ? { gather: { until: "done" } } : spec.capacity !== null &&
            { slots_spec: { type: "finite", capacity: spec.capacity } },
        },
      },
      ...spec.hasSignals && {
        out_ports: { out: {}, __signal_epoch_failed__: {} },
      },
    })
  );
  const edges = plan.nodes.flatMap(({ next }, i) =>
    next < plan.nodes.length ? [`N${i}.out>N${next}.in`] : []
  );
  return config(nodes, edges);
}

/** The whole state, in a form that can be compared. */
function describeState(view: NetView, nodeStates: unknown): unknown {
  const { sim, packets } = view;
  const { nodes, edges } = view.graph;
  type Location = Parameters<typeof sim.getPacketsAtLocation>[0];
  const at = (location: Location) => sim.getPacketsAtLocation(location);
  return {
    ports: nodes.map(({ name: nodeName, inPorts }) =>
      inPorts.map(({ name: portName }) => at({ type: "inputPort", nodeName, portName }))
    ),
    edges: edges.map((edge) => at({ type: "edge", edge })),
    outside: at({ type: "outsideNet" }),
    epochs: sim.getStartableEpochs().map((id) => [
      sim.getEpoch(id),
      at({ type: "node", epochId: id }),
    ]),
    values: [...packets.ids()].sort().map((id) => [id, packets.peek(id)]),
    queues: view.listOutputQueues().map((name) =>
      view.peekOutputQueue(name, { includeMetadata: true })
    ),
    deadLetters: view.deadLetterQueue,
    exceptions: view.exceptionQueue,
    nodeStates,
  };
}

/** Ids of all packets that the simulator knows. */
function packetIds(net: Net): string[] {
  const { sim } = net;
  const ids: string[] = sim.getPacketsAtLocation({ type: "outsideNet" });
  for (const { name } of net.graph.nodes) {
    for (const waiting of net.getPacketsAtAllPorts(name).values()) ids.push(...waiting);
  }
  for (const { edge } of net.edgeState()) {
    ids.push(...sim.getPacketsAtLocation({ type: "edge", edge }));
  }
  for (const epochId of net.getStartableEpochs()) ids.push(...net.getPacketsInEpoch(epochId));
  return ids.sort();
}

async function checkRun(plan: Plan): Promise<void> {
  const clock = new VirtualClock(0);
  const netConfig = netOf(plan, clock);
  const net = await Net.create(netConfig, { clock });
  const resolved = await net.config.resolve();
  const commits: Commit[] = [];
  const copy = buildEngine(resolved, codeInConfig(resolved), { clock });
  net.onCommit((commit) => commits.push(structuredCommit(commit)));
  const delivered: Record<string, number> = {};
  net.onEvent((event) => {
    if (event.type === "queued") {
      delivered[event.queueName] = (delivered[event.queueName] ?? 0) + 1;
    }
  });
  let started = 0;
  net.onEpochStart((_name, epochId) => {
    started++;
    if (plan.cancelEvery > 0 && started % plan.cancelEvery === 0) {
      // Sometimes before the function is called, sometimes while it waits.
      if (started % 2 === 0) net.cancelEpoch(epochId);
      else clock.setTimeout(() => cancelIfRunning(net, epochId), 150);
    }
  });
  await net.init();
  for (const { node: index, items } of plan.inject) {
    const name = `N${index % plan.nodes.length}`;
    try {
      net.injectData(name, "in", structuredClone(items));
    } catch (error) {
      assertInstanceOf(error, InputPortFullError);
    }
    await whileTimePasses(clock, net.runUntilBlocked().catch(() => {}));
    assertEquals(net.runningEpochs, []);
    assertEquals([...net.packets.ids()].sort(), packetIds(net));
    assertEquals(
      Object.fromEntries(
        net.listOutputQueues().map((name) => [name, net.outputCount(name)]).filter(([, n]) => n),
      ),
      delivered,
    );
  }
  await net.close();
  for (const commit of commits) applyCommit(copy.state, commit);
  const names = net.graph.nodes.map(({ name }) => name);
  assertEquals(
    describeState(
      new NetView(copy, net.config),
      names.map((name) => ({ ...copy.state.node(name) })),
    ),
    describeState(
      net,
      names.map((name) => {
        const { enabled, epochCount } = net.nodeState(name);
        return { enabled, epochCount };
      }),
    ),
  );
  assertEquals([...copy.state.attempts], []);
}

function cancelIfRunning(net: Net, epochId: string): void {
  if (net.runningEpochs.some((epoch) => epoch.epochId === epochId)) net.cancelEpoch(epochId);
}

/** A commit as a journal would have it: later changes of lists and values do not show. */
function structuredCommit(commit: Commit): Commit {
  const { deadLetter, exception, ...rest } = commit;
  return {
    ...structuredClone(rest),
    ...deadLetter && { deadLetter: { ...deadLetter } },
    ...exception && { exception },
  };
}

Deno.test("after any run packets, values and queues agree, and replaying its commits gives its state", async () => {
  await fc.assert(fc.asyncProperty(planArbitrary, checkRun), { numRuns: propertyRuns(150) });
});
