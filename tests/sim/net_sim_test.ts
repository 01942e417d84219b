import { assertEquals, assertThrows } from "@std/assert";
import {
  CannotFinishNonEmptyEpochError,
  CannotMovePacketFromRunningEpochError,
  CannotMovePacketIntoRunningEpochError,
  DuplicatePacketInSalvoError,
  edge,
  EdgeNotFoundError,
  EpochNotFoundError,
  EpochNotRunningError,
  EpochNotStartableError,
  Graph,
  InputPortFullError,
  InputPortNotFoundError,
  InvalidArgumentError,
  MaxSalvosExceededError,
  type NetAction,
  NetSim,
  type NetSimError,
  NodeNotFoundError,
  OutputPortFullError,
  OutputPortNotFoundError,
  PacketNotAtInputPortError,
  PacketNotFoundError,
  PacketNotInAnyNodeError,
  RequestNodeNotFoundError,
  SalvoConditionNotFoundError,
  SalvoConditionNotMetError,
  UnsentOutputSalvoError,
} from "@netrun/netrun/sim";
import {
  AB,
  AB_EDGE,
  inputPort,
  loadedPacket,
  newEpoch,
  newPacket,
  packetAt,
  simOf,
  summary,
} from "./small_net.ts";

/** Checks that an action is refused with an error of that class and these details. */
function refuses(
  sim: NetSim,
  action: NetAction,
  // deno-lint-ignore no-explicit-any
  Class: new (...args: any[]) => NetSimError,
  details: Record<string, unknown>,
): void {
  const error = assertThrows(() => sim.doAction(action), Class);
  const { message: _, code, ...rest } = error.toJSON();
  assertEquals(`${code}Error`, Class.name);
  assertEquals(rest, details);
}

Deno.test("one reading of the clock dates all events of an action", () => {
  let reads = 0;
  const sim = simOf(AB, { now: () => ++reads });
  const epochId = newEpoch(sim, "A");
  loadedPacket(sim, epochId, "out");
  const before = reads;
  const { events } = sim.doAction({ type: "cancelEpoch", epochId });
  assertEquals(reads, before + 1);
  assertEquals(events.map((event) => event.timestamp), [reads, reads]);
});

Deno.test("a clock that is finer than milliseconds is read in whole ones", () => {
  const sim = simOf(AB, { now: () => 1234.9 });
  assertEquals(sim.doAction({ type: "createPacket" }).events[0]!.timestamp, 1234);
});

Deno.test("a packet is consumed from any location, with the index it had", () => {
  const sim = simOf(AB);
  const [, second] = [packetAt(sim, AB_EDGE), packetAt(sim, AB_EDGE), packetAt(sim, AB_EDGE)];
  const { events } = sim.doAction({ type: "consumePacket", packetId: second });
  assertEquals(events, [
    { type: "packetConsumed", timestamp: 1000, packetId: second, location: AB_EDGE, fromIndex: 1 },
  ]);
  assertEquals(sim.packetCountAt(AB_EDGE), 2);
  assertEquals(sim.getPacket(second), undefined);
  refuses(sim, { type: "destroyPacket", packetId: second }, PacketNotFoundError, {
    packetId: second,
  });
});

Deno.test("packets are created inside running epochs only", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A", "startable");
  refuses(sim, { type: "createPacket", epochId }, EpochNotRunningError, { epochId });
  refuses(sim, { type: "createPacket", epochId: "?" }, EpochNotFoundError, { epochId: "?" });
  sim.doAction({ type: "startEpoch", epochId });
  refuses(sim, { type: "startEpoch", epochId }, EpochNotStartableError, { epochId });
  const packetId = newPacket(sim, epochId);
  assertEquals(sim.getPacket(packetId)?.location, { type: "node", epochId });
});

Deno.test("an epoch is finished only when it is running and holds nothing", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A", "startable");
  const finish = { type: "finishEpoch", epochId } as const;
  refuses(sim, finish, EpochNotRunningError, { epochId });
  sim.doAction({ type: "startEpoch", epochId });
  const packetId = newPacket(sim, epochId);
  const loaded = loadedPacket(sim, epochId, "loose");
  refuses(sim, finish, CannotFinishNonEmptyEpochError, { epochId });
  sim.doAction({ type: "loadPacketIntoOutputPort", packetId, portName: "out" });
  refuses(sim, finish, UnsentOutputSalvoError, { epochId, portName: "out" });
  sim.doAction({ type: "consumePacket", packetId });
  refuses(sim, finish, UnsentOutputSalvoError, { epochId, portName: "loose" });
  sim.doAction({ type: "consumePacket", packetId: loaded });
  const { data, events } = sim.doAction(finish);
  assertEquals(data.epoch.state, "finished");
  assertEquals(events.map((event) => event.type === "epochFinished" && event.epoch.state), [
    "running",
  ]);
  assertEquals(sim.getEpoch(epochId), undefined);
  refuses(sim, finish, EpochNotFoundError, { epochId });
});

Deno.test("cancelling destroys what is inside first, then port by port", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A");
  const loose = loadedPacket(sim, epochId, "loose");
  const out = [loadedPacket(sim, epochId, "out"), loadedPacket(sim, epochId, "out")];
  const inside = [newPacket(sim, epochId), newPacket(sim, epochId)];
  const { data, events } = sim.doAction({ type: "cancelEpoch", epochId });
  const order = [...inside, ...out, loose];
  assertEquals(data.destroyedPackets, order);
  assertEquals(data.epoch.state, "running");
  assertEquals(summary(events), [
    ...order.map((id) => `packetDestroyed ${id}`),
    `epochCancelled ${epochId}`,
  ]);
  assertEquals(sim.packetCountAt({ type: "node", epochId }), 0);
});

Deno.test("createEpoch takes exactly the packets it names, in that order", () => {
  const sim = simOf(AB);
  const [first, second, third] = [1, 2, 3].map(() => packetAt(sim, inputPort("A")));
  const create = (...ids: string[]): NetAction => ({
    type: "createEpoch",
    nodeName: "A",
    salvo: {
      salvoCondition: "any",
      packets: ids.map((packetId) => ({ portName: "in", packetId })),
    },
  });
  refuses(sim, { ...create(), nodeName: "Z" } as NetAction, NodeNotFoundError, { nodeName: "Z" });
  refuses(sim, create(third!, "?"), PacketNotFoundError, { packetId: "?" });
  refuses(sim, create(third!, first!, third!), DuplicatePacketInSalvoError, { packetId: third });
  const outside = newPacket(sim);
  refuses(sim, create(outside), PacketNotAtInputPortError, {
    packetId: outside,
    portName: "in",
    nodeName: "A",
  });
  const salvo = { salvoCondition: "any", packets: [{ portName: "no", packetId: "?" }] };
  refuses(sim, { type: "createEpoch", nodeName: "A", salvo }, InputPortNotFoundError, {
    portName: "no",
    nodeName: "A",
  });
  const { events } = sim.doAction(create(third!, first!));
  assertEquals(
    events.map((event) => event.type === "packetMoved" && [event.packetId, event.fromIndex]),
    [false, [third, 2], [first, 0]],
  );
  assertEquals(sim.getPacketsAtLocation(inputPort("A")), [second]);
});

Deno.test("packets are loaded from inside an epoch while the port has room", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A", "startable");
  const load = (packetId: string, portName = "out"): NetAction => ({
    type: "loadPacketIntoOutputPort",
    packetId,
    portName,
  });
  const packets = [1, 2, 3].map(() => packetAt(sim, { type: "node", epochId }));
  refuses(sim, load(packets[0]!, "no"), OutputPortNotFoundError, { portName: "no", epochId });
  sim.doAction(load(packets[0]!));
  sim.doAction(load(packets[1]!));
  refuses(sim, load(packets[2]!), OutputPortFullError, { portName: "out", epochId });
  refuses(sim, load(packets[0]!), PacketNotInAnyNodeError, { packetId: packets[0] });
  refuses(sim, load(newPacket(sim)), PacketNotInAnyNodeError, { packetId: "x5" });
});

Deno.test("a salvo goes over edges or becomes orphaned, port by port as the condition lists them", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A");
  const out = loadedPacket(sim, epochId, "out");
  const loose = [loadedPacket(sim, epochId, "loose"), loadedPacket(sim, epochId, "loose")];
  const send = { type: "sendOutputSalvo", epochId, salvoCondition: "both" } as const;
  const { events } = sim.doAction(send);
  assertEquals(summary(events), [
    `packetOrphaned ${loose[0]}`,
    `packetOrphaned ${loose[1]}`,
    `packetMoved ${out}`,
    `outputSalvoTriggered ${epochId}`,
  ]);
  assertEquals(sim.getPacketsAtLocation(AB_EDGE), [out]);
  assertEquals(sim.getPacketsAtLocation({ type: "outsideNet" }), loose);
  const epoch = sim.getEpoch(epochId)!;
  assertEquals(epoch.outSalvos, [{
    salvoCondition: "both",
    packets: [
      { portName: "loose", packetId: loose[0]! },
      { portName: "loose", packetId: loose[1]! },
      { portName: "out", packetId: out },
    ],
  }]);
  assertEquals(epoch.orphanedPackets.map((orphan) => orphan.fromPort), ["loose", "loose"]);
  refuses(sim, send, MaxSalvosExceededError, { conditionName: "both", epochId });
});

Deno.test("a salvo without packets counts, a condition of another side or epoch does not", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A", "startable");
  const send = (salvoCondition: string): NetAction => ({
    type: "sendOutputSalvo",
    epochId,
    salvoCondition,
  });
  refuses(sim, send("receive"), SalvoConditionNotFoundError, { conditionName: "receive", epochId });
  refuses(sim, send("full"), SalvoConditionNotMetError, { conditionName: "full", epochId });
  refuses(sim, send("never"), MaxSalvosExceededError, { conditionName: "never", epochId });
  sim.doAction(send("both"));
  assertEquals(sim.getEpoch(epochId)!.outSalvos, [{ salvoCondition: "both", packets: [] }]);
  refuses(sim, send("both"), MaxSalvosExceededError, { conditionName: "both", epochId });
  const other = newEpoch(sim, "A");
  sim.doAction({ type: "sendOutputSalvo", epochId: other, salvoCondition: "both" });
});

Deno.test("packets are moved anywhere but into and out of running epochs", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A", "startable");
  const packetId = newPacket(sim);
  const to = (destination: Extract<NetAction, { destination: unknown }>["destination"]) =>
    ({ type: "transportPacketToLocation", packetId, destination }) as const;
  refuses(sim, to({ type: "node", epochId: "?" }), EpochNotFoundError, { epochId: "?" });
  refuses(sim, to({ type: "outputPort", epochId, portName: "no" }), OutputPortNotFoundError, {
    portName: "no",
    epochId,
  });
  refuses(sim, to(inputPort("Z")), NodeNotFoundError, { nodeName: "Z" });
  refuses(sim, to(inputPort("A", "no")), InputPortNotFoundError, {
    portName: "no",
    nodeName: "A",
  });
  const unknown = edge("B", "out", "A", "in");
  refuses(sim, to({ type: "edge", edge: unknown }), EdgeNotFoundError, { edge: unknown });
  sim.doAction(to({ type: "node", epochId }));
  sim.doAction(to({ type: "outputPort", epochId, portName: "out" }));
  sim.doAction({ type: "startEpoch", epochId });
  refuses(sim, to({ type: "outsideNet" }), CannotMovePacketFromRunningEpochError, {
    packetId,
    epochId,
  });
  const other = newPacket(sim);
  for (const type of ["node", "outputPort"] as const) {
    const destination = { type, epochId, portName: "out" };
    const move = { type: "transportPacketToLocation", packetId: other, destination } as const;
    refuses(sim, move, CannotMovePacketIntoRunningEpochError, { packetId: other, epochId });
  }
});

Deno.test("a full input port takes nothing, not even a packet that is there", () => {
  const sim = simOf(AB);
  const packetId = packetAt(sim, inputPort("B"));
  sim.doAction({
    type: "transportPacketToLocation",
    packetId,
    destination: inputPort("B"),
  });
  packetAt(sim, inputPort("B"));
  const move = {
    type: "transportPacketToLocation",
    packetId,
    destination: inputPort("B"),
  } as const;
  refuses(sim, move, InputPortFullError, { portName: "in", nodeName: "B" });
});

Deno.test("a move to where the packet is puts it at the end of the queue", () => {
  const sim = simOf(AB);
  const [first, second] = [packetAt(sim, AB_EDGE), packetAt(sim, AB_EDGE)];
  const move = {
    type: "transportPacketToLocation",
    packetId: first,
    destination: AB_EDGE,
  } as const;
  const { events } = sim.doAction(move);
  assertEquals(events, [{
    type: "packetMoved",
    timestamp: 1000,
    packetId: first,
    from: AB_EDGE,
    to: AB_EDGE,
    fromIndex: 0,
  }]);
  assertEquals(sim.getPacketsAtLocation(AB_EDGE), [second, first]);
  sim.undoAction(move, events);
  assertEquals(sim.getPacketsAtLocation(AB_EDGE), [first, second]);
});

Deno.test("a transport into an output port does not look at its capacity", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A", "startable");
  const out = { type: "outputPort", epochId, portName: "out" } as const;
  for (let i = 0; i < 3; i++) packetAt(sim, out);
  assertEquals(sim.packetCountAt(out), 3);
});

Deno.test("requests are filed for nodes that there are", () => {
  const sim = simOf(AB);
  const request = { type: "createRequest", nodeName: "Z", label: "l" } as const;
  refuses(sim, request, RequestNodeNotFoundError, { nodeName: "Z" });
});

Deno.test("unknown ids and locations are no error in queries", () => {
  const sim = simOf(AB);
  assertEquals(sim.getPacket("?"), undefined);
  assertEquals(sim.getEpoch("?"), undefined);
  for (
    const location of [
      { type: "node", epochId: "?" },
      { type: "outputPort", epochId: "?", portName: "out" },
      { type: "outputPort", epochId: newEpoch(sim, "A"), portName: "?" },
      { type: "outputPort", epochId: newEpoch(sim, "A"), portName: "out" },
      inputPort("?"),
      inputPort("A", "?"),
      { type: "edge", edge: edge("A", "out", "A", "in") },
    ] as const
  ) {
    assertEquals(sim.packetCountAt(location), 0);
    assertEquals(sim.getPacketsAtLocation(location), []);
  }
});

Deno.test("what is handed out does not change, and changing it changes nothing", () => {
  const sim = simOf(AB);
  const packetId = packetAt(sim, inputPort("A"));
  const { created: [epochId] } = sim.runStep();
  const { data, events } = sim.doAction({ type: "startEpoch", epochId: epochId! });
  const copy = structuredClone({ data, events });
  sim.doAction({ type: "consumePacket", packetId });
  sim.doAction({ type: "sendOutputSalvo", epochId: epochId!, salvoCondition: "both" });
  assertEquals({ data, events }, copy);
  data.epoch.inSalvo.packets.length = 0;
  data.epoch.outSalvos.push({ salvoCondition: "forged", packets: [] });
  const epoch = sim.getEpoch(epochId!)!;
  assertEquals(epoch.inSalvo.packets, [{ portName: "in", packetId }]);
  assertEquals(epoch.outSalvos.map((salvo) => salvo.salvoCondition), ["both"]);
  const ids = sim.getPacketsAtLocation({ type: "outsideNet" });
  ids.push("forged");
  assertEquals(sim.packetCountAt({ type: "outsideNet" }), 0);
});

Deno.test("the event of a finished epoch shares nothing with the returned one", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A");
  sim.doAction({ type: "sendOutputSalvo", epochId, salvoCondition: "both" });
  const finish = { type: "finishEpoch", epochId } as const;
  const { data, events } = sim.doAction(finish);
  data.epoch.outSalvos.length = 0;
  sim.undoAction(finish, events);
  assertEquals(sim.getEpoch(epochId)!.outSalvos.length, 1);
});

Deno.test("two simulators of one graph do not disturb each other", () => {
  const graph = new Graph(AB);
  const [one, two] = [new NetSim(graph), new NetSim(graph)];
  packetAt(one, inputPort("A"));
  assertEquals(one.graph, graph);
  assertEquals([one.isBlocked(), two.isBlocked()], [false, true]);
});

Deno.test("an id source that repeats itself is refused before anything changes", () => {
  const sim = simOf(AB, { newId: () => "same" });
  newPacket(sim);
  assertThrows(() => newPacket(sim), InvalidArgumentError, "not in use");
  assertEquals(sim.packetCountAt({ type: "outsideNet" }), 1);
});

Deno.test("an id source that fails in a step leaves the other nodes to the next one", () => {
  let fail = false;
  let ids = 0;
  const sim = simOf(AB, {
    newId: () => {
      if (fail) throw new Error("no ids");
      return `x${++ids}`;
    },
  });
  packetAt(sim, inputPort("A"));
  packetAt(sim, inputPort("B"));
  fail = true;
  assertThrows(() => sim.runStep(), Error, "no ids");
  fail = false;
  assertEquals(sim.runStep().created.length, 2);
});
