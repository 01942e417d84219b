import { assertEquals, assertThrows } from "@std/assert";
import type { NetAction, PacketLocation } from "@netrun/netrun/sim";
import { AB, newEpoch, newPacket, simOf, untyped } from "./small_net.ts";

Deno.test("a malformed action is refused with the field that is wrong", () => {
  const sim = simOf(AB);
  const packetId = newPacket(sim);
  const epochId = newEpoch(sim, "A");
  const move = (destination: unknown) => ({
    type: "transportPacketToLocation",
    packetId,
    destination,
  });
  const create = (salvo: unknown) => ({ type: "createEpoch", nodeName: "A", salvo });
  const cases: [action: unknown, message: string][] = [
    [null, "An action must be an object, got null"],
    [{}, "An action: `type` must be one of"],
    [{ type: "jump" }, 'got "jump"'],
    [{ type: "createPacket", epochId: 7 }, 'Action "createPacket": `epochId` must be a string'],
    [{ type: "consumePacket" }, "`packetId` must be a string, got undefined"],
    [{ type: "destroyPacket", packetId: null }, "`packetId` must be a string, got null"],
    [{ type: "startEpoch" }, 'Action "startEpoch": `epochId`'],
    [{ type: "finishEpoch", epochId: {} }, "`epochId` must be a string, got an object"],
    [{ type: "cancelEpoch", epochId: [] }, "`epochId` must be a string, got an array"],
    [{ type: "createEpoch", salvo: {} }, "`nodeName` must be a string"],
    [create(undefined), "`salvo` must be an object"],
    [create({ packets: [] }), "`salvo.salvoCondition` must be a string"],
    [create({ salvoCondition: "c" }), "`salvo.packets` must be an array"],
    [
      create({ salvoCondition: "c", packets: [{ portName: "in", packetId }, { packetId }] }),
      "`salvo.packets[1].portName` must be a string",
    ],
    [{ type: "loadPacketIntoOutputPort", packetId }, "`portName` must be a string"],
    [{ type: "sendOutputSalvo", epochId }, "`salvoCondition` must be a string"],
    [move(undefined), "`destination` must be an object"],
    [move({ type: "moon" }), '`destination`, `type` must be one of "node"'],
    [move({ type: "node" }), "`destination`, `epochId` must be a string"],
    [move({ type: "inputPort", nodeName: "A" }), "`destination`, `portName` must be a string"],
    [move({ type: "outputPort", epochId }), "`destination`, `portName` must be a string"],
    [move({ type: "edge" }), "`destination`, `edge` must be an object"],
    [
      move({ type: "edge", edge: { source: { nodeName: "A", portName: "out" } } }),
      "`destination`, `edge.source.portType` must be",
    ],
    [{ type: "createRequest", nodeName: "A" }, "`label` must be a string"],
  ];
  for (const [action, message] of cases) {
    assertThrows(() => sim.doAction(untyped(action)), TypeError, message);
    assertThrows(() => sim.perform(untyped(action), undefined, 0), TypeError, message);
  }
  assertEquals(sim.getPacketsAtLocation({ type: "outsideNet" }), [packetId]);
});

Deno.test("a malformed location is refused in queries", () => {
  const sim = simOf(AB);
  const location = { type: "edge", edge: {} } as unknown as PacketLocation;
  assertThrows(() => sim.packetCountAt(location), TypeError, "The location, `edge.source`");
  assertThrows(() => sim.getPacketsAtLocation(location), TypeError, "The location, `edge.source`");
});

Deno.test("a malformed undo is refused", () => {
  const sim = simOf(AB);
  const undo = (action: unknown, events: unknown) => () =>
    sim.undoAction(action as NetAction, events as []);
  assertThrows(undo({ type: "jump" }, []), TypeError, "`type` must be one of");
  assertThrows(undo({ type: "runStep" }, {}), TypeError, "must be an array");
  assertThrows(undo({ type: "runStep" }, [{ type: "moved" }]), TypeError, '"moved"');
  assertThrows(undo({ type: "runStep" }, [null]), TypeError, "An event must be an object");
  const events: [event: Record<string, unknown>, message: string][] = [
    [{ type: "packetCreated" }, "The `packetId` of an event must be a string"],
    [{ type: "packetConsumed", packetId: "x" }, "The location in an event must be an object"],
    [{ type: "epochStarted", epochId: 3 }, "The `epochId` of an event must be a string"],
    [{ type: "epochFinished" }, "The epoch of an event must be an object"],
  ];
  for (const [event, message] of events) {
    assertThrows(undo({ type: "runStep" }, [event]), TypeError, message);
  }
});
