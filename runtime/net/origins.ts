/**
 * Which packets and epochs of a net belong to which call.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import type { Salvo } from "../../sim/event.ts";
import type { NetSim } from "../../sim/net_sim.ts";
import type { Commit } from "./commit.ts";
import type { NoReplyReason } from "./error.ts";

/** What a call is known by: the packet that it put into the net. */
export type CallId = PacketId;

/** A call as far as the state of the net knows it. */
export interface Origin {
  /** The call. */
  readonly call: CallId;
  /** The output queue in which its answer is caught. */
  readonly queueName: string;
  /** Whether nobody waits for an answer any more. */
  settled: boolean;
  /** Packets that derive from it. */
  readonly packets: Set<PacketId>;
  /** Live epochs that work for it. */
  readonly epochs: Set<EpochId>;
}

/** How a commit ends a call. */
export type Answer =
  /** The value that has reached its queue. */
  | { readonly call: CallId; readonly value: unknown }
  /** Why it fails. */
  | { readonly call: CallId; readonly error: unknown };

/** A call that a commit has left without an answer. */
export interface Unanswered {
  /** The call. */
  readonly call: CallId;
  /** Why nothing will come. */
  readonly why: NoReplyReason;
}

/**
 * Follows what derives from calls, from one commit to the next.
 *
 * A packet takes the origin of the epoch that makes it or holds it, an epoch that of its inputs. All
 * this follows from the commits, so that replaying them gives the same origins; while there is no
 * call, a commit costs one comparison.
 */
export class Origins {
  readonly #calls = new Map<CallId, Origin>();
  readonly #ofPacket = new Map<PacketId, Origin>();
  readonly #ofEpoch = new Map<EpochId, Origin>();

  /** Whether anything in the net derives from a call. */
  get isTracking(): boolean {
    return this.#calls.size > 0;
  }

  /** The call of that id, while anything of it is in the net. */
  get(call: CallId): Origin | undefined {
    return this.#calls.get(call);
  }

  /** The call that an epoch works for; undefined if it works for none. */
  ofEpoch(id: EpochId): Origin | undefined {
    return this.#calls.size > 0 ? this.#ofEpoch.get(id) : undefined;
  }

  /** Follows an applied commit, which has made `created` epochs; returns the calls that it ends. */
  follow(sim: NetSim, commit: Commit, created: readonly EpochId[]): readonly Unanswered[] {
    const unanswered: Unanswered[] = [];
    const { call, epochId, values = [], dropped = [] } = commit;
    if (call !== undefined) this.#open(values[0]![0], call.queueName);
    const origin = call ? this.#calls.get(values[0]![0]) : this.#ofEpoch.get(epochId ?? "");
    if (origin) { for (const [id] of values) this.#addPacket(id, origin); }
    for (const { call } of commit.answered ?? []) this.#settle(call);
    for (const id of created) this.#admit(sim, id, unanswered);
    for (const id of dropped) this.#dropPacket(id, unanswered);
    if (commit.ended) this.#endEpoch(epochId!, unanswered);
    return unanswered;
  }

  #settle(call: CallId): void {
    const origin = this.#calls.get(call);
    if (origin) origin.settled = true;
  }

  #open(call: CallId, queueName: string): void {
    const origin = {
      call,
      queueName,
      settled: false,
      packets: new Set<PacketId>(),
      epochs: new Set<EpochId>(),
    };
    this.#calls.set(call, origin);
  }

  /** A new epoch works for the call that all its inputs have in common, if there is just one. */
  #admit(sim: NetSim, epochId: EpochId, unanswered: Unanswered[]): void {
    const { nodeName, inSalvo: { packets } } = sim.getEpoch(epochId)!;
    let origin: Origin | undefined;
    for (const { packetId } of packets) {
      const other = this.#ofPacket.get(packetId);
      if (origin && other && other !== origin) return this.#part(packets, nodeName, unanswered);
      origin ??= other;
    }
    if (!origin) return;
    this.#ofEpoch.set(epochId, origin);
    origin.epochs.add(epochId);
    for (const { packetId } of packets) this.#addPacket(packetId, origin);
  }

  /** Packets of several calls meet: what comes of them answers none of these. */
  #part(packets: Salvo["packets"], node: string, unanswered: Unanswered[]): void {
    for (const { packetId } of packets) {
      const origin = this.#ofPacket.get(packetId);
      if (!origin) continue;
      if (!origin.settled) {
        origin.settled = true;
        unanswered.push({ call: origin.call, why: { reason: "mixed", node } });
      }
      this.#dropPacket(packetId, unanswered);
    }
  }

  #addPacket(id: PacketId, origin: Origin): void {
    const before = this.#ofPacket.get(id);
    if (before === origin) return;
    before?.packets.delete(id);
    this.#ofPacket.set(id, origin);
    origin.packets.add(id);
  }

  #dropPacket(id: PacketId, unanswered: Unanswered[]): void {
    const origin = this.#ofPacket.get(id);
    if (!origin) return;
    this.#ofPacket.delete(id);
    origin.packets.delete(id);
    this.#forgetIfGone(origin, unanswered);
  }

  #endEpoch(id: EpochId, unanswered: Unanswered[]): void {
    const origin = this.#ofEpoch.get(id);
    if (!origin) return;
    this.#ofEpoch.delete(id);
    origin.epochs.delete(id);
    this.#forgetIfGone(origin, unanswered);
  }

  #forgetIfGone(origin: Origin, unanswered: Unanswered[]): void {
    if (origin.packets.size > 0 || origin.epochs.size > 0) return;
    this.#calls.delete(origin.call);
    if (!origin.settled) unanswered.push({ call: origin.call, why: { reason: "gone" } });
    origin.settled = true;
  }
}
