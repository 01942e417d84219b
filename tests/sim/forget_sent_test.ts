import { assertEquals, assertThrows } from "@std/assert";
import {
  MaxSalvosExceededError,
  NetSim,
  salvoCondition,
  term,
  UndoStateMismatchError,
} from "@netrun/netrun/sim";

function sendingEpoch(maxSalvos: number): { sim: NetSim; epochId: string; send: () => void } {
  const sim = new NetSim({
    nodes: [{
      name: "A",
      inSalvoConditions: [salvoCondition({ name: "start", ports: [], term: term.true })],
      outPorts: [{ name: "loose" }],
      outSalvoConditions: [{
        ...salvoCondition({ name: "send", ports: "loose", term: term.true }),
        maxSalvos: { type: "finite", max: maxSalvos },
      }],
    }],
    edges: [],
  });
  const { data: { epoch } } = sim.doAction({
    type: "createEpoch",
    nodeName: "A",
    salvo: { salvoCondition: "start", packets: [] },
  });
  const epochId = epoch.id;
  sim.doAction({ type: "startEpoch", epochId });
  const send = () => {
    const { data: { packetId } } = sim.doAction({ type: "createPacket", epochId });
    sim.doAction({ type: "loadPacketIntoOutputPort", packetId, portName: "loose" });
    sim.doAction({ type: "sendOutputSalvo", epochId, salvoCondition: "send" });
  };
  return { sim, epochId, send };
}

Deno.test("an epoch forgets what it sent first, and counts it all the same", () => {
  const { sim, epochId, send } = sendingEpoch(5);
  for (let i = 0; i < 5; i++) send();
  const { outSalvos, orphanedPackets } = sim.getEpoch(epochId)!;
  sim.forgetSent(epochId, 2);
  const left = sim.getEpoch(epochId)!;
  assertEquals(left.outSalvos, outSalvos.slice(3));
  assertEquals(left.orphanedPackets, orphanedPackets.slice(3));
  assertThrows(send, MaxSalvosExceededError);
});

Deno.test("fewer records than are to be kept stay, and an unknown epoch has none", () => {
  const { sim, epochId, send } = sendingEpoch(5);
  send();
  sim.forgetSent(epochId, 2);
  assertEquals(sim.getEpoch(epochId)!.outSalvos.length, 1);
  sim.forgetSent("none", 2);
});

Deno.test("what is forgotten cannot be undone", () => {
  const { sim, epochId } = sendingEpoch(5);
  const action = { type: "sendOutputSalvo", epochId, salvoCondition: "send" } as const;
  const { events } = sim.doAction(action);
  sim.forgetSent(epochId, 0);
  assertThrows(() => sim.undoAction(action, events), UndoStateMismatchError);
});
