/**
 * Putting a commit together.
 *
 * @module
 */
import type { EpochId, NetAction, PacketId } from "../../sim/action.ts";
import type { StagedEffects } from "../execution/job.ts";
import type { SignalType } from "../schema/signal.ts";
import { signalPortName } from "../schema/signal.ts";
import type { Commit, CommitType } from "./commit.ts";
import type { Engine } from "./engine.ts";
import { CommitError, OutputQueueNotFoundError } from "./error.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { NetNode, OutputRoute } from "./net_node.ts";
import type { Origin } from "./origins.ts";
import type { ConsumedOutputPacket } from "./output_queues.ts";

/** What travels with a signal. */
export interface SignalValue {
  /** Type of the signal. */
  signal: SignalType;
  /** The node that sends it. */
  nodeName: string;
  /** When, in ms UTC. */
  timestamp: number;
  /** The epoch that it is about, if it is about one. */
  epochId?: EpochId;
  /** Message of the failure. */
  error?: string;
}

const none: readonly never[] = [];

/** What of a commit can be given at once. */
export type CommitFields = Partial<Omit<Commit, "type" | "at">>;

/**
 * A commit that is being put together: actions are added in the order in which they happen.
 *
 * All commits are made here, so that they have the same shape and applying them is fast.
 */
export class CommitDraft implements Commit {
  readonly type: CommitType;
  readonly at: number;
  nodeName: string | undefined = undefined;
  epochId: EpochId | undefined = undefined;
  actions: readonly NetAction[] = none;
  ids: PacketId[] = [];
  values: (readonly [PacketId, unknown])[] | undefined = undefined;
  resolved: Commit["resolved"] = undefined;
  dropped: PacketId[] | undefined = undefined;
  queued: ConsumedOutputPacket[] | undefined = undefined;
  call: Commit["call"] = undefined;
  answered: Commit["answered"] = undefined;
  taken: Commit["taken"] = undefined;
  epochCount: number | undefined = undefined;
  enabled: boolean | undefined = undefined;
  attempt: Commit["attempt"] = undefined;
  ended: boolean | undefined = undefined;
  deadLetter: Commit["deadLetter"] = undefined;
  exception: Commit["exception"] = undefined;
  cleared: Commit["cleared"] = undefined;

  /** Starts a commit of that type that happens at `at`, in ms UTC. */
  constructor(type: CommitType, at: number, fields?: CommitFields) {
    this.type = type;
    this.at = at;
    if (fields) Object.assign(this, fields);
  }

  /** Starts a commit about an epoch. */
  static of(type: CommitType, at: number, epoch: LiveEpoch): CommitDraft {
    const draft = new CommitDraft(type, at);
    draft.nodeName = epoch.node.name;
    draft.epochId = epoch.id;
    return draft;
  }

  /** Adds actions. The list may be somebody else's: it is not changed. */
  add(...actions: NetAction[]): void {
    this.actions = this.actions.length === 0 ? actions : this.actions.concat(actions);
  }

  /**
   * Adds what an attempt staged; what leaves by a port without an edge goes into its queue. Returns
   * how many packets do.
   */
  addStaged(engine: Engine, epoch: LiveEpoch, staged: StagedEffects): number {
    const { created, createdValues, consumed } = staged;
    const leaving = epoch.node.hasLooseEnds ? this.#addLeaving(engine, epoch, staged) : undefined;
    if (!leaving) this.actions = staged.actions;
    this.ids = created.slice();
    const values = created.map((id, i): [PacketId, unknown] => [id, createdValues[i]]);
    this.values = leaving ? values.filter(([id]) => !leaving.has(id)) : values;
    this.dropped = this.dropped ? [...consumed, ...this.dropped] : consumed;
    return leaving?.size ?? 0;
  }

  /** Adds a signal that the epoch itself sends; nothing if nobody would get it. */
  addSignalInside(
    engine: Engine,
    epoch: LiveEpoch,
    signal: SignalType,
    error?: string,
  ): void {
    const { node, id: epochId } = epoch;
    const route = node.signals.get(signal);
    if (!route) return;
    const portName = signalPortName(signal);
    const value = this.#signalValue(signal, node, epochId, error);
    const packetId = this.#create(engine, epochId);
    this.add(
      { type: "loadPacketIntoOutputPort", packetId, portName },
      { type: "sendOutputSalvo", epochId, salvoCondition: portName },
    );
    if (route.kind === "edge") (this.values ??= []).push([packetId, value]);
    else {
      this.add({ type: "consumePacket", packetId });
      const origin = engine.state.origins.ofEpoch(epochId);
      this.#leave(route, node, portName, packetId, value, epochId, origin);
    }
  }

  /** Adds a signal that no epoch sends; nothing if nobody would get it. */
  addSignalOutside(
    engine: Engine,
    node: NetNode,
    signal: SignalType,
    epochId?: EpochId,
    error?: string,
  ): void {
    const route = node.signals.get(signal);
    if (!route) return;
    const value = this.#signalValue(signal, node, epochId, error);
    this.addOutside(engine, node, signalPortName(signal), route, value, epochId);
  }

  /** Adds a packet that is put where an output port leads, without being sent by an epoch. */
  addOutside(
    engine: Engine,
    node: NetNode,
    portName: string,
    route: OutputRoute,
    value: unknown,
    epochId: EpochId | undefined,
  ): void {
    const packetId = this.#create(engine);
    if (route.kind === "edge") {
      const { edge } = route;
      this.add({
        type: "transportPacketToLocation",
        packetId,
        destination: { type: "edge", edge },
      });
      (this.values ??= []).push([packetId, value]);
    } else {
      this.add({ type: "consumePacket", packetId });
      const origin = engine.state.origins.ofEpoch(epochId ?? "");
      this.#leave(route, node, portName, packetId, value, epochId ?? "", origin);
    }
  }

  /** Lets the call that an epoch works for fail; false if it works for none. */
  addCallFailure({ state: { origins } }: Engine, { id }: LiveEpoch, error: unknown): boolean {
    const origin = origins.ofEpoch(id);
    if (origin) this.#answer(origin, { error });
    return origin !== undefined;
  }

  /** Adds the end of an epoch together with all packets that are still in it. */
  addCancel({ state: { sim } }: Engine, epoch: LiveEpoch): number {
    const inside = sim.getPacketsAtLocation({ type: "node", epochId: epoch.id });
    if (epoch.committedPart) {
      for (const portName of epoch.node.layout.outputPorts.keys()) {
        inside.push(
          ...sim.getPacketsAtLocation({ type: "outputPort", epochId: epoch.id, portName }),
        );
      }
    }
    this.add({ type: "cancelEpoch", epochId: epoch.id });
    this.dropped = inside;
    return inside.length;
  }

  #addLeaving(
    { state: { packets, origins }, settings }: Engine,
    { node, id: epochId }: LiveEpoch,
    { actions, salvos }: StagedEffects,
  ): ReadonlySet<PacketId> {
    const all: NetAction[] = [];
    const leaving = new Set<PacketId>();
    const origin = origins.ofEpoch(epochId);
    let done = 0;
    for (const { actionIndex, packets: sent } of salvos) {
      while (done <= actionIndex) all.push(actions[done++]!);
      for (const { id, portName, value } of sent) {
        const route = node.routes.get(portName)!;
        if (route.kind === "edge") continue;
        if (route.kind === "nowhere" && settings.errorOnUndeclaredOutput) {
          throw new CommitError(epochId, actions[actionIndex]!, undeclared(node, portName));
        }
        leaving.add(id);
        // A packet that came as an input and is passed on has its value in the store.
        if (packets.exists(id)) (this.dropped ??= []).push(id);
        all.push({ type: "consumePacket", packetId: id });
        this.#leave(route, node, portName, id, value, epochId, origin);
      }
    }
    while (done < actions.length) all.push(actions[done++]!);
    this.actions = all;
    return leaving;
  }

  #leave(
    route: OutputRoute,
    { name: fromNode }: NetNode,
    fromPort: string,
    packetId: PacketId,
    value: unknown,
    epochId: EpochId,
    origin: Origin | undefined,
  ): void {
    if (route.kind !== "queue") return;
    const { queueName } = route;
    if (queueName === origin?.queueName) return this.#answer(origin, { value });
    (this.queued ??= []).push({
      packetId,
      value,
      fromNode,
      fromPort,
      queueName,
      timestamp: this.at,
      epochId,
    });
  }

  /** Ends a call, unless that has happened already. */
  #answer(
    { call, settled }: Origin,
    answer: { readonly value: unknown } | { readonly error: unknown },
  ): void {
    if (!settled) this.answered ??= [{ call, ...answer }];
  }

  #create(engine: Engine, epochId?: EpochId): PacketId {
    const id = engine.newId(this.at);
    this.ids.push(id);
    this.add(
      epochId === undefined ? { type: "createPacket" } : { type: "createPacket", epochId },
    );
    return id;
  }

  #signalValue(
    signal: SignalType,
    { name: nodeName }: NetNode,
    epochId: EpochId | undefined,
    error: string | undefined,
  ): SignalValue {
    return {
      signal,
      nodeName,
      timestamp: this.at,
      ...epochId !== undefined && { epochId },
      ...error !== undefined && { error },
    };
  }
}

function undeclared({ name }: NetNode, portName: string): OutputQueueNotFoundError {
  return new OutputQueueNotFoundError(
    `${name}.${portName}`,
    `A packet left node "${name}" by output port "${portName}", which has neither an edge nor an ` +
      "output queue; connect it, list it in `output_queues`, or turn off " +
      "`error_on_undeclared_output`",
  );
}
