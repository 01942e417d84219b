/**
 * Random graphs and random actions, both decided by a seed.
 */
import type {
  GraphSpec,
  NetAction,
  NodeSpec,
  PacketLocation,
  PortSpec,
  PortState,
  SalvoConditionSpec,
  Term,
} from "@netrun/netrun/sim";
import { edge } from "@netrun/netrun/sim";
import type { SimState } from "../../sim/state.ts";

/** Random numbers from a seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** An integer from 0 to below `limit`. */
  below(limit: number): number {
    // The generator "mulberry32".
    this.#state = this.#state + 0x6d2b79f5 | 0;
    let t = Math.imul(this.#state ^ this.#state >>> 15, 1 | this.#state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return Math.floor(((t ^ t >>> 14) >>> 0) / 4294967296 * limit);
  }

  /** True in one of `n` cases. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** A random subset, in order. */
  some<T>(items: readonly T[]): T[] {
    return items.filter(() => this.oneIn(2));
  }
}

const NODE_NAMES = ["10", "2", "__proto__", "a.b", "x -> y"];

/** A valid graph of up to five nodes. */
export function randomGraph(random: Random): GraphSpec {
  const nodes = NODE_NAMES.slice(0, 1 + random.below(5)).map((name) => randomNode(random, name));
  const edges: GraphSpec["edges"] = [];
  const targets = nodes.flatMap((node) =>
    node.inPorts!.map((port) => [node.name, port.name] as const)
  );
  for (const node of nodes) {
    for (const port of node.outPorts!) {
      if (targets.length === 0 || random.oneIn(4)) continue;
      const [targetNode, targetPort] = random.pick(targets);
      const dependency = random.oneIn(3);
      edges.push({ ...edge(node.name, port.name, targetNode, targetPort), dependency });
    }
  }
  for (const node of nodes) {
    if (!edges.some((edge) => edge.dependency && edge.target.nodeName === node.name)) continue;
    const triggers = random.some(["onStartup", "onNoSalvoTriggered"] as const);
    if (random.oneIn(2)) node.dependencyRequest = { triggers, label: random.pick(["a", "b"]) };
  }
  return { nodes, edges };
}

function randomNode(random: Random, name: string): NodeSpec {
  const inPorts = randomPorts(random, "i");
  const outPorts = randomPorts(random, "o");
  return {
    name,
    inPorts,
    outPorts,
    inSalvoConditions: ["c0", "c1", "c2"].slice(0, random.below(4)).map((conditionName) => ({
      ...randomCondition(random, conditionName, inPorts),
      maxSalvos: { type: "finite", max: 1 },
      ...(random.oneIn(6) ? { manual: true as const } : {}),
    })),
    outSalvoConditions: ["s0", "s1"].slice(0, random.below(3)).map((conditionName) =>
      randomCondition(random, conditionName, outPorts)
    ),
  };
}

function randomPorts(random: Random, prefix: string): PortSpec[] {
  return [2, 10, 1].slice(0, random.below(4)).map((number) => ({
    name: `${prefix}${number}`,
    slots: random.oneIn(2) ? { type: "infinite" } : { type: "finite", capacity: random.below(4) },
  }));
}

function randomCondition(random: Random, name: string, ports: PortSpec[]): SalvoConditionSpec {
  const names = ports.map((port) => port.name);
  return {
    name,
    maxSalvos: random.oneIn(2) ? { type: "infinite" } : { type: "finite", max: random.below(3) },
    ports: random.some(names).map((portName) => ({
      portName,
      count: random.oneIn(2) ? { type: "all" } : { type: "count", count: random.below(3) },
    })),
    term: randomTerm(random, names, 3),
  };
}

/** A term over the named ports. */
export function randomTerm(random: Random, ports: string[], depth: number): Term {
  const kind = random.below(depth === 0 ? 4 : 7);
  if (kind < 4 && ports.length > 0) {
    return { type: "port", portName: random.pick(ports), state: randomState(random) };
  }
  if (kind < 4) return { type: random.oneIn(2) ? "true" : "false" };
  if (kind === 6) return { type: "not", term: randomTerm(random, ports, depth - 1) };
  return {
    type: kind === 4 ? "and" : "or",
    terms: Array.from({ length: random.below(4) }, () => randomTerm(random, ports, depth - 1)),
  };
}

function randomState(random: Random): PortState {
  const plain = ["empty", "full", "nonEmpty", "nonEmpty", "nonEmpty", "nonFull"] as const;
  const compared = [
    "equals",
    "lessThan",
    "greaterThan",
    "equalsOrLessThan",
    "equalsOrGreaterThan",
  ] as const;
  return random.below(3) > 0
    ? { type: random.pick(plain) }
    : { type: random.pick(compared), value: random.below(4) };
}

/** An action that may be possible in this state, or not. */
export function randomAction(random: Random, state: SimState): NetAction {
  const packets = [...state.packets.values()].map((packet) => packet.id).sort();
  const epochs = [...state.epochs.values()];
  epochs.sort((a, b) => a.creationIndex - b.creationIndex);
  const packetId = packets.length === 0 || random.oneIn(30) ? "pX" : random.pick(packets);
  const epoch = epochs.length === 0 ? undefined : random.pick(epochs);
  const epochId = epoch === undefined || random.oneIn(30) ? "eX" : epoch.id;
  const node = random.pick(state.nodes).graph;
  const input = random.pick([...node.inputs.map((port) => port.name), "nowhere"]);
  switch (random.below(14)) {
    case 0:
    case 1:
      return { type: "runStep" };
    case 2:
      return { type: "createPacket", ...(random.oneIn(2) ? {} : { epochId }) };
    case 3:
      return { type: random.oneIn(2) ? "consumePacket" : "destroyPacket", packetId };
    case 4:
      return { type: "startEpoch", epochId };
    case 5:
      return { type: "finishEpoch", epochId };
    case 6:
      return { type: random.oneIn(3) ? "cancelEpoch" : "finishEpoch", epochId };
    case 7: {
      const waiting = node.inputs.flatMap((port) =>
        random.some(state.nodes[node.index]!.inputs[port.index]!.ids())
          .map((packetId) => ({ portName: port.name, packetId }))
      );
      if (random.oneIn(8)) waiting.push({ portName: input, packetId });
      return {
        type: "createEpoch",
        nodeName: random.oneIn(30) ? "nobody" : node.name,
        salvo: { salvoCondition: "by hand", packets: waiting },
      };
    }
    case 8: {
      const inside = epoch?.inside.ids() ?? [];
      const outputs = epoch?.node.graph.outputs.map((port) => port.name) ?? [];
      return {
        type: "loadPacketIntoOutputPort",
        packetId: inside.length > 0 ? random.pick(inside) : packetId,
        portName: random.pick([...outputs, ...outputs, ...outputs, "nowhere"]),
      };
    }
    case 9: {
      const conditions = epoch?.node.graph.outConditions.map((condition) => condition.name) ?? [];
      const salvoCondition = random.pick([...conditions, ...conditions, "nothing"]);
      return { type: "sendOutputSalvo", epochId, salvoCondition };
    }
    case 10:
      return {
        type: "createRequest",
        nodeName: random.oneIn(20) ? "nobody" : node.name,
        label: random.pick(["a", "b"]),
      };
    default: {
      const locations: PacketLocation[] = [
        { type: "outsideNet" },
        { type: "node", epochId },
        {
          type: "outputPort",
          epochId,
          portName: random.pick([...epoch?.node.graph.outputs ?? [], { name: "nowhere" }]).name,
        },
      ];
      for (let i = 0; i < 4; i++) {
        locations.push({ type: "inputPort", nodeName: node.name, portName: input });
        if (state.graph.edges.length === 0) continue;
        locations.push({ type: "edge", edge: random.pick(state.graph.edges).spec });
      }
      return { type: "transportPacketToLocation", packetId, destination: random.pick(locations) };
    }
  }
}
