/**
 * Drives the simulator by hand: one packet on its way through a chain of two nodes.
 *
 * The simulator moves packets and keeps the books; what a node does is up to us. Here `Double`
 * doubles a number and `Print` prints it. The numbers are ours alone: the simulator knows packets
 * by their ids only.
 *
 * Run it with `deno run examples/linear_flow.ts`.
 */
import {
  edge,
  type EpochId,
  NetSim,
  type PacketId,
  salvoCondition,
  term,
} from "@netrun/netrun/sim";

/** Takes one packet through the net and says what happens, line by line. */
export function linearFlow(print: (line: string) => void): void {
  // 1. The graph: ports, an edge, and the conditions under which packets start or leave an epoch.
  const doubleToPrint = edge("Double", "out", "Print", "in");
  const receive = salvoCondition({
    name: "receive",
    ports: "in",
    term: term.port("in", "nonEmpty"),
  });
  const send = salvoCondition({ name: "send", ports: "out", term: term.port("out", "nonEmpty") });
  const sim = new NetSim({
    nodes: [
      {
        name: "Double",
        inPorts: [{ name: "in" }],
        outPorts: [{ name: "out" }],
        inSalvoConditions: [receive],
        outSalvoConditions: [send],
      },
      { name: "Print", inPorts: [{ name: "in" }], inSalvoConditions: [receive] },
    ],
    edges: [doubleToPrint],
  });

  // 2. A packet is made outside the net and put at an input port; its value stays with us.
  const values = new Map<PacketId, number>();
  const { packetId } = sim.doAction({ type: "createPacket" }).data;
  values.set(packetId, 21);
  sim.doAction({
    type: "transportPacketToLocation",
    packetId,
    destination: { type: "inputPort", nodeName: "Double", portName: "in" },
  });
  print("21 waits at Double.in");

  // 3. The condition `receive` holds: the step makes an epoch out of the packet.
  const [doubleId] = sim.runStep().created as [EpochId];
  print(`a ${sim.getEpoch(doubleId)!.state} epoch of Double holds it`);

  // 4. We run the node: take the input, make the output, load it, send it, finish.
  const { epoch } = sim.doAction({ type: "startEpoch", epochId: doubleId }).data;
  const input = epoch.inSalvo.packets[0]!.packetId;
  const doubled = values.get(input)! * 2;
  sim.doAction({ type: "consumePacket", packetId: input });
  const output = sim.doAction({ type: "createPacket", epochId: doubleId }).data.packetId;
  values.set(output, doubled);
  sim.doAction({ type: "loadPacketIntoOutputPort", packetId: output, portName: "out" });
  sim.doAction({ type: "sendOutputSalvo", epochId: doubleId, salvoCondition: "send" });
  sim.doAction({ type: "finishEpoch", epochId: doubleId });
  const inTransit = sim.packetCountAt({ type: "edge", edge: doubleToPrint });
  print(`Double is finished; packets on the edge: ${inTransit}`);

  // 5. One more step delivers the packet and starts the second node.
  const step = sim.runStep();
  print(`the step brought about: ${step.events.map((event) => event.type).join(", ")}`);
  const [printId] = step.created as [EpochId];
  sim.doAction({ type: "startEpoch", epochId: printId });
  print(`Print prints ${values.get(output)}`);
  sim.doAction({ type: "consumePacket", packetId: output });
  const finish = { type: "finishEpoch", epochId: printId } as const;
  const { events } = sim.doAction(finish);

  // 6. Nothing can move any more. And every action can be taken back.
  print(`blocked: ${sim.isBlocked()}`);
  sim.undoAction(finish, events);
  print(`after undo the epoch of Print is ${sim.getEpoch(printId)!.state} again`);
}

if (import.meta.main) linearFlow(console.log);
