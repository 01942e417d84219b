import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  edge,
  type NetAction,
  type NetEvent,
  type NetSim,
  UndoError,
  UndoNotFoundError,
  UndoStateMismatchError,
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
} from "./small_net.ts";

/** Does an action; the result undoes it. */
function doing(sim: NetSim, action: NetAction): () => void {
  const { events } = sim.doAction(action);
  return () => sim.undoAction(action, events);
}

function refuses(
  undo: () => void,
  Class: typeof UndoNotFoundError | typeof UndoStateMismatchError,
  subject: Record<string, string>,
): void {
  const error = assertThrows(undo, Class);
  assert(error instanceof UndoError);
  const { message: _, ...details } = error.toJSON();
  assertEquals(details, { code: Class.name.replace("Error", ""), ...subject });
}

Deno.test("a consumed packet comes back to its place in the queue", () => {
  const sim = simOf(AB);
  const ids = [1, 2, 3].map(() => packetAt(sim, AB_EDGE));
  const undo = doing(sim, { type: "consumePacket", packetId: ids[1]! });
  undo();
  assertEquals(sim.getPacketsAtLocation(AB_EDGE), ids);
  refuses(undo, UndoStateMismatchError, { packetId: ids[1]! });
});

Deno.test("a cancelled epoch comes back with its packets, records and place", () => {
  const sim = simOf(AB);
  const epochs = [1, 2, 3].map(() => newEpoch(sim, "A", "startable"));
  const epochId = epochs[1]!;
  const packet = packetAt(sim, { type: "node", epochId });
  const loaded = packetAt(sim, { type: "outputPort", epochId, portName: "out" });
  const before = sim.getEpoch(epochId);
  const undo = doing(sim, { type: "cancelEpoch", epochId });
  assertEquals(sim.getStartableEpochs(), [epochs[0], epochs[2]]);
  undo();
  assertEquals(sim.getStartableEpochs(), epochs);
  assertEquals(sim.getEpoch(epochId), before);
  assertEquals(sim.getPacketsAtLocation({ type: "node", epochId }), [packet]);
  assertEquals(sim.getPacketsAtLocation({ type: "outputPort", epochId, portName: "out" }), [
    loaded,
  ]);
  refuses(undo, UndoStateMismatchError, { epochId });
});

Deno.test("an unsent salvo may be sent again, and its packets are loaded in the old order", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A");
  const loose = [loadedPacket(sim, epochId, "loose"), loadedPacket(sim, epochId, "loose")];
  const before = sim.getEpoch(epochId);
  const send = { type: "sendOutputSalvo", epochId, salvoCondition: "both" } as const;
  doing(sim, send)();
  assertEquals(sim.getEpoch(epochId), before);
  assertEquals(
    sim.getPacketsAtLocation({ type: "outputPort", epochId, portName: "loose" }),
    loose,
  );
  sim.doAction(send);
});

Deno.test("a resolved request is pending again", () => {
  const sim = simOf({
    nodes: [
      { name: "S", outPorts: [{ name: "out" }] },
      { name: "P", inPorts: [{ name: "in" }] },
    ],
    edges: [{ ...edge("S", "out", "P", "in"), dependency: true }],
  });
  for (const label of ["x", "y"]) sim.doAction({ type: "createRequest", nodeName: "P", label });
  const labels = (events: NetEvent[]) =>
    events.flatMap((event) => "label" in event ? [event.label] : []);
  const { events } = sim.runStep();
  sim.undoAction({ type: "runStep" }, events);
  assertEquals(sim.isBlocked(), false);
  assertEquals(labels(sim.runStep().events), labels(events));
});

Deno.test("the events of a whole run are undone as those of a step", () => {
  const sim = simOf(AB);
  const ids = [1, 2, 3, 4].map(() => packetAt(sim, AB_EDGE));
  const events = sim.runUntilBlocked();
  assertEquals(sim.packetCountAt(AB_EDGE), 0);
  sim.undoAction({ type: "runStep" }, events);
  assertEquals(sim.getPacketsAtLocation(AB_EDGE), ids);
  assertEquals(sim.getStartableEpochs(), []);
});

Deno.test("what is not there any more cannot be undone", () => {
  const sim = simOf(AB);
  const packetId = packetAt(sim, inputPort("A"));
  const undoStep = (({ events }) => () => sim.undoAction({ type: "runStep" }, events))(
    sim.runStep(),
  );
  const [epochId] = sim.getStartableEpochs() as [string];
  const undoStart = doing(sim, { type: "startEpoch", epochId });
  sim.doAction({ type: "consumePacket", packetId });
  refuses(undoStep, UndoNotFoundError, { packetId });
  sim.doAction({ type: "finishEpoch", epochId });
  refuses(undoStart, UndoNotFoundError, { epochId });
});

Deno.test("what was moved on, or is in the way, is refused", () => {
  const sim = simOf(AB);
  const packetId = newPacket(sim);
  const move = (destination: typeof AB_EDGE) =>
    doing(sim, { type: "transportPacketToLocation", packetId, destination });
  const undoFirst = move(AB_EDGE);
  const undoSecond = move(inputPort("B"));
  refuses(undoFirst, UndoStateMismatchError, { packetId });
  undoSecond();

  const salvo = { salvoCondition: "c", packets: [] };
  const create = { type: "createEpoch", nodeName: "A", salvo } as const;
  const { data, events } = sim.doAction(create);
  const epochId = data.epoch.id;
  const inside = packetAt(sim, { type: "node", epochId });
  refuses(() => sim.undoAction(create, events), UndoStateMismatchError, { epochId });
  sim.doAction({ type: "destroyPacket", packetId: inside });
  const undoStart = doing(sim, { type: "startEpoch", epochId });
  undoStart();
  refuses(undoStart, UndoStateMismatchError, { epochId });
});

Deno.test("a packet does not go back to an epoch that is gone, or beyond the end of a queue", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A", "startable");
  const packetId = packetAt(sim, { type: "node", epochId });
  const undoMove = doing(sim, {
    type: "transportPacketToLocation",
    packetId,
    destination: { type: "outsideNet" },
  });
  sim.doAction({ type: "cancelEpoch", epochId });
  refuses(undoMove, UndoNotFoundError, { epochId });

  const ids = [packetAt(sim, AB_EDGE), packetAt(sim, AB_EDGE)] as const;
  const undoConsume = doing(sim, { type: "consumePacket", packetId: ids[1] });
  sim.doAction({ type: "consumePacket", packetId: ids[0] });
  refuses(undoConsume, UndoStateMismatchError, { packetId: ids[1] });
});

Deno.test("a salvo that was undone by itself cannot be undone again", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A");
  const undo = doing(sim, { type: "sendOutputSalvo", epochId, salvoCondition: "both" });
  undo();
  refuses(undo, UndoStateMismatchError, { epochId });
});

Deno.test("a refused undo puts back what it had undone already, in the old order", () => {
  const sim = simOf(AB);
  const [first, second, third] = [1, 2, 3].map(() => packetAt(sim, AB_EDGE));
  const moves: NetEvent[] = [];
  for (const packetId of [third!, first!, second!]) {
    const destination = { type: "outsideNet" } as const;
    moves.push(
      ...sim.doAction({ type: "transportPacketToLocation", packetId, destination }).events,
    );
  }
  sim.doAction({ type: "consumePacket", packetId: third! });
  const extra = newPacket(sim);
  refuses(() => sim.undoAction({ type: "runStep" }, moves), UndoNotFoundError, {
    packetId: third!,
  });
  assertEquals(sim.getPacketsAtLocation({ type: "outsideNet" }), [first, second, extra]);
  assertEquals(sim.packetCountAt(AB_EDGE), 0);
});

Deno.test("events that lack our own additions can be undone too", () => {
  const sim = simOf(AB);
  const epochId = newEpoch(sim, "A");
  const finish = { type: "finishEpoch", epochId } as const;
  const events = sim.doAction(finish).events.map((event) => {
    const { creationIndex: _, ...rest } = event as NetEvent & { creationIndex?: number };
    return rest as NetEvent;
  });
  sim.undoAction(finish, events);
  assertEquals(sim.getEpoch(epochId)?.state, "running");
});
