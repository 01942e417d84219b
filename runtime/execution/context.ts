/**
 * The context that stages what a node function does.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import {
  MaxSalvosExceededError,
  OutputPortFullError,
  OutputPortNotFoundError,
  PacketNotFoundError,
  SalvoConditionNotFoundError,
  SalvoConditionNotMetError,
} from "../../sim/error.ts";
import { accepts, type PacketCounter } from "../../sim/term_program.ts";
import { isLazyPacketValue, LazyPacketValueSpec } from "../packets/lazy_value.ts";
import type { PortTypeCheck } from "../packets/port_type.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { appended } from "./appended.ts";
import {
  ContextClosedError,
  EpochCancelled,
  PacketStateError,
  PacketTypeMismatch,
} from "./error.ts";
import type { JobObserver, NodeJob, PacketValue, StagedEffects } from "./job.ts";
import type { ErrorRecord, LogLevel, NodeExecutionContext } from "./node_execution_context.ts";
import type { NodeLayout, OutputConditionLayout, OutputPortLayout } from "./node_layout.ts";
import { formatLog, formatPrint } from "./prints.ts";
import { type StagedPacket, StagedPackets } from "./staged_packets.ts";

/** Where and by whose clock an attempt runs. */
export interface AttemptPlace {
  readonly poolId: string;
  readonly workerId: number;
  readonly projectRoot: string;
  /** The time in ms UTC. */
  now(): number;
  /** Mints the id of a packet. */
  newId(nowMs: number): PacketId;
}

/**
 * Stages packet operations as actions of the simulator, under the ids that the packets will have.
 *
 * It refuses at the call what the simulator would refuse later, by counting along: nobody else can
 * touch the packets of a running epoch.
 */
export class StagingContext implements NodeExecutionContext {
  readonly epochId: EpochId;
  readonly nodeName: string;
  readonly poolId: string;
  readonly workerId: number;
  readonly node: ResolvedNodeConfig;
  readonly retryCount: number;
  readonly retryTimestamps: readonly number[];
  readonly retryExceptions: readonly ErrorRecord[];
  readonly vars: Readonly<Record<string, unknown>>;
  readonly projectRoot: string;

  readonly #layout: NodeLayout;
  readonly #place: AttemptPlace;
  readonly #observer: JobObserver;
  readonly #packets = new StagedPackets();
  /** Loaded packets by index of the output port, oldest first. */
  readonly #loaded: (PacketId[] | undefined)[];
  /** Salvos sent so far by index of the output condition, of those that are limited. */
  #sent: number[] | undefined = undefined;
  #staged: Draft = emptyEffects();
  /** Packets in the epoch that are neither consumed nor loaded. */
  #insideCount: number;
  /** Packets that are loaded and not sent. */
  #loadedCount = 0;
  #cancelled = false;
  #closed = false;

  /** Creates the context of one attempt. */
  constructor(layout: NodeLayout, job: NodeJob, place: AttemptPlace, observer: JobObserver) {
    this.epochId = job.epochId;
    this.nodeName = job.nodeName;
    this.poolId = place.poolId;
    this.workerId = place.workerId;
    this.node = layout.config;
    this.retryCount = job.retryCount;
    this.retryTimestamps = job.retryTimestamps;
    this.retryExceptions = job.retryExceptions;
    this.vars = layout.config.vars;
    this.projectRoot = place.projectRoot;
    this.#layout = layout;
    this.#loaded = new Array(layout.outputPorts.size);
    this.#place = place;
    this.#observer = observer;
    this.#insideCount = job.values.length;
    for (const { id, value } of job.values) {
      this.#packets.add({ id, value, state: "inside", isInput: true });
    }
  }

  get signal(): AbortSignal {
    return this.#observer.signal;
  }

  /** Whether the function asked for its epoch to be cancelled. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Whether nothing would be left in the epoch. */
  get isComplete(): boolean {
    return this.#insideCount === 0 && this.#loadedCount === 0;
  }

  /** Ends the context: every further call is an error. */
  close(): void {
    this.#closed = true;
  }

  /** What was staged since the start or the last call. */
  takeStaged(): StagedEffects {
    const staged = this.#staged;
    this.#staged = emptyEffects();
    return staged;
  }

  /** What was staged since, while the function goes on: it has no more to do with what it sent. */
  takePart(): StagedEffects {
    this.#packets.forgetSent();
    return this.takeStaged();
  }

  createPacket(value: unknown, options?: { transfer?: Transferable[] }): PacketId {
    this.#assertOpen("createPacket");
    const id = this.#place.newId(this.#place.now());
    this.#packets.add({ id, value, state: "inside", isInput: false });
    const staged = this.#staged;
    staged.actions.push({ type: "createPacket", epochId: this.epochId });
    this.#insideCount++;
    staged.created = appended(staged.created, id);
    staged.createdValues = appended(staged.createdValues, value);
    if (options?.transfer) {
      staged.transfer = [...staged.transfer ?? [], ...options.transfer];
    }
    return id;
  }

  createPacketFromValueFunc(
    specifier: string,
    args: unknown[] = [],
    kwargs: Record<string, unknown> = {},
  ): PacketId {
    this.#assertOpen("createPacketFromValueFunc");
    return this.createPacket(new LazyPacketValueSpec(specifier, args, kwargs));
  }

  consumePacket(id: PacketId): unknown {
    this.#assertOpen("consumePacket");
    const packet = this.#packets.get(id);
    if (!packet?.isInput) throw new PacketNotFoundError(id);
    this.#assertInside(packet, id, "consume");
    packet.state = "consumed";
    this.#insideCount--;
    this.#staged.actions.push({ type: "consumePacket", packetId: id });
    this.#staged.consumed = appended(this.#staged.consumed, id);
    return packet.value;
  }

  peekPacket(id: PacketId): unknown {
    this.#assertOpen("peekPacket");
    return this.#packet(id).value;
  }

  loadOutputPort(portName: string, id: PacketId): void {
    this.#assertOpen("loadOutputPort");
    const packet = this.#packet(id);
    this.#assertInside(packet, id, "load");
    const port = this.#layout.outputPorts.get(portName);
    if (!port) throw new OutputPortNotFoundError(portName, this.epochId, this.nodeName);
    if (port.check && !isLazyPacketValue(packet.value)) {
      this.#check(port.check, packet, portName, id);
    }
    const loaded = this.#loaded[port.index];
    if ((loaded?.length ?? 0) >= port.capacity) {
      throw new OutputPortFullError(portName, this.epochId, this.nodeName, port.capacity);
    }
    if (loaded) loaded.push(id);
    else this.#loaded[port.index] = [id];
    packet.state = "loaded";
    this.#insideCount--;
    this.#loadedCount++;
    this.#staged.actions.push({ type: "loadPacketIntoOutputPort", packetId: id, portName });
  }

  sendOutputSalvo(conditionName: string): void {
    this.#assertOpen("sendOutputSalvo");
    const condition = this.#layout.outputConditions.get(conditionName);
    if (!condition) {
      throw new SalvoConditionNotFoundError(conditionName, this.epochId, this.nodeName);
    }
    if ((this.#sent?.[condition.index] ?? 0) >= condition.maxSalvos) {
      throw new MaxSalvosExceededError(
        conditionName,
        this.epochId,
        this.nodeName,
        condition.maxSalvos,
      );
    }
    if (condition.program && !accepts(condition.program, this.#counter)) {
      throw new SalvoConditionNotMetError(conditionName, this.epochId, this.nodeName);
    }
    let packets: PacketValue[] = none;
    for (const { port, count } of condition.takes) {
      const loaded = this.#loaded[port.index];
      if (!loaded) continue;
      const isAll = count >= loaded.length;
      if (isAll) this.#loaded[port.index] = undefined;
      for (const id of isAll ? loaded : loaded.splice(0, count)) {
        const packet = this.#packet(id);
        packet.state = "sent";
        this.#loadedCount--;
        packets = appended(packets, { id, portName: port.name, value: packet.value });
      }
    }
    if (condition.maxSalvos < Infinity) this.#countSent(condition);
    const staged = this.#staged;
    const { actions } = staged;
    staged.salvos = appended(staged.salvos, { actionIndex: actions.length, packets });
    actions.push({
      type: "sendOutputSalvo",
      epochId: this.epochId,
      salvoCondition: conditionName,
    });
  }

  cancelEpoch(): never {
    this.#assertOpen("cancelEpoch");
    this.#cancelled = true;
    throw new EpochCancelled(this.nodeName, this.epochId);
  }

  print(...args: unknown[]): void {
    this.#assertOpen("print");
    this.#print(formatPrint(args));
  }

  printWith(options: { sep?: string; end?: string }, ...args: unknown[]): void {
    this.#assertOpen("printWith");
    this.#print(formatPrint(args, options));
  }

  log(
    message?: string,
    fields: Record<string, unknown> = {},
    { level = "info" }: { level?: LogLevel } = {},
  ): void {
    this.#assertOpen("log");
    const timestamp = this.#place.now();
    this.#observer.logged({
      timestamp,
      ...message !== undefined && { message },
      fields: { ...fields },
      level,
    });
    this.#observer.printed([{ timestamp, text: formatLog(message, fields) }]);
  }

  #check(check: PortTypeCheck, packet: StagedPacket, portName: string, id: PacketId): void {
    const value = checkedValue(check, packet.value, this.nodeName, portName, id);
    if (value === packet.value || packet.isInput) return;
    packet.value = value;
    const index = this.#staged.created.indexOf(id);
    if (index >= 0) this.#staged.createdValues[index] = value;
  }

  #print(text: string): void {
    this.#observer.printed([{ timestamp: this.#place.now(), text }]);
  }

  #countSent({ index }: OutputConditionLayout): void {
    this.#sent ??= new Array(this.#layout.outputConditions.size).fill(0);
    this.#sent[index]! += 1;
  }

  /** Made when a condition asks for it: those that always hold do not. */
  get #counter(): PacketCounter<OutputPortLayout> {
    return { count: (port) => this.#loaded[port.index]?.length ?? 0 };
  }

  #packet(id: PacketId): StagedPacket {
    const packet = this.#packets.get(id);
    if (!packet) throw new PacketNotFoundError(id);
    return packet;
  }

  #assertInside(packet: StagedPacket, id: PacketId, action: string): void {
    if (packet.state === "inside") return;
    throw new PacketStateError(this.nodeName, id, packet.state, action);
  }

  #assertOpen(call: string): void {
    if (this.#closed) throw new ContextClosedError(this.nodeName, this.epochId, call);
  }
}

/**
 * The value that a port takes for `value`: itself, or what the port's schema makes of it.
 *
 * @throws {PacketTypeMismatch} If the port does not take it.
 */
export function checkedValue(
  check: PortTypeCheck,
  value: unknown,
  nodeName: string,
  portName: string,
  id: PacketId,
): unknown {
  const verdict = check(value);
  if (!verdict) return value;
  if (verdict.kind === "parsed") return verdict.value;
  const { expected, actual, hint } = verdict;
  throw new PacketTypeMismatch(nodeName, portName, id, expected, actual, hint);
}

/** What is staged, while it is being added to. */
type Draft = { -readonly [K in keyof StagedEffects]: StagedEffects[K] };

const none: never[] = [];

function emptyEffects(): Draft {
  return { actions: [], created: none, createdValues: none, consumed: none, salvos: none };
}
