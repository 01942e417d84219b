/**
 * One attempt of an epoch as a job: what a pool is given, and what it gives back.
 *
 * @module
 */
import type { EpochId, NetAction, PacketId } from "../../sim/action.ts";
import type { ErrorRecord } from "./node_execution_context.ts";
import type { NodeLogEntry, PrintEntry } from "./prints.ts";

/** One attempt of an epoch, as plain data. */
export interface NodeJob {
  /** The epoch. */
  readonly epochId: EpochId;
  /** Its node. */
  readonly nodeName: string;
  /** Ids of the input packets by port, in salvo order. */
  readonly packets: Record<string, PacketId[]>;
  /** The input packets with their values, in salvo order. */
  readonly values: readonly PacketValue[];
  /** How many attempts failed before. */
  readonly retryCount: number;
  /** When they failed, in ms UTC, oldest first. */
  readonly retryTimestamps: readonly number[];
  /** How they failed, oldest first. */
  readonly retryExceptions: readonly ErrorRecord[];
  /** Whether somebody wants to know what the function returns, and not only what it stages. */
  readonly wantsResult?: boolean | undefined;
}

/** A packet and its value. */
export interface PacketValue {
  /** The packet. */
  readonly id: PacketId;
  /** Input port through which it came, or output port into which it is loaded. */
  readonly portName: string;
  /** Its value. */
  value: unknown;
}

/**
 * What an attempt wants to happen: actions of the simulator in the order in which the function made
 * them, under the ids that the packets will have.
 */
export interface StagedEffects {
  /** The actions. */
  readonly actions: NetAction[];
  /** Packets that the actions create, in their order. */
  readonly created: PacketId[];
  /** Values of those packets, in the same order. */
  readonly createdValues: unknown[];
  /** Input packets that were consumed. */
  readonly consumed: PacketId[];
  /** The salvos that the actions send, in their order. */
  readonly salvos: StagedSalvo[];
  /** What of the values is moved, not copied, where they leave a Worker. */
  readonly transfer?: Transferable[];
}

/** An output salvo that is to be sent. */
export interface StagedSalvo {
  /** Index of its `sendOutputSalvo` among the actions. */
  readonly actionIndex: number;
  /** Its packets, in the order in which the simulator will take them. */
  readonly packets: readonly PacketValue[];
}

/** How an attempt ended that did not throw. */
export interface JobResult {
  /** The function cancelled its epoch; nothing is staged then. */
  readonly cancelled: boolean;
  /** What it staged. */
  readonly staged: StagedEffects;
  /** What it returned; undefined if it ran elsewhere and nobody wanted to know. */
  readonly value: unknown;
  /**
   * Whether what it staged is known to be possible, and to leave nothing behind in the epoch: it was
   * staged in this thread, where each call was checked.
   */
  readonly isChecked: boolean;
}

/** What a running job tells those who wait for it, while it runs. */
export interface JobObserver {
  /** Aborted when nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /**
   * Set by a pool that has to be told as soon as nobody waits for the result any more; called once.
   */
  cancel?: ((reason: unknown) => void) | undefined;
  /**
   * The function is about to be called; from here on its `timeout` counts.
   *
   * @param workerId The worker that calls it, if it is another one than the job was given to.
   */
  started(workerId?: number): void;
  /** The function printed. */
  printed(entries: readonly PrintEntry[]): void;
  /** The function logged a structured entry. */
  logged(entry: NodeLogEntry): void;
  /**
   * The function, a generator, wants what it has staged to be committed now, and goes on when the
   * returned promise resolves.
   */
  yielded(staged: StagedEffects): Promise<void> | void;
}
