/**
 * Node jobs and what they stage, as they travel to workers and back.
 *
 * @module
 */
import type { EpochId, NetAction, PacketId } from "../../sim/action.ts";
import { ChannelBroken } from "../rpc/error.ts";
import { appended } from "./appended.ts";
import type { NodeJob, PacketValue, StagedEffects } from "./job.ts";
import { packetsByPort } from "./main_pool.ts";
import type { ErrorRecord } from "./node_execution_context.ts";

type Retries = readonly [
  count: number,
  timestamps: readonly number[],
  exceptions: readonly ErrorRecord[],
];

/** A job: its packets as three lists, in salvo order. */
export type JobWire = [
  epochId: EpochId,
  ids: PacketId[],
  ports: string[],
  values: unknown[],
  retries: Retries | null,
  wantsResult?: true,
];

const noRetries: Retries = [0, [], []];

/** The job as it travels. */
export function toJobWire(job: NodeJob): JobWire {
  const ids = job.values.map(({ id }) => id);
  const ports = job.values.map(({ portName }) => portName);
  const values = job.values.map(({ value }) => value);
  const { epochId, retryCount, retryTimestamps, retryExceptions } = job;
  // The first attempt's lists may be one and the same, which a message as JSON cannot say.
  const retries = retryCount === 0 && retryTimestamps.length === 0
    ? null
    : [retryCount, retryTimestamps, retryExceptions] as const;
  const wire: JobWire = [epochId, ids, ports, values, retries];
  if (job.wantsResult) wire.push(true);
  return wire;
}

/** The job as a worker runs it. */
export function fromJobWire(nodeName: string, wire: JobWire): NodeJob {
  const [epochId, ids, ports, values, retries, wantsResult] = wire;
  const [retryCount, retryTimestamps, retryExceptions] = retries ?? noRetries;
  return {
    epochId,
    nodeName,
    packets: packetsByPort(ids.map((packetId, i) => ({ packetId, portName: ports[i]! }))),
    values: ids.map((id, i) => ({ id, portName: ports[i]!, value: values[i] })),
    retryCount,
    retryTimestamps,
    retryExceptions,
    wantsResult,
  };
}

/** Up to this number packets are looked up in a list. */
const few = 8;

/** Kinds of operations. */
const CREATE = 0;
const CONSUME = 1;
const LOAD = 2;
const SEND = 3;

/** What was staged: operations one after another, each followed by its operands. */
export type StagedWire = [ops: unknown[], createdValues: unknown[]];

/** What was staged, as it travels. Values go along once, those of input packets not at all. */
export function toStagedWire(staged: StagedEffects): StagedWire {
  const ops: unknown[] = [];
  let created = 0;
  let salvo = 0;
  for (const action of staged.actions) {
    switch (action.type) {
      case "createPacket":
        ops.push(CREATE, staged.created[created++]);
        break;
      case "consumePacket":
        ops.push(CONSUME, action.packetId);
        break;
      case "loadPacketIntoOutputPort":
        ops.push(LOAD, action.packetId, action.portName);
        break;
      case "sendOutputSalvo": {
        const { packets } = staged.salvos[salvo++]!;
        const parts = packets.flatMap(({ id, portName }) => [id, portName]);
        ops.push(SEND, action.salvoCondition, parts);
      }
    }
  }
  return [ops, staged.createdValues];
}

/**
 * Rebuilds what a worker has staged.
 *
 * @param valueOf Values of packets that did not come with it.
 * @throws {ChannelBroken} If it is not what a worker stages.
 */
export function fromStagedWire(
  wire: unknown,
  epochId: EpochId,
  valueOf: (id: PacketId) => unknown,
): StagedEffects {
  if (!Array.isArray(wire) || !Array.isArray(wire[0]) || !Array.isArray(wire[1])) throw malformed();
  const [ops, createdValues] = wire as StagedWire;
  const actions: NetAction[] = [];
  let created: PacketId[] = [];
  let consumed: PacketId[] = [];
  let salvos: { actionIndex: number; packets: PacketValue[] }[] = [];
  const text = (i: number): string => {
    const operand = ops[i];
    if (typeof operand !== "string") throw malformed();
    return operand;
  };
  let places: Map<PacketId, number> | undefined;
  const placeOf = (id: PacketId): number => {
    if (created.length <= few) return created.lastIndexOf(id);
    places ??= new Map();
    for (let i = places.size; i < created.length; i++) places.set(created[i]!, i);
    return places.get(id) ?? -1;
  };
  const valueOfPacket = (id: PacketId) => {
    const place = placeOf(id);
    return place < 0 ? valueOf(id) : createdValues[place];
  };
  for (let i = 0; i < ops.length;) {
    switch (ops[i]) {
      case CREATE:
        created = appended(created, text(i + 1));
        actions.push({ type: "createPacket", epochId });
        i += 2;
        break;
      case CONSUME:
        consumed = appended(consumed, text(i + 1));
        actions.push({ type: "consumePacket", packetId: text(i + 1) });
        i += 2;
        break;
      case LOAD:
        actions.push({
          type: "loadPacketIntoOutputPort",
          packetId: text(i + 1),
          portName: text(i + 2),
        });
        i += 3;
        break;
      case SEND: {
        const parts = ops[i + 2];
        if (!Array.isArray(parts)) throw malformed();
        let packets: PacketValue[] = [];
        for (let j = 0; j < parts.length; j += 2) {
          const [id, portName] = [parts[j], parts[j + 1]];
          packets = appended(packets, { id, portName, value: valueOfPacket(id) });
        }
        salvos = appended(salvos, { actionIndex: actions.length, packets });
        actions.push({ type: "sendOutputSalvo", epochId, salvoCondition: text(i + 1) });
        i += 3;
        break;
      }
      default:
        throw malformed();
    }
  }
  if (created.length !== createdValues.length) throw malformed();
  return { actions, created, createdValues, consumed, salvos };
}

function malformed(): ChannelBroken {
  return new ChannelBroken("a worker has sent a result that no worker sends");
}
