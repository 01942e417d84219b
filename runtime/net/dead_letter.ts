/**
 * Epochs that failed for good, kept so that nothing of their input is lost.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import type { ErrorRecord } from "../execution/node_execution_context.ts";
import type { EpochError } from "./error.ts";

/** An epoch that failed for good, with its inputs. `net.retryDeadLetter` runs it again. */
export interface DeadLetter {
  /** The epoch. */
  readonly epochId: EpochId;
  /** Its node. */
  readonly nodeName: string;
  /** The input salvo condition that had formed it. */
  readonly salvoCondition: string;
  /** The failure. */
  readonly error: EpochError;
  /** How many times it was tried again. */
  readonly retryCount: number;
  /** When its attempts failed, in ms UTC, oldest first. */
  readonly retryTimestamps: readonly number[];
  /** How its attempts failed, oldest first. */
  readonly retryExceptions: readonly ErrorRecord[];
  /** Ids of its input packets by port, in salvo order. */
  readonly packets: Readonly<Record<string, readonly PacketId[]>>;
  /** Their values by port, in salvo order. */
  readonly values: Readonly<Record<string, readonly unknown[]>>;
  /** Pool of the last attempt, if it came to one. */
  readonly poolId: string | null;
  /** Worker of the last attempt, if it came to one. */
  readonly workerId: number | null;
}
