import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  edge,
  type GraphSpec,
  InvalidArgumentError,
  type NetSim,
  type NodeSpec,
  RequestUnconnectedPortError,
  salvoCondition,
  type SalvoConditionSpec,
  StepLimitExceededError,
  term,
} from "@netrun/netrun/sim";
import {
  AB,
  AB_EDGE,
  inputPort,
  newEpoch,
  packetAt,
  simOf,
  slots,
  summary,
  takeAll,
} from "./small_net.ts";

/** Nodes `S0`, `S1`, …, each with an edge into port `in` of `T`. */
function fanIn(sources: number, target: Partial<NodeSpec>): GraphSpec {
  const names = Array.from({ length: sources }, (_, i) => `S${i}`);
  return {
    nodes: [
      ...names.map((name) => ({ name, outPorts: [{ name: "out" }] })),
      { name: "T", inPorts: [{ name: "in" }], ...target },
    ],
    edges: names.map((name) => edge(name, "out", "T", "in")),
  };
}

function edgeOf(source: string): Parameters<typeof packetAt>[1] {
  return { type: "edge", edge: edge(source, "out", "T", "in") };
}

Deno.test("a packet goes from an edge through a port into an epoch in one step", () => {
  const sim = simOf(AB);
  const packetId = packetAt(sim, AB_EDGE);
  const { created, madeProgress, events } = sim.runStep();
  assertEquals([created.length, madeProgress], [1, true]);
  assertEquals(summary(events), [
    `packetMoved ${packetId}`,
    `inputSalvoTriggered ${created[0]}`,
    `epochCreated ${created[0]}`,
    `packetMoved ${packetId}`,
  ]);
});

Deno.test("every edge delivers one packet a step, in declaration order", () => {
  const sim = simOf(fanIn(3, {}));
  const packets = ["S2", "S0", "S2", "S1"].map((source) => packetAt(sim, edgeOf(source)));
  sim.runStep();
  assertEquals(sim.getPacketsAtLocation(inputPort("T")), [packets[1], packets[3], packets[0]]);
  sim.runStep();
  assertEquals(sim.packetCountAt(inputPort("T")), 4);
});

Deno.test("room is looked at before each packet, and the edge declared first wins", () => {
  const sim = simOf(fanIn(3, { inPorts: [{ name: "in", ...slots(2) }] }));
  const packets = ["S2", "S1", "S0"].map((source) => packetAt(sim, edgeOf(source)));
  sim.runStep();
  assertEquals(sim.getPacketsAtLocation(inputPort("T")), [packets[2], packets[1]]);
  assertEquals(sim.runStep().madeProgress, false);
  assert(sim.isBlocked());
  sim.doAction({ type: "consumePacket", packetId: packets[1]! });
  assertEquals(sim.isBlocked(), false);
  sim.runStep();
  assertEquals(sim.getPacketsAtLocation(inputPort("T")), [packets[2], packets[0]]);
});

Deno.test("a port of capacity 0 lets nothing in", () => {
  const sim = simOf(fanIn(1, { inPorts: [{ name: "in", ...slots(0) }] }));
  packetAt(sim, edgeOf("S0"));
  assert(sim.isBlocked());
  assertEquals(sim.runStep().events, []);
});

Deno.test("nodes trigger in declaration order, whenever their packets came", () => {
  const spec: GraphSpec = {
    nodes: ["C", "A", "B"].map((name) => ({
      name,
      inPorts: [{ name: "in" }],
      inSalvoConditions: [takeAll("in")],
    })),
    edges: [],
  };
  const sim = simOf(spec);
  for (const name of ["B", "C", "A"]) packetAt(sim, inputPort(name));
  const { created } = sim.runStep();
  assertEquals(created.map((id) => sim.getEpoch(id)!.nodeName), ["C", "A", "B"]);
  assertEquals(sim.getStartableEpochs(), created);
});

/** A node `N` with ports `a` and `b`. */
function nodeWith(...inSalvoConditions: SalvoConditionSpec[]): GraphSpec {
  const inPorts = [{ name: "a" }, { name: "b" }];
  return { nodes: [{ name: "N", inPorts, inSalvoConditions }], edges: [] };
}

const one = (name: string, portName: string, count = 1): SalvoConditionSpec =>
  salvoCondition({
    name,
    ports: [{ portName, count: { type: "count", count } }],
    term: term.port(portName, "nonEmpty"),
  });

Deno.test("the first satisfied condition wins, once a step, and takes what it counts", () => {
  const sim = simOf(nodeWith(one("b", "b"), one("a", "a", 2)));
  const a = [1, 2, 3].map(() => packetAt(sim, inputPort("N", "a")));
  packetAt(sim, inputPort("N", "b"));
  const salvos = [1, 2, 3].map(() => {
    const { created } = sim.runStep();
    assertEquals(created.length, 1);
    return sim.getEpoch(created[0]!)!.inSalvo;
  });
  assertEquals(salvos.map((salvo) => salvo.salvoCondition), ["b", "a", "a"]);
  assertEquals(salvos[1]!.packets.map((packet) => packet.packetId), a.slice(0, 2));
  assert(sim.isBlocked());
});

Deno.test("packets are listed in the order of the condition's ports", () => {
  const condition = salvoCondition({ name: "c", ports: ["b", "a"], term: term.true });
  const sim = simOf(nodeWith(condition));
  const [a, b] = [packetAt(sim, inputPort("N", "a")), packetAt(sim, inputPort("N", "b"))];
  const { created } = sim.runStep();
  assertEquals(sim.getEpoch(created[0]!)!.inSalvo.packets, [
    { portName: "b", packetId: b },
    { portName: "a", packetId: a },
  ]);
});

Deno.test("a node without waiting packets is not looked at, even if its condition holds", () => {
  const sim = simOf(nodeWith(salvoCondition({ name: "c", ports: "a", term: term.true })));
  assert(sim.isBlocked());
  assertEquals(sim.runStep().events, []);
});

Deno.test("a condition that takes nothing triggers again and again, unless such are skipped", () => {
  const empty = salvoCondition({ name: "empty", ports: "b", term: term.true });
  const sim = simOf(nodeWith(empty));
  packetAt(sim, inputPort("N", "a"));
  for (let i = 0; i < 3; i++) assertEquals(sim.runStep().created.length, 1);
  const error = assertThrows(() => sim.runUntilBlocked({ maxSteps: 5 }), StepLimitExceededError);
  assertEquals([error.maxSteps, error.events.length], [5, 10]);

  const skipping = simOf(nodeWith(empty, one("a", "a")), { skipEmptySalvos: true });
  packetAt(skipping, inputPort("N", "a"));
  const { created } = skipping.runStep();
  assertEquals(skipping.getEpoch(created[0]!)!.inSalvo.salvoCondition, "a");
  packetAt(skipping, inputPort("N", "b"));
  assertEquals(skipping.isBlocked(), false);
});

Deno.test("a count of 0 takes nothing, and is skipped when such are", () => {
  const zero = one("zero", "a", 0);
  for (const skipEmptySalvos of [false, true]) {
    const sim = simOf(nodeWith(zero), { skipEmptySalvos });
    packetAt(sim, inputPort("N", "a"));
    assertEquals(sim.isBlocked(), skipEmptySalvos);
    assertEquals(sim.runStep().created.length, skipEmptySalvos ? 0 : 1);
    assertEquals(sim.packetCountAt(inputPort("N", "a")), 1);
  }
});

Deno.test("steps pass over a manual condition", () => {
  const sim = simOf(nodeWith({ ...one("by hand", "a"), manual: true }));
  const packetId = packetAt(sim, inputPort("N", "a"));
  assert(sim.isBlocked());
  assertEquals(sim.runStep().created, []);
  const salvo = { salvoCondition: "by hand", packets: [{ portName: "a", packetId }] };
  const { data } = sim.doAction({ type: "createEpoch", nodeName: "N", salvo });
  assertEquals(data.epoch.inSalvo, salvo);
});

Deno.test("runUntilBlocked() ends between two steps when it is told to", () => {
  const sim = simOf(nodeWith(salvoCondition({ name: "c", ports: [], term: term.true })));
  packetAt(sim, inputPort("N", "a"));
  const controller = new AbortController();
  const reason = new Error("enough");
  controller.abort(reason);
  const error = assertThrows(() => sim.runUntilBlocked({ signal: controller.signal }));
  assert(error === reason);
  assertEquals(sim.getStartableEpochs(), []);
});

Deno.test("runUntilBlocked() makes no more steps than allowed, and that many if need be", () => {
  const sim = simOf(AB);
  for (let i = 0; i < 2; i++) packetAt(sim, AB_EDGE);
  assertThrows(() => sim.runUntilBlocked({ maxSteps: 1 }), StepLimitExceededError);
  assertEquals(sim.runUntilBlocked({ maxSteps: 1 }).length, 4);
  assertEquals(sim.runUntilBlocked({ maxSteps: 0 }), []);
  for (const maxSteps of [-1, 0.5, NaN]) {
    assertThrows(() => sim.runUntilBlocked({ maxSteps }), InvalidArgumentError, `got ${maxSteps}`);
  }
});

/** `S0` and `S1` feed `M`, which feeds `P`; `P` pulls over a dependency edge. */
function pull(triggers: ("onStartup" | "onNoSalvoTriggered")[]): GraphSpec {
  return {
    nodes: [
      { name: "S0", outPorts: [{ name: "out" }] },
      { name: "S1", outPorts: [{ name: "out" }] },
      { name: "M", inPorts: [{ name: "a" }, { name: "b" }], outPorts: [{ name: "out" }] },
      {
        name: "P",
        inPorts: [{ name: "in" }, { name: "extra" }],
        inSalvoConditions: [one("both", "extra")],
        dependencyRequest: { triggers, label: "more" },
      },
    ],
    edges: [
      edge("S1", "out", "M", "a"),
      edge("S0", "out", "M", "b"),
      { ...edge("M", "out", "P", "in"), dependency: true },
    ],
  };
}

function requests(sim: NetSim): string[] {
  return sim.runStep().events.flatMap((event) =>
    event.type === "requestCreated" ? [`${event.source} ${event.nodeName}`] : []
  );
}

Deno.test("a request starts the sources upstream, in the order in which they are met", () => {
  const sim = simOf(pull([]));
  sim.doAction({ type: "createRequest", nodeName: "P", label: "x" });
  assertEquals(sim.isBlocked(), false);
  const { created, events, madeProgress } = sim.runStep();
  assertEquals(events, [
    {
      type: "requestCascadeResolved",
      timestamp: 1000,
      nodeName: "P",
      sourceNodes: ["S1", "S0"],
      label: "x",
    },
    { type: "epochCreated", timestamp: 1000, epochId: "x1" },
    { type: "requestEpochCreated", timestamp: 1000, epochId: "x1", nodeName: "S1", label: "x" },
    { type: "epochCreated", timestamp: 1000, epochId: "x2" },
    { type: "requestEpochCreated", timestamp: 1000, epochId: "x2", nodeName: "S0", label: "x" },
  ]);
  assertEquals([created, madeProgress], [["x1", "x2"], true]);
  assertEquals(sim.getEpoch("x1")!.inSalvo, { salvoCondition: "__request__", packets: [] });
  assert(sim.isBlocked());
});

Deno.test("requests of one label start a source once a step, of two labels twice", () => {
  const sim = simOf(pull([]));
  for (const label of ["x", "y", "x"]) {
    sim.doAction({ type: "createRequest", nodeName: "P", label });
  }
  assertEquals(
    sim.runStep().events.flatMap((event) =>
      event.type === "requestEpochCreated" ? [`${event.label} ${event.nodeName}`] : []
    ),
    ["x S1", "x S0", "y S1", "y S0"],
  );
  sim.doAction({ type: "createRequest", nodeName: "P", label: "x" });
  assertEquals(sim.runStep().created.length, 2);
});

Deno.test("a request of a node without dependency edges resolves to no source, and is no progress", () => {
  const sim = simOf(pull([]));
  sim.doAction({ type: "createRequest", nodeName: "M", label: "x" });
  const { events, madeProgress } = sim.runStep();
  assertEquals(events.map((event) => "sourceNodes" in event && event.sourceNodes), [[]]);
  assertEquals(madeProgress, false);
});

Deno.test("startup requests are filed once, in the first step", () => {
  const sim = simOf(pull(["onStartup"]));
  assertEquals(sim.isBlocked(), false);
  assertEquals(requests(sim), ["onStartup P"]);
  assert(sim.isBlocked());
  assertEquals(requests(sim), []);
});

Deno.test("a node that triggers nothing spends its token, and has it back after any epoch", () => {
  const sim = simOf(pull(["onNoSalvoTriggered"]));
  assert(sim.isBlocked());
  packetAt(sim, inputPort("P"));
  assertEquals(requests(sim), ["onNoSalvoTriggered P"]);
  packetAt(sim, inputPort("P"));
  assertEquals(requests(sim), []);
  assert(sim.isBlocked());
  for (const type of ["finishEpoch", "cancelEpoch"] as const) {
    const { events } = sim.doAction({ type, epochId: newEpoch(sim, "P") });
    assertEquals(events.map((event) => "requestTokenBefore" in event && event.requestTokenBefore), [
      false,
    ]);
    assertEquals(sim.isBlocked(), false);
    assertEquals(requests(sim), ["onNoSalvoTriggered P"]);
  }
});

Deno.test("a failing request drops all, keeps what the step did, and tells it", () => {
  const spec = pull(["onNoSalvoTriggered"]);
  spec.edges.splice(1, 1);
  const sim = simOf(spec);
  sim.doAction({ type: "createRequest", nodeName: "M", label: "good" });
  const packetId = packetAt(sim, { type: "edge", edge: edge("M", "out", "P", "in") });
  const error = assertThrows(() => sim.runUntilBlocked(), RequestUnconnectedPortError);
  assertEquals([error.nodeName, error.portName], ["M", "b"]);
  assertEquals(summary(error.events), [`packetMoved ${packetId}`, "requestCreated P"]);
  assertEquals(error.toJSON()["events"], error.events);
  assertEquals(sim.packetCountAt(inputPort("P")), 1);
  assertEquals(sim.getStartableEpochs(), []);
  assert(sim.isBlocked());
});

Deno.test("the events of a failed run are those of all its steps", () => {
  const spec = pull(["onNoSalvoTriggered"]);
  spec.edges.splice(1, 1);
  const sim = simOf(spec);
  packetAt(sim, inputPort("P", "extra"));
  packetAt(sim, inputPort("P"));
  const error = assertThrows(() => sim.runUntilBlocked(), RequestUnconnectedPortError);
  assertEquals(error.events.map((event) => event.type), [
    "inputSalvoTriggered",
    "epochCreated",
    "packetMoved",
    "requestCreated",
  ]);
});
