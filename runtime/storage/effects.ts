/**
 * What an epoch did, without the ids it did it under: what is stored, and done again.
 *
 * @module
 */
import type { EpochId, NetAction, PacketId } from "../../sim/action.ts";
import type { PacketValue, StagedEffects, StagedSalvo } from "../execution/job.ts";

/** A packet: an input by its place in the salvo, or a created one by its place among those. */
export type PacketRef = { readonly input: number } | { readonly created: number };

/** One thing that an epoch did to packets. */
export type RecordedAction =
  | { readonly type: "create" }
  | { readonly type: "consume"; readonly packet: PacketRef }
  | { readonly type: "load"; readonly packet: PacketRef; readonly port: string }
  | {
    readonly type: "send";
    readonly condition: string;
    readonly packets: readonly { readonly packet: PacketRef; readonly port: string }[];
  };

/** All that an epoch did, in order. */
export type RecordedActions = readonly RecordedAction[];

/** Records what an epoch stages, at once or part by part. */
export class EffectsRecorder {
  readonly #refs = new Map<PacketId, PacketRef>();
  readonly #actions: RecordedAction[] = [];
  #created = 0;

  /** Starts to record an epoch with these input packets, in salvo order. */
  constructor(inputs: readonly PacketValue[]) {
    for (const [input, { id }] of inputs.entries()) this.#refs.set(id, { input });
  }

  /** All that was recorded so far. */
  get actions(): RecordedActions {
    return this.#actions;
  }

  /** Adds what the epoch did next. */
  add({ actions, created, salvos }: StagedEffects): void {
    for (const id of created) this.#refs.set(id, { created: this.#created++ });
    let salvo = 0;
    for (const action of actions) {
      this.#actions.push(this.#record(action, () => salvos[salvo++]!));
    }
  }

  #record(action: NetAction, nextSalvo: () => StagedSalvo): RecordedAction {
    const refOf = (id: PacketId) => this.#refs.get(id)!;
    switch (action.type) {
      case "createPacket":
        return { type: "create" };
      case "consumePacket":
        return { type: "consume", packet: refOf(action.packetId) };
      case "loadPacketIntoOutputPort":
        return { type: "load", packet: refOf(action.packetId), port: action.portName };
      case "sendOutputSalvo": {
        const packets = nextSalvo().packets
          .map(({ id, portName }) => ({ packet: refOf(id), port: portName }));
        return { type: "send", condition: action.salvoCondition, packets };
      }
      default:
        throw new TypeError(`A function cannot stage ${action.type}`);
    }
  }
}

/** What {@linkcode stageEffects} needs to know of the epoch that does it again. */
export interface Replaying {
  epochId: EpochId;
  /** Its input packets, in salvo order. */
  inputs: readonly PacketValue[];
  /** Values of the packets to create, in order. */
  values: readonly unknown[];
  /** Mints the id of a packet. */
  newId(): PacketId;
}

/**
 * Stages what was recorded, for another epoch.
 *
 * @throws {RangeError} If the record names a packet that is not there.
 */
export function stageEffects(recorded: RecordedActions, replaying: Replaying): StagedEffects {
  const { epochId, inputs, values, newId } = replaying;
  const actions: NetAction[] = [];
  const created: PacketId[] = [];
  const consumed: PacketId[] = [];
  const salvos: StagedSalvo[] = [];
  const packetOf = (ref: PacketRef): { id: PacketId; value: unknown } => {
    const input = "input" in ref ? inputs[ref.input] : undefined;
    if (input) return input;
    if ("created" in ref && ref.created < created.length) {
      return { id: created[ref.created]!, value: values[ref.created] };
    }
    throw new RangeError("a packet of the record is missing");
  };
  for (const action of recorded) {
    switch (action.type) {
      case "create":
        created.push(newId());
        actions.push({ type: "createPacket", epochId });
        break;
      case "consume": {
        const { id } = packetOf(action.packet);
        consumed.push(id);
        actions.push({ type: "consumePacket", packetId: id });
        break;
      }
      case "load": {
        const { id } = packetOf(action.packet);
        actions.push({ type: "loadPacketIntoOutputPort", packetId: id, portName: action.port });
        break;
      }
      case "send":
        salvos.push({
          actionIndex: actions.length,
          packets: action.packets.map(({ packet, port }) => {
            const { id, value } = packetOf(packet);
            return { id, portName: port, value };
          }),
        });
        actions.push({ type: "sendOutputSalvo", epochId, salvoCondition: action.condition });
    }
  }
  return { actions, created, createdValues: [...values], consumed, salvos };
}
