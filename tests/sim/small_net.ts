/**
 * Small nets for tests, with short ids and a clock that stands still.
 */
import {
  edge,
  type EpochId,
  type GraphSpec,
  type NetAction,
  type NetEvent,
  NetSim,
  type NetSimOptions,
  type PacketId,
  type PacketLocation,
  salvoCondition,
  type SalvoConditionSpec,
  type Slots,
  term,
} from "@netrun/netrun/sim";

/** A simulator whose ids are `x1`, `x2`, … and whose clock shows 1000. */
export function simOf(spec: GraphSpec, options: NetSimOptions = {}): NetSim {
  let ids = 0;
  return new NetSim(spec, { newId: () => `x${++ids}`, now: () => 1000, ...options });
}

/** Room for so many packets. */
export function slots(capacity: number): { slots: Slots } {
  return { slots: { type: "finite", capacity } };
}

/** An input condition on the packets of one port. */
export function takeAll(port: string, name = "receive"): SalvoConditionSpec {
  return salvoCondition({ name, ports: port, term: term.port(port, "nonEmpty") });
}

/** `A` with ports `in`, `out` and `loose`, which leads nowhere; `A.out -> B.in`, which holds two. */
export const AB: GraphSpec = {
  nodes: [
    {
      name: "A",
      inPorts: [{ name: "in" }],
      outPorts: [{ name: "out", ...slots(2) }, { name: "loose" }],
      inSalvoConditions: [takeAll("in")],
      outSalvoConditions: [
        salvoCondition({ name: "both", ports: ["loose", "out"], term: term.true }),
        salvoCondition({
          name: "full",
          ports: "out",
          term: term.port("out", "full"),
          maxSalvos: { type: "infinite" },
        }),
        salvoCondition({
          name: "never",
          ports: [],
          term: term.true,
          maxSalvos: { type: "finite", max: 0 },
        }),
      ],
    },
    { name: "B", inPorts: [{ name: "in", ...slots(2) }], inSalvoConditions: [takeAll("in")] },
  ],
  edges: [edge("A", "out", "B", "in")],
};

/** The edge of {@linkcode AB}. */
export const AB_EDGE: PacketLocation = { type: "edge", edge: edge("A", "out", "B", "in") };

/** The location of an input port. */
export function inputPort(nodeName: string, portName = "in"): PacketLocation {
  return { type: "inputPort", nodeName, portName };
}

/** A new packet outside the net, or inside an epoch. */
export function newPacket(sim: NetSim, epochId?: EpochId): PacketId {
  return sim.doAction({ type: "createPacket", epochId: epochId ?? null }).data.packetId;
}

/** A new packet at a location. */
export function packetAt(sim: NetSim, destination: PacketLocation): PacketId {
  const packetId = newPacket(sim);
  sim.doAction({ type: "transportPacketToLocation", packetId, destination });
  return packetId;
}

/** A new epoch, running unless told otherwise. */
export function newEpoch(sim: NetSim, nodeName: string, state = "running"): EpochId {
  const salvo = { salvoCondition: "by hand", packets: [] };
  const { data } = sim.doAction({ type: "createEpoch", nodeName, salvo });
  if (state === "running") sim.doAction({ type: "startEpoch", epochId: data.epoch.id });
  return data.epoch.id;
}

/** A new packet of an epoch, loaded into an output port. */
export function loadedPacket(sim: NetSim, epochId: EpochId, portName: string): PacketId {
  const packetId = newPacket(sim, epochId);
  sim.doAction({ type: "loadPacketIntoOutputPort", packetId, portName });
  return packetId;
}

/** Types of events, with the id or name that tells them apart. */
export function summary(events: readonly NetEvent[]): string[] {
  return events.map((event) => {
    const subject = "packetId" in event
      ? event.packetId
      : "epochId" in event
      ? event.epochId
      : "epoch" in event
      ? event.epoch.id
      : event.nodeName;
    return `${event.type} ${subject}`;
  });
}

/** An action whose types are not to be trusted. */
export function untyped(action: unknown): NetAction {
  return action as NetAction;
}
